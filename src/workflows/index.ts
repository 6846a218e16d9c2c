import { chaseLatePurchases } from './chase-late-purchases.ts';
import { checkStock } from './check-stock.ts';
import type { Workflow } from './define.ts';
import { fulfilSalesOrder } from './fulfil-sales-order.ts';
import { placeSalesOrder } from './place-sales-order.ts';
import { receiveDelivery } from './receive-delivery.ts';
import { reorderLowStock } from './reorder-low-stock.ts';

/** Every workflow, in the order tools are listed. */
export const workflows: readonly Workflow[] = [
  checkStock,
  placeSalesOrder,
  fulfilSalesOrder,
  reorderLowStock,
  receiveDelivery,
  chaseLatePurchases,
];

export const workflowByName: ReadonlyMap<string, Workflow> = new Map(
  workflows.map((workflow) => [workflow.name, workflow]),
);
