import { describe, expect, test } from 'vitest';
import { setItemStatus } from '../../../../src/sandbox/engine/documents/items.ts';
import { createKit, updateKit } from '../../../../src/sandbox/engine/documents/kits.ts';
import { orderLines } from '../../../../src/sandbox/engine/documents/lines.ts';
import { orderOf } from '../../../../src/sandbox/engine/documents/order-record.ts';
import {
  createPackage,
  deletePackage,
  deliverPackage,
  shipPackage,
} from '../../../../src/sandbox/engine/documents/packages.ts';
import {
  confirmSalesOrder,
  createSalesOrder,
  deleteSalesOrder,
  openSalesOrder,
  updateSalesOrder,
  voidSalesOrder,
} from '../../../../src/sandbox/engine/documents/sales-orders.ts';
import { itemFigures } from '../../../../src/sandbox/engine/stock.ts';
import type { World } from '../../../../src/sandbox/route.ts';
import { createTestWorld, ids, lineId, refusal, stocked } from '../world.ts';

const order = (world: World, line_items: object[], body: object = {}) =>
  createSalesOrder(world, { customer_id: ids.customer, line_items, ...body });

const status = (world: World, id: string) => orderOf(world.db, 'sales', id).status;

const pack = (world: World, salesorder_id: string, quantity: number, index = 0) => {
  const so_line_item_id = lineId(world, salesorder_id, index);
  return createPackage(world, { salesorder_id, line_items: [{ so_line_item_id, quantity }] });
};

/** Units, not millionths. */
const figures = (world: World, item: string) => {
  const { onHand, committed, available } = itemFigures(world.db, item);
  return { onHand: onHand / 1e6, committed: committed / 1e6, available: available / 1e6 };
};

describe('a sales order', () => {
  test('commits nothing as a draft, its open lines once it is open or confirmed', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 });
    const id = order(world, [{ item_id: item, quantity: 4 }]);
    expect([status(world, id), figures(world, item)]).toEqual(['draft', { onHand: 10, committed: 0, available: 10 }]);
    openSalesOrder(world, id);
    expect([status(world, id), figures(world, item)]).toEqual(['open', { onHand: 10, committed: 4, available: 6 }]);
    confirmSalesOrder(world, id);
    expect([status(world, id), figures(world, item)]).toEqual([
      'confirmed',
      { onHand: 10, committed: 4, available: 6 },
    ]);
  });

  test('goes through packing, shipping and delivery to closed', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 });
    const id = order(world, [{ item_id: item, quantity: 5 }]);
    confirmSalesOrder(world, id);
    const seen: string[] = [];
    const first = pack(world, id, 2);
    seen.push(status(world, id));
    const second = pack(world, id, 3);
    seen.push(status(world, id));
    shipPackage(world, first, {});
    seen.push(status(world, id));
    shipPackage(world, second, {});
    seen.push(status(world, id));
    deliverPackage(world, first);
    seen.push(status(world, id));
    deliverPackage(world, second);
    seen.push(status(world, id));
    expect(seen).toEqual(['partially_packed', 'packed', 'partially_shipped', 'shipped', 'shipped', 'closed']);
    expect(figures(world, item)).toEqual({ onHand: 5, committed: 0, available: 5 });
  });

  test('may promise more than there is, and is taken and confirmed all the same', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 3 });
    const id = order(world, [{ item_id: item, quantity: 8 }]);
    confirmSalesOrder(world, id);
    expect(figures(world, item)).toEqual({ onHand: 3, committed: 8, available: -5 });
  });

  test('is not confirmed beyond stock where the setting says so', () => {
    const world = createTestWorld({ refuseBeyondStock: true });
    const item = stocked(world, { [ids.main]: 8, [ids.east]: 8 }, { name: 'Amp' });
    const first = order(world, [{ item_id: item, quantity: 5 }]);
    const second = order(world, [{ item_id: item, quantity: 5 }]);
    confirmSalesOrder(world, first);
    expect(refusal(() => confirmSalesOrder(world, second))).toBe('1003: Amp: 2 short in Main.');
    expect(status(world, second)).toBe('draft');
    const line_items = [{ line_item_id: lineId(world, first), quantity: 9 }];
    expect(refusal(() => updateSalesOrder(world, first, { line_items }))).toBe('1003: Amp: 1 short in Main.');
  });

  test('commits at the warehouse of its line, else at the primary one', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10, [ids.east]: 10 });
    const id = order(world, [
      { item_id: item, quantity: 1, warehouse_id: ids.east },
      { item_id: item, quantity: 2 },
    ]);
    openSalesOrder(world, id);
    const { byWarehouse } = itemFigures(world.db, item);
    expect([ids.main, ids.east].map((place) => byWarehouse.get(place)?.committed)).toEqual([2e6, 1e6]);
  });

  test('frees what it committed when it is void', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 });
    for (const before of [() => {}, openSalesOrder, confirmSalesOrder]) {
      const id = order(world, [{ item_id: item, quantity: 4 }]);
      before(world, id);
      voidSalesOrder(world, id);
      expect([status(world, id), figures(world, item).committed]).toEqual(['void', 0]);
    }
  });
});

describe('a forbidden step of a sales order is refused with the reason', () => {
  const prepared = () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 }, { name: 'Amp' });
    return { world, item, id: order(world, [{ item_id: item, quantity: 4 }]) };
  };

  test('opening or confirming twice, or after void', () => {
    const { world, id } = prepared();
    openSalesOrder(world, id);
    expect(refusal(() => openSalesOrder(world, id))).toBe('1002: SO-00001 is open; only a draft can be opened.');
    confirmSalesOrder(world, id);
    expect(refusal(() => openSalesOrder(world, id))).toBe('1002: SO-00001 is confirmed; only a draft can be opened.');
    expect(refusal(() => confirmSalesOrder(world, id))).toMatch(/is confirmed; only a draft or open order/);
    voidSalesOrder(world, id);
    for (const act of [openSalesOrder, confirmSalesOrder, voidSalesOrder])
      expect(refusal(() => act(world, id))).toMatch(/^1002: SO-00001 is void/);
  });

  test('voiding or deleting what is packed or shipped', () => {
    const { world, id } = prepared();
    confirmSalesOrder(world, id);
    const box = pack(world, id, 2);
    expect(refusal(() => voidSalesOrder(world, id))).toMatch(/is packed as PKG-00001; delete the package first/);
    expect(refusal(() => deleteSalesOrder(world, id))).toBe('1002: SO-00001 has PKG-00001 and cannot be deleted.');
    shipPackage(world, box, {});
    expect(refusal(() => voidSalesOrder(world, id))).toMatch(/is partially_shipped; an order that was shipped in part/);
    expect(refusal(() => deleteSalesOrder(world, id))).toMatch(/cannot be deleted/);
  });

  test('packing a draft, and changing what is void or closed', () => {
    const { world, id } = prepared();
    expect(refusal(() => pack(world, id, 1))).toMatch(/is draft; only an open or confirmed order is packed/);
    confirmSalesOrder(world, id);
    const box = pack(world, id, 4);
    shipPackage(world, box, {});
    deliverPackage(world, box);
    expect(refusal(() => updateSalesOrder(world, id, { notes: 'late' }))).toBe(
      '1002: SO-00001 is closed and cannot be changed.',
    );
    expect(refusal(() => pack(world, id, 1))).toMatch(/is closed/);
  });

  test('an order that names nothing known, or things that cannot be sold', () => {
    const { world, item } = prepared();
    const line = { item_id: item, quantity: 1 };
    const tries: [object, string][] = [
      [{ customer_id: ids.vendor }, '1002: There is no customer 23.'],
      [{ customer_id: '' }, '1001: The customer_id field is required.'],
      [{ line_items: [] }, '1001: The line_items field is required.'],
      [{ line_items: [{ ...line, item_id: '404' }] }, '1004: There is no item 404.'],
      [{ line_items: [{ ...line, warehouse_id: '404' }] }, '1005: There is no warehouse 404.'],
      [{ line_items: [{ ...line, warehouse_id: ids.closed }] }, '1002: The warehouse Closed is inactive.'],
      [{ line_items: [{ ...line, quantity: 0 }] }, '1002: quantity must be above 0; 0 was given.'],
      [{ line_items: [{ ...line, quantity: 'many' }] }, '1002: quantity must be a number of at most 1,000,000,000.'],
      [{ line_items: [{ ...line, discount: '120%' }] }, '1002: discount must be at most 100.'],
      [{ line_items: [{ ...line, tax_id: '404' }] }, '1002: There is no tax 404.'],
      [{ date: '2025-03-16' }, '1002: date 2025-03-16 is in the future; today is 2025-03-15 for this organization.'],
      [{ date: '2025-02-30' }, '1002: date must be a date like 2025-01-31.'],
      [{ shipment_date: 'soon' }, '1002: shipment_date must be a date like 2025-01-31.'],
    ];
    for (const [body, expected] of tries) expect(refusal(() => order(world, [line], body))).toBe(expected);
    setItemStatus(world, item, 'inactive');
    expect(refusal(() => order(world, [line]))).toBe('1002: Amp is inactive and cannot be ordered.');
  });
});

describe('an update of a sales order', () => {
  test('replaces the list of lines; lines named by id keep their counts and what is not given', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 });
    const id = order(world, [
      { item_id: item, quantity: 4, rate: 7.5, discount: '10%', description: 'black' },
      { item_id: item, quantity: 1 },
    ]);
    confirmSalesOrder(world, id);
    pack(world, id, 3);
    const line_item_id = lineId(world, id);
    updateSalesOrder(world, id, {
      line_items: [
        { line_item_id, quantity: 6 },
        { item_id: item, quantity: 2 },
      ],
    });
    const [kept, added, ...others] = orderLines(world.db, id);
    expect(others).toEqual([]);
    expect(kept).toMatchObject({
      line_item_id,
      packedMicro: 3e6,
      rateMicro: 7.5e6,
      discountMinor: 4_50,
      description: 'black',
    });
    expect(added).toMatchObject({ packedMicro: 0, quantityMicro: 2e6, rateMicro: 10e6 });
    expect(figures(world, item).committed).toBe(8);
  });

  test('never takes a line below what is packed, nor drops it', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 }, { name: 'Amp' });
    const other = stocked(world);
    const id = order(world, [{ item_id: item, quantity: 4 }]);
    confirmSalesOrder(world, id);
    pack(world, id, 3);
    const line_item_id = lineId(world, id);
    const update = (line: object) => refusal(() => updateSalesOrder(world, id, { line_items: [line] }));
    expect(update({ line_item_id, quantity: 2 })).toBe('1002: Amp: 3 is packed, shipped or received already.');
    expect(update({ item_id: other, quantity: 1 })).toMatch(/The line of Amp cannot be dropped: 3 of it is packed/);
    expect(update({ line_item_id, item_id: other })).toMatch(/its item cannot change/);
    expect(update({ line_item_id, warehouse_id: ids.east })).toMatch(/its warehouse cannot change/);
    expect(update({ line_item_id: '404' })).toMatch(/The order has no line 404, or it is given twice/);
    expect(refusal(() => updateSalesOrder(world, id, { customer_id: ids.otherCustomer }))).toMatch(
      /its customer cannot change/,
    );
  });

  test('closes an order short when a line is cut to what was delivered', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 });
    const id = order(world, [{ item_id: item, quantity: 10 }]);
    confirmSalesOrder(world, id);
    const box = pack(world, id, 6);
    shipPackage(world, box, {});
    deliverPackage(world, box);
    expect([status(world, id), figures(world, item).committed]).toEqual(['partially_shipped', 4]);
    updateSalesOrder(world, id, { line_items: [{ line_item_id: lineId(world, id), quantity: 6 }] });
    expect([status(world, id), figures(world, item).committed]).toEqual(['closed', 0]);
  });

  test('leaves lines alone that it does not name, and computes the totals anew', () => {
    const world = createTestWorld();
    const item = stocked(world, {}, { rate: 100, tax_id: ids.tax });
    const id = order(world, [{ item_id: item, quantity: 1 }]);
    updateSalesOrder(world, id, { shipping_charge: 5, adjustment: -1.5, notes: 'ring twice' });
    const after = orderOf(world.db, 'sales', id);
    expect(after).toMatchObject({ subTotalMinor: 100_00, taxTotalMinor: 8_50, totalMinor: 112_00 });
    expect(after.fields).toMatchObject({ notes: 'ring twice' });
  });
});

describe('a sales order in foreign currency', () => {
  test('keeps the exchange rate of its day', () => {
    const world = createTestWorld();
    const item = stocked(world, {}, { rate: 67 });
    const id = order(world, [{ item_id: item, quantity: 2 }], { customer_id: ids.yenCustomer });
    expect(orderOf(world.db, 'sales', id)).toMatchObject({ totalMinor: 20_000, bcyTotalMinor: 134_00 });
    world.db.exec("UPDATE currency SET rate_micro = 10000 WHERE currency_id = '3'");
    updateSalesOrder(world, id, { notes: 'x' });
    expect(orderOf(world.db, 'sales', id)).toMatchObject({ exchangeRateMicro: 6_700, bcyTotalMinor: 134_00 });
  });
});

describe('a kit', () => {
  const kitWorld = () => {
    const world = createTestWorld();
    const amp = stocked(world, { [ids.main]: 5, [ids.east]: 1 }, { name: 'Amp' });
    const speaker = stocked(world, { [ids.main]: 10, [ids.east]: 9 }, { name: 'Speaker' });
    const mapped_items = [
      { item_id: amp, quantity: 1 },
      { item_id: speaker, quantity: 2 },
    ];
    return { world, amp, speaker, kit: createKit(world, { name: 'Set', rate: 499.99, mapped_items }) };
  };

  test('commits and ships its parts', () => {
    const { world, amp, speaker, kit } = kitWorld();
    const id = order(world, [{ item_id: kit, quantity: 3 }]);
    confirmSalesOrder(world, id);
    expect([figures(world, amp).committed, figures(world, speaker).committed]).toEqual([3, 6]);
    shipPackage(world, pack(world, id, 2), {});
    expect(figures(world, amp)).toEqual({ onHand: 4, committed: 1, available: 3 });
    expect(figures(world, speaker)).toEqual({ onHand: 15, committed: 2, available: 13 });
  });

  test('keeps on the order the recipe it was sold with', () => {
    const { world, amp, speaker, kit } = kitWorld();
    const id = order(world, [{ item_id: kit, quantity: 1 }]);
    confirmSalesOrder(world, id);
    updateKit(world, kit, { mapped_items: [{ item_id: amp, quantity: 4 }] });
    updateSalesOrder(world, id, { line_items: [{ line_item_id: lineId(world, id), quantity: 2 }] });
    expect([figures(world, amp).committed, figures(world, speaker).committed]).toEqual([2, 4]);
  });

  test('cannot be packed when one part is missing', () => {
    const { world, kit } = kitWorld();
    const id = order(world, [{ item_id: kit, quantity: 6 }]);
    confirmSalesOrder(world, id);
    expect(refusal(() => pack(world, id, 6))).toBe('1003: Amp: 6 wanted, 5 free in Main.');
    deletePackage(world, pack(world, id, 5));
    expect(status(world, id)).toBe('confirmed');
  });

  test('has no stock, no kit inside, and at least one part', () => {
    const { world, amp, kit } = kitWorld();
    const make = (body: object) => refusal(() => createKit(world, { name: 'Big', rate: 1, ...body }));
    const part = { item_id: amp, quantity: 1 };
    expect(make({ mapped_items: [{ item_id: kit, quantity: 1 }] })).toBe(
      '1002: Set is a composite item; kits do not nest.',
    );
    expect(make({ mapped_items: [part, part] })).toBe('1002: Amp is listed twice.');
    expect(make({ mapped_items: [part], initial_stock: 5 })).toBe('1002: A composite item has no stock of its own.');
    expect(make({})).toBe('1001: The mapped_items field is required.');
    expect(make({ mapped_items: [{ item_id: '404', quantity: 1 }] })).toBe('1004: There is no item 404.');
  });
});
