import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { environmentLines, type Listening, listenSandbox } from '../../src/sandbox/listen.ts';
import { organizationId, startSandbox } from './calls.ts';

let listening: Listening | undefined;

afterEach(async () => {
  await listening?.close();
  listening = undefined;
});

async function listen() {
  const { sandbox } = startSandbox();
  listening = await listenSandbox({ sandbox, port: 0 });
  return { sandbox, url: listening.url };
}

function statusWithHost(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/inventory/v1/organizations`, { headers: { Host: host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('the sandbox on a port', () => {
  it('takes a client from the printed settings to a written record over real HTTP', async () => {
    const { url } = await listen();
    const settings = Object.fromEntries(environmentLines(url).map((line) => line.split('=', 2)));
    expect(Object.keys(settings)).toEqual([
      'ZOHO_CLIENT_ID',
      'ZOHO_CLIENT_SECRET',
      'ZOHO_REFRESH_TOKEN',
      'ZOHO_ORGANIZATION_ID',
      'ZOHO_API_DOMAIN',
      'ZOHO_ACCOUNTS_URL',
    ]);
    const grant = await fetch(`${settings.ZOHO_ACCOUNTS_URL}/oauth/v2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: settings.ZOHO_CLIENT_ID ?? '',
        client_secret: settings.ZOHO_CLIENT_SECRET ?? '',
        refresh_token: settings.ZOHO_REFRESH_TOKEN ?? '',
      }),
    });
    const token: unknown = await grant.json();
    expect(token).toMatchObject({ api_domain: url });
    const access = typeof token === 'object' && token && 'access_token' in token ? token.access_token : '';
    const created = await fetch(
      `${settings.ZOHO_API_DOMAIN}/inventory/v1/contacts?organization_id=${settings.ZOHO_ORGANIZATION_ID}`,
      {
        method: 'POST',
        headers: { Authorization: `Zoho-oauthtoken ${access}` },
        body: JSON.stringify({ contact_name: 'Café Ünï' }),
      },
    );
    expect(created.status).toBe(201);
    expect(created.headers.get('x-rate-limit-limit')).toBe('10000');
    expect(await created.json()).toMatchObject({ code: 0, contact: { contact_name: 'Café Ünï' } });
  });

  it('answers a refused upload and goes on serving', async () => {
    const { url } = await listen();
    const address = `${url}/inventory/v1/contacts?organization_id=${organizationId}`;
    const refused = await fetch(address, { method: 'POST', body: 'x'.repeat(100_000) });
    expect(refused.status).toBe(401);
    expect((await fetch(address)).status).toBe(401);
  });

  it('answers only to loopback names', async () => {
    const { url } = await listen();
    expect(await statusWithHost(url, 'stock.example.com')).toBe(403);
    expect(await statusWithHost(url, 'localhost')).toBe(401);
  });

  it('is on 127.0.0.1', async () => {
    const { url } = await listen();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('says when the port is taken', async () => {
    const { url, sandbox } = await listen();
    await expect(listenSandbox({ sandbox, port: Number(new URL(url).port) })).rejects.toThrow('EADDRINUSE');
  });
});
