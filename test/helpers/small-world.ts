import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/sqlite.ts';
import { connectV1, type TestClient, type ToolResult } from './clients.ts';
import { startHoldingProxy } from './holding-proxy.ts';
import { startSandbox } from './servers.ts';
import { createSmallDisk, type SmallDisk } from './small-disk.ts';

export type Row = Record<string, unknown>;
export const rows = (value: unknown): Row[] => (Array.isArray(value) ? value : []);

/** A limit on the length of files passes for a disk that takes nothing at all. */
export const saysWhy = /There is no space left|cannot be written/;

export const wish = { customer: 'Bluebird Cafe', items: [{ item: 'UCC-2M', quantity: 6 }], carrier: 'FedEx' };

/** An inventory behind a proxy, and servers on one small disk. */
export async function smallWorld() {
  const disk = createSmallDisk();
  const environment = await startSandbox();
  const proxy = await startHoldingProxy(environment.ZOHO_API_DOMAIN ?? '');
  let log = '';
  const start = async (): Promise<TestClient> => {
    const env = { ...environment, ZOHO_API_DOMAIN: proxy.url, INVENTORY_DATA_DIR: disk.directory };
    const stderr = (text: string) => {
      log += text;
    };
    const client = await connectV1({ env: { ...env, INVENTORY_LOG_LEVEL: 'warn' }, stderr });
    onTestFinished(() => client.close());
    disk.serves(client.pid);
    return client;
  };
  const writes = () => proxy.passed.filter(({ method, path }) => method !== 'GET' && !path.startsWith('/oauth'));
  return { disk, proxy, start, writes, log: () => log };
}

export const yesTo = (client: TestClient, { facts }: ToolResult) =>
  client.call('confirm_action', { confirmation: facts.confirmation, summary: facts.summary });

export async function contacts(client: TestClient, contact_name: string): Promise<Row[]> {
  return rows((await client.call('list_contacts', { contact_name })).facts.contacts);
}

export async function testCustomer(client: TestClient): Promise<{ contact_id: unknown }> {
  const [row] = await contacts(client, 'Test Customer');
  return { contact_id: row?.contact_id };
}

export async function readsAnswer(client: TestClient): Promise<void> {
  const reads: [string, Row][] = [
    ['list_items', { per_page: 2 }],
    ['check_stock', { items: [{ item: 'MUG' }] }],
    ['get_report', { name: 'low-stock' }],
    ['get_api_usage', {}],
    ['list_warehouses', {}],
  ];
  for (const [tool, args] of reads) expect(await client.call(tool, args), tool).toMatchObject({ isError: false });
  expect((await client.read('inventory://reports/stock-on-hand')).text).toContain('Oakland');
}

/** Gated, ungated, jobs: none begins, and each says what to do. */
export async function writesAreRefused(client: TestClient, directory: string): Promise<void> {
  const writes: [string, Row][] = [
    ['delete_contact', await testCustomer(client)],
    ['create_contact', { contact_name: 'New', contact_type: 'customer' }],
    ['update_contact', { ...(await testCustomer(client)), phone: '1' }],
    ['place_sales_order', { customer: 'Bluebird Cafe', items: [{ item: 'MUG', quantity: 1 }] }],
    ['fulfil_sales_order', wish],
    ['reorder_low_stock', {}],
  ];
  for (const [tool, args] of writes) {
    const { facts, text } = await client.call(tool, args);
    expect(facts, tool).toMatchObject({ error: { kind: 'unavailable', setting: 'INVENTORY_DATA_DIR', directory } });
    expect(text).toMatch(saysWhy);
  }
}

/** Every file of SQLite is whole, and no line of the audit is cut or missing without a word. */
export function expectIntact(directory: string): void {
  for (const name of ['state.sqlite', 'shared.sqlite', 'audit/head.sqlite']) {
    const path = join(directory, name);
    if (!existsSync(path)) continue;
    const database = openDatabase(path);
    expect(database.prepare('PRAGMA integrity_check').all(), name).toEqual([{ integrity_check: 'ok' }]);
    expect(database.prepare('PRAGMA foreign_key_check').all(), name).toEqual([]);
    database.close();
  }
  const env = { PATH: process.env.PATH, HOME: directory, INVENTORY_DATA_DIR: directory };
  const { status, stdout } = spawnSync(process.execPath, ['dist/main.js', 'audit', 'verify'], { env });
  expect(status, stdout.toString()).toBe(0);
}

export const auditOf = ({ directory }: SmallDisk): string =>
  readFileSync(join(directory, 'audit/audit-000001.jsonl'), 'utf8');

/** Gated and ungated writes are carried out, by the server that refused them. */
export async function goesOn(client: TestClient, disk: SmallDisk): Promise<void> {
  const made = await client.call('create_contact', { contact_name: 'Afterwards', contact_type: 'customer' });
  expect(made.isError).toBe(false);
  const asked = await client.call('delete_contact', await testCustomer(client));
  expect(asked.facts.status).toBe('confirmation_required');
  expect((await yesTo(client, asked)).isError).toBe(false);
  expect(await contacts(client, 'Test Customer')).toEqual([]);
  expect(await contacts(client, 'Afterwards')).toHaveLength(1);
  expect(auditOf(disk)).toContain('Afterwards');
  expectIntact(disk.directory);
}
