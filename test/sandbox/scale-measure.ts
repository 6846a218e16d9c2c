import { createSandbox } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { noon } from './calls.ts';
import { fill, listPaths } from './filled.ts';

// Run as a process: number of items, database file. Prints times, totals and the most memory it held, as JSON.
const [count = '1000', file = ':memory:'] = process.argv.slice(2);
const sandbox = createSandbox({
  database: openDatabase(file),
  now: () => noon,
  seed: 'empty',
  accessToken: 'good',
  limits: { perMinute: 1_000_000, perDay: 1_000_000 },
});
await fill(sandbox, Number(count));
const warehouse = String(sandbox.database.prepare('SELECT warehouse_id FROM warehouse').get()?.warehouse_id);

async function ask(path: string): Promise<number> {
  const url = `http://sandbox.test/inventory/v1${path}per_page=25&organization_id=460000000000001`;
  const response = await sandbox.handle(new Request(url, { headers: { Authorization: 'Zoho-oauthtoken good' } }));
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${text}`);
  return Number(/"total":(\d+)/.exec(text.slice(text.lastIndexOf('"page_context"')))?.[1] ?? 0);
}

const fastest: Record<string, number> = {};
const totals: Record<string, number> = {};
const names = listPaths('W');
for (const [index, path] of listPaths(warehouse).entries()) {
  const name = names[index] ?? path;
  // The first call after a write counts the rows of the list; those after it page through them.
  totals[name] = await ask(path);
  const times: number[] = [];
  for (let call = 0; call < 15; call += 1) {
    const start = performance.now();
    await ask(path);
    times.push(performance.now() - start);
  }
  // The fastest is what the call itself costs; what other processes take from the machine lands on the others.
  fastest[name] = Math.min(...times);
}
process.stdout.write(JSON.stringify({ fastest, totals, mostMemoryMb: process.resourceUsage().maxRSS / 1024 }));
