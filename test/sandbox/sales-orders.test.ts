import { describe, expect, test } from 'vitest';
import { itemRoutes } from '../../src/sandbox/routes/items.ts';
import { purchaseOrderRoutes } from '../../src/sandbox/routes/purchase-orders.ts';
import { reportRoutes } from '../../src/sandbox/routes/reports.ts';
import { salesOrderRoutes } from '../../src/sandbox/routes/sales-orders.ts';
import { caller } from './engine/caller.ts';
import { createTestWorld, ids, stocked } from './engine/world.ts';

describe('x', () => {
  test('smoke', () => {
    const world = createTestWorld();
    const call = caller(world, [...itemRoutes, ...salesOrderRoutes, ...purchaseOrderRoutes, ...reportRoutes]);
    const a = stocked(
      world,
      { [ids.main]: 60, [ids.east]: 15 },
      { tax_id: ids.tax, reorder_level: 100, vendor_id: ids.vendor },
    );
    const b = stocked(world, { [ids.main]: 5 }, { tax_id: ids.tax });
    const made = call('POST /salesorders', {
      body: {
        customer_id: ids.customer,
        line_items: [
          { item_id: a, rate: 79.99, quantity: 25, discount: 5, discount_amount: 100 },
          { item_id: b, rate: 12.99, quantity: 50, discount: 0 },
        ],
        shipping_charge: 25,
        adjustment: -10,
      },
    });
    console.log(JSON.stringify(made, null, 1));
    const id = (made.salesorder as { salesorder_id: string }).salesorder_id;
    call('POST /salesorders/{salesorder_id}/status/confirmed', { params: { salesorder_id: id } });
    console.log(JSON.stringify(call('GET /items', { query: { filter_by: 'Status.Lowstock' } }), null, 1));
    console.log(JSON.stringify(call('GET /items/{item_id}', { params: { item_id: a } }), null, 1));
    console.log(JSON.stringify(call('GET /reports/lowstockitems', {}), null, 1));
    expect(1).toBe(1);
  });
});
