import { orderOf } from '../engine/documents/order-record.ts';
import { emailOrder } from '../engine/documents/orders.ts';
import {
  cancelPurchaseOrder,
  createPurchaseOrder,
  deletePurchaseOrder,
  issuePurchaseOrder,
  updatePurchaseOrder,
} from '../engine/documents/purchase-orders.ts';
import { receivePurchaseOrder } from '../engine/documents/receives.ts';
import { listedOrders, orderColumns } from '../engine/listing.ts';
import { orderReceives, orderRecord, orderRow } from '../engine/records/orders.ts';
import { pageOfListing } from '../page.ts';
import type { Answer, Call, Route, World } from '../route.ts';
import { textOf } from '../row.ts';

const idOf = ({ params }: Call): string => params.purchaseorder_id ?? '';

const record = ({ world }: Call, id: string) => orderRecord(world.db, orderOf(world.db, 'purchase', id));

const answer = (call: Call, id: string, message: string, status = 200): Answer => ({
  status,
  message,
  body: { purchaseorder: record(call, id) },
});

function list(call: Call): Answer {
  const { rows, page_context } = pageOfListing(call, listedOrders(call, 'purchase'), orderColumns('purchase'));
  const purchaseorders = rows.map((row) =>
    orderRow(call.world.db, orderOf(call.world.db, 'purchase', textOf(row, 'id'))),
  );
  return { message: 'success', body: { purchaseorders, page_context } };
}

// The reference prints no answer to a receive; the live API answers `purchasereceive`. Both records come, so that
// nobody needs another call to see what is still to come.
function receive(call: Call): Answer {
  const receiveId = receivePurchaseOrder(call.world, idOf(call), call.body);
  const purchasereceive = orderReceives(call.world.db, idOf(call)).find((one) => one.receive_id === receiveId);
  const body = { purchasereceive, purchaseorder: record(call, idOf(call)) };
  return { status: 201, message: 'The items have been received.', body };
}

const step = (status: string, act: (world: World, id: string) => void, message: string): Route => ({
  method: 'POST',
  path: `/purchaseorders/{purchaseorder_id}/status/${status}`,
  handle: (call) => {
    act(call.world, idOf(call));
    return answer(call, idOf(call), message);
  },
});

export const purchaseOrderRoutes: readonly Route[] = [
  { method: 'GET', path: '/purchaseorders', handle: list },
  { method: 'GET', path: '/purchaseorders/{purchaseorder_id}', handle: (call) => answer(call, idOf(call), 'success') },
  {
    method: 'POST',
    path: '/purchaseorders',
    handle: (call) => answer(call, createPurchaseOrder(call.world, call.body), 'Purchase Order has been created.', 201),
  },
  {
    method: 'PUT',
    path: '/purchaseorders/{purchaseorder_id}',
    handle: (call) => {
      updatePurchaseOrder(call.world, idOf(call), call.body);
      return answer(call, idOf(call), 'Purchase Order has been updated.');
    },
  },
  {
    method: 'DELETE',
    path: '/purchaseorders/{purchaseorder_id}',
    handle: (call) => {
      deletePurchaseOrder(call.world, idOf(call));
      return { message: 'Purchase Order has been deleted.' };
    },
  },
  step('issued', issuePurchaseOrder, 'Purchase Order status has been changed to Issued.'),
  step('cancelled', cancelPurchaseOrder, 'Purchase Order status has been changed to Cancelled.'),
  { method: 'POST', path: '/purchaseorders/{purchaseorder_id}/receive', handle: receive },
  {
    method: 'POST',
    path: '/purchaseorders/{purchaseorder_id}/email',
    handle: (call) => {
      emailOrder(call.world, 'purchase', idOf(call), call.body);
      return { message: 'Purchase Order has been sent.' };
    },
  },
];
