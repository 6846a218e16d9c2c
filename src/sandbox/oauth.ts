import { readBody } from './body.ts';
import { inventoryRefreshToken, sandboxAuthorizationCode } from './credentials.ts';

/** What a client must show to be given an access token. */
export interface Credentials {
  readonly client_id: string;
  readonly client_secret: string;
  readonly refresh_token: string;
}

// Zoho's published OAuth limits, read 2026-11-23: an access token lives an hour; at most 10 are given for one refresh
// token in 10 minutes; of one refresh token at most 15 are active, and the oldest stops working when another is given.
const lifetimeMs = 3_600_000;
const grantWindowMs = 600_000;
const grantsPerWindow = 10;
const mostActive = 15;

const mostBytes = 65_536;

export interface Tokens {
  /** Answers `POST /oauth/v2/token`; refusals are HTTP 200 with an `error` key, as Zoho sends them. */
  answer(request: Request): Promise<{ status: number; body: Record<string, unknown> }>;
  accepts(accessToken: string): boolean;
  /** Whether it was given for credentials that have the scopes of the CRM. */
  mayUseCrm(accessToken: string): boolean;
  /** Makes a token good no more, also the one that was never asked for. */
  expire(accessToken: string): void;
}

interface TokenOptions {
  readonly now: () => number;
  readonly credentials: Credentials;
  /** A token that is always good and was never asked for. */
  readonly accessToken?: string | undefined;
}

/** Gives and knows access tokens. They live in memory: after a restart the client is told 401 and asks for another. */
export function createTokens({ now, credentials, accessToken }: TokenOptions): Tokens {
  let active: { token: string; expiresAtMs: number; crm: boolean }[] = [];
  const expired = new Set<string>();
  let grantedAtMs: number[] = [];
  let given = 0;

  const grant = (origin: string, { withRefreshToken = false, crm = true }): Record<string, unknown> => {
    const at = now();
    grantedAtMs = grantedAtMs.filter((time) => at - time < grantWindowMs);
    if (grantedAtMs.length >= grantsPerWindow)
      return {
        error: 'Access Denied',
        error_description: 'You have made too many requests continuously. Please try again after some time.',
        status: 'failure',
      };
    grantedAtMs.push(at);
    given += 1;
    const token = `1000.sandbox.${at}.${given}`;
    active = [...active.filter(({ expiresAtMs }) => expiresAtMs > at), { token, expiresAtMs: at + lifetimeMs, crm }];
    active = active.slice(-mostActive);
    return {
      access_token: token,
      ...(withRefreshToken ? { refresh_token: credentials.refresh_token } : {}),
      api_domain: origin,
      token_type: 'Bearer',
      expires_in: lifetimeMs / 1000,
    };
  };

  return {
    accepts: (token) =>
      !expired.has(token) &&
      (token === accessToken || active.some((kept) => kept.token === token && kept.expiresAtMs > now())),
    mayUseCrm: (token) => token === accessToken || active.some((kept) => kept.token === token && kept.crm),
    expire: (token) => void expired.add(token),
    answer: async (request) => {
      if (request.method !== 'POST') return { status: 405, body: { error: 'method_not_allowed' } };
      const url = new URL(request.url);
      const form = new URLSearchParams((await readBody(request, mostBytes)) ?? '');
      const given = (name: string) => form.get(name) ?? url.searchParams.get(name);
      const refused = (error: string) => ({ status: 200, body: { error } });
      if (given('client_id') !== credentials.client_id || given('client_secret') !== credentials.client_secret)
        return refused('invalid_client');
      switch (given('grant_type')) {
        case 'refresh_token':
          if (given('refresh_token') === inventoryRefreshToken)
            return { status: 200, body: grant(url.origin, { crm: false }) };
          if (given('refresh_token') !== credentials.refresh_token) return refused('invalid_code');
          return { status: 200, body: grant(url.origin, {}) };
        case 'authorization_code':
          if (given('code') !== sandboxAuthorizationCode) return refused('invalid_code');
          return { status: 200, body: grant(url.origin, { withRefreshToken: true }) };
        default:
          return refused('unsupported_grant_type');
      }
    },
  };
}
