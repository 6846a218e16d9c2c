import * as z from 'zod';
import { getCompositeItem, listCompositeItems } from '../../operations/composite-items.ts';
import { getContact, listContacts } from '../../operations/contacts.ts';
import { someText } from '../../operations/fields.ts';
import { getItem, listItems } from '../../operations/items.ts';
import { getPackage, listPackages } from '../../operations/packages.ts';
import { getPurchaseOrder, listPurchaseOrders } from '../../operations/purchase-orders.ts';
import { getSalesOrder, listSalesOrders } from '../../operations/sales-orders.ts';
import { listShipmentOrders } from '../../operations/shipments.ts';
import { getStockAdjustment, listStockAdjustments } from '../../operations/stock-adjustments.ts';
import { getTransfer, listTransfers } from '../../operations/transfers.ts';
import { getWarehouse, listWarehouses } from '../../operations/warehouses.ts';
import { bindApi } from '../api.ts';
import type { Api, ReadWorkflow, WorkflowContext } from '../define.ts';
import { parseBy, type Row, textIn } from '../rows.ts';
import { named } from '../text.ts';
import { compactRecord } from './compact-record.ts';
import { readRecord } from './find-settled.ts';
import type { Finder } from './finders.ts';
import { type KindName, recordKinds } from './record-kinds.ts';

const kinds = Object.keys(recordKinds) as [KindName, ...KindName[]]; // parse boundary: the keys of a table with rows
const input = {
  kind: z.enum(kinds),
  record: someText(200, 'Number, name or id'),
};
const schema = z.strictObject(input);

/** Answers `{ message, [reply]: record }`, the record whole but for what is empty. */
async function read(given: Api, raw: unknown, context: WorkflowContext) {
  const { kind, record } = parseBy(schema, raw);
  const api = bindApi(given, context);
  const which: Finder = recordKinds[kind];
  context.progress(`Finding the ${which.naming.noun}`);
  const { row, note } = await readRecord(api, which, record);
  const { record: whole, cut } = compactRecord(row);
  return { message: `${recordWords(which, row)}.${note}${cut}`, [which.reply]: whole };
}

/** `Sales order SO-00016, partially shipped, Northwind Schools`. */
function recordWords({ naming }: Finder, row: Row): string {
  const [name = naming.id] = naming.names.filter((key) => textIn(row, key) !== '');
  const title = naming.names.includes('sku') ? 'name' : name;
  const party = textIn(row, 'customer_name') || textIn(row, 'vendor_name');
  const noun = naming.noun.charAt(0).toUpperCase() + naming.noun.slice(1);
  const code = title === 'name' && textIn(row, 'sku') !== '' ? `${named(row.sku, 40)} ` : '';
  return [`${noun} ${code}${named(row[title])}`, named(textIn(row, 'status').replaceAll('_', ' '), 40), named(party)]
    .filter((part) => part !== '')
    .join(', ');
}

export const getRecord: ReadWorkflow = {
  name: 'get_record',
  title: 'Get record',
  description: 'One record whole, with its lines. Where several match, candidates. Spends 1 to 3 calls.',
  toolset: 'catalog',
  input,
  uses: [
    ...[listItems, getItem, listCompositeItems, getCompositeItem, listContacts, getContact],
    ...[listSalesOrders, getSalesOrder, listPurchaseOrders, getPurchaseOrder],
    ...[listPackages, getPackage, listShipmentOrders, listTransfers, getTransfer],
    ...[listStockAdjustments, getStockAdjustment, listWarehouses, getWarehouse],
  ],
  read,
};
