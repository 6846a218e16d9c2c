import type { Database } from '../../../sqlite.ts';
import { findWarehouse } from '../directory.ts';
import { type Adjustment, adjustmentLines } from '../documents/adjustments.ts';
import { baseDigits, findItem, type Item } from '../documents/item-record.ts';
import { type Transfer, type TransferLine, transferLines } from '../documents/transfers.ts';
import { fromMicro, fromMinor } from '../quantity.ts';
import { itemRecord, itemRow } from './items.ts';

type Json = Record<string, unknown>;

const warehouseName = (db: Database, id: string) => findWarehouse(db, id)?.warehouse_name ?? '';

function itemKeys(db: Database, itemId: string): Json {
  const item = findItem(db, itemId);
  return { item_id: itemId, name: item?.name ?? '', sku: item?.sku ?? '', unit: item?.unit ?? '' };
}

/** An adjustment as a list prints it; `total` is the change of stock value in base currency. */
export function adjustmentRow(db: Database, adjustment: Adjustment): Json {
  const valueMinor = adjustmentLines(db, adjustment.adjustment_id).reduce((sum, line) => sum + line.valueMinor, 0);
  const { reference_number = '', description = '' } = adjustment.fields;
  return {
    inventory_adjustment_id: adjustment.adjustment_id,
    adjustment_number: adjustment.adjustment_number,
    date: adjustment.date,
    adjustment_type: adjustment.adjustment_type,
    status: 'adjusted',
    reason: adjustment.reason,
    reference_number,
    description,
    total: fromMinor(valueMinor, baseDigits(db)),
    created_time: adjustment.created_time,
    last_modified_time: adjustment.last_modified_time,
  };
}

/**
 * An adjustment with its lines. A line keeps what was asked for (`quantity_adjusted`, `adjust_quantity_by`), so that it
 * can be sent back, and tells what came of it: `quantity_change` and `value_change`, signed.
 */
export function adjustmentRecord(db: Database, adjustment: Adjustment): Json {
  const line_items = adjustmentLines(db, adjustment.adjustment_id).map((line) => ({
    line_item_id: line.line_item_id,
    ...itemKeys(db, line.item_id),
    warehouse_id: line.warehouse_id,
    warehouse_name: warehouseName(db, line.warehouse_id),
    ...line.fields,
    quantity_change: fromMicro(line.quantityMicro),
    value_change: fromMinor(line.valueMinor, baseDigits(db)),
  }));
  return { ...adjustmentRow(db, adjustment), ...adjustment.fields, line_items };
}

const sum = (lines: readonly TransferLine[], figure: (line: TransferLine) => number) =>
  fromMicro(lines.reduce((total, line) => total + figure(line), 0));

const wayLeft = (line: TransferLine) => line.sentMicro - line.receivedMicro;

/** A transfer as a list prints it. */
export function transferRow(db: Database, transfer: Transfer): Json {
  const lines = transferLines(db, transfer.transfer_id);
  const { expected_delivery_date = '' } = transfer.fields;
  return {
    transfer_id: transfer.transfer_id,
    transfer_number: transfer.transfer_number,
    date: transfer.date,
    status: transfer.status,
    from_warehouse_id: transfer.from_warehouse_id,
    from_warehouse_name: warehouseName(db, transfer.from_warehouse_id),
    to_warehouse_id: transfer.to_warehouse_id,
    to_warehouse_name: warehouseName(db, transfer.to_warehouse_id),
    expected_delivery_date,
    quantity: sum(lines, ({ quantityMicro }) => quantityMicro),
    quantity_in_transit: sum(lines, wayLeft),
    quantity_received: sum(lines, ({ receivedMicro }) => receivedMicro),
    created_time: transfer.created_time,
    last_modified_time: transfer.last_modified_time,
  };
}

/** A transfer with its lines. */
export function transferRecord(db: Database, transfer: Transfer): Json {
  const line_items = transferLines(db, transfer.transfer_id).map((line) => ({
    line_item_id: line.line_item_id,
    ...itemKeys(db, line.item_id),
    quantity: fromMicro(line.quantityMicro),
    quantity_in_transit: fromMicro(wayLeft(line)),
    quantity_received: fromMicro(line.receivedMicro),
    description: line.description,
  }));
  return { ...transferRow(db, transfer), ...transfer.fields, line_items };
}

/** A kit as a list prints it; the hosted service names its id `composite_item_id`, the reference `item_id`. */
export const kitRow = (db: Database, kit: Item): Json => ({ composite_item_id: kit.item_id, ...itemRow(db, kit) });

/** A kit with its parts and how many can be built, in all and per warehouse. */
export const kitRecord = (db: Database, kit: Item): Json => ({
  composite_item_id: kit.item_id,
  ...itemRecord(db, kit),
});
