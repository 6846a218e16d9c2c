import * as z from 'zod';
import { NotFound } from '../../errors.ts';
import { getContact, listContacts } from '../../operations/contacts.ts';
import { flag, someText } from '../../operations/fields.ts';
import { bindApi } from '../api.ts';
import type { Api, ReadWorkflow, WorkflowContext } from '../define.ts';
import { parseBy, textIn } from '../rows.ts';
import { named, plainText } from '../text.ts';
import { findRecords } from './find.ts';
import type { Ranked } from './find-rank.ts';
import { isInactive } from './find-settled.ts';
import { answerOf, foundWords, shownOf } from './find-words.ts';
import { contactFinder, hasRole } from './finders.ts';

const input = {
  text: someText(200),
  type: z.enum(['customer', 'vendor']).optional(),
  inactive: flag().optional(),
};
const schema = z.strictObject(input);

const mostRows = 20;

async function read(given: Api, raw: unknown, context: WorkflowContext) {
  const { text, type, inactive = false } = parseBy(schema, raw);
  const api = bindApi(given, context);
  context.progress('Finding the contacts');
  const [found] = await findRecords(api, contactFinder(type), [text]);
  if (!found) throw new NotFound('Nothing was asked for.');
  // An id is read as it stands, and the wider list of spellings holds both.
  const isWanted = ({ row }: Ranked): boolean => type === undefined || hasRole(row, type);
  const others = found.ranked.filter((entry) => !isWanted(entry) && !isInactive(entry));
  const wanted = { ...found, ranked: found.ranked.filter(isWanted) };
  const shown = [shownOf(wanted, { most: mostRows, inactive, onlyExact: false })];
  return answerOf('contacts', shown, contactRow, (one) => {
    const [other] = one.rows.length === 0 ? others : [];
    return `${foundWords(one, type ?? 'contact', inWords)}${other ? ` Of the other kind: ${inWords(other)}.` : ''}`;
  });
}

/** `Bluebird Cafe, customer, nora@bluebirdcafe.example`. */
const inWords = ({ row }: Ranked): string =>
  [named(row.contact_name), named(row.contact_type, 20), named(row.email), named(row.phone)]
    .filter((part) => part !== '')
    .join(', ');

function contactRow(entry: Ranked) {
  const { row } = entry;
  const told = ['contact_name', 'contact_type', 'company_name', 'email', 'phone', 'mobile', 'currency_code'].map(
    (key) => [key, plainText(row[key], 120)] as const,
  );
  const isNew = (key: string, value: string): boolean =>
    value !== '' && !(key === 'company_name' && value === plainText(row.contact_name));
  return {
    contact_id: textIn(row, 'contact_id'),
    ...Object.fromEntries(told.filter(([key, value]) => isNew(key, value))),
    status: isInactive(entry) ? 'inactive' : 'active',
    matched: entry.matched,
  };
}

export const findContacts: ReadWorkflow = {
  name: 'find_contacts',
  title: 'Find contacts',
  description:
    'Customers and vendors by name, company, e-mail, phone or id, misspelt too, nearest first. Spends 1 call, up to 3 for spelling.',
  toolset: 'contacts',
  input,
  uses: [listContacts, getContact],
  read,
};
