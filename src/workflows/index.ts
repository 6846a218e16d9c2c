import { amendOrder } from './amend-order.ts';
import { chaseLatePurchases } from './chase-late-purchases.ts';
import { checkStock } from './check-stock.ts';
import { dailyReport } from './daily-report.ts';
import type { Workflow } from './define.ts';
import { explainStock } from './explain-stock.ts';
import { exportItems } from './export-items.ts';
import { findContacts } from './find-contacts.ts';
import { findItems } from './find-items.ts';
import { findOrders } from './find-orders.ts';
import { fulfilSalesOrder } from './fulfil-sales-order.ts';
import { getRecord } from './get-record.ts';
import { importItems } from './import-items.ts';
import { lowStockAlert } from './low-stock-alert.ts';
import { moveStock } from './move-stock.ts';
import { placeSalesOrder } from './place-sales-order.ts';
import { receiveDelivery } from './receive-delivery.ts';
import { recordReturn } from './record-return.ts';
import { reorderLowStock } from './reorder-low-stock.ts';
import { reviewPendingOrders } from './review-pending-orders.ts';
import { sendLowStockAlert } from './send-low-stock-alert.ts';
import { setStockLevels } from './set-stock-levels.ts';
import { suggestTransfers } from './suggest-transfers.ts';
import { updatePrices } from './update-prices.ts';
import { whenAvailable } from './when-available.ts';

/** Every workflow, in the order tools are listed. */
export const workflows: readonly Workflow[] = [
  findItems,
  findContacts,
  findOrders,
  getRecord,
  checkStock,
  whenAvailable,
  placeSalesOrder,
  amendOrder,
  fulfilSalesOrder,
  recordReturn,
  reviewPendingOrders,
  reorderLowStock,
  receiveDelivery,
  chaseLatePurchases,
  setStockLevels,
  moveStock,
  explainStock,
  suggestTransfers,
  dailyReport,
  lowStockAlert,
  sendLowStockAlert,
  importItems,
  exportItems,
  updatePrices,
];

export const workflowByName: ReadonlyMap<string, Workflow> = new Map(
  workflows.map((workflow) => [workflow.name, workflow]),
);
