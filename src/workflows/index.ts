import { checkStock } from './check-stock.ts';
import type { Workflow } from './define.ts';
import { exportItems } from './export-items.ts';
import { fulfilSalesOrder } from './fulfil-sales-order.ts';
import { importItems } from './import-items.ts';
import { placeSalesOrder } from './place-sales-order.ts';
import { reorderLowStock } from './reorder-low-stock.ts';
import { updatePrices } from './update-prices.ts';

/** Every workflow, in the order tools are listed. */
export const workflows: readonly Workflow[] = [
  checkStock,
  placeSalesOrder,
  fulfilSalesOrder,
  reorderLowStock,
  importItems,
  exportItems,
  updatePrices,
];

export const workflowByName: ReadonlyMap<string, Workflow> = new Map(
  workflows.map((workflow) => [workflow.name, workflow]),
);
