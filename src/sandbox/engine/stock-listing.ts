import type { Listing } from '../page.ts';
import type { Call } from '../route.ts';
import { asked, dates, searched, statusAsked, when, where } from './listing.ts';

/** Sortable columns of the list of adjustments, as the API names them. */
export const adjustmentColumns = [
  ...['adjustment_number', 'date', 'reason', 'adjustment_type'],
  ...['reference_number', 'created_time', 'last_modified_time'],
];

const onAdjustmentLine = (column: string) =>
  `EXISTS (SELECT 1 FROM adjustment_line AS line WHERE line.adjustment_id = adjustment.adjustment_id AND line.${column} = ?)`;

/** Adjustments that the query asks for, newest first. */
export function listedAdjustments(call: Call): Listing {
  const reference = "coalesce(json_extract(json, '$.reference_number'), '')";
  const { sql, values } = where([
    ...searched(call, `lower(adjustment_number || char(10) || reason || char(10) || ${reference})`),
    ...when(asked(call, 'adjustment_number'), 'adjustment_number = ?'),
    ...when(asked(call, 'reference_number'), `${reference} = ? COLLATE NOCASE`),
    ...when(asked(call, 'adjustment_type'), 'adjustment_type = ?'),
    ...when(asked(call, 'item_id'), onAdjustmentLine('item_id')),
    ...when(asked(call, 'warehouse_id'), onAdjustmentLine('warehouse_id')),
    ...dates(call),
  ]);
  return {
    sql: `SELECT adjustment_id AS id, adjustment_number, date, reason, adjustment_type, ${reference} AS reference_number,
         created_time, last_modified_time
       FROM adjustment WHERE ${sql} `,
    values,
    order: 'date DESC, adjustment_id DESC',
  };
}

const transferStatuses = { draft: 'Draft', intransit: 'InTransit', received: 'Received', cancelled: 'Cancelled' };

/** Sortable columns of the list of transfers, as the API names them. */
export const transferColumns = [
  ...['transfer_number', 'date', 'status', 'from_warehouse_name', 'to_warehouse_name'],
  ...['created_time', 'last_modified_time'],
];

/** Transfers that the query asks for, newest first. */
export function listedTransfers(call: Call): Listing {
  const place = asked(call, 'warehouse_id');
  const { sql, values } = where([
    ...searched(call, "lower(transfer_number || char(10) || coalesce(json_extract(transfer.json, '$.notes'), ''))"),
    ...when(statusAsked(call, transferStatuses), "replace(transfer.status, '_', '') = ?"),
    ...when(asked(call, 'transfer_number'), 'transfer_number = ?'),
    ...when(
      asked(call, 'item_id'),
      'EXISTS (SELECT 1 FROM transfer_line AS line WHERE line.transfer_id = transfer.transfer_id AND line.item_id = ?)',
    ),
    ...when(asked(call, 'from_warehouse_id'), 'from_warehouse_id = ?'),
    ...when(asked(call, 'to_warehouse_id'), 'to_warehouse_id = ?'),
    ...(place === undefined ? [] : [{ sql: 'from_warehouse_id = ? OR to_warehouse_id = ?', values: [place, place] }]),
    ...dates(call),
  ]);
  return {
    sql: `SELECT transfer_id AS id, transfer_number, date, transfer.status AS status, source.warehouse_name AS from_warehouse_name,
         target.warehouse_name AS to_warehouse_name, transfer.created_time AS created_time,
         transfer.last_modified_time AS last_modified_time
       FROM transfer LEFT JOIN warehouse AS source ON source.warehouse_id = from_warehouse_id
         LEFT JOIN warehouse AS target ON target.warehouse_id = to_warehouse_id
       WHERE ${sql} `,
    values,
    order: 'date DESC, transfer_id DESC',
  };
}
