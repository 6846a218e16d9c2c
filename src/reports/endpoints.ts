import type { Operation } from '../operations/define.ts';
import { getItem, getItemTransactionHistory, listItems } from '../operations/items.ts';
import * as operations from '../operations/reports.ts';
import { resolveItem } from '../workflows/resolve.ts';
import { rowIn, rowsIn, textIn } from '../workflows/rows.ts';
import { plainText } from '../workflows/text.ts';
import { onlyColumns, type ParameterName, type Report, type ReportResult, type Row } from './define.ts';
import { createReader } from './reader.ts';

const words = (text: string): string[] => text.split(' ');

/** Header, rows and totals of a reply of the API's own report. */
function resultOf(
  name: string,
  reply: Row,
  rows: readonly Row[],
  columns: readonly string[],
  { calls, cut, sections }: { calls: number; cut: boolean; sections?: Record<string, readonly Row[]> },
): ReportResult {
  const { totals, truncated: _, ...header } = rowIn(reply, 'report');
  const sums = rowIn({ totals }, 'totals');
  return {
    header: { name, row_count: rows.length, ...header, truncated: cut },
    rows: rows.map((row) => onlyColumns(row, columns)),
    ...(Object.keys(sums).length > 0 ? { totals: sums } : {}),
    ...(sections ? { sections } : {}),
    truncated: cut,
    calls,
  };
}

function ofEndpoint(
  operation: Operation,
  particulars: Pick<Report, 'name' | 'title' | 'description'> & {
    key: string;
    columns: string;
    parameters: readonly ParameterName[];
    sections?: Record<string, string>;
  },
): Report {
  const { name, title, description, key, parameters } = particulars;
  const columns = words(particulars.columns);
  const sectionColumns = Object.fromEntries(
    Object.entries(particulars.sections ?? {}).map(([section, text]) => [section, words(text)]),
  );
  return {
    name,
    title,
    description,
    columns,
    ...(particulars.sections ? { sectionColumns } : {}),
    uses: [operation],
    parameters,
    read: async (api, asked, context) => {
      const reader = createReader(api, context);
      const most = context.mostRows ?? 200;
      const { rows, first } = operation.paged
        ? await reader.list(operation.name, key, asked, most)
        : await whole(reader.call(operation.name, asked), key, most);
      const sections = Object.entries(sectionColumns).flatMap(([section, wanted]) =>
        first[section] === undefined
          ? []
          : [
              [
                section,
                rowsIn(first, section)
                  .slice(0, most)
                  .map((row) => onlyColumns(row, wanted)),
              ] as const,
            ],
      );
      const all = Number(rowIn(first, 'report').row_count ?? rows.length);
      return resultOf(name, first, rows, columns, {
        calls: reader.calls(),
        cut: reader.cut() || all > rows.length,
        ...(sections.length > 0 ? { sections: Object.fromEntries(sections) } : {}),
      });
    },
  };
}

async function whole(call: Promise<Row>, key: string, most: number): Promise<{ rows: Row[]; first: Row }> {
  const first = await call;
  return { rows: rowsIn(first, key).slice(0, most), first };
}

const inRange: readonly ParameterName[] = ['warehouse_id', 'from_date', 'to_date'];
const asOf: readonly ParameterName[] = ['warehouse_id', 'to_date'];

export const inventorySummary = ofEndpoint(operations.getInventorySummary, {
  name: 'inventory-summary',
  title: 'Inventory summary',
  description: 'Stock, claims, traffic and value of each item. One call for 200 items.',
  key: 'items',
  columns:
    'item_id name sku unit status reorder_level quantity_available quantity_demanded quantity_available_for_sale quantity_ordered quantity_in_transit quantity_purchased quantity_sold asset_value',
  parameters: inRange,
  sections: { composite_items: 'item_id name sku unit buildable' },
});

export const inventoryValuation = ofEndpoint(operations.getInventoryValuation, {
  name: 'inventory-valuation',
  title: 'Inventory valuation',
  description: 'What the stock of a day cost, first in, first out; transit apart. One call for 200 rows.',
  key: 'items',
  columns: 'item_id name sku unit in_transit quantity unit_cost asset_value',
  parameters: asOf,
});

export const stockOnHand = ofEndpoint(operations.getStockOnHand, {
  name: 'stock-on-hand',
  title: 'Stock on hand',
  description: 'A row for each item and warehouse with any figure. One call for 200 rows.',
  key: 'items',
  columns: 'item_id name sku unit warehouse_id warehouse_name on_hand committed packed available',
  parameters: asOf,
});

const lowColumns =
  'item_id name sku unit stock_on_hand committed_stock available_stock quantity_ordered reorder_level vendor_id vendor_name purchase_rate suggested_quantity';

export const lowStock = ofEndpoint(operations.getLowStockReport, {
  name: 'low-stock',
  title: 'Low stock',
  description: 'Items at or below their reorder level, and items promised beyond stock as `shortages`. One call.',
  key: 'items',
  columns: lowColumns,
  parameters: ['warehouse_id'],
  sections: { shortages: lowColumns },
});

export const salesByItem = ofEndpoint(operations.getSalesByItem, {
  name: 'sales-by-item',
  title: 'Sales by item',
  description: 'What was ordered of each item, in base currency, and its margin. One call for 200 items.',
  key: 'items',
  columns: 'item_id name sku quantity_ordered quantity_shipped amount average_price margin quantity_used_in_kits',
  parameters: inRange,
});

export const salesByCustomer = ofEndpoint(operations.getSalesByCustomer, {
  name: 'sales-by-customer',
  title: 'Sales by customer',
  description: 'What each customer ordered, in base currency. One call for 200 customers.',
  key: 'customers',
  columns: 'customer_id name currency_code order_count quantity amount tax shipping_and_adjustment total',
  parameters: inRange,
});

const transactionColumns = words(
  'date posted_at document_type document_number status contact_name warehouse_name quantity_in quantity_out balance unit_cost value reverses',
);

export const itemTransactions: Report = {
  name: 'item-transactions',
  title: 'Item transactions',
  description:
    'Every change of one item’s stock with a running balance. One to three calls to find it, one for 200 rows.',
  columns: transactionColumns,
  uses: [listItems, getItem, getItemTransactionHistory],
  parameters: ['item', 'from_date', 'to_date'],
  read: async (api, { item = '', from_date, to_date }, context) => {
    const reader = createReader(api, context);
    const found = await resolveItem({ call: reader.call, pages: api.pages }, item, { forWrite: false });
    const input = {
      item_id: textIn(found, 'item_id'),
      ...(from_date === undefined ? {} : { date_start: from_date }),
      ...(to_date === undefined ? {} : { date_end: to_date }),
    };
    const most = context.mostRows ?? 200;
    const { rows, first } = await reader.list('get_item_transaction_history', 'transactions', input, most);
    const result = { calls: reader.calls(), cut: reader.cut() };
    const report = resultOf('item-transactions', first, rows, transactionColumns, result);
    const about = { name: plainText(found.name), sku: plainText(found.sku, 60), unit: plainText(found.unit, 20) };
    return { ...report, chart: { header: { ...report.header, item: about, today: context.today }, rows: report.rows } };
  },
};
