import type { Input } from '../../operations/define.ts';
import { changeLine, changesOf, givenLines, inShort, updateSummary } from '../../workflows/changes.ts';
import type { Api } from '../../workflows/define.ts';
import { hasMorePages, type Row, rowIn, rowsIn, textIn } from '../../workflows/rows.ts';
import { named } from '../../workflows/text.ts';
import { raisesOf } from '../rules.ts';
import type { Planner, Planning } from './planner.ts';
import { namedList, notUndone, partyLabel, quoted, refusal } from './words.ts';

const readContact = async ({ api, input }: Planning): Promise<Row> =>
  rowIn(await api.call('get_contact', { contact_id: input.contact_id }), 'contact');

const typeOf = (contact: Row): string => named(contact.contact_type, 20) || 'contact';

/** Some orders with this contact; rows of others are left out, because the hosted service may ignore a filter. */
async function orders(api: Api, list: string, reply: string, key: string, contactId: string, numberKey: string) {
  const answer = await api.call(list, { [key]: contactId, per_page: 5, page: 1 } satisfies Input);
  const numbers = rowsIn(answer, reply)
    .filter((row) => textIn(row, key) === contactId)
    .map((row) => textIn(row, numberKey));
  return { numbers, more: numbers.length > 0 && hasMorePages(answer) };
}

/** What ties a contact to the books, in words. One call for a customer or vendor, two for both. */
async function history({ api, input }: Planning, contact: Row): Promise<string[]> {
  const contactId = String(input.contact_id);
  const type = typeOf(contact);
  const words: string[] = [];
  if (type !== 'vendor') {
    const sold = await orders(api, 'list_sales_orders', 'salesorders', 'customer_id', contactId, 'salesorder_number');
    if (sold.numbers.length > 0) words.push(namedList('sales order', sold.numbers, sold.more));
  }
  if (type !== 'customer') {
    const bought = await orders(
      api,
      'list_purchase_orders',
      'purchaseorders',
      'vendor_id',
      contactId,
      'purchaseorder_number',
    );
    if (bought.numbers.length > 0) words.push(namedList('purchase order', bought.numbers, bought.more));
  }
  return words;
}

export const deleteContact: Planner = async (planning) => {
  const contact = await readContact(planning);
  const found = await history(planning, contact);
  const persons = rowsIn(contact, 'contact_persons').map(
    (person) => `${textIn(person, 'first_name')} ${textIn(person, 'last_name')} ${textIn(person, 'email')}`,
  );
  const name = partyLabel(contact);
  const email = named(contact.email, 80);
  return {
    summary: `Delete ${typeOf(contact)} ${name} (id ${String(planning.input.contact_id)}): ${found.join(', ') || 'no orders'}`,
    lines: [
      ...(email === '' ? [] : [`E-mail: ${email}`]),
      ...(persons.length > 0 ? [`People: ${persons.map((person) => quoted(person)).join(', ')}`] : []),
      `Addresses and people of ${name} are gone for good. ${notUndone}`,
      found.length > 0 ? refusal(`it has ${found.join(', ')}`) : 'It is refused if an order or an item names it.',
    ],
    restsOn: { contact_id: contact.contact_id, last_modified_time: contact.last_modified_time ?? null, history: found },
  };
};

export const createContact: Planner = async ({ input }) => ({
  summary: `Create ${named(input.contact_type, 20) || 'customer'} ${named(input.contact_name, 80)}`,
  lines: givenLines(input, []),
  restsOn: null,
});

export const updateContact: Planner = async (planning) => {
  const { operation, input } = planning;
  if (!planning.mayRaise) {
    const fields = Object.keys(input).filter((key) => key !== 'contact_id');
    return {
      summary: `Update contact ${String(input.contact_id)}: ${fields.join(', ')}`,
      lines: givenLines(input, ['contact_id']),
      restsOn: null,
    };
  }
  const contact = await readContact(planning);
  const changes = changesOf(contact, input, { skip: ['contact_id'], currency: '' });
  return {
    summary: updateSummary(`Update ${typeOf(contact)} ${partyLabel(contact)}`, inShort(changes)),
    lines: changes.map(changeLine),
    restsOn: {
      contact_id: contact.contact_id,
      last_modified_time: contact.last_modified_time ?? null,
      changed: changes.map(changeLine),
    },
    raises: raisesOf({ operation, input, before: contact }),
  };
};
