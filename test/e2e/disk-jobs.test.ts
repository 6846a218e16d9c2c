import { expect, onTestFinished, test } from 'vitest';
import { connectV1, type TestClient } from '../helpers/clients.ts';
import { createSmallDisk } from '../helpers/small-disk.ts';
import { expectIntact, type Row, readsAnswer, rows, saysWhy, smallWorld, wish, yesTo } from '../helpers/small-world.ts';

// Jobs of several steps, their journal on a disk of 1 MB that fills up.

test('the disk fills between two steps of a job: it stops, says what is done, and is finished when there is space', async () => {
  const { disk, proxy, start, writes } = await smallWorld();
  const client = await start();
  const asked = await client.call('fulfil_sales_order', wish);
  proxy.hold(({ method, path }) => method === 'POST' && path.endsWith('/salesorders'));
  const half = yesTo(client, asked);
  await proxy.holding();
  disk.fill();
  proxy.release();
  const { facts, text } = await half;
  const workflow_id = (facts.error as Row | undefined)?.workflow_id; // parse boundary: as asserted below
  expect(facts).toMatchObject({ error: { kind: 'partly_done', done: [expect.stringContaining('created SO-00020')] } });
  expect(text).toMatch(saysWhy);
  for (const _ of [1, 2]) {
    await client.call('resume_workflow', { workflow_id });
    await yesTo(client, asked);
  }
  expect(writes()).toHaveLength(1);
  await readsAnswer(client);
  disk.free();
  // Until the lease has run out that could not be given back.
  const resumed = () => client.call('resume_workflow', { workflow_id });
  await expect.poll(async () => (await resumed()).isError, { timeout: 20_000, interval: 500 }).toBe(false);
  expect((await yesTo(client, asked)).facts.status).toBe('already_done');
  expect(writes().map(({ path }) => path.replace(/\d{9,}/, 'ID'))).toEqual(
    ['salesorders', 'salesorders/ID/status/confirmed', 'packages', 'packages/ID/ship'].map(
      (end) => `/inventory/v1/${end}`,
    ),
  );
  expect((await client.call('list_unfinished_workflows')).facts).toEqual({ workflows: [] });
  expectIntact(disk.directory);
});

async function ordersOfTheCafe(client: TestClient): Promise<Row[]> {
  const { facts } = await client.call('list_sales_orders', { search_text: 'Bluebird Cafe', per_page: 200 });
  return rows(facts.salesorders);
}

async function onHand(client: TestClient): Promise<number> {
  const { facts } = await client.call('list_items', { sku: 'UCC-2M' });
  return Number(rows(facts.items)[0]?.stock_on_hand);
}

/** The disk ends somewhere in the job; then there is space, and the same yes is said until the job is done. */
async function fulfilledOn(leftBytes: number): Promise<void> {
  const disk = createSmallDisk();
  const env = { INVENTORY_DATA_DIR: disk.directory, INVENTORY_LOG_LEVEL: 'silent' };
  const client = await connectV1({ env });
  onTestFinished(() => client.close());
  disk.serves(client.pid);
  disk.fill(leftBytes);
  const before = { orders: (await ordersOfTheCafe(client)).length, onHand: await onHand(client) };
  let asked = await client.call('fulfil_sales_order', wish);
  if (!asked.isError) await yesTo(client, asked);
  disk.free();
  if (asked.isError) asked = await client.call('fulfil_sales_order', wish);

  const isFinished = async () => {
    const again = await yesTo(client, asked);
    if (again.facts.status !== 'already_failed') return !again.isError && again.facts.status !== 'already_running';
    return !(await client.call('resume_workflow', { workflow_id: asked.facts.confirmation })).isError;
  };
  await expect.poll(isFinished, { timeout: 30_000, interval: 500 }).toBe(true);
  const after = { orders: (await ordersOfTheCafe(client)).length, onHand: await onHand(client) };
  expect(after).toEqual({ orders: before.orders + 1, onHand: before.onHand - 6 });
  expect((await client.call('list_unfinished_workflows')).facts).toEqual({ workflows: [] });
  expectIntact(disk.directory);
}

test('wherever in a job the disk ends, what was agreed to is done once when there is space', async () => {
  const left = [100, 210, 240, 280, 320, 360, 400, 440];
  await Promise.all(left.map((kilobytes) => fulfilledOn(kilobytes * 1024)));
});
