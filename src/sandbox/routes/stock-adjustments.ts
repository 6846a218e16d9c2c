import { adjustmentOf, createAdjustment, deleteAdjustment, updateAdjustment } from '../engine/documents/adjustments.ts';
import { adjustmentRecord, adjustmentRow } from '../engine/records/stock-documents.ts';
import { adjustmentColumns, listedAdjustments } from '../engine/stock-listing.ts';
import { pageOfListing } from '../page.ts';
import type { Answer, Call, Route } from '../route.ts';
import { textOf } from '../row.ts';

const idOf = ({ params }: Call): string => params.inventory_adjustment_id ?? '';

const answer = ({ world }: Call, id: string, message: string, status = 200): Answer => ({
  status,
  message,
  body: { inventory_adjustment: adjustmentRecord(world.db, adjustmentOf(world.db, id)) },
});

function list(call: Call): Answer {
  const { db } = call.world;
  const { rows, page_context } = pageOfListing(call, listedAdjustments(call), adjustmentColumns);
  const inventory_adjustments = rows.map((row) => adjustmentRow(db, adjustmentOf(db, textOf(row, 'id'))));
  return { message: 'success', body: { inventory_adjustments, page_context } };
}

const one = '/inventoryadjustments/{inventory_adjustment_id}';

export const stockAdjustmentRoutes: readonly Route[] = [
  { method: 'GET', path: '/inventoryadjustments', handle: list },
  { method: 'GET', path: one, handle: (call) => answer(call, idOf(call), 'success') },
  {
    method: 'POST',
    path: '/inventoryadjustments',
    handle: (call) =>
      answer(call, createAdjustment(call.world, call.body), 'Inventory Adjustment has been created.', 201),
  },
  {
    method: 'PUT',
    path: one,
    handle: (call) => {
      updateAdjustment(call.world, idOf(call), call.body);
      return answer(call, idOf(call), 'Inventory Adjustment has been updated.');
    },
  },
  {
    method: 'DELETE',
    path: one,
    handle: (call) => {
      deleteAdjustment(call.world, idOf(call));
      return { message: 'Inventory Adjustment has been deleted.' };
    },
  },
];
