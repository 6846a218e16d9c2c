import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { differences } from '../../scripts/levels.ts';
import { morning } from '../../scripts/morning.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { connectors } from '../helpers/clients.ts';
import { startCountingProxy, startHttp, startSandbox } from '../helpers/servers.ts';
import { temporaryDirectory } from '../helpers/world.ts';

const quiet = { INVENTORY_LOG_LEVEL: 'warn' };

/** v1 confirms by token, v2 is asked by a form that the person accepts. */
const person = { v1: {}, v2: { onForm: () => ({ action: 'accept' as const, content: { confirm: true } }) } };

describe.each(['v1', 'v2'] as const)("a stock keeper's morning with a %s client", (era) => {
  test('over stdio on the embedded inventory, agreeing with its database', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'sandbox.sqlite');
    const client = await connectors[era](
      { env: { ...quiet, INVENTORY_DATA_DIR: directory, INVENTORY_SANDBOX_DATA: file } },
      person[era],
    );
    expect((await client.tools()).length).toBeGreaterThan(40);
    const lines: string[] = [];
    const result = await morning(client, (line) => void lines.push(line));
    await client.close();
    expect(lines.length).toBeGreaterThanOrEqual(40);
    const database = openDatabase(file);
    expect(differences(result.after, database)).toEqual([]);
    database.close();
    // The guard stopped two calls: the delete and the reorder plan.
    expect(client.forms.map((message) => message.split(' ')[0])).toEqual(era === 'v2' ? ['Delete', 'Reorder:'] : []);
  });

  test('over real HTTP to the sandbox on a port, with the variables it prints', async () => {
    const variables = await startSandbox();
    const client = await connectors[era](
      { env: { ...quiet, INVENTORY_DATA_DIR: temporaryDirectory(), ...variables } },
      person[era],
    );
    expect(client.instructions()).not.toMatch(/SANDBOX/);
    await morning(client, () => undefined);
    await client.close();
  });

  test('over Streamable HTTP', async () => {
    const url = await startHttp();
    const client = await connectors[era]({ url }, person[era]);
    await morning(client, () => undefined);
    expect(client.forms).toHaveLength(era === 'v2' ? 2 : 0);
    await client.close();
  });
});

test('a confirmed order of ten lines costs at most one token call and thirteen API calls', async () => {
  const variables = await startSandbox();
  const { url, seen } = await startCountingProxy(variables.ZOHO_API_DOMAIN ?? '');
  const client = await connectors.v1({
    env: {
      ...quiet,
      INVENTORY_DATA_DIR: temporaryDirectory(),
      ...variables,
      ZOHO_API_DOMAIN: url,
      ZOHO_ACCOUNTS_URL: url,
    },
  });
  await client.tools();
  expect(seen).toEqual([]);
  const skus = ['WBH-001', 'UCC-1M', 'UCC-2M', 'DMAT', 'LAMP', 'MUG', 'HUB-7', 'AMP-10', 'SHELF-SPK', 'SCREW-M3'];
  const { facts, isError } = await client.call('place_sales_order', {
    customer: 'Bluebird Cafe',
    items: skus.map((item) => ({ item, quantity: 1 })),
  });
  await client.close();
  expect(isError).toBe(false);
  expect(facts.salesorder).toMatchObject({ status: 'confirmed', line_items: { length: 10 } });
  const tokens = seen.filter(({ path }) => path.startsWith('/oauth'));
  expect(tokens.length).toBeLessThanOrEqual(1);
  expect(seen.length - tokens.length).toBeLessThanOrEqual(13);
  expect(seen.length - tokens.length).toBeGreaterThanOrEqual(5);
});
