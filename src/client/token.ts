import { RateLimited, Unauthorized } from '../errors.ts';
import { NetworkFailure } from './failures.ts';
import { type JsonObject, readObject } from './json.ts';
import type { AccessToken, KeptToken } from './kept-token.ts';
import { throwIfCancelled, untilCancelled } from './wait.ts';

export interface TokenSource {
  /** An access token that is good for at least a minute. One caller's cancel ends its own wait only. */
  get(signal?: AbortSignal): Promise<string>;
  /** Forgets this very token; one that has replaced it meanwhile stays. */
  drop(token: string): void;
  /** False for a token that was given from outside and cannot be renewed. */
  readonly renewable: boolean;
  /** The API host the newest token reply named. Only for a caller who has set none; it is never followed by itself. */
  apiDomain(): string | undefined;
}

/** Posts a form; rejects with NetworkFailure. */
export type PostForm = (
  url: string,
  form: Readonly<Record<string, string>>,
) => Promise<{ status: number; text: string }>;

export interface TokenSourceOptions {
  readonly accountsUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly post: PostForm;
  /** A home for the token beyond this process; its trouble is not the caller's. */
  readonly kept?: KeptToken | undefined;
}

/** Zoho gives 10 access tokens per refresh token in 10 minutes (live-documented limit, read 2026-11-23). */
const grantWindowSeconds = 600;
const defaultLifeSeconds = 3600;

/** Access tokens by the refresh grant: one refresh in flight, shared by all who ask meanwhile. */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { now } = options;
  let kept: AccessToken | undefined;
  /** The newest one that the API refused: the store may still hold it. */
  let refused: string | undefined;
  let refreshing: Promise<string> | undefined;
  let apiDomain: string | undefined;
  let blockedUntilMs = 0;

  const refresh = async (): Promise<string> => {
    const askedAtMs = now();
    const other = await options.kept?.read();
    if (other && other.token !== refused && askedAtMs < other.goodUntilMs) {
      apiDomain = other.apiDomain ?? apiDomain;
      kept = other;
      return other.token;
    }
    if (askedAtMs < blockedUntilMs) throw tooManyTokens((blockedUntilMs - askedAtMs) / 1000);
    const reply = await askForToken(options);
    const token = reply.access_token;
    if (typeof token !== 'string' || token === '') {
      const error = refusal(reply);
      // Asking again at once would only prolong the block.
      if (error instanceof RateLimited) blockedUntilMs = now() + error.retryAfterSeconds * 1000;
      throw error;
    }
    if (typeof reply.api_domain === 'string') apiDomain = reply.api_domain;
    kept = { token, goodUntilMs: askedAtMs + usableMs(reply), ...(apiDomain === undefined ? {} : { apiDomain }) };
    await options.kept?.write(kept);
    return token;
  };

  return {
    renewable: true,
    apiDomain: () => apiDomain,
    drop: (token) => {
      if (kept?.token !== token) return;
      kept = undefined;
      refused = token;
    },
    get: async (signal) => {
      throwIfCancelled(signal);
      if (kept && now() < kept.goodUntilMs) return kept.token;
      refreshing ??= refresh().finally(() => {
        refreshing = undefined;
      });
      return untilCancelled(refreshing, signal);
    },
  };
}

/** A token given from outside (`ZOHO_ACCESS_TOKEN`), which nobody here can renew. */
export function fixedToken(token: string): TokenSource {
  return { renewable: false, apiDomain: () => undefined, drop: () => {}, get: async () => token };
}

async function askForToken({ accountsUrl, clientId, clientSecret, refreshToken, post }: TokenSourceOptions) {
  const url = `${accountsUrl.replace(/\/+$/, '')}/oauth/v2/token`;
  const form = {
    grant_type: 'refresh_token',
    client_id: clientId,
    client_secret: clientSecret,
    refresh_token: refreshToken,
  };
  const { status, text } = await post(url, form).catch((error: unknown) => {
    // Whatever happened to the token request, the API request it was for has not left.
    const why = error instanceof NetworkFailure ? error.reason : 'the request failed';
    throw new NetworkFailure('notSent', `no access token could be fetched from ${new URL(url).host}: ${why}`, {
      cause: error,
    });
  });
  const reply = readObject(text);
  if (status === 429) throw tooManyTokens(grantWindowSeconds);
  if (!reply || status >= 500) {
    throw new NetworkFailure('notSent', `${new URL(url).host} gave no access token (HTTP ${status})`);
  }
  return reply;
}

/** Until a minute and a twentieth of its life before the end; a very short-lived token for half its life. */
function usableMs(reply: JsonObject): number {
  // Zoho's older accounts hosts count `expires_in` in milliseconds and add `expires_in_sec`.
  const said = Number(reply.expires_in_sec ?? reply.expires_in ?? defaultLifeSeconds);
  const life = Number.isFinite(said) && said > 0 ? said : defaultLifeSeconds;
  return Math.max(life * 0.95 - 60, life / 2) * 1000;
}

const tooManyTokens = (seconds: number) =>
  new RateLimited(Math.ceil(seconds), { nothingSent: true, facts: { limit: 'access tokens of one refresh token' } });

const knownErrors: ReadonlySet<string> = new Set([
  ...['invalid_code', 'invalid_grant', 'invalid_token', 'invalid_client', 'invalid_client_secret', 'invalid_request'],
  ...['unauthorized_client', 'unsupported_grant_type', 'invalid_scope', 'general_error', 'server_error'],
]);

// Token errors arrive as HTTP 200 (or 400) with an `error` field.
function refusal(reply: JsonObject): Unauthorized | RateLimited {
  const error = String(reply.error ?? '')
    .toLowerCase()
    .replace(/[^a-z]+/g, '_');
  if (/too.?many/i.test(`${error} ${String(reply.error_description ?? '')}`) || error === 'access_denied') {
    return tooManyTokens(grantWindowSeconds);
  }
  const setting =
    error === 'invalid_code' || error === 'invalid_grant' || error === 'invalid_token'
      ? 'The refresh token was refused. Check ZOHO_REFRESH_TOKEN (revoked, or from another data center: ZOHO_DATA_CENTER).'
      : error === 'invalid_client'
        ? 'The client was refused. Check ZOHO_CLIENT_ID and ZOHO_CLIENT_SECRET, and that ZOHO_DATA_CENTER is the one it was made in.'
        : error === 'invalid_client_secret'
          ? 'The client secret was refused. Check ZOHO_CLIENT_SECRET.'
          : 'No access token was given. Check ZOHO_CLIENT_ID, ZOHO_CLIENT_SECRET, ZOHO_REFRESH_TOKEN and ZOHO_DATA_CENTER.';
  return new Unauthorized(setting, {
    nothingSent: true,
    // Words that are not known are not handed on: they may repeat what was sent.
    facts: error === '' ? {} : { token_error: knownErrors.has(error) ? error : 'other' },
  });
}
