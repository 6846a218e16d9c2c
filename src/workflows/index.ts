import { amendOrder } from './amend-order.ts';
import { checkStock } from './check-stock.ts';
import type { Workflow } from './define.ts';
import { fulfilSalesOrder } from './fulfil-sales-order.ts';
import { placeSalesOrder } from './place-sales-order.ts';
import { recordReturn } from './record-return.ts';
import { reorderLowStock } from './reorder-low-stock.ts';
import { whenAvailable } from './when-available.ts';

/** Every workflow, in the order tools are listed. */
export const workflows: readonly Workflow[] = [
  checkStock,
  whenAvailable,
  placeSalesOrder,
  amendOrder,
  fulfilSalesOrder,
  recordReturn,
  reorderLowStock,
];

export const workflowByName: ReadonlyMap<string, Workflow> = new Map(
  workflows.map((workflow) => [workflow.name, workflow]),
);
