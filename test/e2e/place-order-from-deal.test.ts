import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { inventoryRefreshToken } from '../../src/sandbox/credentials.ts';
import type { FaultRule } from '../../src/sandbox/faults-rules.ts';
import { type ClientOptions, connectors, type TestClient, type ToolResult } from '../helpers/clients.ts';
import { type Passed, startHoldingProxy } from '../helpers/holding-proxy.ts';
import { spawnRaw } from '../helpers/raw.ts';
import { startSandbox } from '../helpers/servers.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// From a deal that was won to an order that stands and a deal that names it, after one yes, as a client does it with the
// built server; over a port where the CRM is looked at from outside.

type Row = Record<string, unknown>;
const rows = (value: unknown): Row[] => (Array.isArray(value) ? value : []);
const job = 'place_order_from_deal';
const [terrace, foyer, opening] = [1, 2, 3].map((number) => `584310400000056700${number}`);

async function started(era: 'v1' | 'v2', options: ClientOptions = {}, env: Record<string, string> = {}) {
  const own = { INVENTORY_LOG_LEVEL: 'warn', INVENTORY_DATA_DIR: temporaryDirectory() };
  const client = await connectors[era]({ env: { ...own, ...env } }, options);
  onTestFinished(() => client.close());
  return client;
}

const confirmed = (client: TestClient, { facts: { confirmation, summary } }: ToolResult): Promise<ToolResult> =>
  client.call('confirm_action', { confirmation, summary });

async function ordersOf(client: TestClient, dealId = opening): Promise<Row[]> {
  const { facts } = await client.call('list_sales_orders', { reference_number: `CRM-DEAL-${dealId}` });
  return rows(facts.salesorders);
}

const errorOf = ({ facts }: ToolResult) => facts.error as Row;

/** An inventory and a CRM on a port that fail as told. */
async function spoilt(rules: readonly FaultRule[]): Promise<Record<string, string>> {
  const file = join(temporaryDirectory(), 'faults.json');
  writeFileSync(file, JSON.stringify({ rules }));
  return startSandbox(['--faults', file]);
}

/** The deal as the CRM has it, asked without the server. */
async function dealIn(env: Readonly<Record<string, string>>, dealId = opening): Promise<Row> {
  const form = {
    ...{ grant_type: 'refresh_token', client_id: env.ZOHO_CLIENT_ID ?? '' },
    ...{ client_secret: env.ZOHO_CLIENT_SECRET ?? '', refresh_token: env.ZOHO_REFRESH_TOKEN ?? '' },
  };
  const asked = await fetch(`${env.ZOHO_ACCOUNTS_URL}/oauth/v2/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const { access_token } = (await asked.json()) as Row; // parse boundary: what the wire brought
  const headers = { Authorization: `Zoho-oauthtoken ${access_token}` };
  const { data } = (await (await fetch(`${env.ZOHO_API_DOMAIN}/crm/v2/Deals/${dealId}`, { headers })).json()) as Row;
  return rows(data)[0] ?? {};
}

describe.each(['v1', 'v2'] as const)('with a %s client', (era) => {
  const person: ClientOptions =
    era === 'v2' ? { onForm: () => ({ action: 'accept', content: { confirm: true } }) } : {};

  test('a deal of somebody new becomes customer, order and a deal that names it, once', async () => {
    const env = await startSandbox();
    const client = await started(era, person, env);
    const asked = await client.call(job, { deal_id: opening });
    const preview = era === 'v1' ? asked.text : (client.forms[0] ?? '');
    expect(preview).toContain('Sales order for Lucia Ortega: 2 lines, 17 units, 208.95 USD, confirmed; new customer');
    expect(preview).toContain('12 x MUG Logo Mug at 12.00 = 144.00 USD; can be promised 50 -> 38');
    if (era === 'v1') {
      expect(asked.text).toMatch(/^Nothing has been done yet\./);
      expect([await ordersOf(client), (await dealIn(env)).Inventory_SO_ID]).toEqual([[], null]);
    }
    const done = era === 'v1' ? await confirmed(client, asked) : asked;
    expect(done.isError).toBe(false);
    expect(done.text).toContain('SO-00020 for Lucia Ortega is confirmed: 226.71 USD.');
    const [order, ...others] = await ordersOf(client);
    expect([order?.status, others]).toEqual(['confirmed', []]);
    expect(await dealIn(env)).toMatchObject({
      Inventory_SO_ID: order?.salesorder_id,
      Inventory_Status: 'Sales Order Created',
    });

    const again = await client.call(job, { deal_id: opening });
    expect(again.isError).toBe(false);
    expect(again.text).toContain(`Deal ${opening} is ordered already: SO-00020 (confirmed). Nothing was written.`);
    if (era === 'v1') expect((await confirmed(client, asked)).facts.status).toBe('already_done');
    expect(await ordersOf(client)).toHaveLength(1);
  });
});

test('a deal may be given as JSON text, with numbers as texts', async () => {
  const client = await started('v1');
  const contact = { name: 'Nora Blake', email: 'nora@bluebirdcafe.example' };
  const deal = JSON.stringify({ id: '4711', contact, products: [{ code: 'MUG', quantity: '3', rate: '11.5' }] });
  const asked = await client.call(job, { deal });
  expect(asked.text).toContain('3 x MUG Logo Mug at 11.50 = 34.50 USD');
  expect((await confirmed(client, asked)).facts.salesorder).toMatchObject({ reference_number: 'CRM-DEAL-4711' });
});

test('nothing is half done: unknown codes and short lines are told, and if_short orders the rest', async () => {
  const client = await started('v1');
  const refused = await client.call(job, { deal_id: foyer });
  expect(errorOf(refused)).toMatchObject({ kind: 'rejected' });
  expect(refused.text).toContain('2 x MIC-XLR-9 Stage Microphone: no item has this code');
  expect(refused.text).toContain('DMAT Desk Mat: wanted 10, can be promised 4, short 6');
  expect(await ordersOf(client, foyer)).toEqual([]);
  const done = await confirmed(client, await client.call(job, { deal_id: foyer, if_short: 'partial' }));
  expect(rows(done.facts.left_out)).toMatchObject([
    { sku: 'DMAT', left_out: 6 },
    { sku: 'MIC-XLR-9', left_out: 2 },
  ]);
});

test('stock that is taken between plan and yes is planned anew, and nothing is written', async () => {
  const client = await started('v1');
  const asked = await client.call(job, { deal_id: terrace });
  await client.call('place_sales_order', { customer: 'Marble Hotel', items: [{ item: 'WBH-001', quantity: 10 }] });
  const anew = await confirmed(client, asked);
  expect(anew.facts).toMatchObject({ status: 'confirmation_required', changed: expect.any(String) });
  expect(anew.text).toContain('can be promised 40 -> 36');
  expect(await ordersOf(client, terrace)).toEqual([]);
  expect((await confirmed(client, anew)).isError).toBe(false);
});

test('two yeses to one deal make one order: the second is told that it stands', async () => {
  const client = await started('v1');
  const [first, second] = [
    await client.call(job, { deal_id: terrace }),
    await client.call(job, { deal_id: terrace, if_short: 'partial' }),
  ];
  await confirmed(client, first);
  const told = await confirmed(client, second);
  expect(told.text).toContain('is ordered already: SO-00020 (confirmed)');
  expect(await ordersOf(client, terrace)).toHaveLength(1);
});

test('a person who says no gets no order', async () => {
  const client = await started('v2', { onForm: () => ({ action: 'decline' }) });
  expect(errorOf(await client.call(job, { deal_id: terrace }))).toMatchObject({ kind: 'denied' });
  expect(await ordersOf(client, terrace)).toEqual([]);
});

test('without a scope of the CRM it says which to add, and takes the deal as an argument', async () => {
  const env = await startSandbox();
  const client = await started('v1', {}, { ...env, ZOHO_REFRESH_TOKEN: inventoryRefreshToken });
  const refused = await client.call(job, { deal_id: terrace });
  expect(errorOf(refused)).toMatchObject({
    kind: 'missing_scope',
    scopes: expect.arrayContaining(['ZohoCRM.modules.deals.UPDATE']),
  });
  expect(refused.text).toContain('Give the deal as an argument');
  const deal = { id: terrace, contact: { name: 'Marble Hotel' }, products: [{ code: 'MUG', quantity: 1 }] };
  expect((await confirmed(client, await client.call(job, { deal }))).facts.salesorder).toMatchObject({
    status: 'confirmed',
  });
});

test('a deal that is not there, and a CRM that is down, write nothing and say so', async () => {
  const client = await started(
    'v1',
    {},
    await spoilt([{ fault: 'server_error', match: { path: '/crm/v2/Contacts/*' } }]),
  );
  expect(errorOf(await client.call(job, { deal_id: '99' }))).toMatchObject({ kind: 'not_found' });
  expect(errorOf(await client.call(job, { deal_id: terrace }))).toMatchObject({ kind: 'unavailable' });
  expect(await ordersOf(client, terrace)).toEqual([]);
});

test.each(['a yes', 'resume_workflow'])(
  'a CRM that fails after the order stands is told later by %s, and nothing is ordered again',
  {
    timeout: 60_000,
  },
  async (way) => {
    const env = await spoilt([{ fault: 'server_error', match: { method: 'PUT' }, count: 2 }]);
    const client = await started('v1', {}, env);
    const stopped = await confirmed(client, await client.call(job, { deal_id: terrace }));
    expect(errorOf(stopped)).toMatchObject({
      kind: 'partly_done',
      failed: [expect.stringContaining(`deal ${terrace}`)],
    });
    expect(stopped.text).toContain('The order stands; do not place it again.');
    const told = await client.call(job, { deal_id: terrace });
    expect(told.text).toContain('is ordered already: SO-00020 (confirmed). Nothing is ordered again.');
    expect(told.text).not.toContain('once more');
    const done =
      way === 'a yes'
        ? await confirmed(client, told)
        : await client.call('resume_workflow', { workflow_id: errorOf(stopped).workflow_id });
    expect(done.text).toMatch(new RegExp(`Deal ${terrace} in the CRM names (the order|SO-00020) now\\.`));
    const [order, ...others] = await ordersOf(client, terrace);
    expect(others).toEqual([]);
    expect(await dealIn(env, terrace)).toMatchObject({ Inventory_SO_ID: order?.salesorder_id });
  },
);

test('undone, the order is void, the customer stays with it, and the deal may be ordered again', async () => {
  const client = await started('v1');
  await confirmed(client, await client.call(job, { deal_id: opening }));
  const [action] = rows((await client.call('undo_action')).facts.actions);
  expect(action?.cannot).toEqual([expect.stringContaining('clear Inventory_SO_ID and Inventory_Status there')]);
  const undone = await confirmed(client, await client.call('undo_action', { action_id: action?.action_id }));
  expect(undone.isError).toBe(false);
  expect((await ordersOf(client)).map(({ status }) => status)).toEqual(['void']);
  const again = await client.call(job, { deal_id: opening });
  expect(again.text).toContain('Customer Lucia Ortega found by e-mail.');
  expect(again.text).toContain('which does not stand');
});

const isOrder = ({ method, path }: Passed) => method === 'POST' && path.endsWith('/salesorders');
const isContact = ({ method, path }: Passed) => method === 'POST' && path.endsWith('/contacts');
const isDeal = ({ method }: Passed) => method === 'PUT';

describe('a server that is killed', { timeout: 60_000 }, () => {
  test.each([
    ['the customer is created', isContact],
    ['the order is created', isOrder],
    ['the deal is written', isDeal],
  ])('while %s goes on where it stopped, and does nothing twice', async (_, isStep) => {
    const env = await startSandbox();
    const proxy = await startHoldingProxy(env.ZOHO_API_DOMAIN ?? '');
    const directory = temporaryDirectory();
    const start = async () => {
      const server = spawnRaw({ directory, env: { ...env, ZOHO_API_DOMAIN: proxy.url, ZOHO_ACCOUNTS_URL: proxy.url } });
      await server.initialize();
      return server;
    };
    const facts = async (answer: Promise<{ result?: Row }>) => ((await answer).result?.structuredContent ?? {}) as Row;
    const server = await start();
    const { confirmation, summary } = await facts(server.call(job, { deal_id: opening }));
    proxy.hold(isStep);
    const params = { name: 'confirm_action', arguments: { confirmation, summary } };
    server.line(JSON.stringify({ jsonrpc: '2.0', id: 99, method: 'tools/call', params }));
    await proxy.holding();
    server.child.kill('SIGKILL');
    await server.exited;
    proxy.hold(() => false);
    const next = await start();
    const done = await facts(next.call(job, { deal_id: opening }));
    expect(done).toMatchObject({ salesorder: { salesorder_number: 'SO-00020', status: 'confirmed' } });
    expect([isContact, isOrder, isDeal].map((fits) => proxy.passed.filter(fits).length)).toEqual([1, 1, 1]);
    expect(await dealIn(env)).toMatchObject({ Inventory_SO_ID: (done.salesorder as Row).salesorder_id });
  });
});
