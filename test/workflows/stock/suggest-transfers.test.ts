import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidArguments } from '../../../src/errors.ts';
import { type Row, rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { suggestTransfers } from '../../../src/workflows/stock/suggest-transfers.ts';
import { freeOf, lackOf, planMoves, type Stand } from '../../../src/workflows/stock/transfer-moves.ts';
import { tokensOf } from '../answered-text.ts';
import { anItem, fakeApi, place, quiet } from '../fake-api.ts';
import { lookWorld } from '../look-world.ts';

const suggest = 'suggest_transfers';

/** `4 SHELF-SPK Newark > Oakland` */
const movesIn = (reply: Row): string[] =>
  rowsIn(reply, 'moves').flatMap((way) =>
    rowsIn(way, 'lines').map(
      (line) =>
        `${String(line.quantity)} ${textIn(line, 'item').split(' ')[0]} ${textIn(way, 'from_warehouse')} > ${textIn(way, 'to_warehouse')}`,
    ),
  );

const stand = (id: number, onHand: number, committed = 0, coming = 0): Stand => ({
  ...{ warehouseId: String(id), warehouseName: `W${id}` },
  ...{ onHand: BigInt(onHand), committed: BigInt(committed), coming: BigInt(coming) },
});
const everywhere = () => true;

/** The fewest moves that can fill everything, by trying all splits of the warehouses into groups that help themselves. */
function fewest(lacks: readonly bigint[], spares: readonly bigint[]): number {
  const sum = (values: readonly bigint[], mask: number) =>
    values.reduce((total, value, index) => (mask & (1 << index) ? total + value : total), 0n);
  const bits = (mask: number) => [...mask.toString(2)].filter((bit) => bit === '1').length;
  const best = (open: number, free: number): number => {
    if (open === 0) return 0;
    let least = Number.POSITIVE_INFINITY;
    for (let d = open; d > 0; d = (d - 1) & open)
      for (let s = free; s > 0; s = (s - 1) & free)
        if (sum(spares, s) >= sum(lacks, d))
          least = Math.min(least, bits(d) + bits(s) - 1 + best(open & ~d, free & ~s));
    return least;
  };
  return best((1 << lacks.length) - 1, (1 << spares.length) - 1);
}

describe('planning moves of one item', () => {
  const stands = fc
    .array(fc.tuple(fc.nat(20), fc.nat(25), fc.nat(5)), { minLength: 1, maxLength: 6 })
    .map((rows) => rows.map(([onHand, committed, coming], index) => stand(index, onHand, committed, coming)));

  test('no source falls short, no destination gets more than it lacks, and nothing is left that could help', () => {
    fc.assert(
      fc.property(stands, fc.nat(4), (all, kept) => {
        const keep = BigInt(kept);
        const { moves, short } = planMoves(all, keep, everywhere);
        for (const one of all) {
          const given = moves.filter(({ from }) => from === one).reduce((sum, { quantity }) => sum + quantity, 0n);
          const got = moves.filter(({ to }) => to === one).reduce((sum, { quantity }) => sum + quantity, 0n);
          const lack = short.find((row) => row.stand === one)?.quantity ?? 0n;
          if (given > 0n) expect(freeOf(one) - given).toBeGreaterThanOrEqual(keep);
          expect(got + lack).toBe(lackOf(one, keep));
        }
        expect(moves.every(({ quantity, from, to }) => quantity > 0n && from !== to)).toBe(true);
        const spare = all.map((one) => freeOf(one) - keep).filter((free) => free > 0n);
        const moved = moves.reduce((sum, { quantity }) => sum + quantity, 0n);
        if (short.length > 0) expect(moved).toBe(spare.reduce((sum, free) => sum + free, 0n));
      }),
    );
  });

  test('among up to four warehouses no plan has fewer moves', () => {
    fc.assert(
      fc.property(stands, (rows) => {
        const all = rows.slice(0, 4);
        const { moves, short } = planMoves(all, 0n, everywhere);
        fc.pre(short.length === 0 && moves.length > 0);
        const lacks = all.map((one) => lackOf(one, 0n)).filter((lack) => lack > 0n);
        const spares = all.map(freeOf).filter((free) => free > 0n);
        expect(moves).toHaveLength(fewest(lacks, spares));
      }),
      { numRuns: 300 },
    );
  });

  test('who has most to spare gives, rather than a small stock that would do as well', () => {
    const { moves } = planMoves([stand(1, 5), stand(2, 60), stand(3, 0, 4)], 0n, everywhere);
    expect(moves.map(({ from, quantity }) => [from.warehouseName, quantity])).toEqual([['W2', 4n]]);
  });

  test('where there is too little for all, what is promised is filled before what should be kept', () => {
    const plan = planMoves([stand(1, 10), stand(2, 0), stand(3, 0, 5)], 5n, everywhere);
    expect(plan.moves.map(({ to, quantity }) => [to.warehouseName, quantity])).toEqual([['W3', 5n]]);
    expect(plan.short.map((row) => [row.stand.warehouseName, row.quantity])).toEqual([
      ['W2', 5n],
      ['W3', 5n],
    ]);
  });
});

describe('suggesting transfers in the demo company', () => {
  test('where only what is nowhere free is short, nothing is moved and buying is named', async () => {
    const { reply, calls } = await lookWorld().spend(suggest, {});
    expect(reply).toEqual({
      message: 'Nothing to move. Moving cannot fill 1 shortage: 5 SPK-BT in Oakland; reorder_low_stock buys.',
      moves: [],
      still_short: [
        {
          sku: 'SPK-BT',
          item_id: expect.any(String),
          warehouse: 'Oakland',
          short: 5,
          why: 'none is free elsewhere: buy it',
        },
      ],
    });
    expect(calls).toBe(2);
  });

  test('parts of a promised kit and goods on a line come from where they are free', async () => {
    const world = lookWorld();
    await world.sell({ 'AUDIO-SET': 2, INSTALL: 3, LAMP: 5 });
    const { reply, calls } = await world.spend(suggest, {});
    expect(movesIn(reply)).toEqual(['3 LAMP Newark > Oakland', '4 SHELF-SPK Newark > Oakland']);
    expect(rowsIn(reply, 'moves')).toMatchObject([
      { from_warehouse_id: await world.warehouseId('Newark'), to_warehouse_id: await world.warehouseId('Oakland') },
    ]);
    expect(rowsIn(rowsIn(reply, 'moves')[0] ?? {}, 'lines')[1]?.why).toBe(
      'Oakland has 0, 4 promised; Newark has 10 free, 6 after',
    );
    expect(calls).toBe(2);
  });

  test('what it suggests can be done, leaves nobody short, and then there is nothing left to suggest', async () => {
    const world = lookWorld();
    await world.sell({ 'AUDIO-SET': 3, LAMP: 7 });
    await world.sell({ 'UCC-2M': 130, 'WBH-001': 40 }, { warehouse: 'Newark' });
    const negatives = async () => {
      const rows = rowsIn(await world.call('get_stock_on_hand', { per_page: 200 }), 'items');
      return rows
        .filter(({ available }) => Number(available) < 0)
        .map((row) => [row.sku, row.warehouse_name, row.available]);
    };
    const before = await negatives();
    const reply = await world.read(suggest, {});
    for (const way of rowsIn(reply, 'moves')) {
      const line_items = rowsIn(way, 'lines').map(({ item_id, quantity }) => ({ item_id, quantity }));
      const places = { from_warehouse_id: way.from_warehouse_id, to_warehouse_id: way.to_warehouse_id };
      const made = rowsIn(
        { rows: [(await world.call('create_transfer', { ...places, line_items })).transfer] },
        'rows',
      );
      await world.call('send_transfer', { transfer_id: made[0]?.transfer_id });
    }
    expect(before).toHaveLength(5);
    // On the way they count as coming, so that a second look suggests nothing.
    const again = await world.read(suggest, {});
    expect(movesIn(again)).toEqual([]);
    expect(rowsIn(again, 'still_short')).toEqual([expect.objectContaining({ sku: 'SPK-BT', short: 5 })]);
    for (const { transfer_id } of rowsIn(
      await world.call('list_transfers', { filter_by: 'Status.InTransit' }),
      'transfers',
    ))
      await world.call('receive_transfer', { transfer_id });
    expect(await negatives()).toEqual([['SPK-BT', 'Oakland', -5]]);
  });

  test('goods in transit count: the demo transfer to Newark fills what is promised there, at one more call', async () => {
    const world = lookWorld();
    await world.sell({ 'UCC-2M': 115 }, { warehouse: 'Newark' });
    const enough = await world.spend(suggest, { items: ['UCC-2M'] });
    expect(movesIn(enough.reply)).toEqual([]);
    expect(enough.calls).toBe(4);
    await world.sell({ 'UCC-2M': 10 }, { warehouse: 'Newark' });
    const reply = await world.read(suggest, { items: ['UCC-2M'] });
    expect(movesIn(reply)).toEqual(['5 UCC-2M Oakland > Newark']);
    expect(JSON.stringify(reply)).toContain(
      'Newark has 100, 125 promised, 20 in transit to it; Oakland has 396 free, 391 after',
    );
  });

  test('a warehouse asked for is the only one that receives', async () => {
    const world = lookWorld();
    await world.sell({ LAMP: 5 });
    await world.sell({ 'UCC-1M': 50 }, { warehouse: 'Portland' });
    expect(movesIn(await world.read(suggest, { warehouse: 'Portland' }))).toEqual(['10 UCC-1M Oakland > Portland']);
    const none = await world.read(suggest, { warehouse: 'Newark' });
    expect(none.message).toBe('Nothing to move: nothing looked at is promised beyond its stock in Newark.');
  });

  test('with something to keep, named items are filled up from what others have beyond it', async () => {
    const world = lookWorld();
    expect(movesIn(await world.read(suggest, { items: ['WBH-001'], keep: 12 }))).toEqual([
      '7 WBH-001 Oakland > Portland',
    ]);
    const lamp = await world.read(suggest, { items: ['Clip Lamp'], keep: 5 });
    expect(movesIn(lamp)).toEqual(['1 LAMP Newark > Portland']);
    expect(rowsIn(lamp, 'still_short')).toMatchObject([
      { warehouse: 'Oakland', short: 3 },
      { warehouse: 'Portland', short: 4 },
    ]);
  });

  test('a warehouse that was closed neither needs nor gives anything', async () => {
    const split = [place('1', 'Oakland', 9), place('2', 'Newark', 0)];
    const barn = place('3', 'Old Barn', 0);
    const moves = async (status: string) => {
      const item = anItem({ sku: 'ONE', stock: 9, warehouses: [...split, { ...barn, status }] });
      const api = fakeApi({
        items: [item],
        instead: ({ name }) => (name === 'list_transfers' ? { transfers: [] } : undefined),
      });
      return movesIn(await suggestTransfers.read(api, { items: ['ONE'], keep: 2 }, quiet));
    };
    expect(await moves('active')).toEqual(['2 ONE Oakland > Newark', '2 ONE Oakland > Old Barn']);
    expect(await moves('inactive')).toEqual(['2 ONE Oakland > Newark']);
  });

  test('a kit is looked at by its parts, a service has nothing to move, an inactive item is only looked at', async () => {
    const world = lookWorld();
    await world.sell({ 'AUDIO-SET': 1 });
    const reply = await world.read(suggest, { items: ['AUDIO-SET', 'INSTALL', 'CARD-H'] });
    expect(movesIn(reply)).toEqual(['2 SHELF-SPK Newark > Oakland']);
    expect(reply.note).toBe('Installation has no stock to move.');
  });

  test('unknown names are refused with candidates', async () => {
    const world = lookWorld();
    await expect(world.read(suggest, { items: ['cable'] })).rejects.toThrow(/UCC-1M/);
    for (const input of [{ warehouse: 'Paris' }, { keep: -1 }, { items: [] }])
      await expect(world.read(suggest, input)).rejects.toThrow(InvalidArguments);
  });

  test('of many moves forty are shown, and the answer says so and how many there are', async () => {
    const items = Array.from({ length: 60 }, (_, index) =>
      [-2, 9].map((available, at) => ({
        ...{ item_id: String(index), sku: `SKU-${index}`, name: `Item ${index}` },
        ...{ warehouse_id: String(at), warehouse_name: at === 0 ? 'Oakland' : 'Newark' },
        ...{ on_hand: Math.max(0, available), committed: Math.max(0, -available), available },
      })),
    ).flat();
    const api = fakeApi({ instead: ({ name }) => (name === 'get_stock_on_hand' ? { items } : { transfers: [] }) });
    const reply = await suggestTransfers.read(api, {}, quiet);
    expect(movesIn(reply)).toHaveLength(40);
    expect(reply.note).toBe('40 of 60 moves shown.');
    expect(reply.message).toContain('60 moves suggested');
    expect(tokensOf(reply)).toBeLessThan(2000);
    expect(api.names()).toEqual(['get_stock_on_hand', 'list_transfers']);
  });
});
