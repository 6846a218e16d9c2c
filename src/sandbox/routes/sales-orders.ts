import { orderOf } from '../engine/documents/order-record.ts';
import { emailOrder } from '../engine/documents/orders.ts';
import {
  confirmSalesOrder,
  createSalesOrder,
  deleteSalesOrder,
  openSalesOrder,
  updateSalesOrder,
  voidSalesOrder,
} from '../engine/documents/sales-orders.ts';
import { listedOrders, orderColumns } from '../engine/listing.ts';
import { orderRecord, orderRow, orderShipments } from '../engine/records/orders.ts';
import { pageOfListing } from '../page.ts';
import type { Answer, Call, Route, World } from '../route.ts';
import { textOf } from '../row.ts';

const idOf = ({ params }: Call): string => params.salesorder_id ?? '';

const answer = ({ world }: Call, id: string, message: string, status = 200): Answer => ({
  status,
  message,
  body: { salesorder: orderRecord(world.db, orderOf(world.db, 'sales', id)) },
});

function list(call: Call): Answer {
  const { rows, page_context } = pageOfListing(call, listedOrders(call, 'sales'), orderColumns('sales'));
  const salesorders = rows.map((row) => orderRow(call.world.db, orderOf(call.world.db, 'sales', textOf(row, 'id'))));
  return { message: 'success', body: { salesorders, page_context } };
}

const step = (status: string, act: (world: World, id: string) => void, message: string): Route => ({
  method: 'POST',
  path: `/salesorders/{salesorder_id}/status/${status}`,
  handle: (call) => {
    act(call.world, idOf(call));
    return answer(call, idOf(call), message);
  },
});

export const salesOrderRoutes: readonly Route[] = [
  { method: 'GET', path: '/salesorders', handle: list },
  { method: 'GET', path: '/salesorders/{salesorder_id}', handle: (call) => answer(call, idOf(call), 'success') },
  {
    method: 'POST',
    path: '/salesorders',
    handle: (call) => answer(call, createSalesOrder(call.world, call.body), 'Sales Order has been created.', 201),
  },
  {
    method: 'PUT',
    path: '/salesorders/{salesorder_id}',
    handle: (call) => {
      updateSalesOrder(call.world, idOf(call), call.body);
      return answer(call, idOf(call), 'Sales Order has been updated.');
    },
  },
  {
    method: 'DELETE',
    path: '/salesorders/{salesorder_id}',
    handle: (call) => {
      deleteSalesOrder(call.world, idOf(call));
      return { message: 'Sales Order has been deleted.' };
    },
  },
  step('open', openSalesOrder, 'Sales Order status has been changed to Open.'),
  step('confirmed', confirmSalesOrder, 'Sales Order status has been changed to Confirmed.'),
  step('void', voidSalesOrder, 'Sales Order status has been changed to Void.'),
  {
    method: 'POST',
    path: '/salesorders/{salesorder_id}/email',
    handle: (call) => {
      emailOrder(call.world, 'sales', idOf(call), call.body);
      return { message: 'Sales Order has been sent.' };
    },
  },
  {
    method: 'GET',
    path: '/salesorders/{salesorder_id}/shipments',
    handle: (call) => {
      const { order_id } = orderOf(call.world.db, 'sales', idOf(call));
      return { message: 'success', body: { shipments: orderShipments(call.world.db, order_id) } };
    },
  },
];
