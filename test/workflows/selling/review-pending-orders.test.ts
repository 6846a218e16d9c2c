import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cancelled, InvalidArguments } from '../../../src/errors.ts';
import { type Row, rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { reviewPendingOrders } from '../../../src/workflows/selling/review-pending-orders.ts';
import { scarceKeys, shareOut, sharingRules, wholeOf } from '../../../src/workflows/selling/review-sharing.ts';
import { tokensOf } from '../answered-text.ts';
import { anItem, fakeApi, quiet } from '../fake-api.ts';
import { lookWorld } from '../look-world.ts';

const review = 'review_pending_orders';
const numbers = (rows: readonly Row[]): string[] => rows.map((row) => textIn(row, 'salesorder_number'));
const rowOf = (reply: Row, number: string): Row =>
  rowsIn(reply, 'orders').find((row) => row.salesorder_number === number) ?? {};
const wholeIn = (reply: Row): string[] => numbers(rowsIn(reply, 'orders').filter((row) => row.ships_whole === true));

describe('sharing what is scarce', () => {
  const claimants = (needs: readonly Readonly<Record<string, number>>[]) =>
    needs.map((need, index) => ({
      id: String(index),
      needs: new Map(Object.entries(need).map(([key, count]) => [key, BigInt(count)])),
    }));
  const pool = (stock: Readonly<Record<string, number>>) => (key: string) =>
    stock[key] === undefined ? undefined : BigInt(stock[key]);

  test('oldest first: each takes what it can get, even where it cannot go whole', () => {
    const shares = shareOut(claimants([{ a: 10 }, { a: 8 }]), pool({ a: 8 }), 'oldest');
    expect([...shares].map(([id, { gets, isWhole }]) => [id, gets.get('a'), isWhole])).toEqual([
      ['0', 8n, false],
      ['1', 0n, false],
    ]);
  });

  test('most complete: what can go whole goes, and the rest share what is left', () => {
    const shares = shareOut(claimants([{ a: 10 }, { a: 5, b: 1 }, { a: 2 }]), pool({ a: 8 }), 'most_complete');
    expect(['0', '1', '2'].map((id) => [shares.get(id)?.gets.get('a'), shares.get(id)?.isWhole])).toEqual([
      [1n, false],
      [5n, true],
      [2n, true],
    ]);
  });

  test('of two that weigh the same the older goes', () => {
    const shares = shareOut(claimants([{ a: 5 }, { a: 5 }]), pool({ a: 9 }), 'most_complete');
    expect([shares.get('0')?.isWhole, shares.get('1')?.isWhole]).toEqual([true, false]);
  });

  test('neither rule gives more than there is, or more than is needed; of one item the second lets as many go as can', () => {
    const needs = fc.array(fc.record({ a: fc.integer({ min: 1, max: 9 }), b: fc.nat(5) }), {
      minLength: 1,
      maxLength: 7,
    });
    fc.assert(
      fc.property(needs, fc.integer({ min: -3, max: 30 }), fc.nat(12), (rows, a, b) => {
        const all = claimants(rows.map((row) => (row.b === 0 ? { a: row.a } : { ...row })));
        for (const rule of sharingRules) {
          const shares = shareOut(all, pool({ a, b }), rule);
          for (const [key, there] of [
            ['a', a],
            ['b', b],
          ] as const) {
            const given = [...shares.values()].reduce((sum, { gets }) => sum + (gets.get(key) ?? 0n), 0n);
            expect(given).toBeLessThanOrEqual(BigInt(Math.max(0, there)));
          }
          for (const { id, needs: need } of all)
            for (const [key, wanted] of need)
              expect((shares.get(id)?.gets.get(key) ?? 0n) + (shares.get(id)?.lacks.get(key) ?? 0n)).toBe(wanted);
        }
        const ofA = claimants(rows.map((row) => ({ a: row.a })));
        const sizes = rows.map((row) => row.a).sort((x, y) => x - y);
        const most = sizes.filter((_, at) => sizes.slice(0, at + 1).reduce((sum, need) => sum + need, 0) <= a).length;
        expect(wholeOf(shareOut(ofA, pool({ a }), 'most_complete'))).toBe(most);
      }),
    );
  });

  test('what nothing limits is never scarce', () => {
    expect(scarceKeys(claimants([{ a: 3, free: 99 }, { a: 3 }]), pool({ a: 5 }))).toEqual(['a']);
  });
});

describe('reviewing the orders of the demo company', () => {
  test('six wait longer than two days, by step, oldest first, with age and what blocks them', async () => {
    const world = lookWorld();
    const { reply, calls } = await world.spend(review, {});
    expect(reply.message).toBe(
      '6 orders wait longer than 2 days: 2 to pack, 2 to confirm, 1 partially shipped, 1 to ship. Can be shipped whole today (fulfil_sales_order): SO-00012, SO-00016, SO-00017, SO-00018.',
    );
    expect(rowsIn(reply, 'orders').map((row) => [row.salesorder_number, row.step, row.age_days])).toEqual([
      ['SO-00012', 'to pack', 15],
      ['SO-00014', 'to confirm', 12],
      ['SO-00015', 'to confirm', 9],
      ['SO-00016', 'partially shipped', 8],
      ['SO-00017', 'to ship', 7],
      ['SO-00018', 'to pack', 5],
    ]);
    expect(rowOf(reply, 'SO-00015').blocked_by).toBe('a draft nobody confirmed');
    expect(rowOf(reply, 'SO-00017')).toMatchObject({ blocked_by: 'PKG-00009 waits for a carrier', ships_whole: true });
    expect(calls).toBe(9); // the list, 5 orders with open lines, 2 lists of packages, the stock
    expect(tokensOf(reply)).toBeLessThan(500);
  });

  test('a note is handed out as what somebody wrote, cut, under a key that marks it', async () => {
    const reply = await lookWorld().read(review, {});
    expect(rowOf(reply, 'SO-00018').notes).toMatch(/^Note to AI assistants: .{70,}…$/);
    expect(reply.message).not.toContain('Dockside');
  });

  test('what it says can be shipped whole can be, one after the other', async () => {
    const world = lookWorld();
    await world.sell({ LAMP: 2 }, { date: '2026-11-01' });
    await world.sell({ LAMP: 1 }, { date: '2026-11-02' });
    const { salesorder_id } = await world.orderBy(
      await world.sell({ DMAT: 3, MUG: 1 }, { isDraft: true, date: '2026-11-03' }),
    );
    await world.call('open_sales_order', { salesorder_id });
    for (const sharing of sharingRules) {
      const reply = await world.read(review, { older_than_days: 0, sharing });
      expect(wholeIn(reply)).toHaveLength(6);
    }
    for (const order of wholeIn(await world.read(review, {})))
      await world.fulfil({ sales_order: order, carrier: 'UPS' });
    const left = await world.read(review, {});
    const undone = rowsIn(left, 'orders').filter(({ step }) => step !== 'to deliver');
    expect(undone.map((row) => [row.salesorder_number, row.step])).toEqual([
      ...[
        ['SO-00021', 'to pack'],
        ['SO-00014', 'to confirm'],
        ['SO-00015', 'to confirm'],
      ],
    ]);
  });

  test('a shipped order waits to be delivered, and says with whom', async () => {
    const world = lookWorld();
    await world.fulfil({ sales_order: 'SO-00012', carrier: 'UPS' });
    const reply = await world.read(review, {});
    expect(rowOf(reply, 'SO-00012')).toMatchObject({ step: 'to deliver' });
    expect(rowOf(reply, 'SO-00012').blocked_by).toMatch(/^PKG-000\d\d left 2026-11-23 with UPS, not delivered yet$/);
    expect(wholeIn(reply)).not.toContain('SO-00012');
  });

  test('a scarce item is shared oldest first; the other rule is told where more could go', async () => {
    const world = lookWorld();
    const old = await world.sell({ DMAT: 6 }, { date: '2026-10-01', shipment_date: '2026-11-20' });
    const young = await world.sell({ DMAT: 4 }, { date: '2026-10-02', shipment_date: '2026-12-01' });
    const oldest = await world.read(review, {});
    expect(rowOf(oldest, old)).toMatchObject({ blocked_by: '2 DMAT short', overdue_days: 3, age_days: 53 });
    expect(rowOf(oldest, young)).toMatchObject({ blocked_by: '4 DMAT short', shipment_date: '2026-12-01' });
    expect(rowOf(oldest, young)).not.toHaveProperty('overdue_days');
    expect(oldest.scarce).toEqual([
      {
        ...{ item: 'Desk Mat', sku: 'DMAT', item_id: await world.itemId('DMAT'), warehouse: 'Oakland' },
        ...{ free: 4, wanted: 10, shares: [`${old} 4 of 6`, `${young} 0 of 4`] },
        coming: '40 in PO-00007, due 2026-11-26',
      },
    ]);
    expect(oldest.message).toMatch(/ sharing most_complete would let 1 more go whole\.$/);
    const complete = await world.read(review, { sharing: 'most_complete' });
    expect(wholeIn(complete)).toContain(young);
    expect(rowsIn(complete, 'scarce')[0]?.shares).toEqual([`${old} 0 of 6`, `${young} 4 of 4`]);
    expect(complete.message).not.toContain('would let');
  });

  test('kits wait for their parts, and stock elsewhere is pointed out', async () => {
    const world = lookWorld();
    const number = await world.sell({ 'AUDIO-SET': 2, INSTALL: 1 });
    const reply = await world.read(review, {});
    expect(rowOf(reply, number).blocked_by).toBe('4 SHELF-SPK short');
    expect(reply.scarce).toMatchObject([{ sku: 'SHELF-SPK', free: 0, wanted: 4, elsewhere: '10 in Newark' }]);
  });

  test('what another warehouse sent is told as coming, where it goes there', async () => {
    const world = lookWorld();
    const newark = await world.sell({ 'UCC-2M': 115 }, { warehouse: 'Newark' });
    await world.sell({ 'UCC-2M': 5 }, { warehouse: 'Portland' });
    const { reply, calls } = await world.spend(review, {});
    expect(rowOf(reply, newark).blocked_by).toBe('15 UCC-2M short');
    expect(rowsIn(reply, 'scarce').map(({ warehouse, coming }) => [warehouse, coming])).toEqual([
      ['Newark', '20 in TRN-00003, no date given, from Oakland'],
      ['Portland', '20 in TRN-00003, no date given, from Oakland to Newark'],
    ]);
    // As without them, and the orders themselves, two lists of purchase orders, one of transfers, and the one transfer.
    expect(calls).toBe(9 + 2 + 2 + 2);
  });

  test('an order of services only has nothing to pack, and is not said to ship', async () => {
    const world = lookWorld();
    const number = await world.sell({ INSTALL: 4 });
    const reply = await world.read(review, {});
    expect(rowOf(reply, number).blocked_by).toBe('nothing on it is packed: only services');
    expect(wholeIn(reply)).not.toContain(number);
  });

  test('a draft counts only on what nobody was promised, and takes nothing from those who were', async () => {
    const world = lookWorld();
    const draft = await world.sell({ DMAT: 3, 'CARD-H': 1 }, { isDraft: true, date: '2026-01-05' }).catch(() => '');
    expect(draft).toBe(''); // an inactive item is not sold
    const first = await world.sell({ DMAT: 3 }, { isDraft: true, date: '2026-01-05' });
    const confirmed = await world.sell({ DMAT: 3 }, { date: '2026-11-01' });
    const reply = await world.read(review, {});
    expect(wholeIn(reply)).toContain(confirmed);
    expect(rowOf(reply, first).blocked_by).toBe('a draft nobody confirmed; 2 DMAT short');
    expect(rowsIn(reply, 'scarce')[0]?.shares).toEqual([`${confirmed} 3 of 3`, `${first} (draft) 1 of 3`]);
  });

  test('a draft of what has no stock anywhere is short; one of what is not tracked is not', async () => {
    const world = lookWorld();
    const item = async (sku: string, more: Row): Promise<unknown> => {
      const made = await world.call('create_item', { name: `Item ${sku}`, sku, rate: 1, ...more });
      return rowsIn({ rows: [made.item] }, 'rows')[0]?.item_id;
    };
    await item('EMPTY', { track_inventory: true, item_type: 'inventory' });
    await item('LOOSE', { track_inventory: false, item_type: 'sales' });
    const number = await world.sell({ EMPTY: 2, LOOSE: 9 }, { isDraft: true });
    expect(rowOf(await world.read(review, {}), number).blocked_by).toBe('a draft nobody confirmed; 2 EMPTY short');
  });

  test('one warehouse shows its own orders, shared with those that are not shown', async () => {
    const world = lookWorld();
    const newark = await world.sell({ LAMP: 5 }, { warehouse: 'Newark' });
    const older = await world.sell({ DMAT: 3 }, { date: '2026-11-01' });
    const mat = { item_id: await world.itemId('DMAT'), quantity: 4, warehouse_id: await world.warehouseId('Oakland') };
    const lamp = { item_id: await world.itemId('LAMP'), quantity: 1, warehouse_id: await world.warehouseId('Newark') };
    const both = await world.sell({}, { line_items: [mat, lamp], date: '2026-11-11' });
    const reply = await world.read(review, { warehouse: 'newark' });
    expect(numbers(rowsIn(reply, 'orders'))).toEqual([newark, both]);
    expect(reply.message).toContain('2 orders with lines from Newark wait longer than 2 days: 2 to pack.');
    expect(rowOf(reply, both).blocked_by).toBe('3 DMAT short');
    expect(rowsIn(reply, 'scarce')[0]?.shares).toEqual([`${older} 3 of 3`, `${both} 1 of 4`]);
    expect(await world.read(review, { warehouse: 'Portland' })).toEqual({
      message: 'No order with lines from Portland has been waiting longer than 2 days.',
      orders: [],
    });
    await expect(world.read(review, { warehouse: 'Paris' })).rejects.toThrow(InvalidArguments);
  });

  test('nothing that waits costs one call, and is said in one sentence', async () => {
    const { reply, calls } = await lookWorld().spend(review, { older_than_days: 300 });
    expect(reply).toEqual({ message: 'No order has been waiting longer than 300 days.', orders: [] });
    expect(calls).toBe(1);
  });

  test('ages and steps are those of a straight list, and free stock that of the report', async () => {
    const world = lookWorld();
    // Of 14 racks 2 are packed for SO-00017, and nobody else can have them.
    await world.sell({ DMAT: 9, 'SPK-BT': 1, 'RACK-6U': 13 }, { date: '2026-09-01' });
    const reply = await world.read(review, { older_than_days: 0 });
    const listed = rowsIn(await world.call('list_sales_orders', { per_page: 200 }), 'salesorders');
    const open = listed.filter(({ status }) => !['closed', 'void'].includes(String(status)));
    expect(numbers(rowsIn(reply, 'orders')).sort()).toEqual(numbers(open).sort());
    const stock = rowsIn(await world.call('get_stock_on_hand', { per_page: 200 }), 'items');
    expect(
      rowsIn(reply, 'scarce')
        .map(({ sku }) => sku)
        .sort(),
    ).toEqual(['DMAT', 'RACK-6U', 'SPK-BT']);
    for (const { sku, free, wanted } of rowsIn(reply, 'scarce')) {
      const row = stock.find((one) => one.sku === sku && one.warehouse_name === 'Oakland');
      expect([free, wanted]).toEqual([
        Number(row?.on_hand) - Number(row?.packed),
        Number(row?.committed) - Number(row?.packed),
      ]);
    }
  });

  test('of many orders forty are read and twenty shown, and the answer says so', async () => {
    const world = lookWorld();
    // A draft holds nothing, so that it is read last, however old it is.
    const draft = await world.sell({ DMAT: 9 }, { isDraft: true, date: '2026-01-01' });
    for (let index = 0; index < 45; index += 1) await world.sell({ 'UCC-1M': 1 }, { date: '2026-08-01' });
    const { reply, calls } = await world.spend(review, {});
    expect(rowsIn(reply, 'orders')).toHaveLength(20);
    // 45 and 3 confirmed, 3 drafts: those with packed or shipped goods alone are not read.
    expect(reply.note).toBe('11 orders of 51 not read. 20 of 52 orders shown, the oldest.');
    expect(rowOf(reply, draft).blocked_by).toBe('a draft nobody confirmed');
    expect(calls).toBe(1 + 40 + 2 + 1);
    expect(tokensOf(reply)).toBeLessThan(2000);
  });

  test('where one page does not hold all, each status is asked for, the oldest first', async () => {
    const api = fakeApi({
      instead: ({ name, input }) =>
        name === 'list_sales_orders'
          ? {
              salesorders: [],
              page_context: { has_more_page: input.filter_by === undefined || input.filter_by === 'Status.Draft' },
            }
          : undefined,
    });
    await reviewPendingOrders.read(api, { older_than_days: 2, sharing: 'oldest' }, quiet);
    expect(api.calls.map(({ input: { filter_by, date_end } }) => [filter_by, date_end])).toEqual(
      [undefined, 'Draft', 'Open', 'Confirmed', 'PartiallyPacked', 'Packed', 'PartiallyShipped', 'Shipped'].map(
        (status) => [status && `Status.${status}`, '2026-11-20'],
      ),
    );
    expect(api.calls[1]?.input).toMatchObject({ sort_column: 'date', sort_order: 'A' });
  });

  test('what a long stock report was not read far enough for is looked up by itself', async () => {
    const item = anItem({ sku: 'FAR', stock: 5 });
    const line = { item_id: item.item_id, sku: 'FAR', quantity: 5, warehouse_id: '1' };
    const order = { salesorder_id: '7', salesorder_number: 'SO-7', date: '2026-11-01', status: 'confirmed' };
    const api = fakeApi({
      items: [item],
      instead: ({ name, input }) => {
        if (name === 'list_sales_orders') return { salesorders: [order] };
        if (name === 'get_sales_order') return { salesorder: { ...order, line_items: [line] } };
        // The page ends within the item: its other warehouses are not known.
        const row = { item_id: item.item_id, warehouse_id: '2', on_hand: 1, committed: 0, packed: 0 };
        const stock = {
          items: [{ ...row, item_id: `1${String(input.page)}` }, row],
          page_context: { has_more_page: true },
        };
        return name === 'get_stock_on_hand' ? stock : undefined;
      },
    });
    const reply = await reviewPendingOrders.read(api, { older_than_days: 2, sharing: 'oldest' }, quiet);
    expect(wholeIn(reply)).toEqual(['SO-7']);
    expect(reply).not.toHaveProperty('note');
    expect(api.names().filter((name) => name !== 'get_stock_on_hand')).toEqual([
      'list_sales_orders',
      'get_sales_order',
      'get_item',
    ]);
    expect(api.names()).toHaveLength(3 + 10);
  });

  test('called off, it spends nothing more', async () => {
    const api = fakeApi({});
    const work = reviewPendingOrders.read(api, {}, { ...quiet, signal: AbortSignal.abort() });
    await expect(work).rejects.toThrow(Cancelled);
    expect(api.calls).toEqual([]);
  });
});
