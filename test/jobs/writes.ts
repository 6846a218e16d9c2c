import { examples } from '../../scripts/workflow-examples.ts';
import type { Input } from '../../src/operations/define.ts';
import type { WriteRow } from './row.ts';
import { cables, movedMugs, notes, receives, reprices, takes, twoCableVendors } from './things.ts';

const given = (tool: string): Input => examples[tool] ?? {};
const cable = [{ item: 'USB-C Cable', quantity: 1 }];
const bluebird = { customer: 'Bluebird Cafe' };
const twoBluebirds = ['Bluebird Cafe', 'Bluebird Cafes Ltd'];
const noStock = { never: 'takes_no_stock' } as const;
const noName = { never: 'takes_no_name' } as const;

export const writes: readonly WriteRow[] = [
  {
    ...{ tool: 'place_sales_order', given: given('place_sales_order'), writes: 2, well: /SO-00020 .* is confirmed/ },
    short_stock: { given: { ...bluebird, items: [{ item: 'SPK-BT', quantity: 4 }] }, says: [/SPK-BT/, /short/] },
    ambiguous_name: { given: { ...given('place_sales_order'), customer: 'Bluebird' }, says: twoBluebirds },
    moved_between: {
      given: { ...bluebird, items: [{ item: 'LAMP', quantity: 30 }], if_short: 'backorder' },
      by: takes('LAMP', 1),
    },
  },
  {
    ...{ tool: 'amend_order', given: given('amend_order'), writes: 1, well: /10 pcs -> 8 pcs/ },
    short_stock: {
      given: { order: 'SO-00012', lines: [{ item: 'WBH-001', quantity: 200 }] },
      says: [/Nothing has been done yet/, /WBH-001/, /short|beyond|more than/],
    },
    ambiguous_name: { given: { order: 'SO-00016', lines: cable }, says: cables },
    moved_between: {
      given: { order: 'SO-00012', lines: [{ item: 'WBH-001', quantity: 200 }] },
      by: notes('SO-00012'),
    },
  },
  {
    tool: 'fulfil_sales_order',
    given: { ...bluebird, items: [{ item: 'UCC-2M', quantity: 6 }], carrier: 'FedEx' },
    ...{ writes: 4, well: /packed and shipped by FedEx/ },
    short_stock: { given: { sales_order: 'SO-00019' }, says: [/SPK-BT/, /short|only 3|3 pcs/] },
    ambiguous_name: { given: { customer: 'Bluebird', items: cable }, says: twoBluebirds },
    moved_between: { by: takes('UCC-2M', 5) },
  },
  {
    ...{ tool: 'record_return', given: given('record_return'), writes: 1, well: /2 UCC-2M, by adjustment/ },
    short_stock: {
      given: { sales_order: 'SO-00016', lines: [{ item: 'UCC-2M', quantity: 7 }] },
      says: [/6/, /shipped/, /7/],
    },
    ambiguous_name: { given: { sales_order: 'SO-00016', lines: cable }, says: cables },
    moved_between: { by: takes('UCC-2M', 3) },
  },
  {
    ...{ tool: 'reorder_low_stock', given: {}, writes: 1, well: /PO-00010/, short_stock: noStock },
    ambiguous_name: { given: { items: [{ item: 'USB-C Cable' }] }, says: cables },
    moved_between: { by: takes('SPK-BT', 1) },
  },
  {
    ...{ tool: 'receive_delivery', given: given('receive_delivery'), writes: 1, well: /RCV-00007/ },
    short_stock: noStock,
    ambiguous_name: { given: twoCableVendors, says: ['CableWorks', 'CableWorks North'] },
    moved_between: { given: { vendor: 'CableWorks', lines: [{ item: 'DMAT', quantity: 20 }] }, by: receives('DMAT', 5) },
  },
  {
    ...{ tool: 'set_stock_levels', given: given('set_stock_levels'), writes: 1, well: /Set 2 levels in Oakland/ },
    short_stock: { given: { mode: 'change', rows: [{ item: 'MUG', quantity: -51 }] }, says: [/MUG/, /50/, /51|-1/] },
    ambiguous_name: { given: { rows: cable }, says: cables },
    moved_between: { by: takes('UCC-1M', 5) },
  },
  {
    ...{ tool: 'move_stock', given: given('move_stock'), writes: 3, well: /TRN-00004.*moved and received/ },
    short_stock: {
      given: { from: 'Oakland', to: 'Newark', items: [{ item: 'MUG', quantity: 51 }] },
      says: [/MUG/, /50/],
    },
    ambiguous_name: { given: { from: 'Oakland', to: 'Newark', items: cable }, says: cables },
    moved_between: { by: takes('MUG', 5) },
  },
  {
    ...{ tool: 'send_low_stock_alert', given: {}, writes: 1, well: /Sent to the webhook/, outward: true },
    ...{ short_stock: noStock, ambiguous_name: noName },
    moved_between: { by: takes('SPK-BT', 1) },
  },
  {
    ...{ tool: 'import_items', given: given('import_items'), writes: 2, well: /1 item created, 1 updated/ },
    short_stock: noStock,
    ambiguous_name: {
      given: async (world) => {
        const { vendor } = await twoCableVendors(world);
        return { csv: `Item Name,SKU,Price,Vendor\nDesk Lamp,LMP-1,39.95,${vendor}\n` };
      },
      says: ['CableWorks', 'CableWorks North'],
    },
    moved_between: { by: reprices('WBH-001', 70) },
  },
  {
    ...{ tool: 'update_prices', given: given('update_prices'), writes: 2, well: /2 prices changed/ },
    short_stock: noStock,
    ambiguous_name: { given: { prices: [{ item: 'USB-C Cable', rate: 3 }] }, says: cables },
    moved_between: { by: reprices('WBH-001', 70) },
  },
  {
    ...{ tool: 'undo_action', given: movedMugs, writes: 3, well: /Undone: / },
    short_stock: {
      given: async (world, call) => {
        const input = await movedMugs(world, call);
        await takes('MUG', 15, 'Newark')(world);
        return input;
      },
      says: [/MUG/, /Newark/],
    },
    ambiguous_name: noName,
    moved_between: { by: takes('MUG', 5) },
  },
];
