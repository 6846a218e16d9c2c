import type { Database, Row } from '../../../sqlite.ts';
import { invalid, missing, notFound, type World } from '../../route.ts';
import { integerOf, type JsonObject, jsonOf, textOf } from '../../row.ts';
import { findContact, findCurrency, findTax, findWarehouse, organization, primaryWarehouse } from '../directory.ts';
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
import type { Part } from '../stock.ts';

/** goods: stock is kept; untracked: goods without; service; kit: sold as one, stocked as its parts. */
export type ItemKind = 'goods' | 'untracked' | 'service' | 'kit';

export interface Item {
  readonly item_id: string;
  readonly kind: ItemKind;
  readonly name: string;
  readonly sku: string;
  readonly unit: string;
  readonly status: 'active' | 'inactive';
  /** Sales price per unit, base currency, millionths. */
  readonly rateMicro: number;
  /** Cost per unit, base currency, millionths. */
  readonly purchaseRateMicro: number;
  readonly isTaxable: boolean;
  /** '' = none. */
  readonly tax_id: string;
  readonly reorderLevelMicro: number;
  /** '' = none. */
  readonly vendor_id: string;
  readonly product_type: string;
  readonly item_type: string;
  readonly created_time: string;
  readonly last_modified_time: string;
  /** What was given beside, unchanged. */
  readonly fields: JsonObject;
}

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

function toKind(text: string): ItemKind {
  return text === 'goods' || text === 'untracked' || text === 'kit' ? text : 'service';
}

export function toItem(row: Row): Item {
  return {
    item_id: textOf(row, 'item_id'),
    kind: toKind(textOf(row, 'kind')),
    name: textOf(row, 'name'),
    sku: textOf(row, 'sku'),
    unit: textOf(row, 'unit'),
    status: textOf(row, 'status') === 'inactive' ? 'inactive' : 'active',
    rateMicro: integerOf(row, 'rate_micro'),
    purchaseRateMicro: integerOf(row, 'purchase_rate_micro'),
    isTaxable: integerOf(row, 'is_taxable') === 1,
    tax_id: textOf(row, 'tax_id'),
    reorderLevelMicro: integerOf(row, 'reorder_level_micro'),
    vendor_id: textOf(row, 'vendor_id'),
    product_type: textOf(row, 'product_type'),
    item_type: textOf(row, 'item_type'),
    created_time: textOf(row, 'created_time'),
    last_modified_time: textOf(row, 'last_modified_time'),
    fields: jsonOf(row, 'json'),
  };
}

export function findItem(db: Database, id: string): Item | undefined {
  const row = db.prepare('SELECT * FROM item WHERE item_id = ?').get(id);
  return row && toItem(row);
}

/** The item of a path; 404 when there is none. */
export function itemOf(db: Database, id: string): Item {
  const found = findItem(db, id);
  if (!found) throw notFound('item', id);
  return found;
}

/** The parts of a kit, in the order given. */
export const kitParts = (db: Database, kitId: string): (Part & { warehouse_id: string })[] =>
  db
    .prepare('SELECT item_id, quantity_micro, warehouse_id FROM kit_part WHERE kit_id = ? ORDER BY position')
    .all(kitId)
    .map((row) => ({
      item_id: textOf(row, 'item_id'),
      quantityMicro: integerOf(row, 'quantity_micro'),
      warehouse_id: textOf(row, 'warehouse_id'),
    }));

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

/** Writes the row, new or changed. */
export function saveItem(db: Database, item: Item): void {
  const { upc, ean, isbn, part_number } = item.fields;
  const search = [item.name, item.sku, upc, ean, isbn, part_number].filter(Boolean).join('\n').toLowerCase();
  db.prepare(
    `INSERT INTO item (item_id, kind, name, sku, unit, status, rate_micro, purchase_rate_micro, is_taxable, tax_id,
       reorder_level_micro, vendor_id, product_type, item_type, search_text, created_time, last_modified_time, json)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (item_id) DO UPDATE SET kind = excluded.kind, name = excluded.name, sku = excluded.sku,
       unit = excluded.unit, status = excluded.status, rate_micro = excluded.rate_micro,
       purchase_rate_micro = excluded.purchase_rate_micro, is_taxable = excluded.is_taxable, tax_id = excluded.tax_id,
       reorder_level_micro = excluded.reorder_level_micro, vendor_id = excluded.vendor_id,
       product_type = excluded.product_type, item_type = excluded.item_type, search_text = excluded.search_text,
       last_modified_time = excluded.last_modified_time, json = excluded.json`,
  ).run(
    item.item_id,
    item.kind,
    item.name,
    item.sku,
    item.unit,
    item.status,
    item.rateMicro,
    item.purchaseRateMicro,
    item.isTaxable ? 1 : 0,
    item.tax_id,
    item.reorderLevelMicro,
    item.vendor_id,
    item.product_type,
    item.item_type,
    search,
    item.created_time,
    item.last_modified_time,
    JSON.stringify(item.fields),
  );
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
    const warehouse_id = requiredText(row, 'warehouse_id');
    if (findWarehouse(db, warehouse_id)?.status !== 'active') throw warehouseNotFound(warehouse_id);
    if (quantityMicro > 0) rows.push({ warehouse_id, quantityMicro, rateMicro: rate(row) ?? inAll });
  }
  const quantityMicro = microField(body, 'initial_stock', { least: 0 }) ?? 0;
  if (rows.length > 0 || quantityMicro === 0) return rows;
  return [{ warehouse_id: primaryWarehouse(db).warehouse_id, quantityMicro, rateMicro: inAll }];
}

/** Decimal places of base currency amounts. */
export const baseDigits = (db: Database): number =>
  findCurrency(db, organization(db).currency_id)?.minor_digits ?? organization(db).price_precision;

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
