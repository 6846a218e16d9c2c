import { createSandbox } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { noon } from './calls.ts';
import { listPaths, named, smallWarehouse } from './filled.ts';

// Run as a process: database file. Prints times, totals and the most memory it held, as JSON.
const limits = { perMinute: 1_000_000, perDay: 1_000_000 };
const database = openDatabase(process.argv[2] ?? ':memory:');
const sandbox = createSandbox({ database, now: () => noon, seed: 'empty', accessToken: 'good', limits });
const idOf = (name: string) =>
  String(database.prepare('SELECT warehouse_id FROM warehouse WHERE warehouse_name = ?').get(name)?.warehouse_id);
const [large, small] = ['Main Warehouse', smallWarehouse].map(idOf);

async function send(method: string, path: string, body?: unknown): Promise<string> {
  const url = new URL(`http://sandbox.test/inventory/v1${path}`);
  url.searchParams.set('organization_id', '460000000000001');
  const headers = { Authorization: 'Zoho-oauthtoken good', 'Content-Type': 'application/json' };
  const request = new Request(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  const response = await sandbox.handle(request);
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${text}`);
  return text;
}

async function timed(path: string): Promise<{ ms: number; total: number }> {
  const start = performance.now();
  const text = await send('GET', `${path}per_page=25`);
  const ms = performance.now() - start;
  return { ms, total: Number(/"total":(\d+)/.exec(text.slice(text.lastIndexOf('"page_context"')))?.[1] ?? 0) };
}

/** The name of an item, the stock of it, and what is promised of it: whatever is counted must be counted anew, or kept. */
async function write(turn: number): Promise<void> {
  const item = named(201 + (turn % 30));
  await send('PUT', `/items/${item}`, { name: `Part 9${String(turn).padStart(5, '0')}` });
  const line_items = [{ item_id: item, quantity_adjusted: 1, warehouse_id: large }];
  await send('POST', '/inventoryadjustments', { adjustment_type: 'quantity', reason: 'Stock Count', line_items });
  const sold = [{ item_id: item, quantity: 1, rate: 10 }];
  const text = await send('POST', '/salesorders', { customer_id: '46000000800000001', line_items: sold });
  await send('POST', `/salesorders/${/"salesorder_id":"(\d+)"/.exec(text)?.[1]}/status/confirmed`);
}

// The fastest is what the call itself costs; what other processes take from the machine lands on the others.
async function fastest(times: number, path: string, before: () => Promise<void>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let call = 0; call < times; call += 1) {
    await before();
    least = Math.min(least, (await timed(path)).ms);
  }
  return least;
}

const warm: Record<string, number> = {};
const afterWrite: Record<string, number> = {};
const totals: Record<string, number> = {};
const paths = Object.entries(listPaths(large ?? '', small ?? ''));
for (const [name, path] of paths) totals[name] = (await timed(path)).total;
for (const [name, path] of paths) warm[name] = await fastest(15, path, async () => {});
let turn = 0;
for (const [name, path] of paths)
  afterWrite[name] = await fastest(4, path, async () => {
    turn += 1;
    await write(turn);
  });
process.stdout.write(JSON.stringify({ warm, afterWrite, totals, mostMemoryMb: process.resourceUsage().maxRSS / 1024 }));
