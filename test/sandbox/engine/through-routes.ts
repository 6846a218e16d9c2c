import type { World } from '../../../src/sandbox/route.ts';
import { routes } from '../../../src/sandbox/routes/index.ts';
import { caller } from './caller.ts';

type Body = Record<string, unknown>;

/** What a route answers under `key`. */
function recordIn(answer: Record<string, unknown>, key: string): Record<string, unknown> {
  const record = answer[key];
  if (typeof record !== 'object' || record === null)
    throw new Error(`${key} is no record in ${JSON.stringify(answer)}`);
  return { ...record };
}

/** `POST path`: returns the id of what was made. */
const creates =
  (path: string, key: string, idKey: string) =>
  (world: World, body: Body): string =>
    String(recordIn(caller(world, routes)(`POST ${path}`, { body }), key)[idKey]);

/** An act on one record, by `METHOD /path/{key}`. */
const acts = (name: string) => {
  const idKey = /\{(\w+)\}/.exec(name)?.[1] ?? '';
  return (world: World, id: string, body: Body = {}): void => {
    caller(world, routes)(name, { params: { [idKey]: id }, body });
  };
};

// The engine's functions once more, called as the API is: by route, in the route's transaction, its answer built.
export const createItem = creates('/items', 'item', 'item_id');
export const updateItem = acts('PUT /items/{item_id}');
export const deleteItem = acts('DELETE /items/{item_id}');
export const activateItem = acts('POST /items/{item_id}/active');
export const deactivateItem = acts('POST /items/{item_id}/inactive');

export const createKit = creates('/compositeitems', 'composite_item', 'item_id');
export const updateKit = acts('PUT /compositeitems/{item_id}');
export const deleteKit = acts('DELETE /compositeitems/{item_id}');

export const createSalesOrder = creates('/salesorders', 'salesorder', 'salesorder_id');
export const updateSalesOrder = acts('PUT /salesorders/{salesorder_id}');
export const deleteSalesOrder = acts('DELETE /salesorders/{salesorder_id}');
export const openSalesOrder = acts('POST /salesorders/{salesorder_id}/status/open');
export const confirmSalesOrder = acts('POST /salesorders/{salesorder_id}/status/confirmed');
export const voidSalesOrder = acts('POST /salesorders/{salesorder_id}/status/void');

export const createPurchaseOrder = creates('/purchaseorders', 'purchaseorder', 'purchaseorder_id');
export const updatePurchaseOrder = acts('PUT /purchaseorders/{purchaseorder_id}');
export const deletePurchaseOrder = acts('DELETE /purchaseorders/{purchaseorder_id}');
export const issuePurchaseOrder = acts('POST /purchaseorders/{purchaseorder_id}/status/issued');
export const cancelPurchaseOrder = acts('POST /purchaseorders/{purchaseorder_id}/status/cancelled');

export function receivePurchaseOrder(world: World, id: string, body: Body): string {
  const name = 'POST /purchaseorders/{purchaseorder_id}/receive';
  const answer = caller(world, routes)(name, { params: { purchaseorder_id: id }, body });
  return String(recordIn(answer, 'purchasereceive').receive_id);
}

export const createPackage = creates('/packages', 'package', 'package_id');
export const updatePackage = acts('PUT /packages/{package_id}');
export const deletePackage = acts('DELETE /packages/{package_id}');
export const shipPackage = acts('POST /packages/{package_id}/ship');
export const deliverPackage = acts('POST /packages/{package_id}/deliver');
export const createShipment = creates('/shipmentorders', 'shipmentorder', 'shipment_id');

export const createAdjustment = creates('/inventoryadjustments', 'inventory_adjustment', 'inventory_adjustment_id');
export const updateAdjustment = acts('PUT /inventoryadjustments/{inventory_adjustment_id}');
export const deleteAdjustment = acts('DELETE /inventoryadjustments/{inventory_adjustment_id}');

export const createTransfer = creates('/transfers', 'transfer', 'transfer_id');
export const updateTransfer = acts('PUT /transfers/{transfer_id}');
export const deleteTransfer = acts('DELETE /transfers/{transfer_id}');
export const sendTransfer = acts('POST /transfers/{transfer_id}/send');
export const receiveTransfer = acts('POST /transfers/{transfer_id}/receive');
