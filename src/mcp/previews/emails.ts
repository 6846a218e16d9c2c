import { rowIn, rowsIn, textIn } from '../../workflows/rows.ts';
import { fold, named, plainText } from '../../workflows/text.ts';
import { type OrderKind, orderTitle, purchase, readOrder, restsOnOrder, sales, totalText } from './orders.ts';
import type { Planner } from './planner.ts';
import { quoted } from './words.ts';

const recipientsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((entry) => typeof entry === 'string').map((to) => plainText(to, 254));

/** Addresses kept for a contact: its own and those of its people. */
const addressesOf = (contact: Parameters<typeof textIn>[0]): Set<string> =>
  new Set([contact, ...rowsIn(contact, 'contact_persons')].map((row) => fold(textIn(row, 'email'))).filter(Boolean));

/**
 * What goes out, to whom, and which of these addresses nobody has kept for the other party: a note in an order that asks
 * for mail to a stranger shows here. Two calls.
 */
const email =
  (kind: OrderKind): Planner =>
  async (planning) => {
    const { api, input } = planning;
    const order = await readOrder(planning, kind);
    const contact = rowIn(await api.call('get_contact', { contact_id: order.row[kind.partyKey] }), 'contact');
    const known = addressesOf(contact);
    const recipients = recipientsOf(input.to_mail_ids);
    const strange = recipients.filter((to) => !known.has(fold(to)));
    const first = named(recipients[0], 80) || 'the address kept for the contact';
    const others = recipients.length > 1 ? ` and ${recipients.length - 1} more` : '';
    return {
      summary: `Email ${kind.noun} ${order.number} of ${order.party} to ${first}${others}: ${quoted(input.subject, 50)}`,
      lines: [
        `${orderTitle(order)}, total ${await totalText(order, planning)}`,
        `To (${recipients.length}): ${recipients.map((to) => named(to, 254)).join(', ')}`,
        ...strange.map((to) => `Not an address kept for ${order.party}: ${named(to, 254)}`),
        `Subject: ${quoted(input.subject)}`,
        `Text begins: ${quoted(input.body)} (${String(input.body ?? '').length} characters)`,
        'It goes to people outside and cannot be called back.',
      ],
      restsOn: { order: restsOnOrder(order), known: [...known].sort() },
    };
  };

export const emailSalesOrder = email(sales);
export const emailPurchaseOrder = email(purchase);
