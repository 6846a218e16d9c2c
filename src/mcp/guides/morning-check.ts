import type { Guide } from './define.ts';

export const morningCheck: Guide = {
  name: 'morning-check',
  title: 'Morning check',
  description:
    'What a stock keeper looks at first in the morning: the day in figures, orders that wait and what blocks them, late deliveries, and what to reorder or move. Reads only, until the person decides.',
  tools: [
    'daily_report',
    'review_pending_orders',
    'suggest_transfers',
    'chase_late_purchases',
    'reorder_low_stock',
    'fulfil_sales_order',
  ],
  arguments: [{ name: 'days', description: 'Orders older than this many days count as waiting' }],
  text: `Do the morning check of the stock room. Read first, write nothing without a yes.

1. daily_report: say the figures of the day with their time, stock value and what is below its level.
2. review_pending_orders: which orders wait, how long, and what blocks each.
   Count orders older than {{days}} days (older_than_days).
3. Where something is short, suggest_transfers tells whether another warehouse can help before anything is bought.
4. chase_late_purchases: which deliveries are late, by vendor, and which text could be sent.
5. reorder_low_stock shows a plan of what to buy. Show the plan; do not confirm it yet.

Then list, in this order and shortly: what can be shipped today (order numbers; fulfil_sales_order does it), what is
blocked and by what, what should be moved, bought or chased. Ask which of these to do, one after the other. Confirm
nothing that the person has not said yes to.`,
};
