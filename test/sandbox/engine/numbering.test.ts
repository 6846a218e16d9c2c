import { describe, expect, test } from 'vitest';
import {
  createSalesOrder,
  deleteSalesOrder,
  updateSalesOrder,
} from '../../../src/sandbox/engine/documents/sales-orders.ts';
import { continueAfter } from '../../../src/sandbox/engine/numbering.ts';
import type { World } from '../../../src/sandbox/route.ts';
import { createTestWorld, ids, refusal, stocked } from './world.ts';

function orders(world: World) {
  const item_id = stocked(world);
  const order = (number?: string) => {
    const line_items = [{ item_id, quantity: 1 }];
    return createSalesOrder(world, { customer_id: ids.customer, salesorder_number: number, line_items });
  };
  const numberOf = (id: string) => world.db.prepare('SELECT number FROM orders WHERE order_id = ?').get(id)?.number;
  return { order, numberOf };
}

describe('document numbers', () => {
  test('count up from 00001', () => {
    const { order, numberOf } = orders(createTestWorld());
    expect([order(), order()].map(numberOf)).toEqual(['SO-00001', 'SO-00002']);
  });

  test('that were given are kept, and the counter skips them', () => {
    const { order, numberOf } = orders(createTestWorld());
    expect([order('SO-00002'), order(), order(), order('Web 7')].map(numberOf)).toEqual([
      'SO-00002',
      'SO-00001',
      'SO-00003',
      'Web 7',
    ]);
  });

  test('are refused a second time, in any spelling', () => {
    const { order } = orders(createTestWorld());
    order('Web 7');
    expect(refusal(() => order('WEB 7'))).toBe('36: WEB 7 is or was the number of another document.');
  });

  test('are never used again, not even after a delete', () => {
    const world = createTestWorld();
    const { order, numberOf } = orders(world);
    deleteSalesOrder(world, order());
    expect(numberOf(order())).toBe('SO-00002');
    expect(refusal(() => order('SO-00001'))).toMatch(/^36: /);
  });

  test('of a refused document are free again', () => {
    const world = createTestWorld();
    const { order, numberOf } = orders(world);
    refusal(() =>
      createSalesOrder(world, { customer_id: ids.customer, line_items: [{ item_id: '404', quantity: 1 }] }),
    );
    expect(numberOf(order())).toBe('SO-00001');
  });

  test('may change to one that is free', () => {
    const world = createTestWorld();
    const { order, numberOf } = orders(world);
    const id = order();
    const other = order();
    updateSalesOrder(world, id, { salesorder_number: 'A-1' });
    expect(numberOf(id)).toBe('A-1');
    expect(refusal(() => updateSalesOrder(world, other, { salesorder_number: 'a-1' }))).toMatch(/^36: /);
  });

  test('can go on after a given count', () => {
    const world = createTestWorld();
    const { order, numberOf } = orders(world);
    continueAfter(world.db, 'SO', 19);
    expect(numberOf(order())).toBe('SO-00020');
  });
});
