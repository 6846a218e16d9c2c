import { NotFound } from '../errors.ts';
import { type Exchange, readExchange } from './currency.ts';
import type { Api } from './define.ts';
import { rowIn, textIn } from './rows.ts';
import { plainText } from './text.ts';

/** What it takes to order from a vendor. */
export interface VendorTerms {
  readonly vendorId: string;
  readonly name: string;
  readonly active: boolean;
  readonly exchange: Exchange;
}

/** Names, status and currency of vendors by contact_id; one call each. One that does not exist is absent. */
export async function readVendors(
  api: Api,
  vendorIds: readonly string[],
  base: string,
): Promise<Map<string, VendorTerms>> {
  const vendors = new Map<string, VendorTerms>();
  for (const vendorId of vendorIds) {
    try {
      const contact = rowIn(await api.call('get_contact', { contact_id: vendorId }), 'contact');
      const exchange = await readExchange(api, contact, base, {
        list: 'list_purchase_orders',
        key: 'purchaseorders',
        contactKey: 'vendor_id',
        number: 'purchaseorder_number',
      });
      const active = textIn(contact, 'status') !== 'inactive';
      vendors.set(vendorId, { vendorId, name: plainText(contact.contact_name, 60), active, exchange });
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
    }
  }
  return vendors;
}
