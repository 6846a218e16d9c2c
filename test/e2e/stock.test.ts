import { expect, test } from 'vitest';
import { connectV1, connectV2, type TestClient } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';

type Row = Record<string, unknown>;

const env = () => ({ INVENTORY_LOG_LEVEL: 'warn', INVENTORY_DATA_DIR: temporaryDirectory() });
const rows = (value: unknown) => (Array.isArray(value) ? (value as Row[]) : []); // parse boundary: what the wire brought
const row = (value: unknown) => (value ?? {}) as Row; // parse boundary: what the wire brought

const idOf = async ({ call }: TestClient, sku: string) =>
  String(rows((await call('list_items', { sku })).facts.items)[0]?.item_id);

async function placeIds({ call }: TestClient) {
  const found = rows((await call('list_warehouses')).facts.warehouses);
  return Object.fromEntries(found.map((place) => [String(place.warehouse_name), String(place.warehouse_id)]));
}

async function onHand({ call }: TestClient, item_id: string): Promise<Row> {
  const stock = row((await call('get_item_stock', { item_id })).facts.stock);
  const places = rows(stock.warehouses).map((place) => [place.warehouse_name, place.warehouse_stock_on_hand]);
  return { ...Object.fromEntries(places), transit: stock.quantity_in_transit };
}

/** Calls what is gated, and says yes with the summary that came back. */
async function confirmed({ call }: TestClient, name: string, args: Row): Promise<Row> {
  const asked = await call(name, args);
  expect(asked.text).toMatch(/^Nothing has been done yet\./);
  const { status, confirmation, summary } = asked.facts;
  expect(status).toBe('confirmation_required');
  const done = await call('confirm_action', { confirmation, summary });
  expect(done.text).not.toContain('"error"');
  expect(done.isError).toBe(false);
  return done.facts;
}

test('goods move between warehouses: drafted, sent, received in parts, each step confirmed', async () => {
  const client = await connectV1({ env: env() });
  const { call } = client;
  const [item_id, places] = [await idOf(client, 'DMAT'), await placeIds(client)];
  const made = await call('create_transfer', {
    from_warehouse_id: places.Oakland,
    to_warehouse_id: places.Newark,
    line_items: [{ item_id, quantity: 3 }],
  });
  expect(made.isError).toBe(false);
  const transfer = row(made.facts.transfer);
  const transfer_id = String(transfer.transfer_id);
  const line_item_id = rows(transfer.line_items)[0]?.line_item_id;
  expect(await onHand(client, item_id)).toMatchObject({ Oakland: 4, Newark: 0, transit: 0 });

  await confirmed(client, 'send_transfer', { transfer_id });
  expect(await onHand(client, item_id)).toMatchObject({ Oakland: 1, Newark: 0, transit: 3 });

  const part = { transfer_id, line_items: [{ line_item_id, quantity_received: 2 }] };
  await confirmed(client, 'receive_transfer', part);
  expect(await onHand(client, item_id)).toMatchObject({ Oakland: 1, Newark: 2, transit: 1 });

  // Too late to delete it: the preview says so, and the API refuses.
  const asked = await call('delete_transfer', { transfer_id });
  expect(asked.text).toContain('Likely to be refused: it is in_transit');
  const { confirmation, summary } = asked.facts;
  const refused = await call('confirm_action', { confirmation, summary });
  expect(refused.isError).toBe(true);
  expect(refused.text).toContain('is in_transit and cannot be deleted');

  await confirmed(client, 'receive_transfer', { transfer_id });
  expect(await onHand(client, item_id)).toMatchObject({ Oakland: 1, Newark: 3, transit: 0 });
  const listed = await call('list_transfers', { filter_by: 'Status.Received', fields: ['transfer_number', 'status'] });
  expect(rows(listed.facts.transfers)).toContainEqual({ transfer_number: 'TRN-00004', status: 'received' });
  await client.close();
});

test('a count is shown before it is posted, corrected, and taken back', async () => {
  const client = await connectV1({ env: env() });
  const [item_id, places] = [await idOf(client, 'DMAT'), await placeIds(client)];
  const count = (quantity_adjusted: number) => [
    { item_id, warehouse_id: places.Oakland, quantity_adjusted, adjust_quantity_by: 'set_to' },
  ];
  const asked = await client.call('create_stock_adjustment', { reason: 'Count', line_items: count(10) });
  expect(asked.facts.summary).toBe(
    'Adjust stock (quantity): Desk Mat (DMAT) in Oakland on hand 4 -> 10 pcs, stock value about +57.00 USD',
  );
  expect(await onHand(client, item_id)).toMatchObject({ Oakland: 4 });
  const { confirmation, summary } = asked.facts;
  const { facts } = await client.call('confirm_action', { confirmation, summary });
  const outcome = JSON.stringify(facts);
  const inventory_adjustment_id = /"inventory_adjustment_id":"(\d+)"/.exec(outcome)?.[1];
  expect(await onHand(client, item_id)).toMatchObject({ Oakland: 10 });
  await confirmed(client, 'update_stock_adjustment', { inventory_adjustment_id, line_items: count(7) });
  expect(await onHand(client, item_id)).toMatchObject({ Oakland: 7 });
  await confirmed(client, 'delete_stock_adjustment', { inventory_adjustment_id });
  expect(await onHand(client, item_id)).toMatchObject({ Oakland: 4 });
  await client.close();
});

test('a count whose stock changed while it waited is not posted, but asked again', async () => {
  const client = await connectV1({ env: env() });
  const [item_id, places] = [await idOf(client, 'MUG'), await placeIds(client)];
  const line = (quantity_adjusted: number, adjust_quantity_by: string) => ({
    line_items: [{ item_id, warehouse_id: places.Oakland, quantity_adjusted, adjust_quantity_by }],
  });
  const waiting = await client.call('create_stock_adjustment', line(48, 'set_to'));
  await confirmed(client, 'create_stock_adjustment', line(5, 'decrease'));
  const { confirmation, summary } = waiting.facts;
  const late = await client.call('confirm_action', { confirmation, summary });
  expect(late.text).toContain('on hand 45 -> 48 pcs');
  expect(await onHand(client, item_id)).toMatchObject({ Oakland: 45 });
  await client.close();
});

test('a kit is made, asked about before a part is dropped, and deleted', async () => {
  const forms: string[] = [];
  const client = await connectV2(
    { env: env() },
    {
      onForm: (message) => {
        forms.push(message.split('\n')[0] ?? '');
        return { action: 'accept', content: { confirm: true } };
      },
    },
  );
  const [amp, mug] = [await idOf(client, 'AMP-10'), await idOf(client, 'MUG')];
  const mapped_items = [
    { item_id: amp, quantity: 1 },
    { item_id: mug, quantity: 2 },
  ];
  const made = await client.call('create_composite_item', { name: 'Desk Concert', rate: 120, mapped_items });
  const kit = row(made.facts.composite_item);
  expect(kit).toMatchObject({ available_stock: 5, mapped_items: [{ quantity: 1 }, { quantity: 2 }] });
  const item_id = String(kit.item_id);
  await client.call('update_composite_item', { item_id, description: 'For small rooms' });
  expect(forms).toEqual([]);
  const changed = await client.call('update_composite_item', { item_id, mapped_items: mapped_items.slice(0, 1) });
  expect(row(changed.facts.composite_item).mapped_items).toHaveLength(1);
  await client.call('delete_composite_item', { item_id });
  expect(forms).toEqual([
    `Update kit Desk Concert (id ${item_id}): drops 2 Logo Mug (MUG)`,
    `Delete kit Desk Concert (id ${item_id}): 1 part, 5 can be built now`,
  ]);
  expect((await client.call('get_composite_item', { item_id })).text).toContain('not_found');
  await client.close();
});

test('what cannot be is refused in words, and changes nothing', async () => {
  const client = await connectV1({ env: env() });
  const [item_id, places] = [await idOf(client, 'DMAT'), await placeIds(client)];
  const same = await client.call('create_transfer', {
    from_warehouse_id: places.Oakland,
    to_warehouse_id: places.Oakland,
    line_items: [{ item_id, quantity: 1 }],
  });
  expect(same.text).toContain('A transfer goes to another warehouse.');
  const typo = await client.call('create_stock_adjustment', { line_items: [{ item_id, quantity_ajusted: 1 }] });
  expect(typo.text).toContain('quantity_adjusted');
  const none = await client.call('get_stock_adjustment', { inventory_adjustment_id: '7' });
  expect(none.text).toMatch(/^not_found: /);
  expect([same, typo, none].every(({ isError }) => isError)).toBe(true);
  expect(await onHand(client, item_id)).toMatchObject({ Oakland: 4, transit: 0 });
  await client.close();
});
