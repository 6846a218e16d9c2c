import type { Database } from '../../../sqlite.ts';
import { findContact, findWarehouse, organization, primaryWarehouse, type Warehouse } from '../directory.ts';
import { orderOf } from '../documents/order-record.ts';
import { type Package, packageLines } from '../documents/package-record.ts';
import { packageRecord, shippingAddress } from './packages.ts';

/** What a packing slip says; plain texts, empty where there is nothing to say. */
export interface PackingSlip {
  readonly packageId: string;
  readonly number: string;
  readonly company: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Label and value, those with a value only. */
  readonly particulars: readonly (readonly [label: string, value: string])[];
  readonly lines: readonly {
    readonly name: string;
    readonly sku: string;
    readonly quantity: string;
    readonly unit: string;
    readonly warehouse: string;
  }[];
  readonly notes: string;
  /** When the package was last changed, so that the same record gives the same document. */
  readonly changedAt: Date;
}

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';

/** An address as one writes it on a parcel; parts that are empty take no line. */
function addressLines(address: Readonly<Record<string, unknown>>): string[] {
  const part = (key: string) => text(address[key]);
  const town = [part('city'), [part('state'), part('zip')].filter(Boolean).join(' ')].filter(Boolean).join(', ');
  return [part('attention'), part('address'), part('street2'), town, part('country')].filter(Boolean);
}

function warehouseAddress({ fields }: Warehouse): string[] {
  const { address } = fields;
  return typeof address === 'object' && address !== null ? addressLines({ ...address }) : [];
}

/** `2025-01-15T10:30:00-0800`, as this API writes times, is no ISO 8601: the zone lacks its colon. */
function timeOf(written: string): Date {
  const time = new Date(written.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(time.getTime()) ? new Date(0) : time;
}

/** Everything that the slip of a package prints. The goods come from the warehouse of its first line. */
export function packingSlipOf(db: Database, found: Package): PackingSlip {
  const record = packageRecord(db, found);
  const order = orderOf(db, 'sales', found.salesorder_id);
  const [first] = packageLines(db, found.package_id);
  const warehouse = (first && findWarehouse(db, first.warehouse_id)) ?? primaryWarehouse(db);
  const rows: Record<string, unknown>[] = Array.isArray(record.line_items) ? record.line_items : [];
  const particulars: [string, string][] = [
    ['Package', found.package_number],
    ['Date', found.date],
    ['Sales order', order.number],
    ['Reference', order.reference_number],
    ['Carrier', text(record.carrier)],
    ['Service', text(record.service_type)],
    ['Tracking number', text(record.tracking_number)],
    ['Shipment date', text(record.shipment_date)],
    ['Weight', [text(record.weight), text(record.weight_unit)].filter(Boolean).join(' ')],
  ];
  return {
    packageId: found.package_id,
    number: found.package_number,
    company: organization(db).name,
    from: [warehouse.warehouse_name, ...warehouseAddress(warehouse)],
    to: [
      findContact(db, order.contact_id)?.contact_name ?? '',
      ...addressLines(shippingAddress(db, found.salesorder_id)),
    ],
    particulars: particulars.filter(([, value]) => value !== ''),
    lines: rows.map((row) => ({
      name: text(row.name),
      sku: text(row.sku),
      quantity: text(row.quantity),
      unit: text(row.unit),
      warehouse: text(row.warehouse_name),
    })),
    notes: text(record.notes),
    changedAt: timeOf(found.last_modified_time),
  };
}
