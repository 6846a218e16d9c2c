import type { Database, Row } from '../../../sqlite.ts';
import { notFound } from '../../route.ts';
import { integerOf, type JsonObject, jsonOf, textOf } from '../../row.ts';
import { findCurrency, organization } from '../directory.ts';
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

/** The columns that `toItem` reads; an item has others, of what is kept of its stock. */
export const itemFields = `item_id, kind, name, sku, unit, status, rate_micro, purchase_rate_micro, is_taxable, tax_id,
  reorder_level_micro, vendor_id, product_type, item_type, created_time, last_modified_time, json`;

export function findItem(db: Database, id: string): Item | undefined {
  const row = db.prepare(`SELECT ${itemFields} FROM item WHERE item_id = ?`).get(id);
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

/** Decimal places of base currency amounts. */
export const baseDigits = (db: Database): number =>
  findCurrency(db, organization(db).currency_id)?.minor_digits ?? organization(db).price_precision;
