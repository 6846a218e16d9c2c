import { examples } from '../../scripts/workflow-examples.ts';
import type { Input } from '../../src/operations/define.ts';
import type { ReadRow } from './row.ts';
import { cables, twoCableVendors } from './things.ts';

const given = (tool: string): Input => examples[tool] ?? {};
const cable = { item: 'USB-C Cable' };
const noStock = { never: 'takes_no_stock' } as const;
const noName = { never: 'takes_no_name' } as const;

export const reads: readonly ReadRow[] = [
  {
    ...{ tool: 'find_items', given: given('find_items'), well: /UCC-1M USB-C Cable 1 m: 240 pcs on hand/ },
    ...{ short_stock: noStock, ambiguous_name: { given: { text: 'USB-C Cable' }, says: cables } },
  },
  {
    ...{ tool: 'find_contacts', given: { text: 'Marble' }, well: /Marble Hotel/ },
    short_stock: noStock,
    ambiguous_name: { given: { text: 'Bluebird' }, says: ['2 contacts match', 'Bluebird Cafes Ltd'] },
  },
  {
    ...{ tool: 'find_orders', given: given('find_orders'), well: /SO-00012/ },
    short_stock: noStock,
    ambiguous_name: { given: { party: 'Bluebird' }, says: ['Bluebird Cafe', 'Bluebird Cafes Ltd'] },
  },
  {
    ...{ tool: 'get_record', given: given('get_record'), well: /Package PKG-00009/, short_stock: noStock },
    ambiguous_name: { given: { kind: 'item', record: 'USB-C Cable' }, says: cables },
  },
  {
    ...{
      tool: 'check_stock',
      given: { items: [{ item: 'WBH-001', quantity: 20 }] },
      well: /Enough of all that was checked/,
    },
    short_stock: {
      given: given('check_stock'),
      says: ['Not enough of Wireless Bluetooth Headphones', '|60|80|30|50|0|10|'],
    },
    ambiguous_name: { given: { items: [cable] }, says: cables },
  },
  {
    ...{ tool: 'when_available', given: { sales_order: 'SO-00012' }, well: /SO-00012/ },
    short_stock: { given: given('when_available'), says: ['5 of 8 SPK-BT short'] },
    ambiguous_name: { given: cable, says: cables },
  },
  {
    ...{ tool: 'review_pending_orders', given: given('review_pending_orders'), well: /7 orders wait/ },
    short_stock: { given: given('review_pending_orders'), says: ['SO-00019 3 of 8'] },
    ambiguous_name: { given: { warehouse: 'land' }, says: ['Oakland', 'Portland'] },
  },
  {
    ...{ tool: 'chase_late_purchases', given: {}, well: /1 purchase order is late/, short_stock: noStock },
    ambiguous_name: { given: twoCableVendors, says: ['CableWorks', 'CableWorks North'] },
  },
  {
    ...{ tool: 'explain_stock', given: given('explain_stock'), well: /on hand 80 = 80/ },
    short_stock: { given: { item: 'SPK-BT' }, says: ['Available -5 = 3 - 8 committed'] },
    ambiguous_name: { given: cable, says: cables },
  },
  {
    ...{ tool: 'suggest_transfers', given: { items: ['MUG'] }, well: /Nothing to move/ },
    short_stock: { given: {}, says: ['5 SPK-BT in Oakland'] },
    ambiguous_name: { given: { items: ['USB-C Cable'] }, says: cables },
  },
  {
    ...{ tool: 'daily_report', given: {}, well: /37 SKUs worth/, ambiguous_name: noName },
    short_stock: {
      given: {},
      says: ['1 is promised beyond stock', 'SPK-BT Bluetooth Speaker: on hand 3, available -5'],
    },
  },
  {
    ...{ tool: 'low_stock_alert', given: {}, well: /4 items are at or below/, ambiguous_name: noName },
    short_stock: {
      given: {},
      says: ['1 is promised beyond stock', 'SPK-BT Bluetooth Speaker: on hand 3, available -5'],
    },
  },
  {
    ...{ tool: 'export_items', given: given('export_items'), well: /Items 1 to 6/ },
    ...{ short_stock: noStock, ambiguous_name: noName },
  },
];
