import * as z from 'zod';
import { defineOperation, type Input, type Operation } from './define.ts';
import {
  allOptional,
  customFields,
  day,
  dimensions,
  filterBy,
  flag,
  id,
  idOrNone,
  listInput,
  measure,
  money,
  quantity,
  someText,
  sortInput,
  text,
  wholeNumber,
} from './fields.ts';
import { imageUpload, mostImageText } from './images.ts';
import { again, byCode, created, gone, listedByCode, reached, same } from './trace.ts';

const source = 'https://www.zoho.com/inventory/api/v1/items/';
const itemId = { item_id: id() };

const itemFields = {
  name: someText(200),
  sku: text(100, 'Unique').optional(),
  unit: text(50, 'e.g. pcs').optional(),
  description: text(2_000).optional(),
  // The reference names it as required; the hosted service would sell an item without it for nothing.
  rate: money('Selling price per unit, 0 if never sold'),
  purchase_rate: money('Cost per unit').optional(),
  tax_id: idOrNone().optional(),
  product_type: text(40, 'goods, service or digital_goods').optional(),
  is_taxable: flag().optional(),
  track_inventory: flag('Count its stock').optional(),
  initial_stock: quantity('In the primary warehouse').optional(),
  initial_stock_rate: money('Cost per unit').optional(),
  reorder_level: quantity('Low at or below this').optional(),
  hsn_or_sac: text(50, 'Tariff code').optional(),
  upc: text(50).optional(),
  ean: text(50).optional(),
  isbn: text(50).optional(),
  part_number: text(100).optional(),
  item_type: text(40, 'inventory, sales, purchases or sales_and_purchases').optional(),
  vendor_id: idOrNone().optional(),
  manufacturer: text(200).optional(),
  brand: text(200).optional(),
  weight: measure('In weight_unit').optional(),
  weight_unit: text(20).optional(),
  dimensions: dimensions().optional(),
  custom_fields: customFields().optional(),
};

// Opening stock is stock that appears from nowhere: more than a new record, and more than an edit.
const opensStock = ({ initial_stock }: Input) => typeof initial_stock === 'number' && initial_stock > 0;

const mainKeys =
  'item_id name sku unit status rate purchase_rate vendor_name reorder_level stock_on_hand committed_stock available_stock quantity_ordered';

export const listItems = defineOperation({
  name: 'list_items',
  title: 'List items',
  description: 'Items with price and stock figures. To learn whether an order can be promised use check_stock.',
  toolset: 'catalog',
  method: 'GET',
  path: '/items',
  effect: 'read',
  scope: 'ZohoInventory.items.READ',
  source,
  input: {
    ...listInput('name, SKU', mainKeys),
    ...sortInput('name'),
    filter_by: filterBy('All, Active, Inactive, Lowstock'),
    name: someText(200).optional(),
    sku: someText(100).optional(),
  },
  reply: 'items',
  paged: true,
});

export const getItem = defineOperation({
  name: 'get_item',
  title: 'Get item',
  description: 'One item with its prices, reorder level and stock per warehouse.',
  toolset: 'catalog',
  method: 'GET',
  path: '/items/{item_id}',
  effect: 'read',
  scope: 'ZohoInventory.items.READ',
  source,
  input: itemId,
  reply: 'item',
});

export const createItem = defineOperation({
  name: 'create_item',
  title: 'Create item',
  description: 'Adds an item to the catalog. Opening stock moves stock and is confirmed first.',
  toolset: 'catalog',
  method: 'POST',
  path: '/items',
  effect: 'create',
  effectOf: (input) => (opensStock(input) ? 'stock' : 'create'),
  scope: 'ZohoInventory.items.CREATE',
  source,
  input: itemFields,
  reply: 'item',
  trace: created({
    list: 'list_items',
    narrow: listedByCode,
    id: 'item_id',
    get: 'get_item',
    same: byCode,
  }),
});

export const updateItem = defineOperation({
  name: 'update_item',
  title: 'Update item',
  description: 'Changes the fields given of one item; lists given are replaced whole. Does not count or correct stock.',
  toolset: 'catalog',
  method: 'PUT',
  path: '/items/{item_id}',
  effect: 'update',
  // Even 0 counts here: it would take opening stock back.
  effectOf: (input) => (input.initial_stock === undefined ? 'update' : 'stock'),
  scope: 'ZohoInventory.items.UPDATE',
  source,
  input: { ...itemId, ...allOptional(itemFields) },
  reply: 'item',
  trace: same('get_item'),
});

export const deleteItem = defineOperation({
  name: 'delete_item',
  title: 'Delete item',
  description: 'Deletes an item for good. Refused once it has stock moves or orders: use deactivate_item then.',
  toolset: 'catalog',
  method: 'DELETE',
  path: '/items/{item_id}',
  effect: 'destroy',
  scope: 'ZohoInventory.items.DELETE',
  source,
  input: itemId,
  trace: gone('get_item'),
});

export const activateItem = defineOperation({
  name: 'activate_item',
  title: 'Activate item',
  description: 'Makes an inactive item usable on orders again.',
  toolset: 'catalog',
  method: 'POST',
  path: '/items/{item_id}/active',
  effect: 'update',
  scope: 'ZohoInventory.items.CREATE',
  source,
  input: itemId,
  trace: reached('get_item', 'status', 'active'),
});

export const deactivateItem = defineOperation({
  name: 'deactivate_item',
  title: 'Deactivate item',
  description: 'Takes an item out of use for new orders; its history stays. activate_item brings it back.',
  toolset: 'catalog',
  method: 'POST',
  path: '/items/{item_id}/inactive',
  effect: 'destroy',
  scope: 'ZohoInventory.items.CREATE',
  source,
  input: itemId,
  trace: reached('get_item', 'status', 'inactive'),
});

export const getItemStock = defineOperation({
  name: 'get_item_stock',
  title: 'Get item stock',
  description:
    'On hand, committed, available and on order of one item, in all and per warehouse. For several items use check_stock.',
  toolset: 'stock',
  method: 'GET',
  path: '/items/{item_id}/stock',
  effect: 'read',
  scope: 'ZohoInventory.items.READ',
  source,
  input: itemId,
  reply: 'stock',
});

export const getItemTransactionHistory = defineOperation({
  name: 'get_item_transaction_history',
  title: 'Get item transaction history',
  description:
    'Every change of one item’s stock in the dates, oldest first, with document, warehouse, cost and running balance.',
  toolset: 'stock',
  method: 'GET',
  path: '/items/{item_id}/transactionhistory',
  effect: 'read',
  scope: 'ZohoInventory.items.READ',
  source,
  input: {
    ...itemId,
    date_start: day('Default month start').optional(),
    date_end: day('Default today').optional(),
    page: wholeNumber(1, 1_000_000).optional(),
    per_page: wholeNumber(1, 200).default(25),
  },
  reply: 'transactions',
  paged: true,
});

export const uploadItemImage = defineOperation({
  name: 'upload_item_image',
  title: 'Upload item image',
  description:
    'Gives an item its image: gif, png, jpeg, bmp or webp, up to 7 MB. Replacing one destroys it and asks first.',
  toolset: 'catalog',
  method: 'POST',
  path: '/items/images/{item_id}',
  effect: 'create',
  scope: 'ZohoInventory.items.CREATE',
  source,
  input: {
    ...itemId,
    image: someText(mostImageText + 100, 'Base64').optional(),
    file_name: z
      .string()
      .max(100)
      .refine((name) => !/[\\/\p{Cc}]/u.test(name), 'must be a file name without folders')
      .describe('e.g. lamp.png')
      .optional(),
    path: someText(500, 'Instead of image: a file in the folder the operator allowed').optional(),
  },
  upload: imageUpload,
  reply: 'item',
  trace: again,
});

export const deleteItemImage = defineOperation({
  name: 'delete_item_image',
  title: 'Delete item image',
  description: 'Deletes the image of an item for good.',
  toolset: 'catalog',
  method: 'DELETE',
  path: '/items/images/{item_id}',
  effect: 'destroy',
  scope: 'ZohoInventory.items.DELETE',
  source,
  input: itemId,
  trace: reached('get_item', 'image_name', ''),
});

/** In the order of the reference. */
export const itemOperations: readonly Operation[] = [
  listItems,
  getItem,
  createItem,
  updateItem,
  deleteItem,
  activateItem,
  deactivateItem,
  uploadItemImage,
  deleteItemImage,
  getItemStock,
  getItemTransactionHistory,
];
