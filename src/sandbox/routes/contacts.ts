import type { Database } from '../../sqlite.ts';
import { contactRecord, createContact, objectsOf, updateContact } from '../contacts.ts';
import { type Contact, findContact, toContact } from '../engine/directory.ts';
import { statusFilter } from '../fields.ts';
import { contactHistory } from '../history.ts';
import { pageOf, sortRows } from '../page.ts';
import { type Call, invalid, notFound, type Route } from '../route.ts';

function row(db: Database, contact: Contact): Record<string, unknown> {
  const { billing_address, shipping_address, contact_persons, custom_fields, notes, ...rest } = contactRecord(
    db,
    contact,
  );
  return rest;
}

function contactOf({ world, params }: Call): Contact {
  const id = params.contact_id ?? '';
  const found = findContact(world.db, id);
  if (!found) throw notFound('contact', id);
  return found;
}

function matches(query: URLSearchParams): (row: Record<string, unknown>, contact: Contact) => boolean {
  const status = statusFilter(query, ['All', 'Active', 'Inactive', 'Customers', 'Vendors']);
  const wanted = (name: string) => query.get(name)?.trim().toLowerCase() || undefined;
  const [search, name, type, email, plain] = ['search_text', 'contact_name', 'contact_type', 'email', 'status'].map(
    wanted,
  );
  // Who is both is found among the customers and among the vendors.
  const isType = (given: string, wantedType: string) => given === wantedType || given === 'both';
  return (row, contact) => {
    const persons = objectsOf(contact.fields.contact_persons);
    const emails = [row.email, ...persons.map((person) => person.email)].map((value) => String(value).toLowerCase());
    const searched = [
      row.contact_name,
      row.company_name,
      row.phone,
      ...emails,
      ...persons.flatMap((person) => [`${person.first_name} ${person.last_name}`, person.phone]),
    ];
    return (
      (!search || searched.some((value) => String(value).toLowerCase().includes(search))) &&
      (!name || contact.contact_name.toLowerCase() === name) &&
      (!email || emails.includes(email)) &&
      (!type || isType(contact.contact_type, type)) &&
      (!plain || contact.status === plain) &&
      (status !== 'customers' || isType(contact.contact_type, 'customer')) &&
      (status !== 'vendors' || isType(contact.contact_type, 'vendor')) &&
      ((status !== 'active' && status !== 'inactive') || contact.status === status)
    );
  };
}

const sortable = ['contact_name', 'company_name', 'email', 'created_time', 'last_modified_time'];

export const contactRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/contacts',
    handle: (call) => {
      const { db } = call.world;
      const wanted = matches(call.query);
      const found = db
        .prepare('SELECT * FROM contact ORDER BY contact_name')
        .all()
        .map(toContact)
        .map((contact) => ({ contact, row: row(db, contact) }))
        .filter(({ row, contact }) => wanted(row, contact))
        .map(({ row }) => row);
      const { rows, page_context } = pageOf(call, sortRows(call, found, sortable));
      return { message: 'success', body: { contacts: rows, page_context } };
    },
  },
  {
    method: 'GET',
    path: '/contacts/{contact_id}',
    handle: (call) => ({ message: 'success', body: { contact: contactRecord(call.world.db, contactOf(call)) } }),
  },
  {
    method: 'POST',
    path: '/contacts',
    handle: ({ world, body }) => ({
      status: 201,
      message: 'The contact has been added.',
      body: { contact: contactRecord(world.db, createContact(world, body)) },
    }),
  },
  {
    method: 'PUT',
    path: '/contacts/{contact_id}',
    handle: (call) => ({
      message: 'The contact has been updated.',
      body: { contact: contactRecord(call.world.db, updateContact(call.world, contactOf(call), call.body)) },
    }),
  },
  {
    method: 'DELETE',
    path: '/contacts/{contact_id}',
    handle: (call) => {
      const { contact_id, contact_name } = contactOf(call);
      const history = contactHistory(call.world.db, contact_id);
      if (history.words)
        throw invalid(
          'contact_id',
          `${contact_name} has ${history.words} and cannot be deleted. Keep it, or rename it so that it is not chosen again.`,
        );
      call.world.db.prepare('DELETE FROM contact WHERE contact_id = ?').run(contact_id);
      return { message: 'The contact has been deleted.' };
    },
  },
];
