import type { Database, Row } from '../../../sqlite.ts';
import { notFound } from '../../route.ts';
import { integerOf, type JsonObject, jsonOf, textOf } from '../../row.ts';

export interface Package {
  readonly package_id: string;
  readonly package_number: string;
  readonly salesorder_id: string;
  readonly status: 'draft' | 'ready_to_ship' | 'shipped' | 'delivered';
  readonly date: string;
  /** '' until it is shipped. */
  readonly shipment_id: string;
  readonly created_time: string;
  readonly last_modified_time: string;
  readonly fields: JsonObject;
}

export function toPackage(row: Row): Package {
  const status = textOf(row, 'status');
  return {
    package_id: textOf(row, 'package_id'),
    package_number: textOf(row, 'package_number'),
    salesorder_id: textOf(row, 'salesorder_id'),
    status: status === 'ready_to_ship' || status === 'shipped' || status === 'delivered' ? status : 'draft',
    date: textOf(row, 'date'),
    shipment_id: textOf(row, 'shipment_id'),
    created_time: textOf(row, 'created_time'),
    last_modified_time: textOf(row, 'last_modified_time'),
    fields: jsonOf(row, 'json'),
  };
}

/** The package of a path; 404 when there is none. */
export function packageOf(db: Database, id: string): Package {
  const row = db.prepare('SELECT * FROM package WHERE package_id = ?').get(id);
  if (!row) throw notFound('package', id);
  return toPackage(row);
}

export interface PackageLine {
  readonly line_item_id: string;
  readonly so_line_item_id: string;
  readonly item_id: string;
  readonly warehouse_id: string;
  readonly quantityMicro: number;
}

export const packageLines = (db: Database, packageId: string): PackageLine[] =>
  db
    .prepare('SELECT * FROM package_line WHERE package_id = ? ORDER BY line_item_id')
    .all(packageId)
    .map((row) => ({
      line_item_id: textOf(row, 'line_item_id'),
      so_line_item_id: textOf(row, 'so_line_item_id'),
      item_id: textOf(row, 'item_id'),
      warehouse_id: textOf(row, 'warehouse_id'),
      quantityMicro: integerOf(row, 'quantity_micro'),
    }));

/** Whether the goods are still here. */
export const isUnshipped = ({ status }: Package) => status === 'draft' || status === 'ready_to_ship';
