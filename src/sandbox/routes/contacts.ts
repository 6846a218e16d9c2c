import type { Database } from '../../sqlite.ts';
import { contactRecord, createContact, updateContact } from '../contacts.ts';
import { type Contact, findContact, toContact } from '../engine/directory.ts';
import { contactColumns, listedContacts } from '../engine/directory-listing.ts';
import { contactHistory } from '../history.ts';
import { pageOfListing } from '../page.ts';
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

export const contactRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/contacts',
    handle: (call) => {
      const { rows, page_context } = pageOfListing(call, listedContacts(call), contactColumns);
      const contacts = rows.map((found) => row(call.world.db, toContact(found)));
      return { message: 'success', body: { contacts, page_context } };
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
