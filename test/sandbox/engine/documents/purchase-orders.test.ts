import { describe, expect, test } from 'vitest';
import { createKit } from '../../../../src/sandbox/engine/documents/kits.ts';
import { orderLines } from '../../../../src/sandbox/engine/documents/lines.ts';
import { orderOf } from '../../../../src/sandbox/engine/documents/order-record.ts';
import {
  cancelPurchaseOrder,
  createPurchaseOrder,
  deletePurchaseOrder,
  issuePurchaseOrder,
  updatePurchaseOrder,
} from '../../../../src/sandbox/engine/documents/purchase-orders.ts';
import { receivePurchaseOrder, reverseReceive } from '../../../../src/sandbox/engine/documents/receives.ts';
import { itemFigures } from '../../../../src/sandbox/engine/stock.ts';
import type { World } from '../../../../src/sandbox/route.ts';
import { createTestWorld, ids, lineId, refusal, stocked } from '../world.ts';

const order = (world: World, line_items: object[], body: object = {}) =>
  createPurchaseOrder(world, { vendor_id: ids.vendor, line_items, ...body });

const receive = (world: World, id: string, quantity_received: number, body: object = {}) =>
  receivePurchaseOrder(world, id, { line_items: [{ line_item_id: lineId(world, id), quantity_received }], ...body });

const status = (world: World, id: string) => orderOf(world.db, 'purchase', id).status;

/** Units, not millionths. */
const figures = (world: World, item: string) => {
  const { onHand, ordered } = itemFigures(world.db, item);
  return { onHand: onHand / 1e6, ordered: ordered / 1e6 };
};

describe('a purchase order', () => {
  test('is on order from issue to receipt, in parts', () => {
    const world = createTestWorld();
    const item = stocked(world);
    const id = order(world, [{ item_id: item, quantity: 40 }]);
    expect([status(world, id), figures(world, item)]).toEqual(['draft', { onHand: 0, ordered: 0 }]);
    issuePurchaseOrder(world, id);
    expect([status(world, id), figures(world, item)]).toEqual(['issued', { onHand: 0, ordered: 40 }]);
    receive(world, id, 15);
    expect([status(world, id), figures(world, item)]).toEqual(['partially_received', { onHand: 15, ordered: 25 }]);
    receive(world, id, 25);
    expect([status(world, id), figures(world, item)]).toEqual(['closed', { onHand: 40, ordered: 0 }]);
  });

  test('is received into the warehouse of its line, or another one named', () => {
    const world = createTestWorld();
    const item = stocked(world);
    const id = order(world, [{ item_id: item, quantity: 10, warehouse_id: ids.east }]);
    issuePurchaseOrder(world, id);
    receive(world, id, 4);
    const line = { line_item_id: lineId(world, id), quantity_received: 6, warehouse_id: ids.main };
    receivePurchaseOrder(world, id, { line_items: [line] });
    const { byWarehouse } = itemFigures(world.db, item);
    expect([ids.main, ids.east].map((place) => byWarehouse.get(place)?.onHand)).toEqual([6e6, 4e6]);
  });

  test("takes the purchase rate in the vendor's currency, untaxed, unless the line says otherwise", () => {
    const world = createTestWorld();
    const item = stocked(world, {}, { purchase_rate: 50, tax_id: ids.tax });
    const id = order(
      world,
      [
        { item_id: item, quantity: 25 },
        { item_id: item, quantity: 1, rate: 40, tax_id: ids.tax },
      ],
      {
        vendor_id: ids.euroVendor,
      },
    );
    expect(orderLines(world.db, id)).toMatchObject([
      { rateMicro: 45_454_545, grossMinor: 1136_36, taxMinor: 0 },
      { rateMicro: 40_000_000, grossMinor: 40_00, taxMinor: 3_40 },
    ]);
    expect(orderOf(world.db, 'purchase', id)).toMatchObject({ exchangeRateMicro: 1_100_000, bcyTotalMinor: 1297_74 });
  });

  test('is cancelled from draft or issued, and then no longer on order', () => {
    const world = createTestWorld();
    const item = stocked(world);
    const draft = order(world, [{ item_id: item, quantity: 1 }]);
    const issued = order(world, [{ item_id: item, quantity: 2 }]);
    issuePurchaseOrder(world, issued);
    for (const id of [draft, issued]) {
      cancelPurchaseOrder(world, id);
      expect(status(world, id)).toBe('cancelled');
    }
    expect(figures(world, item).ordered).toBe(0);
  });

  test('closes short when a line is cut to what was received, and opens when it is raised', () => {
    const world = createTestWorld();
    const item = stocked(world);
    const id = order(world, [{ item_id: item, quantity: 10 }]);
    issuePurchaseOrder(world, id);
    receive(world, id, 6);
    const line_item_id = lineId(world, id);
    updatePurchaseOrder(world, id, { line_items: [{ line_item_id, quantity: 6 }] });
    expect([status(world, id), figures(world, item)]).toEqual(['closed', { onHand: 6, ordered: 0 }]);
    updatePurchaseOrder(world, id, { line_items: [{ line_item_id, quantity: 8 }] });
    expect([status(world, id), figures(world, item)]).toEqual(['partially_received', { onHand: 6, ordered: 2 }]);
  });

  test('is as before when a receive is taken back', () => {
    const world = createTestWorld();
    const item = stocked(world);
    const id = order(world, [{ item_id: item, quantity: 10 }]);
    issuePurchaseOrder(world, id);
    reverseReceive(world, receive(world, id, 10));
    expect([status(world, id), figures(world, item)]).toEqual(['issued', { onHand: 0, ordered: 10 }]);
  });
});

describe('a forbidden step of a purchase order is refused with the reason', () => {
  const prepared = (quantity = 10) => {
    const world = createTestWorld();
    const item = stocked(world, {}, { name: 'Mat' });
    return { world, item, id: order(world, [{ item_id: item, quantity }]) };
  };

  test('receiving a draft, a cancelled order, or more than is still to come', () => {
    const { world, id, item } = prepared();
    expect(refusal(() => receive(world, id, 1))).toBe(
      '1002: PO-00001 is draft; goods are received against an issued order.',
    );
    issuePurchaseOrder(world, id);
    receive(world, id, 7);
    expect(refusal(() => receive(world, id, 4))).toBe(
      "1002: Mat: 4 would exceed the 3 still to come. Raise the quantity of the order's line first.",
    );
    const line = { line_item_id: lineId(world, id), quantity_received: 2 };
    expect(refusal(() => receivePurchaseOrder(world, id, { line_items: [line, line] }))).toMatch(/exceed the 1 still/);
    expect(figures(world, item).onHand).toBe(7);
    const other = order(world, [{ item_id: item, quantity: 1 }]);
    cancelPurchaseOrder(world, other);
    expect(refusal(() => receive(world, other, 1))).toMatch(/is cancelled/);
  });

  test('receiving tomorrow, nothing, or a line of another order', () => {
    const { world, id } = prepared();
    issuePurchaseOrder(world, id);
    expect(refusal(() => receive(world, id, 1, { receive_date: '2025-03-16' }))).toMatch(/is in the future/);
    expect(refusal(() => receivePurchaseOrder(world, id, {}))).toBe('1001: The line_items field is required.');
    expect(refusal(() => receive(world, id, -1))).toBe('1002: quantity_received must be above 0; -1 was given.');
    const line_items = [{ line_item_id: '404', quantity_received: 1 }];
    expect(refusal(() => receivePurchaseOrder(world, id, { line_items }))).toBe('1002: PO-00001 has no line 404.');
  });

  test('issuing, cancelling and deleting at the wrong time', () => {
    const { world, id } = prepared();
    issuePurchaseOrder(world, id);
    expect(refusal(() => issuePurchaseOrder(world, id))).toBe('1002: PO-00001 is issued; only a draft can be issued.');
    receive(world, id, 1);
    expect(refusal(() => cancelPurchaseOrder(world, id))).toMatch(/received in part cannot be cancelled/);
    expect(refusal(() => deletePurchaseOrder(world, id))).toMatch(/received in part and cannot be deleted/);
    expect(refusal(() => updatePurchaseOrder(world, id, { vendor_id: ids.euroVendor }))).toMatch(
      /vendor cannot change/,
    );
    const other = order(world, [{ item_id: stocked(world), quantity: 1 }]);
    cancelPurchaseOrder(world, other);
    expect(refusal(() => cancelPurchaseOrder(world, other))).toBe('1002: PO-00002 is cancelled already.');
    expect(refusal(() => issuePurchaseOrder(world, other))).toMatch(/is cancelled/);
    expect(refusal(() => updatePurchaseOrder(world, other, { notes: 'x' }))).toMatch(/is cancelled/);
  });

  test('ordering from a customer, or a kit', () => {
    const { world, item } = prepared();
    expect(refusal(() => order(world, [{ item_id: item, quantity: 1 }], { vendor_id: ids.customer }))).toBe(
      '1002: There is no vendor 21.',
    );
    const kit = createKit(world, { name: 'Set', rate: 1, mapped_items: [{ item_id: item, quantity: 1 }] });
    expect(refusal(() => order(world, [{ item_id: kit, quantity: 1 }]))).toBe(
      '1002: Set is a composite item; buy its parts instead.',
    );
  });
});
