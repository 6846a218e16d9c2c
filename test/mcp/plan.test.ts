import { describe, expect, test } from 'vitest';
import { InvalidArguments, NotFound } from '../../src/errors.ts';
import { needsPlan, type PlanContext, planners, planOperation, type Reads } from '../../src/mcp/plan.ts';
import type { Input } from '../../src/operations/define.ts';
import { operations } from '../../src/operations/index.ts';
import { type DemoWorld, demoWorld, operationNamed, rowsOf } from '../helpers/reads.ts';

const plan = (world: DemoWorld, name: string, input: Input, limits: Partial<PlanContext> = {}) =>
  planOperation(operationNamed(name), input, { reads: world.reads, today: world.today, ...limits });

const idOf = (row: Record<string, unknown>, key: string): string => String(row[key]);

async function order(world: DemoWorld, number: string): Promise<{ input: Input; lines: string[] }> {
  const isSale = number.startsWith('SO');
  const row = isSale ? await world.salesOrder(number) : await world.purchaseOrder(number);
  const key = isSale ? 'salesorder_id' : 'purchaseorder_id';
  return { input: { [key]: row[key] }, lines: rowsOf(row.line_items).map((line) => idOf(line, 'line_item_id')) };
}

describe('the table of planners', () => {
  test('has one for every operation that writes, and for no other', () => {
    const writing = operations.filter(({ effect }) => effect !== 'read').map(({ name }) => name);
    expect([...planners.keys()].sort()).toEqual(writing.sort());
  });

  test('an operation without a planner has no preview and is denied', async () => {
    const forgotten = { ...operationNamed('delete_item'), name: 'delete_everything' };
    const world = demoWorld();
    const planned = planOperation(forgotten, {}, { reads: world.reads, today: world.today });
    await expect(planned).rejects.toMatchObject({ kind: 'denied', nothingSent: true });
  });
});

describe('every preview', () => {
  test('begins with a summary of one plain line of at most 160 characters', async () => {
    const world = demoWorld();
    const { item } = await world.call('create_item', {
      name: `Long \u202ename\u0007 \u201cquoted\u201d \u2026 ${'x'.repeat(180)}`,
      rate: 1,
    });
    const [{ item_id } = {}] = rowsOf([item]);
    const { summary, preview } = await plan(world, 'delete_item', { item_id });
    expect(preview[0]).toBe(summary);
    expect([...summary].length).toBeLessThanOrEqual(160);
    expect(summary).toMatch(/^Delete item "Long name 'quoted' \.\.\. x/);
    expect(summary).toMatch(/^[\x20-\x7e]+$/);
    expect(summary).toContain(`(id ${item_id}): 0 on hand`);
  });

  test('is refused when its record cannot be read', async () => {
    const world = demoWorld();
    await expect(plan(world, 'delete_item', { item_id: '1' })).rejects.toBeInstanceOf(NotFound);
    await expect(plan(world, 'void_sales_order', { salesorder_id: '1' })).rejects.toBeInstanceOf(NotFound);
  });

  test('carries the very input as the step that runs', async () => {
    const world = demoWorld();
    const input = { item_id: (await world.item('DMAT')).item_id };
    expect((await plan(world, 'delete_item', input)).steps).toEqual({ operation: 'delete_item', input });
  });

  test('rests on the same facts when read twice, and on others once somebody changed the record', async () => {
    const world = demoWorld();
    const { input } = await order(world, 'SO-00012');
    const first = await plan(world, 'void_sales_order', input);
    expect((await plan(world, 'void_sales_order', input)).restsOn).toEqual(first.restsOn);
    await world.call('void_sales_order', input);
    expect((await plan(world, 'void_sales_order', input)).restsOn).not.toEqual(first.restsOn);
  });
});

describe('items', () => {
  test('a delete names item, stock and what is on order, and says that it will likely be refused', async () => {
    const world = demoWorld();
    const { summary, preview } = await plan(world, 'delete_item', { item_id: (await world.item('DMAT')).item_id });
    expect(summary).toBe('Delete item Desk Mat (DMAT): 4 on hand, 40 on order');
    expect(preview).toContain('Oakland: 4 pcs on hand, 0 pcs committed');
    expect(preview).toContain('Value of its stock: 38.00 USD');
    expect(preview.join('\n')).toMatch(/Likely to be refused: it has history \(4 pcs are on hand/);
  });

  test('a delete that may go through is not called likely to be refused', async () => {
    const world = demoWorld();
    const { preview } = await plan(world, 'delete_item', { item_id: (await world.item('CARD-H')).item_id });
    expect(preview.join('\n')).not.toContain('Likely to be refused');
  });

  test('deactivating shows what stays on hand, promised and on order', async () => {
    const world = demoWorld();
    const { summary, preview } = await plan(world, 'deactivate_item', {
      item_id: (await world.item('WBH-001')).item_id,
    });
    expect(summary).toBe('Deactivate item Wireless Bluetooth Headphones (WBH-001): 80 on hand, 30 committed');
    expect(preview).toContain('30 pcs stay promised on open sales orders.');
  });

  test('opening stock is shown with its place, cost and value', async () => {
    const world = demoWorld();
    const { summary, preview } = await plan(world, 'create_item', {
      ...{ name: 'Felt Pad', sku: 'FELT', unit: 'pcs', rate: 0.1, purchase_rate: 0.0125, initial_stock: 1000 },
    });
    expect(summary).toBe('Create item Felt Pad (FELT): opening stock 1000 pcs, worth 12.50 USD');
    expect(preview).toContain('Oakland: opening stock 0 -> 1000 pcs at 0.0125 USD each, worth 12.50 USD');
  });

  test('a foreseeable update costs no read, one that could be raised shows before and after', async () => {
    const world = demoWorld();
    const item_id = (await world.item('DMAT')).item_id;
    world.readsMade();
    await plan(world, 'update_item', { item_id, description: 'New words' });
    expect(world.readsMade()).toEqual([]);
    const { summary, preview } = await plan(world, 'update_item', { item_id, rate: 9.99, unit: 'box' });
    expect(summary).toBe('Update item Desk Mat (DMAT): rate 24.99 USD -> 9.99 USD; unit "pcs" -> "box"');
    expect(preview).toContain('unit: "pcs" -> "box"');
  });
});

describe('contacts and warehouses', () => {
  test('deleting a contact with orders names them', async () => {
    const world = demoWorld();
    const contact_id = (await world.contact('Marble Hotel')).contact_id;
    const { summary, preview } = await plan(world, 'delete_contact', { contact_id });
    expect(summary).toMatch(/^Delete customer Marble Hotel \(id \d+\): 2 sales orders \(SO-/);
    expect(preview.join('\n')).toContain('Likely to be refused: it has 2 sales orders');
  });

  test('deleting a contact without orders says so', async () => {
    const world = demoWorld();
    const contact_id = (await world.contact('Test Customer')).contact_id;
    const { summary, preview } = await plan(world, 'delete_contact', { contact_id });
    expect(summary).toMatch(/: no orders$/);
    expect(preview.join('\n')).not.toContain('Likely to be refused');
  });

  test('a warehouse is shown with what lies in it', async () => {
    const world = demoWorld();
    const warehouse_id = (await world.warehouse('Oakland')).warehouse_id;
    const deleting = await plan(world, 'delete_warehouse', { warehouse_id });
    expect(deleting.summary).toMatch(/^Delete warehouse Oakland \(id \d+\), the primary one: \d+ items in stock$/);
    expect(deleting.preview).toContain('Likely to be refused: it is the primary warehouse.');
    const portland = (await world.warehouse('Portland')).warehouse_id;
    const { preview } = await plan(world, 'deactivate_warehouse', { warehouse_id: portland });
    expect(preview).toContain('CRT Monitor (CRT-OLD): 25 pcs on hand');
  });
});

describe('sales orders', () => {
  test('voiding shows what is freed, per line', async () => {
    const world = demoWorld();
    const { summary, preview } = await plan(world, 'void_sales_order', (await order(world, 'SO-00012')).input);
    expect(summary).toBe(
      'Void sales order SO-00012, Tech Solutions Inc, confirmed: 1 line, 2603.67 USD, frees its stock',
    );
    expect(preview).toContain(
      '30 pcs Wireless Bluetooth Headphones (WBH-001) at 79.99 USD, Oakland: committed 30 -> 0 pcs, available 30 -> 60 pcs',
    );
  });

  test('voiding a draft frees nothing and reads no stock', async () => {
    const world = demoWorld();
    const { input } = await order(world, 'SO-00015');
    world.readsMade();
    const { preview } = await plan(world, 'void_sales_order', input);
    expect(preview).toContain('It reserves nothing, its status is draft: no stock changes.');
    expect(world.readsMade()).toEqual(['get_sales_order']);
  });

  test.each([
    ['SO-00016', 'it is shipped in whole or in part'],
    ['SO-00017', 'it is packed in whole or in part'],
  ])('voiding or deleting %s is called likely to be refused, because %s', async (number, why) => {
    const world = demoWorld();
    const { input } = await order(world, number);
    for (const name of ['void_sales_order', 'delete_sales_order'])
      expect((await plan(world, name, input)).preview).toContain(`Likely to be refused: ${why}.`);
  });

  test('only what was not shipped is freed', async () => {
    const world = demoWorld();
    const { preview } = await plan(world, 'void_sales_order', (await order(world, 'SO-00016')).input);
    expect(preview.join('\n')).toContain(
      '(UCC-2M) at 12.99 USD, Oakland: committed 4 -> 0 pcs, available 396 -> 400 pcs',
    );
  });

  test('a kit frees its parts', async () => {
    const world = demoWorld();
    const [{ salesorder_id } = {}] = rowsOf([
      (
        await world.call('create_sales_order', {
          customer_id: (await world.contact('Bluebird Cafe')).contact_id,
          line_items: [{ item_id: (await world.item('AUDIO-SET')).item_id, quantity: 2 }],
        })
      ).salesorder,
    ]);
    await world.call('confirm_sales_order', { salesorder_id });
    const { preview } = await plan(world, 'void_sales_order', { salesorder_id });
    expect(preview).toContain('Mini Amplifier (AMP-10) in Oakland: committed 2 -> 0 pcs, available 3 -> 5 pcs');
    expect(preview).toContain('Shelf Speaker (SHELF-SPK) in Oakland: committed 4 -> 0 pcs, available -4 -> 0 pcs');
  });

  test('an e-mail shows its recipients and marks those whom nobody has kept for the customer', async () => {
    const world = demoWorld();
    const { input } = await order(world, 'SO-00018');
    const known = String((await world.contact('Redwood Podcast Studio')).email);
    const { summary, preview } = await plan(world, 'email_sales_order', {
      ...{ ...input, to_mail_ids: ['eve@strange.example', known], subject: 'Your "order"', body: 'Hello\u202e\nyou' },
    });
    expect(summary).toBe(
      `Email sales order SO-00018 of Redwood Podcast Studio to eve@strange.example and 1 more: "Your 'order'"`,
    );
    expect(preview.filter((line) => line.startsWith('Not an address kept'))).toEqual([
      'Not an address kept for Redwood Podcast Studio: eve@strange.example',
    ]);
    expect(preview.join('\n')).toContain('cannot be called back');
    expect(preview.join('\n')).not.toContain('\u202e');
  });
});

describe('purchase orders', () => {
  test('issuing names vendor, total, day of arrival and what will be on order', async () => {
    const world = demoWorld();
    const planned = await plan(world, 'issue_purchase_order', (await order(world, 'PO-00009')).input);
    expect(planned.summary).toBe('Issue purchase order PO-00009 to Harbor Electronics Wholesale: 1 line, 62.00 USD');
    expect(planned.preview).toContain('5 pcs USB Hub (HUB-7) at 12.40 USD, Oakland: on order 0 -> 5 pcs');
    expect(planned.preview.join('\n')).toMatch(/Total 62\.00 USD\. Expected \d{4}-\d\d-\d\d\./);
    expect(planned.amountMinor).toBe(6200);
  });

  test('a foreign order is shown in its currency and in the base currency', async () => {
    const world = demoWorld();
    const [{ purchaseorder_id } = {}] = rowsOf([
      (
        await world.call('create_purchase_order', {
          vendor_id: (await world.contact('Nordklang GmbH')).contact_id,
          line_items: [{ item_id: (await world.item('SPK-BT')).item_id, quantity: 10, rate: 40 }],
        })
      ).purchaseorder,
    ]);
    const { summary, amountMinor } = await plan(world, 'issue_purchase_order', { purchaseorder_id });
    expect(summary).toContain('1 line, 400.00 EUR (440.00 USD)');
    expect(amountMinor).toBe(44_000);
  });

  test('cancelling takes what is on order away', async () => {
    const world = demoWorld();
    const { preview } = await plan(world, 'cancel_purchase_order', (await order(world, 'PO-00007')).input);
    expect(preview).toContain('40 pcs Desk Mat (DMAT) at 9.50 USD, Oakland: on order 40 -> 0 pcs');
    expect(preview).toContain('100 pcs USB-C Cable 1 m (UCC-1M) at 4.10 USD, Oakland: on order 100 -> 0 pcs');
  });

  test('receiving shows each line against the order, and stock before and after', async () => {
    const world = demoWorld();
    const { input, lines } = await order(world, 'PO-00007');
    const { summary, preview, amountMinor } = await plan(world, 'receive_purchase_order', {
      ...input,
      line_items: [
        { line_item_id: lines[0], quantity_received: 40 },
        { line_item_id: lines[1], quantity_received: 60 },
      ],
    });
    expect(summary).toBe(
      'Receive on PO-00007 from CableWorks: 40 pcs Desk Mat (DMAT), 60 pcs USB-C Cable 1 m (UCC-1M), worth 626.00 USD',
    );
    expect(preview).toContain(
      'USB-C Cable 1 m (UCC-1M): 60 of 100 pcs ordered; 40 pcs still to come; in Oakland on hand 200 -> 260 pcs; in all on hand 240 -> 300 pcs',
    );
    // All of it lies in Oakland: the same figures are not said twice.
    expect(preview).toContain('Desk Mat (DMAT): 40 of 40 pcs ordered; complete; in Oakland on hand 4 -> 44 pcs');
    expect(preview.join('\n')).not.toContain('Likely to be refused');
    expect(amountMinor).toBe(62_600);
  });

  test('receiving more than ordered, in two rows, is called likely to be refused', async () => {
    const world = demoWorld();
    const { input, lines } = await order(world, 'PO-00007');
    const { preview } = await plan(world, 'receive_purchase_order', {
      ...input,
      line_items: [30, 11].map((quantity_received) => ({ line_item_id: lines[0], quantity_received })),
    });
    expect(preview.join('\n')).toContain('41 of 40 pcs ordered; 1 pcs more than ordered');
    expect(preview.join('\n')).toContain('Likely to be refused: more Desk Mat (DMAT) than was ordered');
  });

  test('a line that the order does not have is refused with those it has', async () => {
    const world = demoWorld();
    const { input } = await order(world, 'PO-00007');
    const planned = plan(world, 'receive_purchase_order', {
      ...input,
      line_items: [{ line_item_id: '1', quantity_received: 1 }],
    });
    await expect(planned).rejects.toBeInstanceOf(InvalidArguments);
    await expect(planned).rejects.toThrow(/Desk Mat \(DMAT\)/);
  });

  test('goods that were received by someone else meanwhile change what the preview rests on', async () => {
    const world = demoWorld();
    const { input, lines } = await order(world, 'PO-00007');
    const receive = { ...input, line_items: [{ line_item_id: lines[0], quantity_received: 10 }] };
    const before = await plan(world, 'receive_purchase_order', receive);
    await world.call('receive_purchase_order', receive);
    const after = await plan(world, 'receive_purchase_order', receive);
    expect(after.restsOn).not.toEqual(before.restsOn);
    expect(after.preview.join('\n')).toContain('10 of 40 pcs ordered, 10 received before');
  });
});

describe('the amount of an order', () => {
  const limit = { confirmAboveMinor: 100 };

  test('is not worked out, and nothing is read, where the operator set no limit', async () => {
    const world = demoWorld();
    const line_items = [{ item_id: '2', quantity: 1 }];
    const planned = await plan(world, 'create_sales_order', { customer_id: '1', line_items });
    expect(planned.amountMinor).toBe(0);
    expect(world.readsMade()).toEqual([]);
    expect(needsPlan(operationNamed('create_sales_order'), { customer_id: '1', line_items }, {})).toBe(false);
    expect(needsPlan(operationNamed('create_sales_order'), { customer_id: '1', line_items }, limit)).toBe(true);
    expect(needsPlan(operationNamed('create_contact'), { contact_name: 'x' }, limit)).toBe(false);
  });

  test('takes the price of the item where a line names none', async () => {
    const world = demoWorld();
    const dmat = (await world.item('DMAT')).item_id;
    const input = {
      customer_id: (await world.contact('Bluebird Cafe')).contact_id,
      line_items: [
        { item_id: dmat, quantity: 3 },
        { item_id: dmat, quantity: 1, rate: 0.1 },
      ],
      shipping_charge: 0.2,
    };
    const planned = await plan(world, 'create_sales_order', input, limit);
    expect(planned.amountMinor).toBe(7527);
    expect(planned.summary).toBe('Create sales order for Bluebird Cafe: 2 lines, 75.27 USD before tax');
  });

  test('no discount and no negative adjustment makes a large order a small one', async () => {
    const world = demoWorld();
    const input = {
      customer_id: (await world.contact('Bluebird Cafe')).contact_id,
      line_items: [{ item_id: (await world.item('DMAT')).item_id, quantity: 100, rate: 10, discount: 100 }],
      adjustment: -990,
    };
    expect((await plan(world, 'create_sales_order', input, limit)).amountMinor).toBe(100_000);
  });

  test('of a changed order is its whole, and what the change adds counts towards the day', async () => {
    const world = demoWorld();
    const customer_id = (await world.contact('Bluebird Cafe')).contact_id;
    const item_id = (await world.item('DMAT')).item_id;
    const made = await world.call('create_sales_order', {
      customer_id,
      line_items: [{ item_id, quantity: 1, rate: 10 }],
    });
    const [order = {}] = rowsOf([made.salesorder]);
    const [line = {}] = rowsOf(order.line_items);
    const changed = (quantity: number) => ({
      salesorder_id: order.salesorder_id,
      line_items: [{ line_item_id: line.line_item_id, item_id, quantity, rate: 10 }],
    });
    const more = await plan(world, 'update_sales_order', changed(7), limit);
    expect([more.amountMinor, more.addedMinor]).toEqual([7_000, 6_000]);
    await world.call('update_sales_order', changed(7));
    const less = await plan(world, 'update_sales_order', changed(2), limit);
    expect([less.amountMinor, less.addedMinor]).toEqual([2_000, 0]);
  });

  test('of a foreign order without any known rate of exchange is unknown, and asks', async () => {
    const world = demoWorld();
    const eur = (await world.contact('Nordklang GmbH')).currency_id;
    const [{ contact_id } = {}] = rowsOf([
      (await world.call('create_contact', { contact_name: 'Neu GmbH', contact_type: 'vendor', currency_id: eur }))
        .contact,
    ]);
    const line_items = [{ item_id: (await world.item('SPK-BT')).item_id, quantity: 1, rate: 1 }];
    const reads: Reads = {
      call: async (name, input) => {
        const reply = await world.reads.call(name, input);
        for (const contact of rowsOf([reply.contact])) delete contact.exchange_rate; // as an API that tells none
        return reply;
      },
    };
    const input = { vendor_id: contact_id, line_items };
    const planned = await plan({ ...world, reads }, 'create_purchase_order', input, limit);
    expect(planned.raises.map(({ rule }) => rule)).toEqual(['amount_unknown']);
    expect((await plan(world, 'create_purchase_order', input, limit)).raises).toEqual([]);
  });

  test('of an update is that of the order after it, and only where it touches money', async () => {
    const world = demoWorld();
    const { input, lines } = await order(world, 'PO-00009');
    const more = { ...input, line_items: [{ line_item_id: lines[0], quantity: 100 }] };
    expect((await plan(world, 'update_purchase_order', more, limit)).amountMinor).toBe(124_000);
    expect((await plan(world, 'update_purchase_order', { ...input, notes: 'x' }, limit)).amountMinor).toBe(0);
  });
});
