import { describe, expect, onTestFinished, test } from 'vitest';
import { type ClientOptions, connectors, type TestClient, type ToolResult } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// A count typed into a spreadsheet, in one call and one yes, as a client does it with the built server.

type Row = Record<string, unknown>;
const rows = (value: unknown): Row[] => (Array.isArray(value) ? value : []);

const tool = 'set_stock_levels';
const csv = 'SKU;Warehouse;Counted\r\nDMAT;Oakland;7\r\nUCC-1M;Oakland;150\r\nSHELF-SPK;Newark;10\r\n';

async function started(era: 'v1' | 'v2', options: ClientOptions = {}): Promise<TestClient> {
  const env = { INVENTORY_LOG_LEVEL: 'warn', INVENTORY_DATA_DIR: temporaryDirectory() };
  const client = await connectors[era]({ env }, options);
  onTestFinished(() => client.close());
  return client;
}

/** Says yes to what a 2025 client was asked by token. */
const confirmed = (client: TestClient, { facts: { confirmation, summary } }: ToolResult): Promise<ToolResult> =>
  client.call('confirm_action', { confirmation, summary });

async function onHand(client: TestClient, sku: string) {
  const { facts } = await client.call('list_items', { sku, fields: ['sku', 'stock_on_hand'] });
  return rows(facts.items)[0]?.stock_on_hand;
}

describe.each(['v1', 'v2'] as const)('with a %s client', (era) => {
  const person: ClientOptions =
    era === 'v2' ? { onForm: () => ({ action: 'accept', content: { confirm: true } }) } : {};

  test('a count sheet is shown once, and what differs is posted once', async () => {
    const client = await started(era, person);
    const asked = await client.call(tool, { csv });
    const preview = era === 'v1' ? asked.text : (client.forms[0] ?? '');
    expect(preview).toContain('Set counted stock: 2 levels in Oakland: +3 pcs, -50 pcs, -176.50 USD');
    expect(preview).toContain(
      'UCC-1M USB-C Cable 1 m in Oakland: book 200, counted 150, -50 pcs, -205.00 USD, recount',
    );
    expect(preview).toContain('Unchanged and not posted: 1 level.');
    if (era === 'v1') {
      expect(asked.text).toMatch(/^Nothing has been done yet\./);
      expect(await onHand(client, 'DMAT')).toBe(4);
    } else expect(client.forms).toHaveLength(1);

    const done = era === 'v1' ? await confirmed(client, asked) : asked;
    expect(done.isError).toBe(false);
    expect(done.text).toContain('Posted as ADJ-00003.');
    expect(done.facts).toMatchObject({ changed: 2, same: 1, adjustments: [{ value_booked: -176.5 }] });
    expect([await onHand(client, 'DMAT'), await onHand(client, 'UCC-1M')]).toEqual([7, 190]);

    // Used again, the yes answers what happened and does nothing; so does the same count.
    if (era === 'v1') expect((await confirmed(client, asked)).facts.status).toBe('already_done');
    const again = await client.call(tool, { csv });
    expect(again.text).toContain('Nothing differs from the book in 3 rows; nothing was written.');
    const { facts } = await client.call('list_stock_adjustments', {});
    expect(rows(facts.inventory_adjustments)).toHaveLength(3);
  });
});

test('stock that moves between preview and yes is counted anew, and nothing is written', async () => {
  const client = await started('v1');
  const asked = await client.call(tool, { csv });
  const sold = await client.call(tool, { mode: 'change', rows: [{ item: 'DMAT', quantity: -1 }] });
  expect((await confirmed(client, sold)).isError).toBe(false);
  const answer = await confirmed(client, asked);
  expect(answer.facts).toMatchObject({ status: 'confirmation_required', changed: expect.any(String) });
  expect(answer.text).toContain('DMAT Desk Mat in Oakland: book 3, counted 7, +4 pcs');
  expect(await onHand(client, 'DMAT')).toBe(3);
  await confirmed(client, answer);
  expect(await onHand(client, 'DMAT')).toBe(7);
});

test('bad rows stop all of it, and a person who says no leaves all as it was', async () => {
  const client = await started('v2', { onForm: () => ({ action: 'decline' }) });
  const bad = await client.call(tool, { csv: `${csv}NOPE;Oakland;1\r\nMUG;Oakland;1,500\r\n` });
  expect(bad).toMatchObject({ isError: true, facts: { error: { kind: 'invalid_arguments' } } });
  expect(bad.text).toContain('2 of 5 rows cannot be written, so nothing was written.');
  expect(client.forms).toEqual([]);
  const declined = await client.call(tool, { csv });
  expect(declined).toMatchObject({ isError: true, facts: { error: { kind: 'denied' } } });
  expect(await onHand(client, 'DMAT')).toBe(4);
});

test('a list of a thousand rows of one item is one level, and its answers stay short', async () => {
  const client = await started('v1');
  const many = Array.from({ length: 1_000 }, () => 'SCREW-M3,1').join('\n');
  const asked = await client.call(tool, { csv: `sku,quantity\n${many}`, mode: 'change' });
  expect(asked.text).toContain('on hand 10000 -> 11000, +1000 pcs, +12.50 USD, rows 2 to 1001');
  expect(asked.text).toContain('Added up, being of one item and warehouse: 1000 rows to 1 level.');
  expect(asked.text.length).toBeLessThan(3_000);
  const done = await confirmed(client, asked);
  expect(rows(done.facts.adjustments)).toHaveLength(1);
  expect(await onHand(client, 'SCREW-M3')).toBe(11_000);
});
