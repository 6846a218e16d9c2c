import { statusFilter } from '../fields.ts';
import type { Listing } from '../page.ts';
import type { Call } from '../route.ts';
import { asked, when, where } from './listing.ts';

const lower = (call: Call, key: string) => asked(call, key)?.toLowerCase();
const line = (text: string) => `\n${text}\n`;

/** Sortable columns of the list of contacts, as the API names them. */
export const contactColumns = ['contact_name', 'company_name', 'email', 'created_time', 'last_modified_time'];

/** Contacts that the query asks for, by name: rows of their table. */
export function listedContacts(call: Call): Listing {
  const filter = statusFilter(call.query, ['All', 'Active', 'Inactive', 'Customers', 'Vendors']);
  const type = filter === 'customers' || filter === 'vendors' ? filter.slice(0, -1) : undefined;
  // Who is both is found among the customers and among the vendors.
  const isType = "contact_type IN (?, 'both')";
  const { sql, values } = where([
    ...when(lower(call, 'search_text'), 'instr(words, ?)'),
    ...when(lower(call, 'contact_name'), 'instr(words, ?) = 1', line),
    ...when(lower(call, 'email'), 'instr(emails, ?)', line),
    ...when(lower(call, 'contact_type'), isType),
    ...when(lower(call, 'status'), 'status = ?'),
    ...when(type, isType),
    ...when(filter === 'active' || filter === 'inactive' ? filter : undefined, 'status = ?'),
  ]);
  return {
    sql: `SELECT contact.*, json_extract(json, '$.company_name') AS company_name, json_extract(json, '$.email') AS email
      FROM contact LEFT JOIN directory_words ON record_id = contact_id WHERE ${sql}`,
    values,
    order: 'contact_name',
  };
}

/** Sortable columns of the list of warehouses, as the API names them. */
export const warehouseColumns = ['warehouse_name', 'status', 'created_time'];

/** Warehouses that the query asks for, the primary one first, then by name: rows of their table. */
export function listedWarehouses(call: Call): Listing {
  const filter = statusFilter(call.query, ['All', 'Active', 'Inactive']);
  const { sql, values } = where([
    ...when(call.query.get('status')?.toLowerCase() || (filter === 'all' ? undefined : filter), 'status = ?'),
    ...when(lower(call, 'warehouse_name'), 'instr(words, ?) = 1', line),
    ...when(lower(call, 'search_text'), 'instr(words, ?)'),
  ]);
  return {
    sql: `SELECT warehouse.* FROM warehouse LEFT JOIN directory_words ON record_id = warehouse_id WHERE ${sql}`,
    values,
    order: 'is_primary DESC, warehouse_name',
  };
}
