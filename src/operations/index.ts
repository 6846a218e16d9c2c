import { compositeItemOperations } from './composite-items.ts';
import { contactOperations } from './contacts.ts';
import type { Operation } from './define.ts';
import { itemOperations } from './items.ts';
import { organizationOperations } from './organizations.ts';
import { packageOperations } from './packages.ts';
import { purchaseOrderOperations } from './purchase-orders.ts';
import { reportOperations } from './reports.ts';
import { salesOrderOperations } from './sales-orders.ts';
import { shipmentOperations } from './shipments.ts';
import { stockAdjustmentOperations } from './stock-adjustments.ts';
import { transferOperations } from './transfers.ts';
import { warehouseOperations } from './warehouses.ts';

/** Every endpoint, in the order in which tools are listed. */
export const operations: readonly Operation[] = [
  ...organizationOperations,
  ...itemOperations,
  ...contactOperations,
  ...warehouseOperations,
  ...stockAdjustmentOperations,
  ...compositeItemOperations,
  ...transferOperations,
  ...salesOrderOperations,
  ...purchaseOrderOperations,
  ...packageOperations,
  ...shipmentOperations,
  ...reportOperations,
];

export const operationByName: ReadonlyMap<string, Operation> = new Map(
  operations.map((operation) => [operation.name, operation]),
);
