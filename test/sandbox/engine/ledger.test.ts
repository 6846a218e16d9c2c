import { describe, expect, test } from 'vitest';
import { createAdjustment, deleteAdjustment } from '../../../src/sandbox/engine/documents/adjustments.ts';
import { createPurchaseOrder, issuePurchaseOrder } from '../../../src/sandbox/engine/documents/purchase-orders.ts';
import { receivePurchaseOrder, reverseReceive } from '../../../src/sandbox/engine/documents/receives.ts';
import { createTransfer, receiveTransfer, sendTransfer } from '../../../src/sandbox/engine/documents/transfers.ts';
import { openLayers } from '../../../src/sandbox/engine/layers.ts';
import { levelAt, stockValue, takeOut } from '../../../src/sandbox/engine/ledger.ts';
import type { World } from '../../../src/sandbox/route.ts';
import { createTestWorld, ids, lineId, refusal, stocked, today } from './world.ts';

/** Receives `quantity` at `rate` on `date` through an order of its own; returns the receive's id. */
function receive(world: World, item_id: string, quantity: number, rate: number, date: string = today): string {
  const id = createPurchaseOrder(world, { vendor_id: ids.vendor, line_items: [{ item_id, quantity, rate }] });
  issuePurchaseOrder(world, id);
  const line_items = [{ line_item_id: lineId(world, id), quantity_received: quantity }];
  return receivePurchaseOrder(world, id, { receive_date: date, line_items });
}

const source = { type: 'package', id: '1', number: 'PKG-1', line_id: '1', date: today } as const;

/** Takes goods out of the main warehouse; returns their cost in cents. */
const take = (world: World, item_id: string, quantity: number) =>
  takeOut(world, { item_id, warehouse_id: ids.main, to: 'customer', quantityMicro: quantity * 1e6 }, source);

const value = (world: World, item: string, place: string = ids.main) => stockValue(world.db, item, place).valueMinor;

const adjust = (world: World, line: Record<string, unknown>) => createAdjustment(world, { line_items: [line] });

const layers = (world: World, item: string, place: string, holder = '') =>
  openLayers(world.db, item, place, holder).map((layer) => [layer.date, layer.quantityMicro / 1e6, layer.valueMinor]);

describe('FIFO', () => {
  test('uses up the oldest layer first and splits the one it stops in', () => {
    const world = createTestWorld();
    const item = stocked(world);
    receive(world, item, 10, 4, '2025-03-01');
    receive(world, item, 10, 5, '2025-03-02');
    expect(take(world, item, 12)).toBe(40_00 + 2 * 5_00);
    expect(layers(world, item, ids.main)).toEqual([['2025-03-02', 8, 40_00]]);
  });

  test('goes by the day of receipt, not by the order of posting', () => {
    const world = createTestWorld();
    const item = stocked(world);
    receive(world, item, 10, 5, '2025-03-10');
    receive(world, item, 10, 4, '2025-03-01');
    expect(take(world, item, 10)).toBe(40_00);
  });

  test('leaves no cent behind: the last unit takes the whole remainder', () => {
    const world = createTestWorld();
    const item = stocked(world);
    receive(world, item, 3, 3.333333);
    expect(value(world, item)).toBe(10_00);
    expect([1, 1, 1].map((one) => take(world, item, one))).toEqual([3_33, 3_34, 3_33]);
    expect(value(world, item)).toBe(0);
  });

  test('costs screws of 0.0125 that are sold one by one as they cost together', () => {
    const world = createTestWorld();
    const item = stocked(world);
    receive(world, item, 8, 0.0125);
    const costs = Array.from({ length: 8 }, () => take(world, item, 1));
    expect(costs.reduce((sum, cost) => sum + cost, 0)).toBe(10);
  });

  test('values opening stock at its own rate, else at the purchase rate', () => {
    const world = createTestWorld();
    const own = stocked(world, {}, { initial_stock: 100, initial_stock_rate: 45, purchase_rate: 50 });
    const other = stocked(world, {}, { initial_stock: 100, purchase_rate: 50 });
    expect([value(world, own), value(world, other)]).toEqual([4500_00, 5000_00]);
  });

  test('values a receipt in foreign currency at the exchange rate of its order', () => {
    const world = createTestWorld();
    const item = stocked(world);
    const id = createPurchaseOrder(world, {
      vendor_id: ids.euroVendor,
      line_items: [{ item_id: item, quantity: 25, rate: 45.5, tax_id: ids.tax }],
      shipping_charge: 150,
    });
    issuePurchaseOrder(world, id);
    world.db.exec("UPDATE currency SET rate_micro = 1300000 WHERE currency_id = '2'");
    receivePurchaseOrder(world, id, { line_items: [{ line_item_id: lineId(world, id), quantity_received: 10 }] });
    expect(value(world, item)).toBe(500_50); // 10 x 45.50 x 1.10
  });
});

describe('adjustments', () => {
  test('bring found goods in at the average cost of their warehouse', () => {
    const world = createTestWorld();
    const item = stocked(world);
    receive(world, item, 10, 4);
    receive(world, item, 20, 5.5);
    adjust(world, { item_id: item, quantity_adjusted: 3, adjust_quantity_by: 'increase' });
    expect(value(world, item)).toBe(150_00 + 15_00);
  });

  test('fall back to the purchase rate, then to nothing with a note', () => {
    const world = createTestWorld();
    const priced = stocked(world, { [ids.east]: 5 }, { purchase_rate: 7 });
    adjust(world, { item_id: priced, quantity_adjusted: 2 });
    expect(value(world, priced)).toBe(14_00);
    const free = stocked(world, {}, { purchase_rate: 0 });
    adjust(world, { item_id: free, quantity_adjusted: 2 });
    expect(value(world, free)).toBe(0);
    const row = world.db.prepare('SELECT json FROM adjustment_line WHERE item_id = ?').get(free);
    expect(row?.json).toContain('has no cost: the quantity came in at 0.');
  });

  test('of value are spread over open layers by their value, to the cent', () => {
    const world = createTestWorld();
    const item = stocked(world);
    receive(world, item, 1, 10, '2025-03-01');
    receive(world, item, 1, 20, '2025-03-02');
    receive(world, item, 1, 40, '2025-03-03');
    createAdjustment(world, { adjustment_type: 'value', line_items: [{ item_id: item, value_adjusted: 1 }] });
    expect(layers(world, item, ids.main).map(([, , worth]) => worth)).toEqual([10_14, 20_29, 40_57]);
    createAdjustment(world, { adjustment_type: 'value', line_items: [{ item_id: item, value_adjusted: -71 }] });
    expect(value(world, item)).toBe(0);
    expect(
      refusal(() =>
        createAdjustment(world, { adjustment_type: 'value', line_items: [{ item_id: item, value_adjusted: -1 }] }),
      ),
    ).toBe('1002: The stock is worth less than that.');
  });

  test('of value over layers that are worth nothing are spread by quantity', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 3 }, { purchase_rate: 0 });
    adjust(world, { item_id: item, quantity_adjusted: 1 });
    createAdjustment(world, { adjustment_type: 'value', line_items: [{ item_id: item, value_adjusted: 8 }] });
    expect(layers(world, item, ids.main).map(([, , worth]) => worth)).toEqual([6_00, 2_00]);
  });
});

describe('a transfer', () => {
  test('carries its layers with their dates and costs through transit', () => {
    const world = createTestWorld();
    const item = stocked(world);
    receive(world, item, 10, 4, '2025-01-10');
    receive(world, item, 10, 6, '2025-02-10');
    const id = createTransfer(world, {
      from_warehouse_id: ids.main,
      to_warehouse_id: ids.east,
      line_items: [{ item_id: item, quantity: 15 }],
    });
    sendTransfer(world, id);
    const row = world.db.prepare('SELECT line_item_id FROM transfer_line').get();
    const line = String(row?.line_item_id);
    expect(layers(world, item, 'transit', line)).toEqual([
      ['2025-01-10', 10, 40_00],
      ['2025-02-10', 5, 30_00],
    ]);
    receiveTransfer(world, id, { line_items: [{ line_item_id: line, quantity_received: 12 }] });
    expect(layers(world, item, ids.east)).toEqual([
      ['2025-01-10', 10, 40_00],
      ['2025-02-10', 2, 12_00],
    ]);
    expect(layers(world, item, 'transit', line)).toEqual([['2025-02-10', 3, 18_00]]);
    expect(layers(world, item, ids.main)).toEqual([['2025-02-10', 5, 30_00]]);
  });

  test('is received from its own layers, whichever transfer was sent first', () => {
    const world = createTestWorld();
    const item = stocked(world);
    receive(world, item, 1, 4, '2025-01-10');
    receive(world, item, 1, 6, '2025-02-10');
    const transfer = () => {
      const line_items = [{ item_id: item, quantity: 1 }];
      const id = createTransfer(world, { from_warehouse_id: ids.main, to_warehouse_id: ids.east, line_items });
      sendTransfer(world, id);
      return id;
    };
    transfer();
    receiveTransfer(world, transfer());
    expect(value(world, item, ids.east)).toBe(6_00);
    expect(value(world, item, 'transit')).toBe(4_00);
  });
});

describe('a reversal', () => {
  test('restores the very layers it undid', () => {
    const world = createTestWorld();
    const item = stocked(world);
    receive(world, item, 10, 4, '2025-01-10');
    receive(world, item, 10, 6, '2025-02-10');
    const id = adjust(world, { item_id: item, quantity_adjusted: -12 });
    const before = layers(world, item, ids.main);
    deleteAdjustment(world, id);
    expect(before).toEqual([['2025-02-10', 8, 48_00]]);
    expect(layers(world, item, ids.main)).toEqual([
      ['2025-01-10', 10, 40_00],
      ['2025-02-10', 10, 60_00],
    ]);
  });

  test('of a receipt is refused once its goods have moved on, and happens once', () => {
    const world = createTestWorld();
    const item = stocked(world);
    const first = receive(world, item, 10, 4, '2025-01-10');
    const second = receive(world, item, 10, 6, '2025-02-10');
    take(world, item, 1);
    expect(refusal(() => reverseReceive(world, first))).toBe(
      '1002: Goods that RCV-00001 brought in have moved or changed value since.',
    );
    reverseReceive(world, second);
    expect(levelAt(world.db, item, ids.main)).toBe(9e6);
    expect(refusal(() => reverseReceive(world, second))).toBe('1002: The receive was taken back already.');
  });

  test('of a value adjustment is refused once part of the goods has left', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 });
    const line_items = [{ item_id: item, value_adjusted: 5 }];
    const first = createAdjustment(world, { adjustment_type: 'value', line_items });
    deleteAdjustment(world, first);
    expect(value(world, item)).toBe(40_00);
    const second = createAdjustment(world, { adjustment_type: 'value', line_items });
    take(world, item, 1);
    expect(refusal(() => deleteAdjustment(world, second))).toBe(
      '1002: Goods that ADJ-00002 revalued have moved since.',
    );
  });

  test('of a value adjustment is refused once the goods were written down below it', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 });
    const adjustValue = (value_adjusted: number) =>
      createAdjustment(world, { adjustment_type: 'value', line_items: [{ item_id: item, value_adjusted }] });
    const up = adjustValue(5);
    adjustValue(-44);
    expect(refusal(() => deleteAdjustment(world, up))).toMatch(/were written down since/);
  });
});

describe('the tables', () => {
  test.each(['stock_move', 'layer_entry', 'revaluation'])('refuse to change or delete a row of %s', (table) => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 });
    createAdjustment(world, { adjustment_type: 'value', line_items: [{ item_id: item, value_adjusted: 5 }] });
    expect(() =>
      world.db.exec(`UPDATE ${table} SET item_id = item_id`.replace('item_id = item_id', 'rowid = rowid')),
    ).toThrow('the ledger is append-only');
    expect(() => world.db.exec(`DELETE FROM ${table}`)).toThrow('the ledger is append-only');
  });

  test('refuse a move that would take a warehouse below zero', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 });
    const move = (quantity: number) =>
      world.db.exec(`INSERT INTO stock_move (item_id, from_place, to_place, quantity_micro, cost_minor, document_type,
        document_id, document_number, line_id, effective_date, posted_at)
        VALUES ('${item}', '31', 'customer', ${quantity}, 0, 'package', '1', '1', '1', '${today}', '')`);
    expect(() => move(10_000_001)).toThrow('CHECK');
    move(10_000_000);
    expect(levelAt(world.db, item, ids.main)).toBe(0);
  });

  test('refuse a second reversal and one that is no mirror', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 });
    const id = adjust(world, { item_id: item, quantity_adjusted: -2 });
    deleteAdjustment(world, id);
    const again = (to: string, quantity: number, reverses: number) =>
      world.db.exec(`INSERT INTO stock_move (item_id, from_place, to_place, quantity_micro, cost_minor, document_type,
        document_id, document_number, line_id, effective_date, posted_at, reverses)
        VALUES ('${item}', 'adjustment', '${to}', ${quantity}, 800, 'adjustment', '1', '1', '1', '${today}', '', ${reverses})`);
    expect(() => again('31', 2_000_000, 2)).toThrow('UNIQUE');
    expect(() => again('32', 2_000_000, 2)).toThrow('a reversal mirrors its move');
    expect(() => again('31', 2_000_000, 3)).toThrow('a reversal mirrors its move');
  });
});
