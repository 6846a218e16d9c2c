import { expect, test } from 'vitest';
import { createKeptToken } from '../../src/client/kept-token.ts';
import { createShared } from '../../src/client/shared-store.ts';
import { createTokenSource } from '../../src/client/token.ts';
import { createFakeStore } from './fake-store.ts';

/** Processes with the same credentials, or others, on one store. */
function world() {
  const store = createFakeStore();
  const clock = { nowMs: Date.UTC(2026, 10, 23, 18) };
  const now = () => clock.nowMs;
  const kept: string[] = [];
  const put = store.put;
  store.put = async (key, value, expiresAtMs) => {
    kept.push(`${key} ${JSON.stringify(value)}`);
    await put(key, value, expiresAtMs);
  };
  let given = 0;
  const start = (clientSecret = 'secret') => {
    const shared = createShared({ store, organizationId: '1', now, warn: () => undefined });
    return createTokenSource({
      accountsUrl: 'https://accounts.zoho.eu',
      clientId: 'id',
      clientSecret,
      refreshToken: 'refresh',
      now,
      kept: createKeptToken(shared, ['https://accounts.zoho.eu', 'id', clientSecret, 'refresh']),
      post: async () => {
        given += 1;
        const reply = { access_token: `token-${given}`, expires_in: 3600, api_domain: 'https://www.zohoapis.eu' };
        return { status: 200, text: JSON.stringify(reply) };
      },
    });
  };
  return { store, clock, kept, start, asked: () => given };
}

test('a process that starts takes the token of the one before, and its host', async () => {
  const { start, asked } = world();
  expect(await start().get()).toBe('token-1');
  const next = start();
  expect(await next.get()).toBe('token-1');
  expect(next.apiDomain()).toBe('https://www.zohoapis.eu');
  expect(asked()).toBe(1);
});

test('a token that the API refused is not taken from the store again', async () => {
  const { start } = world();
  const one = start();
  const other = start();
  expect([await one.get(), await other.get()]).toEqual(['token-1', 'token-1']);
  one.drop('token-1');
  expect(await one.get()).toBe('token-2');
  other.drop('token-1');
  expect(await other.get()).toBe('token-2');
});

test('an old token is not used, and one for other credentials is not found', async () => {
  const { start, clock } = world();
  await start().get();
  expect(await start('another secret').get()).toBe('token-2');
  clock.nowMs += 3_600_000;
  expect(await start().get()).toBe('token-3');
});

test('what stands in the store shows neither token nor credentials, and what was changed there is no token', async () => {
  const { start, kept, store, asked } = world();
  await start().get();
  expect(kept).toHaveLength(1);
  expect(kept[0]).not.toMatch(/token-1|secret|refresh|zohoapis/);
  const [place = '', sealed = ''] = (kept[0] ?? '').split(' ');
  const bytes = Buffer.from(JSON.parse(sealed), 'base64');
  bytes[30] = (bytes[30] ?? 0) ^ 1;
  await store.put(place, bytes.toString('base64'), Number.MAX_SAFE_INTEGER);
  await start().get();
  expect(asked()).toBe(2);
});

test('without the store a process asks for its own', async () => {
  const { start, store, asked } = world();
  store.trouble = new Error('no store');
  await start().get();
  await start().get();
  expect(asked()).toBe(2);
});
