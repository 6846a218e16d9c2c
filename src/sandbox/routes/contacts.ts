import type { Database } from '../../sqlite.ts';
import {
  type Contact,
  type ContactType,
  findContact,
  findCurrency,
  organization,
  toContact,
} from '../engine/directory.ts';
import { duplicate, listField, requiredText } from '../engine/fields.ts';
import { addressField, clearableText, countField, emailField, statusFilter } from '../fields.ts';
import { contactHistory } from '../history.ts';
import { pageOf, sortRows } from '../page.ts';
import { type Call, invalid, notFound, type Route, type World } from '../route.ts';
import { isObject, type JsonObject } from '../row.ts';

const contactTypes: readonly ContactType[] = ['customer', 'vendor', 'both'];

function typeField(body: JsonObject): ContactType | undefined {
  const given = clearableText(body, 'contact_type');
  if (given === undefined) return undefined;
  const found = contactTypes.find((type) => type === given.toLowerCase());
  if (!found) throw invalid('contact_type', 'contact_type is customer, vendor or both.');
  return found;
}

function currencyField(db: Database, body: JsonObject): string | undefined {
  const id = clearableText(body, 'currency_id');
  if (!id) return undefined;
  if (!findCurrency(db, id)) throw invalid('currency_id', `There is no currency ${id}.`);
  return id;
}

function refuseDuplicate(db: Database, name: string, self: string): void {
  const same = db.prepare('SELECT contact_id FROM contact WHERE contact_name = ? AND contact_id <> ?').get(name, self);
  if (same) throw duplicate('contact_name', `There already is a contact ${name}.`);
}

/** The persons as sent; those that name their contact_person_id keep it, and exactly one is the primary one. */
function personsField(world: World, body: JsonObject, before: readonly JsonObject[]): JsonObject[] | undefined {
  const given = listField(body, 'contact_persons');
  if (!given) return undefined;
  const kept = new Set(before.map((person) => person.contact_person_id));
  const primary = Math.max(
    0,
    given.findIndex((person) => person.is_primary_contact === true),
  );
  return given.map((person, index) => ({
    contact_person_id: kept.has(person.contact_person_id) ? person.contact_person_id : world.nextId(),
    salutation: clearableText(person, 'salutation') ?? '',
    first_name: clearableText(person, 'first_name') ?? '',
    last_name: clearableText(person, 'last_name') ?? '',
    email: emailField(person) ?? '',
    phone: clearableText(person, 'phone') ?? '',
    mobile: clearableText(person, 'mobile') ?? '',
    is_primary_contact: index === primary,
  }));
}

const objectsOf = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Fields no other part reads: those sent take the place of those kept, whole lists and addresses included. */
function fieldsOf(world: World, body: JsonObject, before: JsonObject): JsonObject {
  const kept = {
    company_name: '',
    website: '',
    email: '',
    phone: '',
    mobile: '',
    payment_terms: 0,
    payment_terms_label: 'Due on Receipt',
    notes: '',
    billing_address: {},
    shipping_address: {},
    contact_persons: [],
    custom_fields: [],
    ...before,
  };
  const persons = personsField(world, body, objectsOf(before.contact_persons)) ?? objectsOf(kept.contact_persons);
  const primary = persons.find((person) => person.is_primary_contact === true);
  const terms = countField(body, 'payment_terms');
  const label = terms === undefined ? kept.payment_terms_label : terms === 0 ? 'Due on Receipt' : `Net ${terms}`;
  return {
    company_name: clearableText(body, 'company_name') ?? kept.company_name,
    website: clearableText(body, 'website') ?? kept.website,
    // A contact without an address of its own is written to at its primary person's.
    email: emailField(body) ?? (kept.email || primary?.email || ''),
    phone: clearableText(body, 'phone') ?? (kept.phone || primary?.phone || ''),
    mobile: clearableText(body, 'mobile') ?? (kept.mobile || primary?.mobile || ''),
    payment_terms: terms ?? kept.payment_terms,
    payment_terms_label: clearableText(body, 'payment_terms_label') ?? label,
    notes: clearableText(body, 'notes', 5_000) ?? kept.notes,
    billing_address: addressField(body, 'billing_address') ?? kept.billing_address,
    shipping_address: addressField(body, 'shipping_address') ?? kept.shipping_address,
    contact_persons: persons,
    custom_fields: listField(body, 'custom_fields') ?? kept.custom_fields,
  };
}

function record(db: Database, contact: Contact): Record<string, unknown> {
  const { contact_id, contact_name, contact_type, currency_id, status, fields } = contact;
  const { created_time, last_modified_time } = contact;
  const currency_code = findCurrency(db, currency_id)?.code ?? '';
  return {
    ...{ contact_id, contact_name, contact_type, status, currency_id, currency_code },
    ...fields,
    ...{ created_time, last_modified_time },
  };
}

function row(db: Database, contact: Contact): Record<string, unknown> {
  const { billing_address, shipping_address, contact_persons, custom_fields, notes, ...rest } = record(db, contact);
  return rest;
}

function contactOf({ world, params }: Call): Contact {
  const id = params.contact_id ?? '';
  const found = findContact(world.db, id);
  if (!found) throw notFound('contact', id);
  return found;
}

/** Adds a contact. 1001 without a name, 1002 for a wrong field, 36 for a name that is taken (in any case of letters). */
export function createContact(world: World, body: JsonObject): Contact {
  const contact_name = requiredText(body, 'contact_name');
  refuseDuplicate(world.db, contact_name, '');
  const contact_id = world.nextId();
  const at = world.timestamp();
  const contact: Contact = {
    contact_id,
    contact_name,
    contact_type: typeField(body) ?? 'customer',
    currency_id: currencyField(world.db, body) ?? organization(world.db).currency_id,
    status: 'active',
    created_time: at,
    last_modified_time: at,
    fields: fieldsOf(world, body, {}),
  };
  world.db
    .prepare('INSERT INTO contact VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    .run(
      contact_id,
      contact_name,
      contact.contact_type,
      contact.currency_id,
      'active',
      at,
      at,
      JSON.stringify(contact.fields),
    );
  return contact;
}

function updateContact(world: World, before: Contact, body: JsonObject): Contact {
  const { contact_id } = before;
  const contact_name = body.contact_name === undefined ? before.contact_name : requiredText(body, 'contact_name');
  refuseDuplicate(world.db, contact_name, contact_id);
  const contact_type = typeField(body) ?? before.contact_type;
  const currency_id = currencyField(world.db, body) ?? before.currency_id;
  const history = contactHistory(world.db, contact_id);
  if (currency_id !== before.currency_id && history.salesOrders + history.purchaseOrders > 0)
    throw invalid('currency_id', `${before.contact_name} has ${history.words}; its currency stays as it is.`);
  if (contact_type === 'vendor' && history.salesOrders > 0)
    throw invalid(
      'contact_type',
      `${before.contact_name} has ${history.words} and stays a customer; both is possible.`,
    );
  if (contact_type === 'customer' && history.purchaseOrders + history.items > 0)
    throw invalid('contact_type', `${before.contact_name} has ${history.words} and stays a vendor; both is possible.`);
  const last_modified_time = world.timestamp();
  const fields = fieldsOf(world, body, before.fields);
  world.db
    .prepare(
      'UPDATE contact SET contact_name = ?, contact_type = ?, currency_id = ?, last_modified_time = ?, json = ? WHERE contact_id = ?',
    )
    .run(contact_name, contact_type, currency_id, last_modified_time, JSON.stringify(fields), contact_id);
  return { ...before, contact_name, contact_type, currency_id, last_modified_time, fields };
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
    handle: (call) => ({ message: 'success', body: { contact: record(call.world.db, contactOf(call)) } }),
  },
  {
    method: 'POST',
    path: '/contacts',
    handle: ({ world, body }) => ({
      status: 201,
      message: 'The contact has been added.',
      body: { contact: record(world.db, createContact(world, body)) },
    }),
  },
  {
    method: 'PUT',
    path: '/contacts/{contact_id}',
    handle: (call) => ({
      message: 'The contact has been updated.',
      body: { contact: record(call.world.db, updateContact(call.world, contactOf(call), call.body)) },
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
