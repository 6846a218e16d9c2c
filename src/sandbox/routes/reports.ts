import { inventorySummary } from '../engine/reports/inventory-summary.ts';
import { inventoryValuation } from '../engine/reports/inventory-valuation.ts';
import { lowStock } from '../engine/reports/low-stock.ts';
import { salesByCustomer, salesByItem } from '../engine/reports/sales.ts';
import { stockOnHand } from '../engine/reports/stock-on-hand.ts';
import type { Route } from '../route.ts';

export const reportRoutes: readonly Route[] = [
  { method: 'GET', path: '/reports/inventorysummary', handle: inventorySummary },
  { method: 'GET', path: '/reports/inventoryvaluation', handle: inventoryValuation },
  { method: 'GET', path: '/reports/stockonhand', handle: stockOnHand },
  {
    method: 'GET',
    path: '/reports/lowstockitems',
    handle: ({ world, query }) => ({
      message: 'success',
      body: lowStock(world, query.get('warehouse_id') ?? undefined),
    }),
  },
  { method: 'GET', path: '/reports/salesbyitem', handle: salesByItem },
  { method: 'GET', path: '/reports/salesbycustomer', handle: salesByCustomer },
];
