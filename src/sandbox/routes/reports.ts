import { lowStock } from '../engine/reports/low-stock.ts';
import type { Route } from '../route.ts';

export const reportRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/reports/lowstockitems',
    handle: ({ world, query }) => ({
      message: 'success',
      body: lowStock(world, query.get('warehouse_id') ?? undefined),
    }),
  },
];
