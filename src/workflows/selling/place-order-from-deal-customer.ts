import { InvalidArguments } from '../../errors.ts';
import type { Input } from '../../operations/define.ts';
import type { Api } from '../define.ts';
import { candidateOf, decide, exactMatches, mostCandidates, type Naming } from '../match.ts';
import { contactNaming, hasRole, refusalOf, searchText } from '../resolve.ts';
import { type Row, readList, textIn } from '../rows.ts';
import { fold, named, quoted } from '../text.ts';
import type { DealContact } from './place-order-from-deal-read.ts';

/** Whom the order is for: a customer that stands, or the input that will create one. */
export type DealCustomer =
  | { readonly row: Row; readonly by: 'e-mail' | 'name' | 'company' }
  | { readonly create: Readonly<Record<string, string>> };

const everyContact = { filter_by: 'Status.All' };
const searchPages = 5;
const naming = contactNaming('customer');
const byName: Naming = { ...naming, names: ['contact_name'] };

/**
 * The one customer of a deal's contact: by exact e-mail, else by exact name, else by company. Two matches or an inactive one
 * are InvalidArguments with candidates. One call where a page holds all contacts, else one more for each way.
 */
export async function findDealCustomer(api: Api, contact: DealContact): Promise<DealCustomer> {
  const first = await readList(api, 'list_contacts', 'contacts', everyContact, { maxPages: 1 });
  const rowsFor = async (input: Input): Promise<readonly Row[]> => {
    if (first.complete) return first.rows;
    return (await readList(api, 'list_contacts', 'contacts', { ...everyContact, ...input }, { maxPages: searchPages }))
      .rows;
  };
  const { name, email = '', company = '' } = contact;
  const mailed = email === '' ? undefined : byEmail(await rowsFor({ email }), contact);
  if (mailed) return { row: mailed, by: 'e-mail' };
  const called = await rowsFor({ search_text: searchText(name) });
  const own = called.filter((row) => hasRole(row, 'customer'));
  const person = decided(own, name, byName);
  if (person) return { row: person, by: 'name' };
  const others = company === '' ? [] : await rowsFor({ search_text: searchText(company) });
  const firms = others.filter((row) => hasRole(row, 'customer'));
  // A company counts only where no contact bears its name, or a second contact of one company would be ambiguous.
  const firm = decided(firms, company, byName) ?? decided(firms, company, naming);
  if (firm) return { row: firm, by: 'company' };
  // Names are unique among customers and vendors together: the create would be refused half way.
  const [taken] = exactMatches(called, name, byName);
  if (taken)
    throw new InvalidArguments(
      `${quoted(name, 80)} is a ${named(taken.contact_type)}, not a customer (contact_id ${textIn(taken, 'contact_id')}). Make it both with update_contact, or give the deal another contact name. Nothing was written.`,
      { nothingSent: true, facts: { candidates: [candidateOf(taken, naming)] } },
    );
  return { create: { contact_name: name, contact_type: 'customer', ...particulars(contact) } };
}

const particulars = ({ company, email, phone }: DealContact): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ company_name: company, email, phone }).flatMap(([key, value]) => (value ? [[key, value]] : [])),
  );

/** Several of one address are told apart by the name of the deal's contact or company. */
function byEmail(rows: readonly Row[], { name, email = '', company = '' }: DealContact): Row | undefined {
  const same = rows.filter((row) => hasRole(row, 'customer') && fold(textIn(row, 'email')) === fold(email));
  const [only] = same;
  if (!only) return undefined;
  if (same.length === 1) return decided(same, textIn(only, naming.id), naming);
  const called = exactMatches(same, name, byName);
  const found = called.length > 0 ? called : exactMatches(same, company, naming);
  const [one] = found;
  if (one && found.length === 1) return decided(found, textIn(one, naming.id), naming);
  const candidates = same.slice(0, mostCandidates).map((row) => candidateOf(row, naming));
  const list = candidates.map((row) => `${named(row.contact_name)} (${row.contact_id ?? ''})`).join('; ');
  throw refusalOf([
    {
      asked: email,
      reason: 'ambiguous',
      message: `Several customers have the e-mail ${named(email)}: ${list}. Give the deal with the exact name of the one that is meant.`,
      candidates,
    },
  ]);
}

/** The one row of that name; undefined where there is none. Throws where there are several, or it is inactive. */
function decided(rows: readonly Row[], term: string, by: Naming): Row | undefined {
  const choice = decide(rows, term, by, { forWrite: true, near: [] });
  if ('row' in choice) return choice.row;
  if (choice.problem.reason === 'not found') return undefined;
  throw refusalOf([choice.problem]);
}
