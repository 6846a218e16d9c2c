import type { Database } from '../sqlite.ts';
import { type Contact, type ContactType, findCurrency, organization } from './engine/directory.ts';
import { keepContactWords, objectsOf } from './engine/directory-words.ts';
import { duplicate, listField, requiredText } from './engine/fields.ts';
import { addressField, clearableText, countField, emailField } from './fields.ts';
import { contactHistory } from './history.ts';
import { invalid, type World } from './route.ts';
import type { JsonObject } from './row.ts';

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

/** A contact as the API answers it. */
export function contactRecord(db: Database, contact: Contact): Record<string, unknown> {
  const { contact_id, contact_name, contact_type, currency_id, status, fields } = contact;
  const { created_time, last_modified_time } = contact;
  const currency = findCurrency(db, currency_id);
  // Of today, in base currency for one unit: what the next document of this contact is booked at.
  const exchange_rate = (currency?.rate_micro ?? 1_000_000) / 1_000_000;
  return {
    ...{
      contact_id,
      contact_name,
      contact_type,
      status,
      currency_id,
      currency_code: currency?.code ?? '',
      exchange_rate,
    },
    ...fields,
    ...{ created_time, last_modified_time },
  };
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
  keepContactWords(world.db, contact);
  return contact;
}

/** Changes the fields that are sent. Who has orders keeps the currency, and stays the customer or vendor those need. */
export function updateContact(world: World, before: Contact, body: JsonObject): Contact {
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
  const after = { ...before, contact_name, contact_type, currency_id, last_modified_time, fields };
  keepContactWords(world.db, after);
  return after;
}
