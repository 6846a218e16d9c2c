import type { ApiRequest, Layer } from './compose.ts';
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
    const token = await tokens.get(signal);
    const response = await next(signed(request, token), signal);
    if (response.status !== 401 || !tokens.renewable || lacking.get(request.scope) === token) return response;
    tokens.drop(token);
    const renewed = await tokens.get(signal);
    await ticket(request, signal);
    const second = await next(signed(request, renewed), signal);
    if (second.status === 401) lacking.set(request.scope, renewed);
    return second;
  };
}
