import { describe, expect, it } from 'vitest';
import { createFaults } from '../../src/sandbox/faults.ts';
import { type Caller, noon, startSandbox } from './calls.ts';

const deal = '5843104000000567001';

/** As a client of the CRM asks; the body is undefined where there is none. */
async function ask({ sandbox }: Caller, method: string, path: string, body?: unknown, token = 'good') {
  const response = await sandbox.handle(
    new Request(`http://sandbox.test/crm/v2${path}`, {
      method,
      headers: { Authorization: `Zoho-oauthtoken ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

describe('the CRM of the sandbox', () => {
  const demo = startSandbox({ seed: 'demo' });

  it('has three deals that are won and not ordered, with contacts and products', async () => {
    const rows = await Promise.all(
      [1, 2, 3].map(async (number) => {
        const id = `584310400000056700${number}`;
        const [found] = (await ask(demo, 'GET', `/Deals/${id}`)).body.data;
        const [person] = (await ask(demo, 'GET', `/Contacts/${found.Contact_Name.id}`)).body.data;
        const { data, info } = (await ask(demo, 'GET', `/Deals/${id}/Products`)).body;
        expect(info).toEqual({ per_page: 200, count: data.length, page: 1, more_records: false });
        expect(found).toMatchObject({ id, Stage: 'Closed Won', Inventory_SO_ID: null, Inventory_Status: null });
        const sum = data.reduce(
          (total: number, row: Record<string, number>) => total + Number(row.Quantity) * Number(row.Unit_Price),
          0,
        );
        expect(sum).toBeCloseTo(found.Amount, 6);
        return [found.Deal_Name, person.Full_Name, data.map((row: Record<string, unknown>) => row.Product_Code)];
      }),
    );
    expect(rows).toEqual([
      ['Terrace sound', 'Nora Blake', ['WBH-001', 'UCC-2M']],
      ['Foyer refit', 'Grace Lindqvist', ['DMAT', 'MIC-XLR-9', 'UCC-1M']],
      ['Opening night', 'Lucia Ortega', ['MUG', 'UCC-1M']],
    ]);
  });

  it('keeps what is written into a deal, but for its id and times', async () => {
    const caller = startSandbox({ seed: 'demo' });
    const fields = { Inventory_SO_ID: '46', Inventory_Status: 'Sales Order Created', id: '1', Created_Time: 'never' };
    const { status, body } = await ask(caller, 'PUT', `/Deals/${deal}`, { data: [fields] });
    expect([status, body.data[0]]).toEqual([
      200,
      expect.objectContaining({ code: 'SUCCESS', details: expect.objectContaining({ id: deal }) }),
    ]);
    const [after] = (await ask(caller, 'GET', `/Deals/${deal}`)).body.data;
    expect(after).toMatchObject({
      id: deal,
      Deal_Name: 'Terrace sound',
      Inventory_SO_ID: '46',
      Inventory_Status: 'Sales Order Created',
    });
    expect(after.Created_Time).not.toBe('never');
  });

  it('turns its pages', async () => {
    const path = (page: number) => `/Deals/${deal}/Products?per_page=1&page=${page}`;
    expect((await ask(demo, 'GET', path(1))).body.info).toMatchObject({ count: 1, more_records: true });
    expect((await ask(demo, 'GET', path(2))).body.info).toMatchObject({ count: 1, more_records: false });
    expect(await ask(demo, 'GET', path(3))).toEqual({ status: 204, body: undefined });
  });

  const refused: readonly [string, string, unknown, number, string | undefined][] = [
    ['GET', '/Deals/99', undefined, 204, undefined],
    ['GET', '/Deals/abc', undefined, 400, 'INVALID_DATA'],
    ['PUT', '/Deals/99', { data: [{}] }, 400, 'INVALID_DATA'],
    ['PUT', `/Deals/${deal}`, {}, 400, 'INVALID_DATA'],
    ['GET', `/Deals/${deal}/Notes`, undefined, 400, 'INVALID_DATA'],
    ['GET', '/Leads/1', undefined, 404, 'INVALID_URL_PATTERN'],
    ['GET', '/constructor/1', undefined, 404, 'INVALID_URL_PATTERN'],
    ['DELETE', `/Deals/${deal}`, undefined, 405, 'INVALID_REQUEST_METHOD'],
  ];
  it.each(refused)('answers %s %s as the CRM does', async (method, path, body, status, code) => {
    const reply = await ask(demo, method, path, body);
    expect([reply.status, reply.body?.code]).toEqual([status, code]);
  });

  it('is closed to a token that is none, and to one without its scopes', async () => {
    const caller = startSandbox();
    const form = { grant_type: 'refresh_token', client_id: '1000.SANDBOX', client_secret: 'sandbox-secret' };
    const tokenFor = async (refresh_token: string) => {
      const body = new URLSearchParams({ ...form, refresh_token });
      return String((await caller.send('/oauth/v2/token', { method: 'POST', body })).body.access_token);
    };
    expect((await ask(caller, 'GET', '/Deals/1', undefined, 'wrong')).body).toMatchObject({ code: 'INVALID_TOKEN' });
    const [whole, inventoryOnly] = [
      await tokenFor('1000.sandbox.refresh'),
      await tokenFor('1000.sandbox.refresh.inventory'),
    ];
    expect((await ask(caller, 'GET', '/Deals/1', undefined, whole)).status).toBe(204);
    expect(await ask(caller, 'GET', '/Deals/1', undefined, inventoryOnly)).toMatchObject({
      status: 401,
      body: { code: 'OAUTH_SCOPE_MISMATCH', status: 'error' },
    });
    const headers = { Authorization: `Zoho-oauthtoken ${inventoryOnly}` };
    expect((await caller.send('/inventory/v1/organizations', { headers })).status).toBe(200);
  });

  it('counts its calls, and has no limit of them', async () => {
    const caller = startSandbox({ seed: 'demo', limits: { perMinute: 1, perDay: 1 } });
    for (let calls = 0; calls < 5; calls += 1) expect((await ask(caller, 'GET', `/Deals/${deal}`)).status).toBe(200);
    expect(caller.sandbox.callsSeen()).toBe(5);
  });

  it('shows faults like the inventory: all, by method, or by its whole path', async () => {
    const faults = createFaults();
    const caller = startSandbox({ seed: 'demo', faults });
    const path = `/Deals/${deal}`;
    const status = async (method = 'GET') =>
      (await ask(caller, method, path, method === 'PUT' ? { data: [{}] } : undefined)).status;
    faults.set({ rules: [{ fault: 'server_error', count: 1 }] });
    expect([await status(), await status()]).toEqual([500, 200]);
    faults.set({ rules: [{ fault: 'rate_limited', match: { method: 'PUT' } }] });
    expect([await status(), await status('PUT')]).toEqual([200, 429]);
    faults.set({ rules: [{ fault: 'server_error', match: { path: '/crm/v2/Deals/*' } }] });
    expect([await status(), (await ask(caller, 'GET', `${path}/Products`)).status]).toEqual([500, 200]);
    faults.set({ rules: [{ fault: 'server_error', match: { path: '/items' } }] });
    expect(await status()).toBe(200);
  });

  it('opens a file of before there was one, and leaves it without deals', async () => {
    const { sandbox } = startSandbox({ seed: 'demo' });
    const { database } = sandbox;
    for (const table of ['crm_deal_product', 'crm_deal', 'crm_contact']) database.exec(`DROP TABLE ${table}`);
    const later = startSandbox({ database, seed: 'demo', now: () => noon + 86_400_000 });
    expect((await later.call('GET', '/items')).status).toBe(200);
    expect((await ask(later, 'GET', `/Deals/${deal}`)).status).toBe(204);
  });
});
