import { createKit, deleteKit, kitOf, updateKit } from '../engine/documents/kits.ts';
import { itemColumns, listedItems } from '../engine/item-listing.ts';
import { kitRecord, kitRow } from '../engine/records/stock-documents.ts';
import { pageOfListing } from '../page.ts';
import type { Answer, Call, Route } from '../route.ts';
import { textOf } from '../row.ts';

const idOf = ({ params }: Call): string => params.item_id ?? '';

const answer = ({ world }: Call, id: string, message: string, status = 200): Answer => ({
  status,
  message,
  body: { composite_item: kitRecord(world.db, kitOf(world.db, id)) },
});

function list(call: Call): Answer {
  const { db } = call.world;
  const { rows, page_context } = pageOfListing(call, listedItems(call, 'kit'), itemColumns);
  return {
    message: 'success',
    body: { composite_items: rows.map((row) => kitRow(db, kitOf(db, textOf(row, 'id')))), page_context },
  };
}

/** Composite items: kits. They are items too, and are listed, read and deactivated as such. */
export const compositeItemRoutes: readonly Route[] = [
  { method: 'GET', path: '/compositeitems', handle: list },
  { method: 'GET', path: '/compositeitems/{item_id}', handle: (call) => answer(call, idOf(call), 'success') },
  {
    method: 'POST',
    path: '/compositeitems',
    handle: (call) => answer(call, createKit(call.world, call.body), 'The composite item has been added.', 201),
  },
  {
    method: 'PUT',
    path: '/compositeitems/{item_id}',
    handle: (call) => {
      kitOf(call.world.db, idOf(call));
      updateKit(call.world, idOf(call), call.body);
      return answer(call, idOf(call), 'Composite item details have been saved.');
    },
  },
  {
    method: 'DELETE',
    path: '/compositeitems/{item_id}',
    handle: (call) => {
      deleteKit(call.world, idOf(call));
      return { message: 'The composite item has been deleted.' };
    },
  },
];
