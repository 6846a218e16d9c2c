import { contactOperations } from './contacts.ts';
import type { Operation } from './define.ts';
import { itemOperations } from './items.ts';
import { organizationOperations } from './organizations.ts';
import { purchaseOrderOperations } from './purchase-orders.ts';
import { reportOperations } from './reports.ts';
import { salesOrderOperations } from './sales-orders.ts';
import { warehouseOperations } from './warehouses.ts';

/** Every endpoint, in the order in which tools are listed. */
export const operations: readonly Operation[] = [
  ...organizationOperations,
  ...itemOperations,
  ...contactOperations,
  ...warehouseOperations,
  ...salesOrderOperations,
  ...purchaseOrderOperations,
  ...reportOperations,
];

export const operationByName: ReadonlyMap<string, Operation> = new Map(
  operations.map((operation) => [operation.name, operation]),
);
