import { describe, expect, onTestFinished, test } from 'vitest';
import { reply, type SeenRequest, startStub } from '../client/stub-api.ts';
import { connectV2, type ToolResult } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// Each of these is not mended by asking again. A model may still do so: what a second tool call costs is counted too.

type Row = Record<string, unknown>;
type Answer = { body: Row; status?: number; headers?: Record<string, string> };

const tokenPath = '/oauth/v2/token';

/** A server before an API that answers tokens and calls as told. */
async function startBefore(answers: { token?: Row; call: (request: SeenRequest) => Answer }) {
  const token = { access_token: 'good', expires_in: 3600 };
  let tokens = 0;
  const stub = await startStub((request, response) => {
    if (request.url.pathname === tokenPath) {
      tokens += 1;
      return reply(response, answers.token ?? { ...token, access_token: `good${tokens}` });
    }
    const { body, status, headers } = answers.call(request);
    reply(response, body, status, headers);
  });
  const env = {
    ZOHO_CLIENT_ID: '1000.ID',
    ZOHO_CLIENT_SECRET: 'secret',
    ZOHO_REFRESH_TOKEN: '1000.refresh',
    ZOHO_ORGANIZATION_ID: '77',
    ZOHO_API_DOMAIN: stub.url,
    ZOHO_ACCOUNTS_URL: stub.url,
    INVENTORY_LOG_LEVEL: 'error',
    INVENTORY_DATA_DIR: temporaryDirectory(),
  };
  const connect = async () => {
    const client = await connectV2({ env });
    onTestFinished(() => client.close());
    return client;
  };
  const requests = () => {
    const isToken = ({ url }: SeenRequest) => url.pathname === tokenPath;
    return { tokens: stub.seen.filter(isToken).length, calls: stub.seen.filter((seen) => !isToken(seen)).length };
  };
  return { connect, requests };
}

const errorOf = ({ facts }: ToolResult): Row => (facts.error ?? {}) as Row; // parse boundary: what the wire brought
const never = () => ({ body: { code: 0 } });

describe('what asking again does not mend', () => {
  test('a refused refresh token: the setting is named, and no call is sent', async () => {
    const { connect, requests } = await startBefore({ token: { error: 'invalid_code' }, call: never });
    const client = await connect();
    const error = errorOf(await client.call('list_items'));
    expect(error).toMatchObject({ kind: 'unauthorized', message: expect.stringContaining('Check ZOHO_REFRESH_TOKEN') });
    expect(requests()).toEqual({ tokens: 1, calls: 0 });
    await client.call('list_items');
    expect(requests()).toEqual({ tokens: 2, calls: 0 });
  });

  test('too many tokens: the time to return is said, and the token endpoint is left alone', async () => {
    const denied = { error: 'Access Denied', error_description: 'You have made too many requests continuously.' };
    const { connect, requests } = await startBefore({ token: denied, call: never });
    const client = await connect();
    for (let call = 0; call < 3; call += 1)
      expect(errorOf(await client.call('list_items'))).toMatchObject({ kind: 'rate_limited' });
    expect(requests()).toEqual({ tokens: 1, calls: 0 });
  });

  test('a wrong organization: the setting and the tool that lists the right ids are named', async () => {
    const { connect, requests } = await startBefore({
      call: () => ({ status: 400, body: { code: 2, message: 'Invalid organization ID' } }),
    });
    const error = errorOf(await (await connect()).call('list_items'));
    expect(error.kind).toBe('unauthorized');
    expect(error.message).toMatch(/ZOHO_ORGANIZATION_ID.*list_organizations/);
    expect(requests()).toEqual({ tokens: 1, calls: 1 });
  });

  test('a missing scope: it is named, and the token is not renewed for it twice', async () => {
    const { connect, requests } = await startBefore({
      call: () => ({ status: 401, body: { code: 57, message: 'You are not authorized to perform this operation' } }),
    });
    const client = await connect();
    const error = errorOf(await client.call('list_items'));
    expect(error).toMatchObject({ kind: 'missing_scope', scope: 'ZohoInventory.items.READ' });
    expect(String(error.message)).toContain('Grant it in the API console');
    expect(requests()).toEqual({ tokens: 2, calls: 2 });
    await client.call('list_items');
    expect(requests()).toEqual({ tokens: 2, calls: 3 });
  });

  test('a day that the API calls used up: the time of the reset is said, and nothing is sent until then', async () => {
    const { connect, requests } = await startBefore({
      call: () => ({ status: 429, body: { code: 45, message: 'You have exceeded the calls of the day' } }),
    });
    const client = await connect();
    for (let call = 0; call < 3; call += 1) {
      const result = await client.call('list_items', { page: call + 1 });
      expect(errorOf(result)).toMatchObject({
        kind: 'rate_limited',
        resets_at: expect.stringMatching(/T00:00:00Z$/),
        message: expect.stringContaining('calls of this day are used up'),
      });
      expect(result.facts.calls_left_today).toBe(0);
    }
    await client.close();
    const restarted = await connect();
    expect(errorOf(await restarted.call('list_items')).kind).toBe('rate_limited');
    expect(requests().calls).toBe(1);
  });

  test('a block of an hour: nothing is sent until it ends, by a server started anew neither', async () => {
    const { connect, requests } = await startBefore({
      call: () => ({ status: 429, body: { code: 43, message: 'blocked' }, headers: { 'retry-after': '3600' } }),
    });
    const client = await connect();
    expect(errorOf(await client.call('list_items'))).toMatchObject({ retry_after_seconds: 3600 });
    await client.close();
    const error = errorOf(await (await connect()).call('list_items'));
    expect(error.kind).toBe('rate_limited');
    expect(error.retry_after_seconds).toBeGreaterThan(3500);
    expect(requests().calls).toBe(1);
  });
});
