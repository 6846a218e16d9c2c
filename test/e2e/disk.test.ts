import { expect, test } from 'vitest';
import {
  auditOf,
  contacts,
  expectIntact,
  goesOn,
  readsAnswer,
  smallWorld,
  testCustomer,
  writesAreRefused,
  yesTo,
} from '../helpers/small-world.ts';

// The built server, its folder on a disk of 1 MB that fills up or cannot be written; the inventory runs elsewhere.

test('a disk that is full from the start: reads answer, no write begins, and with space again all goes on', async () => {
  const { disk, start, writes, log } = await smallWorld();
  const client = await start();
  disk.fill();
  await readsAnswer(client);
  await writesAreRefused(client, disk.directory);
  await readsAnswer(client);
  expect(writes()).toEqual([]);
  expect(log().match(/Call limits are counted by this process alone/g)).toHaveLength(1);
  disk.free();
  await goesOn(client, disk);
  expect(JSON.parse(auditOf(disk).split('\n')[0] ?? '')).toMatchObject({ lost: 6 });
});

test('a folder that is read-only from the start: reads answer, no write begins, and once writable all goes on', async () => {
  const { disk, start, writes } = await smallWorld();
  disk.makeReadOnly();
  const client = await start();
  await readsAnswer(client);
  await writesAreRefused(client, disk.directory);
  expect(writes()).toEqual([]);
  disk.makeWritable();
  await goesOn(client, disk);
});

test('a folder that was made read-only between two servers: what the first was asked is kept, and waits', async () => {
  const { disk, start, writes } = await smallWorld();
  const first = await start();
  const asked = await first.call('delete_contact', await testCustomer(first));
  await first.close();
  disk.makeReadOnly();
  const client = await start();
  await readsAnswer(client);
  await writesAreRefused(client, disk.directory);
  expect((await yesTo(client, asked)).facts).toMatchObject({ error: { kind: 'unavailable' } });
  expect(writes()).toEqual([]);
  disk.makeWritable();
  expect((await yesTo(client, asked)).isError).toBe(false);
  expect((await yesTo(client, asked)).facts.status).toBe('already_done');
  expect(writes()).toHaveLength(1);
  expectIntact(disk.directory);
});

test('the disk fills between a preview and its yes: nothing is sent, and the same yes is good when there is space', async () => {
  const { disk, start, writes } = await smallWorld();
  const client = await start();
  const asked = await client.call('delete_contact', await testCustomer(client));
  disk.fill();
  for (const _ of [1, 2]) {
    const { facts } = await yesTo(client, asked);
    expect(facts).toMatchObject({ error: { kind: 'unavailable', setting: 'INVENTORY_DATA_DIR' } });
  }
  expect(await contacts(client, 'Test Customer')).toHaveLength(1);
  expect(writes()).toEqual([]);
  disk.free();
  expect((await yesTo(client, asked)).isError).toBe(false);
  expect((await yesTo(client, asked)).facts.status).toBe('already_done');
  expect(writes()).toHaveLength(1);
  expectIntact(disk.directory);
});

test('the disk fills while a write is at the API: it is answered as done, and the same call finds it later', async () => {
  const { disk, proxy, start, writes, log } = await smallWorld();
  const client = await start();
  const lamp = { contact_name: 'Lamp & Co', contact_type: 'customer' };
  await testCustomer(client);
  proxy.hold(({ method }) => method === 'POST');
  const made = client.call('create_contact', lamp);
  await proxy.holding();
  disk.fill();
  proxy.release();
  expect(await made).toMatchObject({ isError: false, facts: { contact: { contact_name: 'Lamp & Co' } } });
  expect(log()).toMatch(/The outcome of a write could not be kept/);
  expect(log()).toMatch(/A line of the audit .* could not be written/);
  disk.free();
  expect(await client.call('create_contact', lamp)).toMatchObject({
    isError: false,
    facts: { contact: { contact_name: 'Lamp & Co' }, note: expect.stringContaining('nothing was done twice') },
  });
  expect(writes()).toHaveLength(1);
  expectIntact(disk.directory);
});
