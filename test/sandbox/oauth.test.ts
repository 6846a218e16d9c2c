import { describe, expect, it } from 'vitest';
import { type Caller, organizationId, startSandbox } from './calls.ts';

const right = {
  grant_type: 'refresh_token',
  client_id: '1000.SANDBOX',
  client_secret: 'sandbox-secret',
  refresh_token: '1000.sandbox.refresh',
};

const ask = (caller: Caller, fields: Record<string, string>) =>
  caller.send('/oauth/v2/token', { method: 'POST', body: new URLSearchParams(fields) });

async function statusWith(caller: Caller, token: unknown): Promise<number> {
  const headers = { Authorization: `Zoho-oauthtoken ${token}` };
  return (await caller.send(`/inventory/v1/warehouses?organization_id=${organizationId}`, { headers })).status;
}

describe('the token endpoint', () => {
  it('gives an access token for the refresh token, and the token opens the API', async () => {
    const caller = startSandbox();
    const { status, body } = await ask(caller, right);
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^1000\./),
      api_domain: 'http://sandbox.test',
      token_type: 'Bearer',
      expires_in: 3600,
    });
    expect(await statusWith(caller, body.access_token)).toBe(200);
  });

  it('takes the fields from the query as well', async () => {
    const { send } = startSandbox();
    const { body } = await send(`/oauth/v2/token?${new URLSearchParams(right)}`, { method: 'POST' });
    expect(body.token_type).toBe('Bearer');
  });

  it('gives a refresh token for an authorization code', async () => {
    const { refresh_token, ...rest } = right;
    const fields = { ...rest, grant_type: 'authorization_code', code: '1000.sandbox.code' };
    const { body } = await ask(startSandbox(), fields);
    expect(body).toMatchObject({ refresh_token, token_type: 'Bearer' });
  });

  it.each([
    [{ client_id: 'x' }, 'invalid_client'],
    [{ client_secret: 'x' }, 'invalid_client'],
    [{ refresh_token: 'x' }, 'invalid_code'],
    [{ grant_type: 'authorization_code', code: 'x' }, 'invalid_code'],
    [{ grant_type: 'password' }, 'unsupported_grant_type'],
  ])('answers %j with HTTP 200 and the error %s', async (wrong, error) => {
    const { status, body } = await ask(startSandbox(), { ...right, ...wrong });
    expect(status).toBe(200);
    expect(body).toEqual({ error });
  });

  it('is only there for POST', async () => {
    const { send } = startSandbox();
    expect((await send('/oauth/v2/token')).status).toBe(405);
  });

  it('lets a token die after an hour', async () => {
    const caller = startSandbox();
    const { body } = await ask(caller, right);
    caller.pass(3_599_000);
    expect(await statusWith(caller, body.access_token)).toBe(200);
    caller.pass(1_000);
    expect(await statusWith(caller, body.access_token)).toBe(401);
  });

  it('refuses an eleventh token within 10 minutes and gives it after them', async () => {
    const caller = startSandbox();
    for (let count = 0; count < 10; count += 1) expect((await ask(caller, right)).body.access_token).toBeDefined();
    expect((await ask(caller, right)).body).toMatchObject({ error: 'Access Denied', status: 'failure' });
    caller.pass(600_000);
    expect((await ask(caller, right)).body.access_token).toBeDefined();
  });

  it('keeps the 15 newest tokens active', async () => {
    const caller = startSandbox();
    const tokens: unknown[] = [];
    for (let count = 0; count < 16; count += 1) {
      if (count === 10) caller.pass(600_000);
      tokens.push((await ask(caller, right)).body.access_token);
    }
    expect(await statusWith(caller, tokens[0])).toBe(401);
    expect(await statusWith(caller, tokens[1])).toBe(200);
    expect(await statusWith(caller, tokens[15])).toBe(200);
  });
});
