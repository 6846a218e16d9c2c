import type { Route } from '../route.ts';
import { contactRoutes } from './contacts.ts';
import { itemRoutes } from './items.ts';
import { organizationRoutes } from './organizations.ts';
import { purchaseOrderRoutes } from './purchase-orders.ts';
import { reportRoutes } from './reports.ts';
import { salesOrderRoutes } from './sales-orders.ts';
import { warehouseRoutes } from './warehouses.ts';

/** Every endpoint the sandbox serves. */
export const routes: readonly Route[] = [
  ...organizationRoutes,
  ...itemRoutes,
  ...salesOrderRoutes,
  ...purchaseOrderRoutes,
  ...warehouseRoutes,
  ...contactRoutes,
  ...reportRoutes,
];
