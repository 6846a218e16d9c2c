import { checkStock } from './check-stock.ts';
import { dailyReport } from './daily-report.ts';
import type { Workflow } from './define.ts';
import { fulfilSalesOrder } from './fulfil-sales-order.ts';
import { lowStockAlert } from './low-stock-alert.ts';
import { placeSalesOrder } from './place-sales-order.ts';
import { reorderLowStock } from './reorder-low-stock.ts';
import { sendLowStockAlert } from './send-low-stock-alert.ts';

/** Every workflow, in the order tools are listed. */
export const workflows: readonly Workflow[] = [
  checkStock,
  placeSalesOrder,
  fulfilSalesOrder,
  reorderLowStock,
  dailyReport,
  lowStockAlert,
  sendLowStockAlert,
];

export const workflowByName: ReadonlyMap<string, Workflow> = new Map(
  workflows.map((workflow) => [workflow.name, workflow]),
);
