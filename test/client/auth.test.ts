import { expect, test } from 'vitest';
import { createAuth } from '../../src/client/auth.ts';
import type { ApiRequest, ApiResponse } from '../../src/client/compose.ts';
import { fixedToken, type TokenSource } from '../../src/client/token.ts';
import { readRequest, writeRequest } from './stub-api.ts';

function world(accepts: (token: string, request: ApiRequest) => boolean, fixed = false) {
  let number = 1;
  const counted: TokenSource = {
    renewable: true,
    apiDomain: () => undefined,
    get: async () => `t${number}`,
    drop: (token) => {
      if (token === `t${number}`) number += 1;
    },
  };
  const sent: string[] = [];
  let tickets = 0;
  const auth = createAuth({
    tokens: fixed ? fixedToken('fixed') : counted,
    ticket: async () => {
      tickets += 1;
    },
  });
  const send = auth(async (request): Promise<ApiResponse> => {
    const token = request.headers?.authorization?.replace('Zoho-oauthtoken ', '') ?? '';
    sent.push(token);
    return { status: accepts(token, request) ? 200 : 401, headers: {}, text: '' };
  });
  return { send, sent, tickets: () => tickets, renewals: () => number - 1 };
}

test('the token is sent as Zoho-oauthtoken', async () => {
  const { send, sent } = world(() => true);
  await send(readRequest);
  expect(sent).toEqual(['t1']);
});

test('a 401 drops the token once and is tried once more, a write too, and pays a ticket', async () => {
  const { send, sent, tickets } = world((token) => token === 't2');
  expect((await send(writeRequest)).status).toBe(200);
  expect(sent).toEqual(['t1', 't2']);
  expect(tickets()).toBe(1);
});

test('a second 401 is the answer', async () => {
  const { send, sent } = world(() => false);
  expect((await send(readRequest)).status).toBe(401);
  expect(sent).toEqual(['t1', 't2']);
});

test('twenty calls that are refused together renew the token once', async () => {
  const { send, sent, renewals } = world((token) => token === 't2');
  const all = await Promise.all(Array.from({ length: 20 }, () => send(readRequest)));
  expect(all.every(({ status }) => status === 200)).toBe(true);
  expect(renewals()).toBe(1);
  expect(sent.filter((token) => token === 't2')).toHaveLength(20);
});

test('a scope that a fresh token lacks does not renew the token with every call', async () => {
  const { send, sent, renewals } = world((_, { scope }) => scope !== writeRequest.scope);
  await send(writeRequest);
  await send(writeRequest);
  await send(writeRequest);
  expect(renewals()).toBe(1);
  expect(sent).toEqual(['t1', 't2', 't2', 't2']);
  expect((await send(readRequest)).status).toBe(200);
});

test('a token that cannot be renewed is not tried twice', async () => {
  const { send, sent } = world(() => false, true);
  expect((await send(readRequest)).status).toBe(401);
  expect(sent).toEqual(['fixed']);
});

test('a token that an answer repeats is hidden in it, and ordinary words are left alone', async () => {
  const token = '1000.abcdef0123456789.fedcba9876543210';
  const echo = (fixed: string) =>
    createAuth({ tokens: fixedToken(fixed), ticket: async () => {} })(
      async ({ headers }): Promise<ApiResponse> => ({
        status: 400,
        headers: {},
        text: `{"code":1,"message":"was sent ${headers?.authorization}, ${fixed} goods"}`,
      }),
    );
  expect((await echo(token)(readRequest)).text).toBe(
    '{"code":1,"message":"was sent Zoho-oauthtoken [hidden], [hidden] goods"}',
  );
  expect((await echo('good')(readRequest)).text).toContain('goods');
});
