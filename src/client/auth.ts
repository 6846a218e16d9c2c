import type { ApiRequest, ApiResponse, Layer } from './compose.ts';
import { scopeMismatch } from './crm-envelope.ts';
import type { TokenSource } from './token.ts';

export interface AuthOptions {
  readonly tokens: TokenSource;
  /** Waits for the right to send one call more: the second try of a 401 counts against the limits like any other. */
  readonly ticket: (request: ApiRequest, signal?: AbortSignal) => Promise<void>;
}

/**
 * Adds the access token, taken after the limiter's wait. A 401 was refused before any work, so it drops the token and
 * tries once more, whatever the effect; a second 401 is the envelope's to judge.
 */
export function createAuth({ tokens, ticket }: AuthOptions): Layer {
  // Scope -> the fresh token that was refused for it. Such a token lacks the scope: renewing it again for each call would
  // use up the ten tokens that are given in ten minutes.
  const lacking = new Map<string, string>();

  const signed = (request: ApiRequest, token: string): ApiRequest => ({
    ...request,
    headers: { ...request.headers, authorization: `Zoho-oauthtoken ${token}` },
  });

  return (next) => async (request, signal) => {
    const send = async (token: string) => withoutToken(await next(signed(request, token), signal), token);
    const token = await tokens.get(signal);
    const response = await send(token);
    // The token is good and lacks a scope: each renewal would use up one of the ten that are given in ten minutes.
    const isScope = response.status === 401 && response.text.includes(`"${scopeMismatch}"`);
    if (response.status !== 401 || isScope || !tokens.renewable || lacking.get(request.scope) === token)
      return response;
    tokens.drop(token);
    const renewed = await tokens.get(signal);
    await ticket(request, signal);
    const second = await send(renewed);
    if (second.status === 401) lacking.set(request.scope, renewed);
    return second;
  };
}

/** Shorter ones would be found in ordinary words. */
const shortestToken = 16;

/** A service or a proxy that says what it was sent says the token too; its words go on to the model and the log. */
function withoutToken(response: ApiResponse, token: string): ApiResponse {
  if (token.length < shortestToken || !response.text.includes(token)) return response;
  return { ...response, text: response.text.replaceAll(token, '[hidden]') };
}
