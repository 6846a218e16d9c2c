import { Denied } from '../errors.ts';
import type { Input, Operation } from '../operations/define.ts';
import { aboutInput } from '../workflows/about.ts';
import type { Plan } from '../workflows/define.ts';
import { createCompositeItem, deleteCompositeItem, updateCompositeItem } from './previews/composite-items.ts';
import { createContact, deleteContact, updateContact } from './previews/contacts.ts';
import { emailPurchaseOrder, emailSalesOrder } from './previews/emails.ts';
import { deleteItemImage, uploadItemImage } from './previews/images.ts';
import { activateItem, createItem, updateItem } from './previews/item-writes.ts';
import { deactivateItem, deleteItem } from './previews/items.ts';
import { createOrder, namesMoney, updateOrder } from './previews/order-writes.ts';
import { purchase, sales } from './previews/orders.ts';
import { createPackage, deletePackage, deliverPackage, updatePackage } from './previews/packages.ts';
import { apiOver, baseOnce, type PlanContext, type Planner } from './previews/planner.ts';
import { cancelPurchaseOrder, deletePurchaseOrder, issuePurchaseOrder } from './previews/purchase-orders.ts';
import { receivePurchaseOrder } from './previews/receive.ts';
import { confirmSalesOrder, deleteSalesOrder, openSalesOrder, voidSalesOrder } from './previews/sales-orders.ts';
import { createShipmentOrder, shipPackage } from './previews/shipments.ts';
import { createStockAdjustment, deleteStockAdjustment, updateStockAdjustment } from './previews/stock-adjustments.ts';
import { receiveTransfer, sendTransfer } from './previews/transfer-moves.ts';
import { createTransfer, deleteTransfer, updateTransfer } from './previews/transfers.ts';
import {
  activateWarehouse,
  createWarehouse,
  deactivateWarehouse,
  deleteWarehouse,
  updateWarehouse,
} from './previews/warehouses.ts';
import { isRefusal, summaryLine } from './previews/words.ts';
import { couldRaise } from './rules.ts';

export type { PlanContext, Reads } from './previews/planner.ts';

/** Who makes the preview of which operation. An operation that writes and is missing here cannot run. */
export const planners: ReadonlyMap<string, Planner> = new Map([
  ['create_item', createItem],
  ['update_item', updateItem],
  ['delete_item', deleteItem],
  ['activate_item', activateItem],
  ['deactivate_item', deactivateItem],
  ['upload_item_image', uploadItemImage],
  ['delete_item_image', deleteItemImage],
  ['create_contact', createContact],
  ['update_contact', updateContact],
  ['delete_contact', deleteContact],
  ['create_warehouse', createWarehouse],
  ['update_warehouse', updateWarehouse],
  ['delete_warehouse', deleteWarehouse],
  ['activate_warehouse', activateWarehouse],
  ['deactivate_warehouse', deactivateWarehouse],
  ['create_stock_adjustment', createStockAdjustment],
  ['update_stock_adjustment', updateStockAdjustment],
  ['delete_stock_adjustment', deleteStockAdjustment],
  ['create_composite_item', createCompositeItem],
  ['update_composite_item', updateCompositeItem],
  ['delete_composite_item', deleteCompositeItem],
  ['create_transfer', createTransfer],
  ['update_transfer', updateTransfer],
  ['delete_transfer', deleteTransfer],
  ['send_transfer', sendTransfer],
  ['receive_transfer', receiveTransfer],
  ['create_sales_order', createOrder(sales)],
  ['update_sales_order', updateOrder(sales)],
  ['delete_sales_order', deleteSalesOrder],
  ['open_sales_order', openSalesOrder],
  ['confirm_sales_order', confirmSalesOrder],
  ['void_sales_order', voidSalesOrder],
  ['email_sales_order', emailSalesOrder],
  ['create_purchase_order', createOrder(purchase)],
  ['update_purchase_order', updateOrder(purchase)],
  ['delete_purchase_order', deletePurchaseOrder],
  ['issue_purchase_order', issuePurchaseOrder],
  ['cancel_purchase_order', cancelPurchaseOrder],
  ['receive_purchase_order', receivePurchaseOrder],
  ['email_purchase_order', emailPurchaseOrder],
  ['create_package', createPackage],
  ['update_package', updatePackage],
  ['delete_package', deletePackage],
  ['ship_package', shipPackage],
  ['deliver_package', deliverPackage],
  ['create_shipment_order', createShipmentOrder],
]);

const hasAmount = ({ name }: Operation, input: Input): boolean =>
  /_(sales|purchase)_order$/.test(name) && namesMoney(input);

/**
 * False = this create or update can raise no rule that needs a reading; `planOperation` then reads nothing. Of use for
 * creates and updates only: every other effect is planned whole.
 */
export function needsPlan(
  operation: Operation,
  input: Input,
  { confirmAboveMinor }: { confirmAboveMinor?: number },
): boolean {
  return couldRaise(operation, input) || (confirmAboveMinor !== undefined && hasAmount(operation, input));
}

/**
 * What this call would do, by reads only. Throws the errors of the reads: what cannot be read has no preview, and
 * without a preview nothing is written. `amountMinor` is in base currency.
 */
export async function planOperation(
  operation: Operation,
  input: Input,
  context: PlanContext,
): Promise<Plan<{ operation: string; input: Input }>> {
  const planner = planners.get(operation.name);
  if (!planner) {
    throw new Denied(`${operation.name} has no preview, so it cannot be confirmed. Nothing was written.`, {
      nothingSent: true,
    });
  }
  const api = apiOver(context.reads);
  const { confirmAboveMinor } = context;
  const draft = await planner({
    operation,
    input,
    today: context.today,
    confirmAboveMinor,
    mayRaise: needsPlan(operation, input, confirmAboveMinor === undefined ? {} : { confirmAboveMinor }),
    api,
    base: baseOnce(api, context),
  });
  const summary = summaryLine(draft.summary);
  return {
    summary,
    // What will probably not go through is said first: it decides whether a person reads on.
    preview: [summary, ...draft.lines.filter(isRefusal), ...draft.lines.filter((line) => !isRefusal(line))],
    restsOn: draft.restsOn,
    steps: { operation: operation.name, input },
    documents: 1,
    raises: draft.raises ?? [],
    amountMinor: safeNumber(draft.amount ?? 0n),
    ...(draft.added === undefined ? {} : { addedMinor: safeNumber(draft.added) }),
    about: aboutInput(input),
  };
}

// An amount beyond what a number holds exactly is over any limit all the same.
const safeNumber = (amount: bigint): number =>
  amount > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(amount);
