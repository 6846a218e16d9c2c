import { compositeItemOperations } from './composite-items.ts';
import { contactOperations } from './contacts.ts';
import { crmOperations } from './crm.ts';
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

/** Every endpoint of the inventory, in the order in which tools are listed. */
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

/** What a tool is called by: nothing else can be called from outside. */
export const operationByName: ReadonlyMap<string, Operation> = new Map(
  operations.map((operation) => [operation.name, operation]),
);

/** With those that only jobs use: endpoints of other services, which are no tools. */
export const allOperations: readonly Operation[] = [...operations, ...crmOperations];

export const anyOperationByName: ReadonlyMap<string, Operation> = new Map(
  allOperations.map((operation) => [operation.name, operation]),
);
