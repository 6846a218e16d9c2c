import * as z from 'zod';
import { defineOperation, type Operation } from './define.ts';
import {
  allOptional,
  customFields,
  filterBy,
  flag,
  id,
  idOrNone,
  listInput,
  money,
  quantity,
  someText,
  text,
} from './fields.ts';
import { byCode, created, gone, listedByCode, same } from './trace.ts';

const source = 'https://www.zoho.com/inventory/api/v1/compositeitems/';
const itemId = { item_id: id() };

const kitFields = {
  name: someText(200),
  rate: money('Selling price per kit'),
  mapped_items: z
    .array(
      z.strictObject({
        item_id: id(),
        quantity: quantity('Per kit'),
        warehouse_id: idOrNone().optional(),
      }),
    )
    .min(1)
    .max(100)
    .describe('Parts; no kits'),
  sku: text(100, 'Unique').optional(),
  unit: text(50, 'e.g. set').optional(),
  description: text(2_000).optional(),
  is_taxable: flag().optional(),
  tax_id: idOrNone().optional(),
  custom_fields: customFields().optional(),
};

export const listCompositeItems = defineOperation({
  name: 'list_composite_items',
  title: 'List composite items',
  description: 'Kits with price and how many can be built from parts in stock.',
  toolset: 'catalog',
  method: 'GET',
  path: '/compositeitems',
  effect: 'read',
  scope: 'ZohoInventory.compositeitems.READ',
  source,
  input: {
    ...listInput('name, SKU'),
    filter_by: filterBy('All, Active, Inactive'),
    sku: someText(100).optional(),
  },
  reply: 'composite_items',
  paged: true,
});

export const getCompositeItem = defineOperation({
  name: 'get_composite_item',
  title: 'Get composite item',
  description: 'One kit with its parts and how many can be built per warehouse.',
  toolset: 'catalog',
  method: 'GET',
  path: '/compositeitems/{item_id}',
  effect: 'read',
  scope: 'ZohoInventory.compositeitems.READ',
  source,
  input: itemId,
  reply: 'composite_item',
});

export const createCompositeItem = defineOperation({
  name: 'create_composite_item',
  title: 'Create composite item',
  description: 'Adds a kit: sold as one item, stocked and shipped as its parts.',
  toolset: 'catalog',
  method: 'POST',
  path: '/compositeitems',
  effect: 'create',
  scope: 'ZohoInventory.compositeitems.CREATE',
  source,
  input: kitFields,
  reply: 'composite_item',
  trace: created({
    list: 'list_composite_items',
    narrow: listedByCode,
    id: 'composite_item_id',
    get: 'get_composite_item',
    same: byCode,
  }),
});

export const updateCompositeItem = defineOperation({
  name: 'update_composite_item',
  title: 'Update composite item',
  description:
    'Changes the fields given of a kit. mapped_items replaces all parts; orders keep the parts they were written with.',
  toolset: 'catalog',
  method: 'PUT',
  path: '/compositeitems/{item_id}',
  effect: 'update',
  scope: 'ZohoInventory.compositeitems.UPDATE',
  source,
  input: { ...itemId, ...allOptional(kitFields) },
  reply: 'composite_item',
  trace: same('get_composite_item'),
});

export const deleteCompositeItem = defineOperation({
  name: 'delete_composite_item',
  title: 'Delete composite item',
  description: 'Deletes a kit for good; its parts stay. Refused once it was ordered: use deactivate_item then.',
  toolset: 'catalog',
  method: 'DELETE',
  path: '/compositeitems/{item_id}',
  effect: 'destroy',
  scope: 'ZohoInventory.compositeitems.DELETE',
  source,
  input: itemId,
  trace: gone('get_composite_item'),
});

/** In the order of the reference. */
export const compositeItemOperations: readonly Operation[] = [
  listCompositeItems,
  getCompositeItem,
  createCompositeItem,
  updateCompositeItem,
  deleteCompositeItem,
];
