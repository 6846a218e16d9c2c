import type { Input } from '../../operations/define.ts';
import { itemNaming, type Naming } from '../match.ts';
import { itemText, searchText } from '../resolve.ts';
import { type Row, textIn } from '../rows.ts';
import { type Field, phoneOf } from './find-rank.ts';

/** How one kind of record is searched for. */
export interface Finder {
  readonly naming: Naming;
  readonly fields: readonly Field[];
  readonly list: string;
  readonly rows: string;
  /** Absent: the API has no call for one record, and the row of the list is all there is. */
  readonly get?: string;
  readonly reply: string;
  /** Narrows every list. */
  readonly filter: Input;
  /** Narrows the lists that spellings are compared with, where others than `filter` are worth telling of. */
  readonly wider?: Input;
  /** What the API is asked for a term; absent: the term. */
  readonly text?: (term: string) => string;
  /** The exact filter of the API, for terms so common that no page holds all that bear them. */
  readonly exactly?: string;
  /** The field that one record alone bears: a page that shows it settles the term, whatever follows. */
  readonly unique?: string;
  /**
   * What a term that finds nothing is compared with: the first page of the list, and for `beginnings` also what holds the
   * beginning of its longest word where the list is longer. Absent: nothing, as for numbers.
   */
  readonly spelling?: 'page' | 'beginnings';
}

export const itemFinder: Finder = {
  naming: itemNaming,
  fields: [
    { key: 'sku', label: 'SKU', as: 'code' },
    ...['upc', 'ean', 'isbn'].map((key): Field => ({ key, label: 'barcode', as: 'barcode' })),
    { key: 'name', label: 'name', as: 'name' },
    { key: 'part_number', label: 'part number', as: 'code' },
  ],
  ...{ list: 'list_items', rows: 'items', get: 'get_item', reply: 'item' },
  filter: { filter_by: 'Status.All' },
  text: itemText,
  exactly: 'sku',
  unique: 'sku',
  spelling: 'beginnings',
};

const contactNaming: Naming = {
  noun: 'contact',
  id: 'contact_id',
  names: ['contact_name', 'company_name'],
  shown: ['contact_id', 'contact_name', 'company_name', 'contact_type', 'status'],
};

/** Customers and vendors; of one role where it is said, who is both counting as either. */
export const contactFinder = (role?: 'customer' | 'vendor'): Finder => ({
  naming: { ...contactNaming, noun: role ?? 'contact' },
  fields: [
    { key: 'contact_name', label: 'name', as: 'name' },
    { key: 'company_name', label: 'company', as: 'name' },
    { key: 'email', label: 'e-mail', as: 'text' },
    { key: 'phone', label: 'phone', as: 'phone' },
    { key: 'mobile', label: 'mobile', as: 'phone' },
  ],
  ...{ list: 'list_contacts', rows: 'contacts', get: 'get_contact', reply: 'contact' },
  filter: { filter_by: 'Status.All', ...(role ? { contact_type: role } : {}) },
  // Who asks for a vendor among the customers is told so.
  wider: { filter_by: 'Status.All' },
  // Whatever signs stand between the parts of a number, its last four digits stand together.
  text: (term) => (phoneOf(term) === '' ? searchText(term) : phoneOf(term).slice(-4)),
  exactly: 'contact_name',
  spelling: 'beginnings',
});

/** Whether a contact can be a customer, or a vendor; who is both is either. */
export function hasRole(row: Row, role: 'customer' | 'vendor'): boolean {
  const type = textIn(row, 'contact_type').toLowerCase();
  return type === '' || type === 'both' || type === role;
}
