import type { Database } from '../../../sqlite.ts';
import { invalid, missing, type World } from '../../route.ts';
import { textOf } from '../../row.ts';
import { findContact, findTax, findWarehouse, primaryWarehouse } from '../directory.ts';
import {
  type Body,
  documentDate,
  duplicate,
  flagField,
  given,
  keptFields,
  listField,
  microField,
  refused,
  requiredText,
  textField,
  warehouseNotFound,
} from '../fields.ts';
import { hasMoves, itemHistory } from '../history.ts';
import { bringIn } from '../ledger.ts';
import { amountMinor } from '../quantity.ts';
import { baseDigits, type Item, itemOf, saveItem } from './item-record.ts';

/** Fields that mean nothing to the engine and come back as they were given. */
const keptKeys = [
  ...[
    'description',
    'purchase_description',
    'hsn_or_sac',
    'upc',
    'ean',
    'isbn',
    'part_number',
    'manufacturer',
    'brand',
  ],
  ...['weight', 'weight_unit', 'dimensions', 'package_details', 'custom_fields', 'initial_stock', 'initial_stock_rate'],
];

const productTypes = new Set(['goods', 'service', 'digital_goods']);
const itemTypes = new Set(['inventory', 'sales', 'purchases', 'sales_and_purchases']);

// `item_type` decides tracking when it is given; else goods are tracked unless the caller says not to.
function classify(body: Body, before: Item | undefined): Pick<Item, 'kind' | 'product_type' | 'item_type'> {
  const product = (textField(body, 'product_type') ?? before?.product_type ?? 'goods')
    .toLowerCase()
    .replace(/\s+/g, '_');
  if (!productTypes.has(product)) throw invalid('product_type', 'product_type is goods, service or digital_goods.');
  const given_type = textField(body, 'item_type');
  if (before?.kind === 'kit') return { kind: 'kit', product_type: product, item_type: 'composite' };
  if (given_type !== undefined && !itemTypes.has(given_type))
    throw invalid('item_type', `item_type is one of ${[...itemTypes].join(', ')}; kits are made as composite items.`);
  const tracked =
    flagField(body, 'track_inventory') ??
    (given_type !== undefined ? given_type === 'inventory' : before ? before.kind === 'goods' : product === 'goods');
  if (tracked && product !== 'goods') {
    const field = given(body, 'track_inventory') === undefined ? 'item_type' : 'track_inventory';
    // An update that turns goods into a service carries no statement about tracking; the service wins.
    if (given(body, field) !== undefined) throw invalid(field, `Stock is kept of goods only, not of a ${product}.`);
    return {
      kind: product === 'service' ? 'service' : 'untracked',
      product_type: product,
      item_type: 'sales_and_purchases',
    };
  }
  const kind = tracked ? 'goods' : product === 'service' ? 'service' : 'untracked';
  const kept = before && before.item_type !== 'inventory' ? before.item_type : 'sales_and_purchases';
  const type = given_type !== undefined && given_type !== 'inventory' ? given_type : kept;
  return { kind, product_type: product, item_type: tracked ? 'inventory' : type };
}

function checkedTax(db: Database, body: Body, before: string): string {
  if (!Object.hasOwn(body, 'tax_id')) return before;
  const id = textField(body, 'tax_id') ?? '';
  if (id !== '' && !findTax(db, id)) throw invalid('tax_id', `There is no tax ${id}.`);
  return id;
}

function checkedVendor(db: Database, body: Body, before: string): string {
  if (!Object.hasOwn(body, 'vendor_id')) return before;
  const id = textField(body, 'vendor_id') ?? '';
  if (id === '') return '';
  const vendor = findContact(db, id);
  if (!vendor || vendor.contact_type === 'customer') throw invalid('vendor_id', `There is no vendor ${id}.`);
  return id;
}

/** The item as the body leaves it; throws for what cannot be. Says nothing to the database. */
export function draftItem(world: World, body: Body, before?: Item, forcedKind?: 'kit'): Item {
  const { db } = world;
  const now = world.timestamp();
  const name = before && !Object.hasOwn(body, 'name') ? before.name : requiredText(body, 'name');
  const sku = Object.hasOwn(body, 'sku') ? (textField(body, 'sku') ?? '') : (before?.sku ?? '');
  if (sku !== '') {
    const other = db.prepare('SELECT item_id, name FROM item WHERE sku = ? COLLATE NOCASE').get(sku);
    if (other && textOf(other, 'item_id') !== before?.item_id)
      throw duplicate('sku', `The SKU ${sku} belongs to ${textOf(other, 'name')} (${textOf(other, 'item_id')}).`);
  }
  const rateMicro = microField(body, 'rate', { least: 0 }) ?? before?.rateMicro;
  if (rateMicro === undefined) throw missing('rate');
  const classes: Pick<Item, 'kind' | 'product_type' | 'item_type'> =
    forcedKind === 'kit' ? { kind: 'kit', product_type: 'goods', item_type: 'composite' } : classify(body, before);
  return {
    ...classes,
    item_id: before?.item_id ?? world.nextId(),
    name,
    sku,
    unit: Object.hasOwn(body, 'unit') ? (textField(body, 'unit') ?? '') : (before?.unit ?? ''),
    status: before?.status ?? 'active',
    rateMicro,
    purchaseRateMicro: microField(body, 'purchase_rate', { least: 0 }) ?? before?.purchaseRateMicro ?? 0,
    isTaxable: flagField(body, 'is_taxable') ?? before?.isTaxable ?? true,
    tax_id: checkedTax(db, body, before?.tax_id ?? ''),
    reorderLevelMicro: microField(body, 'reorder_level', { least: 0 }) ?? before?.reorderLevelMicro ?? 0,
    vendor_id: checkedVendor(db, body, before?.vendor_id ?? ''),
    created_time: before?.created_time ?? now,
    last_modified_time: now,
    fields: keptFields(body, keptKeys, before?.fields),
  };
}

interface Opening {
  readonly warehouse_id: string;
  readonly quantityMicro: number;
  readonly rateMicro: number;
}

// `warehouses[]` opens stock place by place; `initial_stock` alone opens it in the primary warehouse.
function openings(db: Database, body: Body, item: Item): Opening[] {
  const rate = (row: Body) => microField(row, 'initial_stock_rate', { least: 0 });
  const inAll = rate(body) ?? item.purchaseRateMicro;
  const rows: Opening[] = [];
  for (const row of listField(body, 'warehouses') ?? []) {
    const quantityMicro = microField(row, 'initial_stock', { least: 0 }) ?? 0;
    // A record as it was read carries `warehouses` too; rows that open nothing say nothing.
    if (quantityMicro === 0) continue;
    const warehouse_id = requiredText(row, 'warehouse_id');
    if (findWarehouse(db, warehouse_id)?.status !== 'active') throw warehouseNotFound(warehouse_id);
    rows.push({ warehouse_id, quantityMicro, rateMicro: rate(row) ?? inAll });
  }
  const quantityMicro = microField(body, 'initial_stock', { least: 0 }) ?? 0;
  if (rows.length > 0 || quantityMicro === 0) return rows;
  return [{ warehouse_id: primaryWarehouse(db).warehouse_id, quantityMicro, rateMicro: inAll }];
}

function openStock(world: World, item: Item, body: Body, date: string): void {
  const opened = openings(world.db, body, item);
  if (opened.length > 0 && item.kind !== 'goods')
    throw invalid('initial_stock', 'Opening stock is kept of tracked goods only.');
  for (const { warehouse_id, quantityMicro, rateMicro } of opened) {
    const valueMinor = amountMinor(quantityMicro, rateMicro, baseDigits(world.db));
    const source = { type: 'opening_stock', id: item.item_id, number: 'Opening stock', line_id: '', date } as const;
    bringIn(world, { item_id: item.item_id, from: 'opening', warehouse_id, quantityMicro, valueMinor }, source);
  }
}

/**
 * A new item: `name` and `rate` are required. Opening stock by `initial_stock` (primary warehouse) or `warehouses[]`
 * `{ warehouse_id, initial_stock, initial_stock_rate }`, dated `openingDate` (today if not given). Returns its id.
 */
export function createItem(world: World, body: Body, { openingDate }: { openingDate?: string } = {}): string {
  return world.db.transaction(() => {
    const item = draftItem(world, body);
    saveItem(world.db, item);
    openStock(world, item, body, documentDate(world, { date: openingDate }, 'date'));
    return item.item_id;
  });
}

/** Changes the keys that are given. Unit and tracking are fixed after the first stock movement. */
export function updateItem(world: World, id: string, body: Body): void {
  world.db.transaction(() => {
    const before = itemOf(world.db, id);
    const item = draftItem(world, body, before);
    if (hasMoves(world.db, id)) {
      if (item.unit !== before.unit) throw refused('The unit cannot change after the first stock movement.', 'unit');
      if (item.kind !== before.kind)
        throw refused('Tracking cannot change after the first stock movement.', 'track_inventory');
      const opening = microField(body, 'initial_stock');
      if (opening !== undefined && opening !== (microField(before.fields, 'initial_stock') ?? 0))
        throw refused('Stock has moved already; correct it by an adjustment.', 'initial_stock');
    } else openStock(world, item, body, world.today());
    saveItem(world.db, item);
  });
}

/** Takes the item out of the catalog; one with history stays and can only be deactivated. */
export function deleteItem(world: World, id: string): void {
  world.db.transaction(() => {
    const item = itemOf(world.db, id);
    const history = itemHistory(world.db, id);
    if (history) throw refused(`${item.name} has ${history} and cannot be deleted. Deactivate it instead.`, 'item_id');
    world.db.prepare('DELETE FROM kit_part WHERE kit_id = ?').run(id);
    world.db.prepare('DELETE FROM item WHERE item_id = ?').run(id);
  });
}

export function setItemStatus(world: World, id: string, status: Item['status']): void {
  const item = itemOf(world.db, id);
  saveItem(world.db, { ...item, status, last_modified_time: world.timestamp() });
}
