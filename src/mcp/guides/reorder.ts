import type { Guide } from './define.ts';

export const reorder: Guide = {
  name: 'reorder',
  title: 'Reorder',
  description:
    'Buys what is low: first what another warehouse could give, then one draft per vendor after a yes, then the drafts issued one by one after another yes each.',
  tools: ['get_report', 'suggest_transfers', 'reorder_low_stock', 'issue_purchase_order'],
  arguments: [
    { name: 'vendor', description: 'Only this vendor', complete: 'contacts' },
    { name: 'warehouse', description: 'Only for this warehouse', complete: 'warehouses' },
  ],
  text: `Reorder what is low.
Only from the vendor {{vendor}}: reorder_low_stock takes it as vendors.
Only for the warehouse {{warehouse}}.

1. get_report low-stock: what is at or below its level, and what is short already.
2. suggest_transfers: what another warehouse can give is moved before it is bought. Say which items that settles.
3. reorder_low_stock: show its plan per vendor with quantities, prices, totals and what it leaves out and why. Items without
   a vendor or a price need an answer from the person first.
4. After the yes, confirm: it writes drafts, which bind nobody. Say their numbers and totals.
5. Offer to issue each draft. issue_purchase_order binds the company: one yes for each order, its preview shown first.`,
};
