import * as z from 'zod';
import { defineOperation, type Operation } from './define.ts';
import { allOptional, day, filterBy, id, listInput, money, quantity, text } from './fields.ts';
import { created, gone, grown, newestFirst, ofFirstLine, quantities, reached, same } from './trace.ts';

// The hosted service calls transfers transfer orders today.
const source = 'https://www.zoho.com/inventory/api/v1/transferorders/';
const transferId = { transfer_id: id() };

const newLine = z.strictObject({ item_id: id(), quantity: quantity(), description: text(2_000).optional() });

const changedLine = z
  .strictObject({ line_item_id: id('Line to keep').optional(), ...newLine.partial().shape })
  .refine(
    (line) => 'line_item_id' in line || ('item_id' in line && 'quantity' in line),
    'must have line_item_id (a line to keep), or item_id and quantity (a new line)',
  );

const particulars = {
  transfer_number: text(100).optional(),
  date: day().optional(),
  expected_delivery_date: day('Expected arrival').optional(),
  shipping_charge: money('Cost of the way').optional(),
  notes: text(5_000).optional(),
};

const places = { from_warehouse_id: id('Source'), to_warehouse_id: id('Destination') };

export const listTransfers = defineOperation({
  name: 'list_transfers',
  title: 'List transfers',
  description: 'Transfers between warehouses with status and quantities, newest first.',
  toolset: 'stock',
  method: 'GET',
  path: '/transfers',
  effect: 'read',
  scope: 'ZohoInventory.transferorders.READ',
  source,
  input: {
    ...listInput('number, notes'),
    filter_by: filterBy('All, Draft, InTransit, Received or Cancelled'),
    item_id: id('On any line').optional(),
    warehouse_id: id('Source or destination').optional(),
    date_start: day('From').optional(),
    date_end: day('Until').optional(),
  },
  reply: 'transfers',
  paged: true,
});

export const getTransfer = defineOperation({
  name: 'get_transfer',
  title: 'Get transfer',
  description: 'One transfer with its lines: ordered, in transit and received.',
  toolset: 'stock',
  method: 'GET',
  path: '/transfers/{transfer_id}',
  effect: 'read',
  scope: 'ZohoInventory.transferorders.READ',
  source,
  input: transferId,
  reply: 'transfer',
});

export const createTransfer = defineOperation({
  name: 'create_transfer',
  title: 'Create transfer',
  description: 'Drafts a transfer between warehouses; nothing is reserved and nothing moves until send_transfer.',
  toolset: 'stock',
  method: 'POST',
  path: '/transfers',
  effect: 'create',
  scope: 'ZohoInventory.transferorders.CREATE',
  source,
  input: { ...places, line_items: z.array(newLine).min(1).max(200), ...particulars },
  reply: 'transfer',
  trace: created({
    list: 'list_transfers',
    narrow: (input) => ({ ...ofFirstLine(input, 'item_id'), ...newestFirst }),
    id: 'transfer_id',
    get: 'get_transfer',
    same: () => ['from_warehouse_id', 'to_warehouse_id'],
    lines: { of: 'item_id', quantity: 'quantity' },
  }),
});

export const updateTransfer = defineOperation({
  name: 'update_transfer',
  title: 'Update transfer',
  description: 'Changes a draft transfer, or cancels it for good. line_items replaces all lines.',
  toolset: 'stock',
  method: 'PUT',
  path: '/transfers/{transfer_id}',
  effect: 'update',
  // The API has no endpoint that cancels; a cancelled transfer never comes back.
  effectOf: ({ status }) => (status === undefined ? 'update' : 'destroy'),
  scope: 'ZohoInventory.transferorders.UPDATE',
  source,
  input: {
    ...transferId,
    ...allOptional(places),
    line_items: z.array(changedLine).min(1).max(200).optional(),
    ...particulars,
    status: z.enum(['cancelled']).describe('Cancels').optional(),
  },
  reply: 'transfer',
  trace: same('get_transfer'),
});

export const deleteTransfer = defineOperation({
  name: 'delete_transfer',
  title: 'Delete transfer',
  description: 'Deletes a draft or cancelled transfer for good. Refused once it was sent.',
  toolset: 'stock',
  method: 'DELETE',
  path: '/transfers/{transfer_id}',
  effect: 'destroy',
  scope: 'ZohoInventory.transferorders.DELETE',
  source,
  input: transferId,
  trace: gone('get_transfer'),
});

export const sendTransfer = defineOperation({
  name: 'send_transfer',
  title: 'Send transfer',
  description:
    'Takes the goods of a draft out of the source: they are in transit until receive_transfer. Cannot be undone.',
  toolset: 'stock',
  method: 'POST',
  path: '/transfers/{transfer_id}/send',
  effect: 'stock',
  scope: 'ZohoInventory.transferorders.CREATE',
  source,
  input: transferId,
  reply: 'transfer',
  trace: reached('get_transfer', 'status', 'in_transit', 'partially_received', 'received'),
});

export const receiveTransfer = defineOperation({
  name: 'receive_transfer',
  title: 'Receive transfer',
  description:
    'Books goods in transit into the destination: all of them, or the line_items given; the rest stays in transit. Cannot be undone.',
  toolset: 'stock',
  method: 'POST',
  path: '/transfers/{transfer_id}/receive',
  effect: 'stock',
  scope: 'ZohoInventory.transferorders.CREATE',
  source,
  input: {
    ...transferId,
    receive_date: day('Default today').optional(),
    line_items: z
      .array(z.strictObject({ line_item_id: id('Line of the transfer'), quantity_received: quantity('Arrived now') }))
      .min(1)
      .max(200)
      .optional(),
  },
  reply: 'transfer',
  trace: grown({
    get: 'get_transfer',
    counts: (transfer) => quantities(transfer, (line) => line.quantity_received),
    growth: (input, transfer) =>
      input.line_items === undefined
        ? quantities(transfer, (line) => Number(line.quantity) - Number(line.quantity_received ?? 0))
        : quantities(input, (line) => line.quantity_received),
  }),
});

/** In the order of the reference. */
export const transferOperations: readonly Operation[] = [
  listTransfers,
  getTransfer,
  createTransfer,
  updateTransfer,
  deleteTransfer,
  sendTransfer,
  receiveTransfer,
];
