import { examples } from '../../scripts/workflow-examples.ts';
import type { Input } from '../../src/operations/define.ts';
import type { WriteRow } from './row.ts';
import {
  cables,
  dealOf,
  dealOfOneCompany,
  movedMugs,
  notes,
  receives,
  reprices,
  takes,
  twoCableVendors,
  twoVendorsOfOneCompany,
} from './things.ts';

const given = (tool: string): Input => examples[tool] ?? {};
const cable = [{ item: 'USB-C Cable', quantity: 1 }];
const bluebird = { customer: 'Bluebird Cafe' };
const twoBluebirds = ['Bluebird Cafe', 'Bluebird Cafes Ltd'];
const noStock = { never: 'takes_no_stock' } as const;
const noName = { never: 'takes_no_name' } as const;

export const writes: readonly WriteRow[] = [
  {
    ...{ tool: 'place_sales_order', given: given('place_sales_order'), writes: 2, well: /SO-00020 .* is confirmed/ },
    short_stock: {
      given: { ...bluebird, items: [{ item: 'SPK-BT', quantity: 4 }] },
      says: ['wanted 4, can be promised 0, short 4'],
    },
    ambiguous_name: { given: { ...given('place_sales_order'), customer: 'Bluebird' }, says: twoBluebirds },
    moved_between: {
      given: { ...bluebird, items: [{ item: 'LAMP', quantity: 30 }], if_short: 'backorder' },
      by: takes('LAMP', 1),
    },
  },
  {
    ...{ tool: 'place_order_from_deal', given: dealOf('UCC-2M', 2), writes: 2, well: /SO-00020 .* is confirmed/ },
    short_stock: { given: dealOf('SPK-BT', 4), says: ['wanted 4, can be promised 0, short 4'] },
    ambiguous_name: { given: dealOfOneCompany, says: ['Deal Union East', 'Deal Union West'] },
    moved_between: { by: takes('UCC-2M', 5) },
  },
  {
    ...{ tool: 'amend_order', given: given('amend_order'), writes: 1, well: /10 pcs -> 8 pcs/ },
    short_stock: {
      given: { order: 'SO-00012', lines: [{ item: 'WBH-001', quantity: 200 }] },
      says: [/^Nothing has been done yet/, 'would promise more than there is', '200 pcs wanted, 60 can be promised'],
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
    short_stock: { given: { sales_order: 'SO-00019' }, says: ['8 to pack, 3 free in Oakland, short 5'] },
    ambiguous_name: { given: { customer: 'Bluebird', items: cable }, says: twoBluebirds },
    moved_between: { by: takes('UCC-2M', 5) },
  },
  {
    ...{ tool: 'record_return', given: given('record_return'), writes: 1, well: /2 UCC-2M, by adjustment/ },
    short_stock: {
      given: { sales_order: 'SO-00016', lines: [{ item: 'UCC-2M', quantity: 7 }] },
      says: ['7 came back, 6 shipped'],
    },
    // Only one of them is on the order, and it is not taken for the one that was meant.
    ambiguous_name: {
      given: { sales_order: 'SO-00016', lines: cable },
      says: ['No item is called exactly "USB-C Cable"', 'USB-C Cable 2 m'],
    },
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
    moved_between: {
      given: { vendor: 'CableWorks', lines: [{ item: 'DMAT', quantity: 20 }] },
      by: receives('DMAT', 5),
    },
  },
  {
    ...{ tool: 'set_stock_levels', given: given('set_stock_levels'), writes: 1, well: /Set 2 levels in Oakland/ },
    short_stock: {
      given: { mode: 'change', rows: [{ item: 'MUG', quantity: -51 }] },
      says: ['50 on hand in Oakland, 51 to take off'],
    },
    ambiguous_name: { given: { rows: cable }, says: ['UCC-1M (', 'UCC-2M ('] },
    moved_between: { by: takes('UCC-1M', 5) },
  },
  {
    ...{ tool: 'move_stock', given: given('move_stock'), writes: 3, well: /TRN-00004.*moved and received/ },
    short_stock: {
      given: { from: 'Oakland', to: 'Newark', items: [{ item: 'MUG', quantity: 51 }] },
      says: ['51 wanted, 50 on hand in Oakland'],
    },
    ambiguous_name: { given: { from: 'Oakland', to: 'Newark', items: cable }, says: cables },
    moved_between: { by: takes('MUG', 5) },
  },
  {
    ...{
      tool: 'send_low_stock_alert',
      given: {},
      writes: 1,
      well: /Sent to the webhook/,
      outward: true,
      refused: /webhook .* answered 400/,
    },
    ...{ short_stock: noStock, ambiguous_name: noName },
    moved_between: { by: takes('SPK-BT', 1) },
  },
  {
    ...{ tool: 'import_items', given: given('import_items'), writes: 2, well: /1 item created, 1 updated/ },
    short_stock: noStock,
    ambiguous_name: {
      given: twoVendorsOfOneCompany,
      says: [
        /several vendors are called "Cable Union": give the id, Cable Union East \(\d+\) or Cable Union West \(\d+\)/,
      ],
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
      says: ['It cannot be undone', 'the goods are not all in Newark any more'],
    },
    ambiguous_name: noName,
    moved_between: { by: takes('MUG', 5) },
  },
];
