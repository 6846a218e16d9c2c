import { createSandbox } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { noon } from './calls.ts';

// Run as a process: database file, path of a report. Prints how long the answer is and what it took of memory, as JSON.
const [file = ':memory:', path = ''] = process.argv.slice(2);
const limits = { perMinute: 1_000_000, perDay: 1_000_000 };
const database = openDatabase(file);
const sandbox = createSandbox({ database, now: () => noon, seed: 'empty', accessToken: 'good', limits });
const west = database.prepare("SELECT warehouse_id FROM warehouse WHERE warehouse_name = 'West'").get()?.warehouse_id;

async function read(of: string): Promise<{ bytes: number; rows: number; parts: number }> {
  const url = `http://sandbox.test/inventory/v1${of}organization_id=460000000000001`;
  const response = await sandbox.handle(new Request(url, { headers: { Authorization: 'Zoho-oauthtoken good' } }));
  if (!response.ok) throw new Error(await response.text());
  const decoder = new TextDecoder();
  let [bytes, rows, parts] = [0, 0, 0];
  for await (const part of response.body ?? []) {
    bytes += part.length;
    rows += decoder.decode(part).split('"item_id"').length - 1;
    parts += 1;
  }
  return { bytes, rows, parts };
}

const mb = (bytes: number) => bytes / 2 ** 20;
// Once through, so that code and caches are there before memory is looked at.
await read('/reports/lowstockitems?');
const before = process.memoryUsage.rss();
const answer = await read(path.replace('{west}', String(west)));
const most = process.resourceUsage().maxRSS * 1024;
process.stdout.write(
  JSON.stringify({ ...answer, bodyMb: mb(answer.bytes), grownMb: mb(most - before), mostMb: mb(most) }),
);
