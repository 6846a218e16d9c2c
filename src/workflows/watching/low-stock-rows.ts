import type { Api } from '../define.ts';
import { formatMicro, maxOf, microToNumber } from '../numbers.ts';
import { microIn, type Row, rowIn, rowsIn, textIn } from '../rows.ts';
import { counted } from '../text.ts';
import type { Alert } from './alert-port.ts';
import { type Page, renderPage, type Table } from './page.ts';

/** One item of the low stock report; quantities in 1e-6 units. */
export interface LowItem {
  readonly itemId: string;
  readonly name: string;
  readonly sku: string;
  readonly unit: string;
  readonly onHand: bigint;
  readonly available: bigint;
  readonly level: bigint;
  readonly onOrder: bigint;
  /** By the reference's formula for alerts, 2 x level - on hand, and never below 0. */
  readonly suggested: bigint;
  readonly vendor: string;
}

export interface LowStock {
  /** At or below their level, the emptiest first. */
  readonly low: readonly LowItem[];
  /** More is promised than there is, whatever the level. */
  readonly short: readonly LowItem[];
  /** More items are low than the API listed. */
  readonly truncated: boolean;
  /** The organization's day, yyyy-mm-dd; empty where the report does not say. */
  readonly asOf: string;
}

function lowItem(row: Row): LowItem {
  const onHand = microIn(row, 'stock_on_hand') ?? 0n;
  const level = microIn(row, 'reorder_level') ?? 0n;
  return {
    itemId: textIn(row, 'item_id'),
    name: textIn(row, 'name'),
    sku: textIn(row, 'sku'),
    unit: textIn(row, 'unit'),
    onHand,
    available: microIn(row, 'available_stock') ?? onHand - (microIn(row, 'committed_stock') ?? 0n),
    level,
    onOrder: microIn(row, 'quantity_ordered') ?? 0n,
    suggested: maxOf(0n, 2n * level - onHand),
    vendor: textIn(row, 'vendor_name'),
  };
}

/** What is low and what is promised beyond stock. One call. */
export async function readLowStock(api: Api): Promise<LowStock> {
  const reply = await api.call('get_low_stock_report', {});
  const report = rowIn(reply, 'report');
  return {
    low: rowsIn(reply, 'items').map(lowItem),
    short: rowsIn(reply, 'shortages').map(lowItem),
    truncated: report.truncated === true,
    asOf: textIn(report, 'as_of'),
  };
}

const columns = ['SKU', 'Item', 'On hand', 'Available', 'Level', 'Suggested order', 'On order', 'Vendor'];

/** Items as a table, `most` of them at most; its title says how many there are. */
export function lowTable(title: string, items: readonly LowItem[], most: number, none: string): Table {
  const shown = items.slice(0, most);
  return {
    title: shown.length < items.length ? `${title} (${shown.length} of ${items.length})` : title,
    columns,
    rows: shown.map((item) => [
      { typed: item.sku },
      { typed: item.name },
      formatMicro(item.onHand),
      formatMicro(item.available),
      formatMicro(item.level),
      formatMicro(item.suggested),
      formatMicro(item.onOrder),
      item.vendor === '' ? 'none kept' : { typed: item.vendor },
    ]),
    none,
  };
}

/** `4 items are at or below their reorder level, 1 is promised beyond stock`. */
export const lowWords = ({ low, short }: Pick<LowStock, 'low' | 'short'>): string =>
  `${counted(low.length, 'item')} ${low.length === 1 ? 'is' : 'are'} at or below ${low.length === 1 ? 'its' : 'their'} reorder level, ${short.length} ${short.length === 1 ? 'is' : 'are'} promised beyond stock`;

export const nothingLow = ({ low, short }: LowStock): boolean => low.length === 0 && short.length === 0;

const mostRows = 50;

/** The alert as a person reads it. What is both low and short stands in both tables. */
export function alertPage(stock: LowStock, day: string): Page {
  const { low, short, truncated } = stock;
  return {
    title: `Low stock alert of ${day}`,
    words: [
      `${lowWords(stock)}.`,
      ...(truncated ? ['The API listed only a part of the low items.'] : []),
      'Suggested order is 2 x level - on hand; what is on order already is not taken off.',
    ],
    tables: [
      lowTable('At or below the reorder level', low, mostRows, 'None.'),
      ...(short.length > 0 ? [lowTable('Promised beyond stock', short, mostRows, 'None.')] : []),
    ],
  };
}

/** The same to be sent. Its text tells no time of day, so that the same alert is known again. */
export function alertOf(stock: LowStock, day: string): Alert {
  const page = alertPage(stock, day);
  const { low, short } = stock;
  return {
    subject: `${page.title}: ${low.length} low, ${short.length} short`,
    text: renderPage(page, 'text').join('\n'),
    html: renderPage(page, 'html').join('\n'),
    items: [...new Map([...low, ...short].map((item) => [item.itemId, item])).values()].slice(0, mostRows).map(asData),
  };
}

export const asData = (item: LowItem) => ({
  item_id: item.itemId,
  name: item.name,
  sku: item.sku,
  stock_on_hand: microToNumber(item.onHand),
  available_stock: microToNumber(item.available),
  reorder_level: microToNumber(item.level),
  suggested_quantity: microToNumber(item.suggested),
  quantity_ordered: microToNumber(item.onOrder),
  ...(item.vendor === '' ? {} : { vendor_name: item.vendor }),
});
