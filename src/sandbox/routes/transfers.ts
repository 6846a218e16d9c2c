import {
  createTransfer,
  deleteTransfer,
  receiveTransfer,
  sendTransfer,
  transferOf,
  updateTransfer,
} from '../engine/documents/transfers.ts';
import { transferRecord, transferRow } from '../engine/records/stock-documents.ts';
import { listedTransfers, transferColumns } from '../engine/stock-listing.ts';
import { pageOfListing } from '../page.ts';
import type { Answer, Call, Route } from '../route.ts';
import { textOf } from '../row.ts';

const idOf = ({ params }: Call): string => params.transfer_id ?? '';

const answer = ({ world }: Call, id: string, message: string, status = 200): Answer => ({
  status,
  message,
  body: { transfer: transferRecord(world.db, transferOf(world.db, id)) },
});

function list(call: Call): Answer {
  const { db } = call.world;
  const { rows, page_context } = pageOfListing(call, listedTransfers(call), transferColumns);
  const transfers = rows.map((row) => transferRow(db, transferOf(db, textOf(row, 'id'))));
  return { message: 'success', body: { transfers, page_context } };
}

const one = '/transfers/{transfer_id}';

export const transferRoutes: readonly Route[] = [
  { method: 'GET', path: '/transfers', handle: list },
  { method: 'GET', path: one, handle: (call) => answer(call, idOf(call), 'success') },
  {
    method: 'POST',
    path: '/transfers',
    handle: (call) => answer(call, createTransfer(call.world, call.body), 'Transfer has been created.', 201),
  },
  {
    method: 'PUT',
    path: one,
    handle: (call) => {
      updateTransfer(call.world, idOf(call), call.body);
      const isCancelled = transferOf(call.world.db, idOf(call)).status === 'cancelled';
      return answer(call, idOf(call), `Transfer has been ${isCancelled ? 'cancelled' : 'updated'}.`);
    },
  },
  {
    method: 'DELETE',
    path: one,
    handle: (call) => {
      deleteTransfer(call.world, idOf(call));
      return { message: 'Transfer has been deleted.' };
    },
  },
  {
    method: 'POST',
    path: `${one}/send`,
    handle: (call) => {
      sendTransfer(call.world, idOf(call), call.body);
      return answer(call, idOf(call), 'The items are in transit.');
    },
  },
  {
    method: 'POST',
    path: `${one}/receive`,
    handle: (call) => {
      receiveTransfer(call.world, idOf(call), call.body);
      return answer(call, idOf(call), 'The items have been received.');
    },
  },
];
