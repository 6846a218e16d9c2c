import * as z from 'zod';
import { defineOperation, type Operation } from './define.ts';
import {
  address,
  allOptional,
  customFields,
  email,
  filterBy,
  flag,
  id,
  listInput,
  someText,
  text,
  wholeNumber,
} from './fields.ts';
import { created, gone, newestFirst, same } from './trace.ts';

const source = 'https://www.zoho.com/inventory/api/v1/contacts/';
const contactId = { contact_id: id() };
const contactType = z.enum(['customer', 'vendor', 'both']);

const person = {
  first_name: text(100).optional(),
  last_name: text(100).optional(),
  email: email().optional(),
  phone: text(50).optional(),
  mobile: text(50).optional(),
  is_primary_contact: flag().optional(),
};

const contactFields = {
  contact_name: someText(200),
  contact_type: contactType.describe('Default customer').optional(),
  company_name: text(200).optional(),
  payment_terms: wholeNumber(0, 3_650, 'Days until payment is due').optional(),
  payment_terms_label: text(100).optional(),
  currency_id: id('Their currency').optional(),
  website: text(500).optional(),
  email: email().optional(),
  phone: text(50).optional(),
  billing_address: address().optional(),
  shipping_address: address().optional(),
  custom_fields: customFields().optional(),
};

const mainKeys = 'contact_id contact_name contact_type status company_name currency_code email phone';

export const listContacts = defineOperation({
  name: 'list_contacts',
  title: 'List contacts',
  description:
    'Customers and vendors. search_text finds part of a name or e-mail; contact_name and email match exactly.',
  toolset: 'contacts',
  method: 'GET',
  path: '/contacts',
  effect: 'read',
  scope: 'ZohoInventory.contacts.READ',
  source,
  input: {
    ...listInput('name, company, email, phone', mainKeys),
    filter_by: filterBy('All, Active, Inactive, Customers or Vendors'),
    contact_name: someText(200).optional(),
    email: email().optional(),
    contact_type: contactType.describe('both also matches the others').optional(),
  },
  reply: 'contacts',
  paged: true,
});

export const getContact = defineOperation({
  name: 'get_contact',
  title: 'Get contact',
  description: 'One customer or vendor with addresses, contact persons, currency and payment terms.',
  toolset: 'contacts',
  method: 'GET',
  path: '/contacts/{contact_id}',
  effect: 'read',
  scope: 'ZohoInventory.contacts.READ',
  source,
  input: contactId,
  reply: 'contact',
});

export const createContact = defineOperation({
  name: 'create_contact',
  title: 'Create contact',
  description: 'Adds a customer, a vendor or both in one. Look with list_contacts first: names are unique.',
  toolset: 'contacts',
  method: 'POST',
  path: '/contacts',
  effect: 'create',
  scope: 'ZohoInventory.contacts.CREATE',
  source,
  input: {
    ...contactFields,
    contact_persons: z.array(z.strictObject(person)).max(50).optional(),
  },
  reply: 'contact',
  trace: created({
    list: 'list_contacts',
    narrow: () => newestFirst,
    id: 'contact_id',
    get: 'get_contact',
    same: () => ['contact_name'],
  }),
});

export const updateContact = defineOperation({
  name: 'update_contact',
  title: 'Update contact',
  description: 'Changes the fields given of a customer or vendor; an address or list given replaces the old one whole.',
  toolset: 'contacts',
  method: 'PUT',
  path: '/contacts/{contact_id}',
  effect: 'update',
  scope: 'ZohoInventory.contacts.UPDATE',
  source,
  input: {
    ...contactId,
    ...allOptional(contactFields),
    contact_persons: z
      .array(z.strictObject({ contact_person_id: id('Person to keep').optional(), ...person }))
      .max(50)
      .describe('Replaces all')
      .optional(),
  },
  reply: 'contact',
  trace: same('get_contact'),
});

export const deleteContact = defineOperation({
  name: 'delete_contact',
  title: 'Delete contact',
  description: 'Deletes a customer or vendor for good. Refused once there are orders with them.',
  toolset: 'contacts',
  method: 'DELETE',
  path: '/contacts/{contact_id}',
  effect: 'destroy',
  scope: 'ZohoInventory.contacts.DELETE',
  source,
  input: contactId,
  trace: gone('get_contact'),
});

/** In the order of the reference. */
export const contactOperations: readonly Operation[] = [
  listContacts,
  getContact,
  createContact,
  updateContact,
  deleteContact,
];
