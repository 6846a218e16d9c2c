import { describe, expect, onTestFinished, test } from 'vitest';
import { type ClientOptions, connectors, type TestClient, type ToolResult } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// From a box at the dock to goods in stock, in one call and one yes, as a client does it with the built server.

type Row = Record<string, unknown>;
const rows = (value: unknown): Row[] => (Array.isArray(value) ? value : []);

const receive = 'receive_delivery';
const wish = {
  vendor: 'CableWorks',
  lines: [
    { item: 'DMAT', quantity: 42 },
    { item: 'USB-C Cable 1 m', quantity: 60 },
  ],
  notes: 'Delivery note 4711',
};

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

async function statusOf(client: TestClient, purchaseorder_number: string) {
  const { facts } = await client.call('list_purchase_orders', { purchaseorder_number });
  return rows(facts.purchaseorders)[0]?.status;
}

describe.each(['v1', 'v2'] as const)('with a %s client', (era) => {
  const person: ClientOptions =
    era === 'v2' ? { onForm: () => ({ action: 'accept', content: { confirm: true } }) } : {};

  test('a count is shown against the order and booked once, the surplus is not', async () => {
    const client = await started(era, person);
    const asked = await client.call(receive, wish);
    const preview = era === 'v1' ? asked.text : (client.forms[0] ?? '');
    expect(preview).toContain('Receive PO-00007, CableWorks: 40 DMAT, 60 UCC-1M into Oakland; 2 not booked');
    expect(preview).toContain('Oakland on hand 4 -> 44');
    expect(preview).toContain('Did not come, stays on order: 40 UCC-1M.');
    expect(preview).toContain('Not booked, more than ordered: 2 DMAT.');
    if (era === 'v1') {
      expect(asked.text).toMatch(/^Nothing has been done yet\./);
      expect([await onHand(client, 'DMAT'), await statusOf(client, 'PO-00007')]).toEqual([4, 'issued']);
    } else expect(client.forms).toHaveLength(1);

    const done = era === 'v1' ? await confirmed(client, asked) : asked;
    expect(done.isError).toBe(false);
    expect(done.text).toContain('40 DMAT, 60 UCC-1M of PO-00007 from CableWorks are in stock, RCV-00007.');
    expect([await onHand(client, 'DMAT'), await onHand(client, 'UCC-1M')]).toEqual([44, 300]);
    expect(await statusOf(client, 'PO-00007')).toBe('partially_received');

    // Used again, the yes answers what happened and does nothing.
    if (era === 'v1') expect((await confirmed(client, asked)).facts.status).toBe('already_done');
    expect(await onHand(client, 'DMAT')).toBe(44);
  });
});

test('goods that somebody else books between plan and yes are planned anew, and nothing is booked twice', async () => {
  const client = await started('v1');
  const asked = await client.call(receive, { purchase_order: 'PO-00007' });
  const part = await client.call(receive, wish);
  await confirmed(client, part);
  const answer = await confirmed(client, asked);
  expect(answer.facts).toMatchObject({ status: 'confirmation_required', changed: expect.any(String) });
  expect(answer.text).toContain('Receive PO-00007, CableWorks: 40 UCC-1M into Oakland');
  expect(await onHand(client, 'UCC-1M')).toBe(300);
  await confirmed(client, answer);
  expect([await onHand(client, 'UCC-1M'), await statusOf(client, 'PO-00007')]).toEqual([340, 'closed']);
  const again = await client.call(receive, { purchase_order: 'PO-00007' });
  expect(again.isError).toBe(false);
  expect(again.text).toContain('has nothing to come any more; nothing was done.');
});

test('nothing is booked where a person says no, and late orders are told with a mail that nobody sends', async () => {
  const client = await started('v2', { onForm: () => ({ action: 'decline' }) });
  const declined = await client.call(receive, wish);
  expect(declined).toMatchObject({ isError: true, facts: { error: { kind: 'denied' } } });
  expect(await onHand(client, 'DMAT')).toBe(4);
  const late = await client.call('chase_late_purchases', {});
  expect(late.text).toContain('PO-00008 of PaperCo, 10 days.');
  expect(rows(late.facts.vendors)).toMatchObject([{ vendor_name: 'PaperCo', subject: 'Late delivery: PO-00008' }]);
  expect(client.forms).toHaveLength(1);
});
