import * as z from 'zod';
import { listPurchaseOrders } from '../../operations/purchase-orders.ts';
import { getInventorySummary, getLowStockReport } from '../../operations/reports.ts';
import { listSalesOrders } from '../../operations/sales-orders.ts';
import { bindApi } from '../api.ts';
import { daysBetween } from '../days.ts';
import type { ReadWorkflow } from '../define.ts';
import { formatMicro, formatMoney, minorDigits, parseScaled } from '../numbers.ts';
import { parseBy } from '../rows.ts';
import { counted } from '../text.ts';
import { type Day, type OrderStep, orderSteps, readDay, type Waiting } from './daily-report-read.ts';
import { formatInput } from './low-stock-alert.ts';
import { lowTable, lowWords } from './low-stock-rows.ts';
import { type Page, renderPage } from './page.ts';

const schema = z.strictObject(formatInput);

const mostRows = 25;

const stepWords: Record<OrderStep, string> = {
  confirm: 'to confirm',
  pack: 'to pack',
  ship: 'to ship',
  deliver: 'to deliver',
};

const waitingWords = ({ steps }: Day): string =>
  orderSteps.map((step) => `${steps[step].length} ${stepWords[step]}`).join(', ');

const valueWords = ({ value, currency }: Day): string => {
  const minor = parseScaled(value, minorDigits(currency));
  return minor === undefined ? 'unknown' : formatMoney(minor, currency);
};

/** The first rows, and in the title how many there are. */
function cut<T>(title: string, all: readonly T[]): { title: string; shown: readonly T[] } {
  const shown = all.slice(0, mostRows);
  return { title: shown.length < all.length ? `${title} (${shown.length} of ${all.length})` : title, shown };
}

function waitingTable(day: Day, today: string) {
  const all = orderSteps.flatMap((step) => day.steps[step].map((order) => ({ step, order })));
  const { title, shown } = cut('Orders waiting', all);
  return {
    title,
    columns: ['Order', 'Customer', 'Step', 'Days'],
    rows: shown.map(({ step, order }) => [
      { typed: order.number },
      { typed: order.party },
      stepWords[step],
      String(daysBetween(order.day, today)),
    ]),
    none: 'None.',
  };
}

function lateTable(late: readonly Waiting[], today: string) {
  const { title, shown } = cut('Late purchases', late);
  return {
    title,
    columns: ['Order', 'Vendor', 'Due', 'Days late'],
    rows: shown.map(({ number, party, day }) => [
      { typed: number },
      { typed: party },
      day,
      String(daysBetween(day, today)),
    ]),
    none: 'None.',
  };
}

function transitTable({ inTransit }: Day) {
  const { title, shown } = cut('In transit', inTransit);
  return {
    title,
    columns: ['SKU', 'Item', 'Quantity'],
    rows: shown.map(({ sku, name, quantity }) => [{ typed: sku }, { typed: name }, formatMicro(quantity)]),
    none: 'Nothing.',
  };
}

/** What the figures leave out; nothing in a company of up to 200 items and orders. */
function limitsOf({ stock, sales, purchases, allItems }: Day): string[] {
  const older = 'only the newest 200 were read: older ones may wait too';
  return [
    ...(stock.truncated ? ['The API listed only a part of the low items.'] : []),
    ...(sales.complete ? [] : [`Of the sales orders ${older}.`]),
    ...(purchases.complete ? [] : [`Of the purchase orders ${older}.`]),
    ...(allItems ? [] : ['In transit was looked up for the first 200 items only.']),
  ];
}

function pageOf(day: Day, today: string): Page {
  const { low, short } = day.stock;
  return {
    title: `Inventory report of ${today}`,
    words: [
      `Total SKUs: ${day.skus}`,
      `Total value: ${valueWords(day)}`,
      `Low stock: ${low.length}, promised beyond stock: ${short.length}`,
      `Orders waiting: ${waitingWords(day)}`,
      `Late purchases: ${day.late.length}`,
      `In transit: ${counted(day.inTransit.length, 'item')}`,
      ...limitsOf(day),
    ],
    tables: [
      lowTable('Low stock', low, mostRows, 'None.'),
      lowTable('Promised beyond stock', short, mostRows, 'None.'),
      waitingTable(day, today),
      lateTable(day.late, today),
      transitTable(day),
    ],
  };
}

/** Answers `{ message, text | markdown | html }`: the report line by line, under the name of its format. */
export const dailyReport: ReadWorkflow = {
  name: 'daily_report',
  title: 'Daily report',
  description:
    'Inventory of the day: SKUs, value, low stock, shortages, orders waiting by step, late purchases, in transit. 4 calls. One report: get_report.',
  toolset: 'reports',
  input: formatInput,
  uses: [getInventorySummary, getLowStockReport, listSalesOrders, listPurchaseOrders],
  read: async (given, raw, context) => {
    const { format } = parseBy(schema, raw);
    context.progress('Reading stock, orders and purchases');
    const day = await readDay(bindApi(given, context), context.today);
    const message = `${counted(day.skus, 'SKU')} worth ${valueWords(day)}; ${lowWords(day.stock)}; orders ${waitingWords(day)}; ${counted(day.late.length, 'late purchase')}.`;
    return { message, [format]: renderPage(pageOf(day, context.today), format) };
  },
};
