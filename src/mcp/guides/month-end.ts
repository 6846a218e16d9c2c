import type { Guide } from './define.ts';

export const monthEnd: Guide = {
  name: 'month-end',
  title: 'Month end',
  description:
    'Closes a month: stock value, sales by item and customer, purchases by vendor, what lies too long, and what is still open on orders, deliveries and transfers. Reads only.',
  tools: ['get_report', 'review_pending_orders', 'chase_late_purchases', 'list_transfers'],
  arguments: [
    { name: 'from', description: 'First day of the month, yyyy-mm-dd', required: true },
    { name: 'to', description: 'Last day of the month, yyyy-mm-dd', required: true },
  ],
  text: `Prepare the month end for {{from}} to {{to}}. Only read.

1. get_report inventory-valuation with to_date {{to}}: stock value on the last day, the ten most valuable items, goods in
   transit apart.
2. get_report sales-by-item and sales-by-customer for the range. Their amounts must be equal; say so if they are not.
   They are ordered amounts, not invoices.
3. get_report purchases-by-vendor for the range: ordered, received, still open.
4. get_report aging: stock older than 90 days with its value, and orders that are open too long.
5. What is still open: review_pending_orders, chase_late_purchases, and list_transfers that are in transit.

Answer with one table per point, each with its dates and currency, then five lines at most on what needs a decision:
slow stock, late vendors, orders nobody ships. Name every figure's source. Where a report says truncated, say it too.`,
};
