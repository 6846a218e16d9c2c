import type { Guide } from './define.ts';

export const takeOrder: Guide = {
  name: 'take-order',
  title: 'Take an order',
  description:
    "Takes a customer's order: finds the customer and the items, checks what can be promised, places the order, and says what happens to what is short. For orders by phone, mail or message.",
  tools: ['find_contacts', 'find_items', 'check_stock', 'when_available', 'place_sales_order', 'fulfil_sales_order'],
  arguments: [
    { name: 'customer', description: 'Who orders: name or part of it', required: true, complete: 'contacts' },
    { name: 'items', description: 'What is ordered, as it was said: quantities and items', required: true },
    { name: 'reference', description: "The customer's own order number" },
  ],
  text: `Take this order.

Customer, as said: {{customer}}
Ordered, as said: {{items}}
Their reference: {{reference}}

1. find_contacts: exactly one customer must be meant. If several come near, ask which one; do not guess.
2. find_items for what is not named by SKU or exact name; again ask where it is not clear. Repeat quantities and units.
3. check_stock for all lines at once. Say what can be promised and what is short; for what is short, when_available.
4. place_sales_order with the exact names or ids. If lines are short, first ask the person to choose: wait for all of it,
   order only what is there, or split in two orders (if_short).
5. If it asks for a confirmation, show its preview word for word and wait for the yes.
6. Say the order number, the total with currency, and when it can leave. Offer fulfil_sales_order; do not start it.`,
};
