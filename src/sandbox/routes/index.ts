import type { Route } from '../route.ts';
import { compositeItemRoutes } from './composite-items.ts';
import { contactRoutes } from './contacts.ts';
import { itemRoutes } from './items.ts';
import { organizationRoutes } from './organizations.ts';
import { packageRoutes } from './packages.ts';
import { purchaseOrderRoutes } from './purchase-orders.ts';
import { reportRoutes } from './reports.ts';
import { salesOrderRoutes } from './sales-orders.ts';
import { shipmentRoutes } from './shipments.ts';
import { stockAdjustmentRoutes } from './stock-adjustments.ts';
import { transferRoutes } from './transfers.ts';
import { warehouseRoutes } from './warehouses.ts';

/** Every endpoint the sandbox serves. */
export const routes: readonly Route[] = [
  ...organizationRoutes,
  ...itemRoutes,
  ...salesOrderRoutes,
  ...purchaseOrderRoutes,
  ...packageRoutes,
  ...shipmentRoutes,
  ...warehouseRoutes,
  ...stockAdjustmentRoutes,
  ...compositeItemRoutes,
  ...transferRoutes,
  ...contactRoutes,
  ...reportRoutes,
];
