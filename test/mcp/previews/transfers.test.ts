import { describe, expect, test } from 'vitest';
import { InvalidArguments } from '../../../src/errors.ts';
import { needsPlan, planOperation } from '../../../src/mcp/plan.ts';
import type { Input } from '../../../src/operations/define.ts';
import { type DemoWorld, demoWorld, operationNamed, rowsOf } from '../../helpers/reads.ts';

const plan = (world: DemoWorld, name: string, input: Input) =>
  planOperation(operationNamed(name), input, { reads: world.reads, today: world.today });

async function open() {
  const world = demoWorld();
  const place = async (name: string) => String((await world.warehouse(name)).warehouse_id);
  const item = async (sku: string) => String((await world.item(sku)).item_id);
  const ways = { from_warehouse_id: await place('Oakland'), to_warehouse_id: await place('Newark') };
  const draft = async (...lines: [sku: string, quantity: number][]) => {
    const line_items = await Promise.all(
      lines.map(async ([sku, quantity]) => ({ item_id: await item(sku), quantity })),
    );
    const [made = {}] = rowsOf([(await world.call('create_transfer', { ...ways, line_items })).transfer]);
    return String(made.transfer_id);
  };
  /** TRN-00003 of the demo company: 20 UCC-2M on their way from Oakland to Newark. */
  const onTheWay = async () => {
    const listed = await world.call('list_transfers', { filter_by: 'Status.InTransit', per_page: 25 });
    return String(rowsOf(listed.transfers)[0]?.transfer_id);
  };
  const lineOf = async (transfer_id: string) => {
    const [row = {}] = rowsOf([(await world.call('get_transfer', { transfer_id })).transfer]);
    return String(rowsOf(row.line_items)[0]?.line_item_id);
  };
  const figures = async (sku: string) => {
    const row = await world.item(sku);
    const places = rowsOf(row.warehouses).map(({ warehouse_stock_on_hand }) => warehouse_stock_on_hand);
    return [...places.slice(0, 2), row.quantity_in_transit];
  };
  return { world, item, ways, draft, onTheWay, lineOf, figures };
}

const refusals = (preview: readonly string[]) => preview.filter((line) => line.startsWith('Likely to be refused'));

describe('sending a transfer', () => {
  test('shows source, way and destination before and after', async () => {
    const { world, draft, figures } = await open();
    const transfer_id = await draft(['DMAT', 3]);
    const { summary, preview } = await plan(world, 'send_transfer', { transfer_id });
    expect(summary).toBe('Send transfer TRN-00004 Oakland -> Newark: 3 pcs Desk Mat (DMAT)');
    expect(preview).toContain(
      'Desk Mat (DMAT): Oakland on hand 4 -> 1 pcs; in transit 0 -> 3 pcs; Newark on hand stays 0 pcs',
    );
    expect(refusals(preview)).toEqual([]);
    await world.call('send_transfer', { transfer_id });
    expect(await figures('DMAT')).toEqual([1, 0, 3]);
  });

  test('says what would be promised beyond what is left in the source', async () => {
    const { world, draft } = await open();
    const { preview } = await plan(world, 'send_transfer', { transfer_id: await draft(['WBH-001', 40]) });
    expect(preview).toContain(
      'Wireless Bluetooth Headphones (WBH-001): 10 pcs more would be promised in Oakland than are left there.',
    );
    expect(refusals(preview)).toEqual([]);
  });

  test('foresees that more than there is, and what is no draft, is refused', async () => {
    const { world, draft, onTheWay } = await open();
    const { preview } = await plan(world, 'send_transfer', { transfer_id: await draft(['DMAT', 5]) });
    expect(refusals(preview)).toEqual(['Likely to be refused: Desk Mat (DMAT): only 4 pcs on hand in Oakland.']);
    const again = await plan(world, 'send_transfer', { transfer_id: await onTheWay() });
    expect(refusals(again.preview)).toContain('Likely to be refused: it is in_transit, not a draft.');
  });

  test('foresees that packed goods do not move', async () => {
    const { world, ways, draft, item } = await open();
    const line = { item_id: await item('DMAT'), quantity: 2, warehouse_id: ways.from_warehouse_id };
    const customer_id = (await world.contact('Bluebird Cafe')).contact_id;
    const [order = {}] = rowsOf([
      (await world.call('create_sales_order', { customer_id, line_items: [line] })).salesorder,
    ]);
    const { salesorder_id } = order;
    await world.call('confirm_sales_order', { salesorder_id });
    const so_line_item_id = rowsOf(order.line_items)[0]?.line_item_id;
    await world.call('create_package', { salesorder_id, line_items: [{ so_line_item_id, quantity: 2 }] });
    const transfer_id = await draft(['DMAT', 3]);
    const { preview } = await plan(world, 'send_transfer', { transfer_id });
    expect(refusals(preview)).toEqual([
      'Likely to be refused: Desk Mat (DMAT): only 4 pcs on hand in Oakland, 2 pcs of them packed.',
    ]);
    await expect(world.call('send_transfer', { transfer_id })).rejects.toThrow('3 wanted, 2 free');
  });

  test('rests on the stock it showed', async () => {
    const { world, draft, item, ways } = await open();
    const transfer_id = await draft(['DMAT', 3]);
    const first = await plan(world, 'send_transfer', { transfer_id });
    expect((await plan(world, 'send_transfer', { transfer_id })).restsOn).toEqual(first.restsOn);
    const line = { item_id: await item('DMAT'), warehouse_id: ways.from_warehouse_id, quantity_adjusted: -1 };
    await world.call('create_stock_adjustment', { line_items: [line] });
    expect((await plan(world, 'send_transfer', { transfer_id })).restsOn).not.toEqual(first.restsOn);
  });
});

describe('receiving a transfer', () => {
  test('takes all that is in transit unless lines are named', async () => {
    const { world, onTheWay, figures } = await open();
    const transfer_id = await onTheWay();
    const { summary, preview } = await plan(world, 'receive_transfer', { transfer_id });
    expect(summary).toBe('Receive transfer TRN-00003 Oakland -> Newark: 20 pcs USB-C Cable 2 m (UCC-2M)');
    expect(preview).toContain(
      'USB-C Cable 2 m (UCC-2M): Oakland on hand stays 400 pcs; in transit 20 -> 0 pcs; Newark on hand 100 -> 120 pcs',
    );
    expect(preview.join('\n')).toContain('Status in_transit -> received');
    await world.call('receive_transfer', { transfer_id });
    expect(await figures('UCC-2M')).toEqual([400, 120, 0]);
  });

  test('in part leaves the rest in transit', async () => {
    const { world, onTheWay, lineOf, figures } = await open();
    const transfer_id = await onTheWay();
    const part = { transfer_id, line_items: [{ line_item_id: await lineOf(transfer_id), quantity_received: 5 }] };
    const { preview } = await plan(world, 'receive_transfer', part);
    expect(preview).toContain('USB-C Cable 2 m (UCC-2M): sent 20, received so far 0, now 5; 15 pcs stay in transit');
    expect(preview.join('\n')).toContain('It stays in transit with the rest.');
    await world.call('receive_transfer', part);
    expect(await figures('UCC-2M')).toEqual([400, 105, 15]);
    expect((await plan(world, 'receive_transfer', { transfer_id })).summary).toContain('15 pcs USB-C Cable 2 m');
  });

  test('foresees what is refused, and refuses a line that is not there at once', async () => {
    const { world, onTheWay, lineOf, draft } = await open();
    const transfer_id = await onTheWay();
    const line_item_id = await lineOf(transfer_id);
    const over = { transfer_id, line_items: [{ line_item_id, quantity_received: 21 }], receive_date: '2026-03-17' };
    expect(refusals((await plan(world, 'receive_transfer', over)).preview)).toEqual([
      'Likely to be refused: only 20 pcs USB-C Cable 2 m (UCC-2M) are in transit.',
      'Likely to be refused: the date 2026-03-17 lies ahead.',
    ]);
    const wrong = { transfer_id, line_items: [{ line_item_id: '7', quantity_received: 1 }] };
    await expect(plan(world, 'receive_transfer', wrong)).rejects.toThrow(InvalidArguments);
    await expect(plan(world, 'receive_transfer', wrong)).rejects.toThrow(`Its lines: ${line_item_id} = USB-C`);
    const unsent = await plan(world, 'receive_transfer', { transfer_id: await draft(['DMAT', 1]) });
    expect(unsent.summary).toContain('nothing is in transit');
    expect(refusals(unsent.preview)).toEqual(['Likely to be refused: it is draft, not in transit.']);
  });
});

describe('a draft', () => {
  test('is made and changed in its words without a reading', async () => {
    const { world, ways, item, draft } = await open();
    const transfer_id = await draft(['DMAT', 1]);
    const line_items = [{ item_id: await item('DMAT'), quantity: 3 }];
    world.readsMade();
    const { summary } = await plan(world, 'create_transfer', { ...ways, line_items });
    expect(summary).toBe(`Create transfer from warehouse ${ways.from_warehouse_id} to ${ways.to_warehouse_id}: 1 line`);
    await plan(world, 'update_transfer', { transfer_id, notes: 'by van' });
    expect(world.readsMade()).toEqual([]);
  });

  test('whose lines an update would drop asks first; one that keeps them does not', async () => {
    const { world, draft, lineOf } = await open();
    const transfer_id = await draft(['DMAT', 1], ['UCC-2M', 40]);
    const input = { transfer_id, line_items: [{ line_item_id: await lineOf(transfer_id), quantity: 2 }] };
    expect(needsPlan(operationNamed('update_transfer'), input, {})).toBe(true);
    const { raises, summary, preview } = await plan(world, 'update_transfer', input);
    expect(raises).toEqual([
      { rule: 'drops_lines', reason: expect.stringContaining('would drop 40 pcs USB-C Cable 2 m (UCC-2M)') },
    ]);
    expect(preview).toContain('Desk Mat (DMAT) 1 -> 2 pcs');
    expect(summary).toBe(
      'Update transfer TRN-00004 Oakland -> Newark: drops 40 pcs USB-C Cable 2 m (UCC-2M); Desk Mat (DMAT) 1 -> 2 pcs',
    );
    const single = await draft(['DMAT', 1]);
    const kept = { transfer_id: single, line_items: [{ line_item_id: await lineOf(single), quantity: 2 }] };
    expect((await plan(world, 'update_transfer', kept)).raises).toEqual([]);
  });

  test('is cancelled and deleted with its lines shown; what was sent is not', async () => {
    const { world, draft, onTheWay } = await open();
    const transfer_id = await draft(['DMAT', 1]);
    const cancel = await plan(world, 'update_transfer', { transfer_id, status: 'cancelled' });
    expect(cancel.summary).toBe('Cancel transfer TRN-00004 Oakland -> Newark, draft: 1 line');
    expect(cancel.preview).toContain('1 pcs Desk Mat (DMAT)');
    const remove = await plan(world, 'delete_transfer', { transfer_id });
    expect(remove.summary).toBe('Delete transfer TRN-00004 Oakland -> Newark, draft: 1 line');
    expect(refusals([...cancel.preview, ...remove.preview])).toEqual([]);
    const sent = { transfer_id: await onTheWay() };
    expect(refusals((await plan(world, 'delete_transfer', sent)).preview)).toHaveLength(1);
    expect(refusals((await plan(world, 'update_transfer', { ...sent, status: 'cancelled' })).preview)).toHaveLength(1);
  });
});
