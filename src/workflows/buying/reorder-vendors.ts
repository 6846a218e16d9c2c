import { NotFound } from '../../errors.ts';
import { type Exchange, readExchange } from '../currency.ts';
import type { Api } from '../define.ts';
import { type Row, readList, rowIn, textIn } from '../rows.ts';
import { plainText } from '../text.ts';

/** What it takes to order from a vendor. */
export interface VendorTerms {
  readonly vendorId: string;
  readonly name: string;
  readonly active: boolean;
  readonly exchange: Exchange;
}

const ordersOfVendor = {
  list: 'list_purchase_orders',
  key: 'purchaseorders',
  contactKey: 'vendor_id',
  number: 'purchaseorder_number',
} as const;

/**
 * Names, status and currency of vendors by contact_id: one call for one vendor and for a page of them, and one each for
 * what that page does not name. `known` is a contact that was read already. One that does not exist is absent.
 */
export async function readVendors(
  api: Api,
  vendorIds: readonly string[],
  base: string,
  known?: Row,
): Promise<Map<string, VendorTerms>> {
  const rows = new Map<string, Row>(known ? [[textIn(known, 'contact_id'), known]] : []);
  const unread = vendorIds.filter((vendorId) => !rows.has(vendorId));
  let complete = false;
  if (unread.length > 1) {
    const input = { contact_type: 'vendor', filter_by: 'Status.All' };
    const listing = await readList(api, 'list_contacts', 'contacts', input, { maxPages: 1 });
    for (const row of listing.rows) rows.set(textIn(row, 'contact_id'), row);
    complete = listing.complete;
  }
  const vendors = new Map<string, VendorTerms>();
  for (const vendorId of vendorIds) {
    const listed = rows.get(vendorId);
    const contact = listed ?? (complete ? undefined : await readContact(api, vendorId));
    if (!contact) continue;
    const exchange = await readExchange(api, contact, base, ordersOfVendor, { isWhole: !listed });
    const active = textIn(contact, 'status') !== 'inactive';
    vendors.set(vendorId, { vendorId, name: plainText(contact.contact_name, 60), active, exchange });
  }
  return vendors;
}

async function readContact(api: Api, contactId: string): Promise<Row | undefined> {
  try {
    return rowIn(await api.call('get_contact', { contact_id: contactId }), 'contact');
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}
