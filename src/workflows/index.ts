import { exportItems } from './bulk/export-items.ts';
import { importItems } from './bulk/import-items.ts';
import { updatePrices } from './bulk/update-prices.ts';
import { chaseLatePurchases } from './buying/chase-late-purchases.ts';
import { receiveDelivery } from './buying/receive-delivery.ts';
import { reorderLowStock } from './buying/reorder-low-stock.ts';
import type { Workflow } from './define.ts';
import { findContacts } from './finding/find-contacts.ts';
import { findItems } from './finding/find-items.ts';
import { findOrders } from './finding/find-orders.ts';
import { getRecord } from './finding/get-record.ts';
import { amendOrder } from './selling/amend-order.ts';
import { checkStock } from './selling/check-stock.ts';
import { fulfilSalesOrder } from './selling/fulfil-sales-order.ts';
import { placeOrderFromDeal } from './selling/place-order-from-deal.ts';
import { placeSalesOrder } from './selling/place-sales-order.ts';
import { recordReturn } from './selling/record-return.ts';
import { reviewPendingOrders } from './selling/review-pending-orders.ts';
import { whenAvailable } from './selling/when-available.ts';
import { explainStock } from './stock/explain-stock.ts';
import { moveStock } from './stock/move-stock.ts';
import { setStockLevels } from './stock/set-stock-levels.ts';
import { suggestTransfers } from './stock/suggest-transfers.ts';
import { dailyReport } from './watching/daily-report.ts';
import { lowStockAlert } from './watching/low-stock-alert.ts';
import { sendLowStockAlert } from './watching/send-low-stock-alert.ts';

/** Every workflow, in the order tools are listed. */
export const workflows: readonly Workflow[] = [
  findItems,
  findContacts,
  findOrders,
  getRecord,
  checkStock,
  whenAvailable,
  placeSalesOrder,
  placeOrderFromDeal,
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
