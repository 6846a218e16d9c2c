import { describe, expect, test } from 'vitest';
import { createAdjustment, updateAdjustment } from '../../../../src/sandbox/engine/documents/adjustments.ts';
import { packageOf } from '../../../../src/sandbox/engine/documents/package-record.ts';
import {
  createPackage,
  deletePackage,
  deliverPackage,
  shipPackage,
  shipPackages,
  updatePackage,
} from '../../../../src/sandbox/engine/documents/packages.ts';
import { confirmSalesOrder, createSalesOrder } from '../../../../src/sandbox/engine/documents/sales-orders.ts';
import {
  cancelTransfer,
  createTransfer,
  deleteTransfer,
  receiveTransfer,
  sendTransfer,
  transferLines,
  transferOf,
  updateTransfer,
} from '../../../../src/sandbox/engine/documents/transfers.ts';
import { levelAt } from '../../../../src/sandbox/engine/ledger.ts';
import type { World } from '../../../../src/sandbox/route.ts';
import { createTestWorld, ids, lineId, refusal, stocked } from '../world.ts';

const confirmed = (world: World, item_id: string, quantity: number) => {
  const id = createSalesOrder(world, { customer_id: ids.customer, line_items: [{ item_id, quantity }] });
  confirmSalesOrder(world, id);
  return id;
};

const pack = (world: World, salesorder_id: string, quantity: number, body: object = {}) => {
  const line_items = [{ so_line_item_id: lineId(world, salesorder_id), quantity }];
  return createPackage(world, { salesorder_id, line_items, ...body });
};

describe('a package', () => {
  test('sets goods aside: what is packed cannot be packed again', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 }, { name: 'Amp' });
    const first = confirmed(world, item, 7);
    const second = confirmed(world, item, 7);
    const box = pack(world, first, 7);
    expect(levelAt(world.db, item, ids.main)).toBe(10e6);
    expect(refusal(() => pack(world, second, 7))).toBe('1003: Amp: 7 wanted, 3 free in Main.');
    deletePackage(world, box);
    pack(world, second, 7);
  });

  test('goes from draft or ready to ship to shipped to delivered, each once', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 });
    const order = confirmed(world, item, 7);
    const box = pack(world, order, 7);
    const status = () => packageOf(world.db, box).status;
    expect(status()).toBe('draft');
    expect(refusal(() => deliverPackage(world, box))).toBe(
      '1002: PKG-00001 is draft; only a shipped package can be delivered.',
    );
    updatePackage(world, box, { status: 'ready_to_ship' });
    expect(status()).toBe('ready_to_ship');
    shipPackage(world, box, { carrier: 'FedEx' });
    expect(status()).toBe('shipped');
    expect(levelAt(world.db, item, ids.main)).toBe(3e6);
    expect(refusal(() => shipPackage(world, box, {}))).toBe('1002: PKG-00001 is shipped already.');
    expect(refusal(() => deletePackage(world, box))).toBe('1002: PKG-00001 is shipped and cannot be deleted.');
    expect(levelAt(world.db, item, ids.main)).toBe(3e6);
    deliverPackage(world, box);
    expect(status()).toBe('delivered');
    expect(refusal(() => deliverPackage(world, box))).toMatch(/is delivered; only a shipped package/);
  });

  test('with a carrier is ready to ship', () => {
    const world = createTestWorld();
    const order = confirmed(world, stocked(world, { [ids.main]: 10 }), 7);
    expect(packageOf(world.db, pack(world, order, 1, { carrier: 'UPS' })).status).toBe('ready_to_ship');
  });

  test('cannot leave when its goods were lost after packing', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 }, { name: 'Amp' });
    const box = pack(world, confirmed(world, item, 7), 7);
    createAdjustment(world, { line_items: [{ item_id: item, quantity_adjusted: -5 }] });
    expect(refusal(() => shipPackage(world, box, {}))).toBe('1003: Amp: 7 wanted, 5 free in Main.');
    expect(packageOf(world.db, box).status).toBe('draft');
  });

  test('is packed from the warehouse it names', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10, [ids.east]: 5 });
    const order = confirmed(world, item, 7);
    const line_items = [{ so_line_item_id: lineId(world, order), quantity: 5, warehouse_id: ids.east }];
    shipPackage(world, createPackage(world, { salesorder_id: order, line_items }), {});
    expect([ids.main, ids.east].map((place) => levelAt(world.db, item, place))).toEqual([10e6, 0]);
  });

  test('holds no more than is left to pack, no service, no unknown line', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 }, { name: 'Amp' });
    const service = stocked(world, {}, { name: 'Installation', product_type: 'service' });
    const order = confirmed(world, item, 7);
    pack(world, order, 5);
    expect(refusal(() => pack(world, order, 3))).toBe('1002: Amp: only 2 are left to pack.');
    const work = confirmed(world, service, 1);
    expect(refusal(() => pack(world, work, 1))).toBe('1002: Installation is a service and cannot be packed.');
    const line_items = [{ so_line_item_id: '404', quantity: 1 }];
    expect(refusal(() => createPackage(world, { salesorder_id: order, line_items }))).toBe(
      '1002: The sales order has no line 404.',
    );
    expect(refusal(() => createPackage(world, { salesorder_id: '404', line_items }))).toBe(
      '1002: There is no sales order 404.',
    );
  });

  test('is not shipped before it was packed, nor tomorrow', () => {
    const world = createTestWorld();
    const box = pack(world, confirmed(world, stocked(world, { [ids.main]: 10 }), 7), 7, { date: '2025-03-10' });
    expect(refusal(() => shipPackage(world, box, { shipment_date: '2025-03-09' }))).toBe(
      '1002: PKG-00001 was packed on 2025-03-10.',
    );
    expect(refusal(() => shipPackage(world, box, { shipment_date: '2025-03-16' }))).toMatch(/is in the future/);
  });

  test('can leave with others of its order as one shipment, not with those of another', () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 20 });
    const order = confirmed(world, item, 7);
    const boxes = [pack(world, order, 3), pack(world, order, 4)];
    const foreign = pack(world, confirmed(world, item, 1), 1);
    expect(refusal(() => shipPackages(world, [...boxes, foreign], {}))).toMatch(/belong to one sales order/);
    const shipment = shipPackages(world, boxes, { tracking_number: '1Z' });
    expect(boxes.map((box) => packageOf(world.db, box).shipment_id)).toEqual([shipment, shipment]);
    expect(levelAt(world.db, item, ids.main)).toBe(13e6);
  });
});

describe('a transfer', () => {
  const prepared = (quantity = 6) => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 }, { name: 'Amp' });
    const line_items = [{ item_id: item, quantity }];
    const id = createTransfer(world, { from_warehouse_id: ids.main, to_warehouse_id: ids.east, line_items });
    const levels = () => [ids.main, 'transit', ids.east].map((place) => levelAt(world.db, item, place) / 1e6);
    return { world, item, id, levels, status: () => transferOf(world.db, id).status };
  };

  test('reserves nothing as a draft; partial receipt leaves the rest in transit', () => {
    const { world, id, levels, status } = prepared();
    expect([status(), levels()]).toEqual(['draft', [10, 0, 0]]);
    sendTransfer(world, id);
    expect([status(), levels()]).toEqual(['in_transit', [4, 6, 0]]);
    const line_item_id = transferLines(world.db, id)[0]?.line_item_id;
    receiveTransfer(world, id, { line_items: [{ line_item_id, quantity_received: 2 }] });
    expect([status(), levels()]).toEqual(['in_transit', [4, 4, 2]]);
    receiveTransfer(world, id);
    expect([status(), levels()]).toEqual(['received', [4, 0, 6]]);
  });

  test('is cancelled, changed and deleted only before it is sent', () => {
    const { world, id } = prepared();
    sendTransfer(world, id);
    for (const [act, word] of [
      [cancelTransfer, 'cancelled'],
      [sendTransfer, 'sent'],
    ] as const)
      expect(refusal(() => act(world, id))).toBe(`1002: TRN-00001 is in_transit; only a draft can be ${word}.`);
    expect(refusal(() => updateTransfer(world, id, { notes: 'x' }))).toMatch(/only a draft can be changed/);
    expect(refusal(() => deleteTransfer(world, id))).toBe('1002: TRN-00001 is in_transit and cannot be deleted.');
    const other = prepared();
    updateTransfer(other.world, other.id, { line_items: [{ item_id: other.item, quantity: 1 }] });
    cancelTransfer(other.world, other.id);
    expect(refusal(() => sendTransfer(other.world, other.id))).toMatch(/is cancelled/);
    expect(refusal(() => receiveTransfer(other.world, other.id))).toMatch(/only a transfer in transit/);
    deleteTransfer(other.world, other.id);
    expect(() => transferOf(other.world.db, other.id)).toThrow('Resource not found');
  });

  test('is not sent beyond what is free, nor received beyond what is in transit', () => {
    const { world, id, item, levels } = prepared(8);
    pack(world, confirmed(world, item, 3), 3);
    expect(refusal(() => sendTransfer(world, id))).toBe('1003: Amp: 8 wanted, 7 free.');
    updateTransfer(world, id, { line_items: [{ item_id: item, quantity: 7 }] });
    sendTransfer(world, id);
    const line_item_id = transferLines(world.db, id)[0]?.line_item_id;
    const line = { line_item_id, quantity_received: 4 };
    expect(refusal(() => receiveTransfer(world, id, { line_items: [line, line] }))).toBe(
      '1002: Only 7 of the line are in transit.',
    );
    expect(levels()).toEqual([3, 7, 0]);
  });

  test('goes between two active warehouses and carries goods only', () => {
    const { world, item } = prepared();
    const make = (body: object) =>
      refusal(() =>
        createTransfer(world, {
          from_warehouse_id: ids.main,
          to_warehouse_id: ids.east,
          line_items: [{ item_id: item, quantity: 1 }],
          ...body,
        }),
      );
    expect(make({ to_warehouse_id: ids.main })).toBe('1002: A transfer goes to another warehouse.');
    expect(make({ to_warehouse_id: ids.closed })).toBe('1002: The warehouse Closed is inactive.');
    expect(make({ from_warehouse_id: '404' })).toBe('1005: There is no warehouse 404.');
    const service = stocked(world, {}, { name: 'Installation', product_type: 'service' });
    expect(make({ line_items: [{ item_id: service, quantity: 1 }] })).toMatch(/has no stock that could be transferred/);
  });
});

describe('an adjustment', () => {
  const prepared = () => {
    const world = createTestWorld();
    const item = stocked(world, { [ids.main]: 10 }, { name: 'Amp' });
    const adjust = (line: object, ...others: object[]) =>
      createAdjustment(world, { line_items: [line, ...others].map((one) => ({ item_id: item, ...one })) });
    return { world, item, adjust, onHand: () => levelAt(world.db, item, ids.main) / 1e6 };
  };

  test.each([
    [{ quantity_adjusted: 5, adjust_quantity_by: 'decrease' }, 5],
    [{ quantity_adjusted: -5, adjust_quantity_by: 'decrease' }, 5],
    [{ quantity_adjusted: -5 }, 5],
    [{ quantity_adjusted: 5 }, 15],
    [{ quantity_adjusted: 5, adjust_quantity_by: 'increase' }, 15],
    [{ quantity_adjusted: 100, adjust_quantity_by: 'set_to' }, 100],
    [{ quantity_adjusted: 0, adjust_quantity_by: 'set_to' }, 0],
    [{ quantity_adjusted: 10, adjust_quantity_by: 'set_to' }, 10],
  ])('of %j leaves %d of 10', (line, expected) => {
    const { adjust, onHand } = prepared();
    adjust(line);
    expect(onHand()).toBe(expected);
  });

  test.each([
    [
      { quantity_adjusted: -5, adjust_quantity_by: 'increase' },
      '1002: An increase by a negative quantity is ambiguous; use decrease.',
    ],
    [{ quantity_adjusted: -1, adjust_quantity_by: 'set_to' }, '1002: Amp cannot be set to less than 0.'],
    [{ quantity_adjusted: 0 }, '1002: quantity_adjusted 0 changes nothing.'],
    [{ quantity_adjusted: 11, adjust_quantity_by: 'decrease' }, '1003: Amp: 11 to take off, 10 on hand in Main.'],
    [
      { quantity_adjusted: 1, adjust_quantity_by: 'double' },
      '1002: adjust_quantity_by is increase, decrease or set_to.',
    ],
    [{}, '1001: The quantity_adjusted field is required.'],
  ])('of %j is refused', (line, expected) => {
    const { adjust, onHand } = prepared();
    expect(refusal(() => adjust(line))).toBe(expected);
    expect(onHand()).toBe(10);
  });

  test('that counts one thing twice is refused, with all its other lines', () => {
    const { adjust, onHand, world } = prepared();
    const count = { quantity_adjusted: 7, adjust_quantity_by: 'set_to' };
    const other = { item_id: stocked(world, { [ids.main]: 1 }), ...count };
    expect(refusal(() => adjust(other, count, count))).toMatch(/Amp is set twice in one warehouse/);
    expect(refusal(() => adjust({ quantity_adjusted: 1 }, count))).toMatch(/set twice/);
    expect(onHand()).toBe(10);
    expect(world.db.prepare('SELECT count(*) AS count FROM adjustment').get()?.count).toBe(0);
  });

  test('posts anew when its lines change, and asks for them when the date does', () => {
    const { adjust, onHand, world, item } = prepared();
    const id = adjust({ quantity_adjusted: -4 });
    updateAdjustment(world, id, { reason: 'Count', line_items: [{ item_id: item, quantity_adjusted: -1 }] });
    expect(onHand()).toBe(9);
    expect(refusal(() => updateAdjustment(world, id, { date: '2025-03-01' }))).toMatch(/give the line_items as well/);
  });
});
