import { checkStock } from './check-stock.ts';
import type { Workflow } from './define.ts';
import { findContacts } from './find-contacts.ts';
import { findItems } from './find-items.ts';
import { findOrders } from './find-orders.ts';
import { fulfilSalesOrder } from './fulfil-sales-order.ts';
import { getRecord } from './get-record.ts';
import { placeSalesOrder } from './place-sales-order.ts';
import { reorderLowStock } from './reorder-low-stock.ts';

/** Every workflow, in the order tools are listed. */
export const workflows: readonly Workflow[] = [
  findItems,
  findContacts,
  findOrders,
  getRecord,
  checkStock,
  placeSalesOrder,
  fulfilSalesOrder,
  reorderLowStock,
];

export const workflowByName: ReadonlyMap<string, Workflow> = new Map(
  workflows.map((workflow) => [workflow.name, workflow]),
);
