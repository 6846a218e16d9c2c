import * as z from 'zod';
import { getContact, listContacts } from '../operations/contacts.ts';
import { flag, someText, wholeNumber } from '../operations/fields.ts';
import { bindApi } from './api.ts';
import type { Api, ReadWorkflow, WorkflowContext } from './define.ts';
import { contactFinder, findRecords, isInactive } from './find.ts';
import type { Ranked } from './find-rank.ts';
import { answerOf, foundWords, type Shown, shownOf } from './find-words.ts';
import { parseBy, textIn } from './rows.ts';
import { named, plainText } from './text.ts';

const input = {
  text: someText(200, 'Term'),
  type: z.enum(['customer', 'vendor']).describe('Default both').optional(),
  inactive: flag('Also inactive ones').optional(),
  limit: wholeNumber(1, 50, 'Rows').default(20),
};
const schema = z.strictObject(input);

async function read(given: Api, raw: unknown, context: WorkflowContext) {
  const { text, type, inactive = false, limit } = parseBy(schema, raw);
  const api = bindApi(given, context);
  context.progress('Finding the contacts');
  const found = await findRecords(api, contactFinder(type), [text]);
  const shown = found.map((one) => shownOf(ofType(one, type), { most: limit, inactive, onlyExact: false }));
  return answerOf('contacts', shown, contactRow, (one: Shown) => foundWords(one, type ?? 'contact', inWords));
}

// An id is read as it stands, and a filter that the service does not know lets every row through.
function ofType<Found extends { readonly ranked: readonly Ranked[] }>(found: Found, type: string | undefined): Found {
  const isWanted = ({ row }: Ranked): boolean => {
    const own = textIn(row, 'contact_type').toLowerCase();
    return type === undefined || own === '' || own === 'both' || own === type;
  };
  return { ...found, ranked: found.ranked.filter(isWanted) };
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
    'Finds customers and vendors by name, company, e-mail, phone or id, misspelt ones too, nearest first. Spends 1 call, 2 or 3 where spelling decides.',
  toolset: 'contacts',
  input,
  uses: [listContacts, getContact],
  read,
};
