import { deleteItemImage, setItemImage } from '../engine/documents/images.ts';
import { itemOf } from '../engine/documents/item-record.ts';
import { createItem, deleteItem, setItemStatus, updateItem } from '../engine/documents/items.ts';
import { itemColumns, listedItems } from '../engine/item-listing.ts';
import { itemRecord, itemRow, stockRecord } from '../engine/records/items.ts';
import { transactionHistory } from '../engine/reports/transactions.ts';
import { pageOfListing } from '../page.ts';
import type { Answer, Call, Route } from '../route.ts';
import { textOf } from '../row.ts';

const idOf = ({ params }: Call): string => params.item_id ?? '';

const answer = ({ world }: Call, id: string, message: string, status = 200): Answer => ({
  status,
  message,
  body: { item: itemRecord(world.db, itemOf(world.db, id)) },
});

function list(call: Call): Answer {
  const { rows, page_context } = pageOfListing(call, listedItems(call), itemColumns);
  const { db } = call.world;
  return {
    message: 'success',
    body: { items: rows.map((row) => itemRow(db, itemOf(db, textOf(row, 'id')))), page_context },
  };
}

/** Items: composite ones are listed and read here too, and made elsewhere. */
export const itemRoutes: readonly Route[] = [
  { method: 'GET', path: '/items', handle: list },
  { method: 'GET', path: '/items/{item_id}', handle: (call) => answer(call, idOf(call), 'success') },
  {
    method: 'POST',
    path: '/items',
    handle: (call) => answer(call, createItem(call.world, call.body), 'The item has been added.', 201),
  },
  {
    method: 'PUT',
    path: '/items/{item_id}',
    handle: (call) => {
      updateItem(call.world, idOf(call), call.body);
      return answer(call, idOf(call), 'Item details have been saved.');
    },
  },
  {
    method: 'DELETE',
    path: '/items/{item_id}',
    handle: (call) => {
      deleteItem(call.world, idOf(call));
      return { message: 'The item has been deleted.' };
    },
  },
  {
    method: 'POST',
    path: '/items/{item_id}/active',
    handle: (call) => {
      setItemStatus(call.world, idOf(call), 'active');
      return { message: 'The item has been marked as active.' };
    },
  },
  {
    method: 'POST',
    path: '/items/{item_id}/inactive',
    handle: (call) => {
      setItemStatus(call.world, idOf(call), 'inactive');
      return { message: 'The item has been marked as inactive.' };
    },
  },
  {
    method: 'GET',
    path: '/items/{item_id}/stock',
    handle: (call) => ({
      message: 'success',
      body: { stock: stockRecord(call.world.db, itemOf(call.world.db, idOf(call))) },
    }),
  },
  {
    method: 'POST',
    path: '/items/images/{item_id}',
    handle: (call) => {
      setItemImage(call.world, idOf(call), call.files?.get('image'));
      return answer(call, idOf(call), 'The image has been attached to the item.', 201);
    },
  },
  {
    method: 'DELETE',
    path: '/items/images/{item_id}',
    handle: (call) => {
      deleteItemImage(call.world, idOf(call));
      return { message: 'The image has been deleted.' };
    },
  },
  { method: 'GET', path: '/items/{item_id}/transactionhistory', handle: transactionHistory },
];
