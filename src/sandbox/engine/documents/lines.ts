import type { Database, Row } from '../../../sqlite.ts';
import { invalid, missing, type World } from '../../route.ts';
import { integerOf, type JsonObject, jsonOf, textOf } from '../../row.ts';
import { findTax, findWarehouse, primaryWarehouse } from '../directory.ts';
import {
  amountField,
  type Body,
  given,
  itemNotFound,
  keptFields,
  microField,
  quantityField,
  refused,
  textField,
  warehouseNotFound,
} from '../fields.ts';
import { type Discount, type LineMoney, lineMoney } from '../money.ts';
import { fromMicro, micro, multiplyRounded } from '../quantity.ts';
import type { Part } from '../stock.ts';
import { findItem, type Item, type ItemKind, kitParts } from './item-record.ts';

export type OrderKind = 'sales' | 'purchase';

export interface OrderLine extends LineMoney {
  readonly line_item_id: string;
  readonly item_id: string;
  /** As the item was when the line was written. */
  readonly kind: ItemKind;
  readonly name: string;
  readonly description: string;
  readonly warehouse_id: string;
  readonly quantityMicro: number;
  readonly rateMicro: number;
  readonly discount: Discount;
  readonly tax_id: string;
  readonly tax_name: string;
  readonly taxPercentageMicro: number;
  /** Counts that only grow with packing; shipped <= packed <= quantity. */
  readonly packedMicro: number;
  readonly shippedMicro: number;
  readonly deliveredMicro: number;
  readonly receivedMicro: number;
  /** Of a kit: its parts as they were when the line was written, so that a later recipe changes no order. */
  readonly recipe: readonly Part[];
  readonly fields: JsonObject;
}

const keptKeys = ['discount', 'discount_amount', 'custom_fields'];

function recipeOf(text: string): Part[] {
  const parsed: unknown = JSON.parse(text || '[]');
  return Array.isArray(parsed)
    ? parsed.map(([item_id, quantity]) => ({ item_id: String(item_id), quantityMicro: Number(quantity) }))
    : [];
}

export function toLine(row: Row): OrderLine {
  const kind = textOf(row, 'kind');
  const percentMicro = integerOf(row, 'discount_percent_micro');
  const discountMinor = integerOf(row, 'discount_minor');
  return {
    line_item_id: textOf(row, 'line_item_id'),
    item_id: textOf(row, 'item_id'),
    kind: kind === 'goods' || kind === 'untracked' || kind === 'kit' ? kind : 'service',
    name: textOf(row, 'name'),
    description: textOf(row, 'description'),
    warehouse_id: textOf(row, 'warehouse_id'),
    quantityMicro: integerOf(row, 'quantity_micro'),
    rateMicro: integerOf(row, 'rate_micro'),
    discount: percentMicro > 0 ? { percentMicro } : { amountMinor: discountMinor },
    grossMinor: integerOf(row, 'gross_minor'),
    discountMinor,
    taxMinor: integerOf(row, 'tax_minor'),
    tax_id: textOf(row, 'tax_id'),
    tax_name: textOf(row, 'tax_name'),
    taxPercentageMicro: integerOf(row, 'tax_percentage_micro'),
    packedMicro: integerOf(row, 'packed_micro'),
    shippedMicro: integerOf(row, 'shipped_micro'),
    deliveredMicro: integerOf(row, 'delivered_micro'),
    receivedMicro: integerOf(row, 'received_micro'),
    recipe: recipeOf(textOf(row, 'recipe')),
    fields: jsonOf(row, 'json'),
  };
}

/** The lines of an order, in their order. */
export const orderLines = (db: Database, orderId: string): OrderLine[] =>
  db.prepare('SELECT * FROM order_line WHERE order_id = ? ORDER BY position').all(orderId).map(toLine);

/** What a line takes from stock per unit sold: itself, or a kit's tracked parts; nothing for services and untracked goods. */
export function partsOf(line: Pick<OrderLine, 'kind' | 'item_id' | 'recipe'>): readonly Part[] {
  if (line.kind === 'goods') return [{ item_id: line.item_id, quantityMicro: micro }];
  return line.kind === 'kit' ? line.recipe : [];
}

/** The recipe of a kit as a line keeps it: its parts that are kept in stock. */
export const recipeNow = (db: Database, kitId: string): Part[] =>
  kitParts(db, kitId)
    .filter(({ item_id }) => findItem(db, item_id)?.kind === 'goods')
    .map(({ item_id, quantityMicro }) => ({ item_id, quantityMicro }));

/** An active warehouse by id; `id` undefined = the primary one. */
export function activeWarehouse(db: Database, id: string | undefined, field = 'warehouse_id'): string {
  if (id === undefined) return primaryWarehouse(db).warehouse_id;
  const found = findWarehouse(db, id);
  if (!found) throw warehouseNotFound(id, field);
  if (found.status !== 'active') throw invalid(field, `The warehouse ${found.warehouse_name} is inactive.`);
  return id;
}

function discountField(body: Body, digits: number, before: Discount | undefined): Discount {
  const amount = amountField(body, 'discount_amount', digits, { least: 0 });
  if (amount !== undefined) return { amountMinor: amount };
  const value = given(body, 'discount');
  if (value === undefined) return before ?? { amountMinor: 0 };
  const percent = typeof value === 'string' ? value.replace(/\s*%\s*$/, '') : value;
  const percentMicro = microField({ discount: percent }, 'discount', { least: 0, most: 100 }) ?? 0;
  return percentMicro === 0 ? { amountMinor: 0 } : { percentMicro };
}

type LineTax = Pick<OrderLine, 'tax_id' | 'tax_name' | 'taxPercentageMicro'>;
const untaxed: LineTax = { tax_id: '', tax_name: '', taxPercentageMicro: 0 };

// A kept line keeps the percentage of its day. A sale takes the item's tax; a purchase is taxed only when it says so,
// since goods bought for resale are not.
function lineTax(db: Database, body: Body, item: Item, kind: OrderKind, before: OrderLine | undefined): LineTax {
  const wanted = textField(body, 'tax_id');
  if (before && (wanted === undefined || wanted === before.tax_id)) return before;
  const id = wanted ?? (kind === 'sales' && item.isTaxable ? item.tax_id : '');
  if (id === '') return untaxed;
  const tax = findTax(db, id);
  if (!tax) throw invalid('tax_id', `There is no tax ${id}.`);
  return { tax_id: id, tax_name: tax.name, taxPercentageMicro: tax.percentage_micro };
}

export interface LineContext {
  readonly kind: OrderKind;
  readonly exchangeRateMicro: number;
  /** Decimal places of the order's currency. */
  readonly digits: number;
}

function lineItem(db: Database, body: Body, kind: OrderKind, before: OrderLine | undefined): Item {
  const id = textField(body, 'item_id') ?? before?.item_id;
  if (id === undefined) throw missing('item_id');
  const item = findItem(db, id);
  if (!item) throw itemNotFound(id);
  const touched = before && before.packedMicro + before.receivedMicro > 0;
  if (touched && id !== before.item_id)
    throw refused(`The line of ${before.name} is packed or received in part; its item cannot change.`, 'item_id');
  if (item.status !== 'active' && id !== before?.item_id)
    throw invalid('item_id', `${item.name} is inactive and cannot be ordered.`);
  if (item.kind === 'kit' && kind === 'purchase')
    throw invalid('item_id', `${item.name} is a composite item; buy its parts instead.`);
  return item;
}

/** A line as the body leaves it, over the line it replaces (`before`); throws for what cannot be. */
export function draftLine(world: World, body: Body, context: LineContext, before?: OrderLine): OrderLine {
  const { db } = world;
  const { kind, exchangeRateMicro, digits } = context;
  const item = lineItem(db, body, kind, before);
  const same = before && before.item_id === item.item_id ? before : undefined;
  const quantityMicro =
    same && given(body, 'quantity') === undefined ? same.quantityMicro : quantityField(body, 'quantity');
  const done = Math.max(before?.packedMicro ?? 0, before?.receivedMicro ?? 0);
  if (quantityMicro < done)
    throw refused(`${item.name}: ${fromMicro(done)} is packed, shipped or received already.`, 'quantity');
  const warehouse = textField(body, 'warehouse_id');
  if (same && done > 0 && warehouse !== undefined && warehouse !== same.warehouse_id)
    throw refused(`${item.name} is packed or received in part; its warehouse cannot change.`, 'warehouse_id');
  const list = kind === 'sales' ? item.rateMicro : item.purchaseRateMicro;
  const rateMicro =
    microField(body, 'rate', { least: 0 }) ?? same?.rateMicro ?? multiplyRounded(list, micro, exchangeRateMicro);
  const discount = discountField(body, digits, same?.discount);
  const tax = lineTax(db, body, item, kind, same);
  // A new statement about the discount replaces the other spelling of the old one.
  const { discount: _percent, discount_amount: _amount, ...others } = same?.fields ?? {};
  const restated = given(body, 'discount') !== undefined || given(body, 'discount_amount') !== undefined;
  return {
    ...lineMoney({ quantityMicro, rateMicro, discount, taxPercentageMicro: tax.taxPercentageMicro }, digits),
    line_item_id: before?.line_item_id ?? world.nextId(),
    item_id: item.item_id,
    kind: same?.kind ?? item.kind,
    name: textField(body, 'name') ?? same?.name ?? item.name,
    description: textField(body, 'description') ?? same?.description ?? '',
    // A line stays where it is even if that warehouse was given up since.
    warehouse_id:
      same && (warehouse === undefined || warehouse === same.warehouse_id)
        ? same.warehouse_id
        : activeWarehouse(db, warehouse),
    quantityMicro,
    rateMicro,
    discount,
    tax_id: tax.tax_id,
    tax_name: tax.tax_name,
    taxPercentageMicro: tax.taxPercentageMicro,
    packedMicro: before?.packedMicro ?? 0,
    shippedMicro: before?.shippedMicro ?? 0,
    deliveredMicro: before?.deliveredMicro ?? 0,
    receivedMicro: before?.receivedMicro ?? 0,
    recipe: same?.recipe ?? (item.kind === 'kit' ? recipeNow(db, item.item_id) : []),
    fields: keptFields(body, keptKeys, restated ? others : same?.fields),
  };
}

/** Writes a line, new or changed; its counts change by `addCounts` only. */
export function saveLine(db: Database, orderId: string, position: number, line: OrderLine): void {
  db.prepare(
    `INSERT INTO order_line (line_item_id, order_id, position, item_id, kind, name, description, warehouse_id,
       quantity_micro, rate_micro, discount_percent_micro, gross_minor, discount_minor, tax_minor, tax_id, tax_name,
       tax_percentage_micro, recipe, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (line_item_id) DO UPDATE SET position = excluded.position, item_id = excluded.item_id,
       kind = excluded.kind, name = excluded.name, description = excluded.description,
       warehouse_id = excluded.warehouse_id, quantity_micro = excluded.quantity_micro, rate_micro = excluded.rate_micro,
       discount_percent_micro = excluded.discount_percent_micro, gross_minor = excluded.gross_minor,
       discount_minor = excluded.discount_minor, tax_minor = excluded.tax_minor, tax_id = excluded.tax_id,
       tax_name = excluded.tax_name, tax_percentage_micro = excluded.tax_percentage_micro, recipe = excluded.recipe,
       json = excluded.json`,
  ).run(
    line.line_item_id,
    orderId,
    position,
    line.item_id,
    line.kind,
    line.name,
    line.description,
    line.warehouse_id,
    line.quantityMicro,
    line.rateMicro,
    'percentMicro' in line.discount ? line.discount.percentMicro : 0,
    line.grossMinor,
    line.discountMinor,
    line.taxMinor,
    line.tax_id,
    line.tax_name,
    line.taxPercentageMicro,
    JSON.stringify(line.recipe.map(({ item_id, quantityMicro }) => [item_id, quantityMicro])),
    JSON.stringify(line.fields),
  );
}

export type Count = 'packed' | 'shipped' | 'delivered' | 'received';

/** Adds to (negative: takes from) one count of a line. The table refuses shipped > packed > ordered and received > ordered. */
export function addCount(db: Database, lineId: string, count: Count, quantityMicro: number): void {
  const column = `${count}_micro`;
  db.prepare(`UPDATE order_line SET ${column} = ${column} + ? WHERE line_item_id = ?`).run(quantityMicro, lineId);
}
