import type { Database, Row } from '../../../sqlite.ts';
import { invalid, notFound, type World } from '../../route.ts';
import { integerOf, type JsonObject, jsonOf, textOf } from '../../row.ts';
import {
  type Body,
  dateField,
  documentDate,
  given,
  insufficientStock,
  itemNotFound,
  keptFields,
  listField,
  quantityField,
  refused,
  requiredList,
  requiredText,
  textField,
} from '../fields.ts';
import { carry, leastSince, transit } from '../ledger.ts';
import { takeNumber } from '../numbering.ts';
import { fromMicro } from '../quantity.ts';
import { figuresAt } from '../stock.ts';
import { findItem } from './item-record.ts';
import { activeWarehouse } from './lines.ts';

export interface Transfer {
  readonly transfer_id: string;
  readonly transfer_number: string;
  readonly status: 'draft' | 'in_transit' | 'received' | 'cancelled';
  readonly date: string;
  readonly from_warehouse_id: string;
  readonly to_warehouse_id: string;
  readonly created_time: string;
  readonly last_modified_time: string;
  readonly fields: JsonObject;
}

const keptKeys = ['expected_delivery_date', 'notes', 'shipping_charge', 'custom_fields', 'reference_number'];

export function toTransfer(row: Row): Transfer {
  const status = textOf(row, 'status');
  return {
    transfer_id: textOf(row, 'transfer_id'),
    transfer_number: textOf(row, 'transfer_number'),
    status: status === 'in_transit' || status === 'received' || status === 'cancelled' ? status : 'draft',
    date: textOf(row, 'date'),
    from_warehouse_id: textOf(row, 'from_warehouse_id'),
    to_warehouse_id: textOf(row, 'to_warehouse_id'),
    created_time: textOf(row, 'created_time'),
    last_modified_time: textOf(row, 'last_modified_time'),
    fields: jsonOf(row, 'json'),
  };
}

/** The transfer of a path; 404 when there is none. */
export function transferOf(db: Database, id: string): Transfer {
  const row = db.prepare('SELECT * FROM transfer WHERE transfer_id = ?').get(id);
  if (!row) throw notFound('transfer', id);
  return toTransfer(row);
}

export interface TransferLine {
  readonly line_item_id: string;
  readonly item_id: string;
  readonly quantityMicro: number;
  readonly sentMicro: number;
  readonly receivedMicro: number;
  readonly description: string;
}

export const transferLines = (db: Database, transferId: string): TransferLine[] =>
  db
    .prepare('SELECT * FROM transfer_line WHERE transfer_id = ? ORDER BY position')
    .all(transferId)
    .map((row) => ({
      line_item_id: textOf(row, 'line_item_id'),
      item_id: textOf(row, 'item_id'),
      quantityMicro: integerOf(row, 'quantity_micro'),
      sentMicro: integerOf(row, 'sent_micro'),
      receivedMicro: integerOf(row, 'received_micro'),
      description: textOf(row, 'description'),
    }));

function writeTransfer(world: World, body: Body, before?: Transfer): string {
  const { db } = world;
  dateField(body, 'expected_delivery_date');
  const place = (key: 'from_warehouse_id' | 'to_warehouse_id') =>
    before && given(body, key) === undefined ? before[key] : activeWarehouse(db, requiredText(body, key), key);
  const from = place('from_warehouse_id');
  const to = place('to_warehouse_id');
  if (from === to) throw invalid('to_warehouse_id', 'A transfer goes to another warehouse.');
  const wanted = textField(body, 'transfer_number');
  const kept = before && (wanted === undefined || wanted === before.transfer_number);
  const id = before?.transfer_id ?? world.nextId();
  const now = world.timestamp();
  db.prepare(
    `INSERT INTO transfer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (transfer_id) DO UPDATE SET
       transfer_number = excluded.transfer_number, date = excluded.date, from_warehouse_id = excluded.from_warehouse_id,
       to_warehouse_id = excluded.to_warehouse_id, last_modified_time = excluded.last_modified_time, json = excluded.json`,
  ).run(
    id,
    kept ? before.transfer_number : takeNumber(db, 'TRN', 'transfer_number', wanted),
    'draft',
    documentDate(world, body, 'date', before?.date),
    from,
    to,
    now,
    now,
    JSON.stringify(keptFields(body, keptKeys, before?.fields)),
  );
  if (!before || given(body, 'line_items') !== undefined) writeLines(world, id, requiredList(body, 'line_items'));
  return id;
}

/** The lines as given; one that names its `line_item_id` keeps it and what the row does not say. */
function writeLines(world: World, transferId: string, rows: readonly Body[]): void {
  const { db } = world;
  const before = new Map(transferLines(db, transferId).map((line) => [line.line_item_id, line]));
  db.prepare('DELETE FROM transfer_line WHERE transfer_id = ?').run(transferId);
  rows.forEach((row, position) => {
    const lineId = textField(row, 'line_item_id');
    const old = lineId === undefined ? undefined : before.get(lineId);
    if (lineId !== undefined && !before.delete(lineId))
      throw invalid('line_item_id', `The transfer has no line ${lineId}, or names it twice.`);
    const itemId = textField(row, 'item_id') ?? old?.item_id ?? requiredText(row, 'item_id');
    const item = findItem(db, itemId);
    if (!item) throw itemNotFound(itemId);
    if (item.kind !== 'goods') throw invalid('item_id', `${item.name} has no stock that could be transferred.`);
    const keeps = old && given(row, 'quantity') === undefined;
    db.prepare(
      'INSERT INTO transfer_line (line_item_id, transfer_id, position, item_id, quantity_micro, description) VALUES (?, ?, ?, ?, ?, ?)',
    ).run(
      old?.line_item_id ?? world.nextId(),
      transferId,
      position,
      itemId,
      keeps ? old.quantityMicro : quantityField(row, 'quantity'),
      Object.hasOwn(row, 'description') ? (textField(row, 'description') ?? '') : (old?.description ?? ''),
    );
  });
}

/** A draft, which reserves nothing: both warehouses and `line_items` `[{ item_id, quantity }]` are required. Returns its id. */
export const createTransfer = (world: World, body: Body): string =>
  world.db.transaction(() => writeTransfer(world, body));

const draftOf = (world: World, id: string, act: string): Transfer => {
  const found = transferOf(world.db, id);
  if (found.status !== 'draft')
    throw refused(`${found.transfer_number} is ${found.status}; only a draft can be ${act}.`);
  return found;
};

/**
 * Changes a draft; `line_items` replaces the list. `status: cancelled` cancels it besides: no endpoint of its own does, and
 * of the other statuses each has one.
 */
export function updateTransfer(world: World, id: string, body: Body): void {
  world.db.transaction(() => {
    const status = textField(body, 'status');
    const found = draftOf(world, id, status === 'cancelled' ? 'cancelled' : 'changed');
    if (status !== undefined && status !== 'draft' && status !== 'cancelled')
      throw invalid('status', 'An update can only cancel a transfer; it is sent and received by their own calls.');
    writeTransfer(world, body, found);
    if (status === 'cancelled') cancelTransfer(world, found.transfer_id);
  });
}

function setStatus(world: World, id: string, status: Transfer['status']): void {
  world.db
    .prepare('UPDATE transfer SET status = ?, last_modified_time = ? WHERE transfer_id = ?')
    .run(status, world.timestamp(), id);
}

const sourceOf = (found: Transfer, line: TransferLine, date: string) =>
  ({
    type: 'transfer',
    id: found.transfer_id,
    number: found.transfer_number,
    line_id: line.line_item_id,
    date,
  }) as const;

/** Goods cannot leave before they are there: the books of the days between would show less than nothing. */
function needOnDay(
  { db, today }: World,
  { transfer_number, from_warehouse_id }: Transfer,
  { item_id, quantityMicro, date }: { item_id: string; quantityMicro: number; date: string },
): void {
  const least = date < today() ? leastSince(db, item_id, from_warehouse_id, date) : undefined;
  if (least === undefined || quantityMicro <= least) return;
  const name = findItem(db, item_id)?.name ?? item_id;
  throw invalid(
    'date',
    `${transfer_number} is dated ${date}; of ${name} only ${fromMicro(Math.max(0, least))} could leave on that day. Give a later date.`,
  );
}

/** draft -> in transit, on `date` (the transfer's own if not given). Goods in a package stay: they are set aside. */
export function sendTransfer(world: World, id: string, body: Body = {}): void {
  world.db.transaction(() => {
    const { db } = world;
    const found = draftOf(world, id, 'sent');
    // Either may have been deactivated while the draft lay; goods would be on their way to a place that takes none.
    activeWarehouse(db, found.from_warehouse_id, 'from_warehouse_id');
    activeWarehouse(db, found.to_warehouse_id, 'to_warehouse_id');
    const date = documentDate(world, body, 'date', found.date);
    for (const line of transferLines(db, id)) {
      const { item_id, quantityMicro } = line;
      const { onHand, packed } = figuresAt(db, item_id, found.from_warehouse_id);
      if (quantityMicro > onHand - packed)
        throw insufficientStock(
          `${findItem(db, item_id)?.name ?? item_id}: ${fromMicro(quantityMicro)} wanted, ${fromMicro(onHand - packed)} free.`,
        );
      needOnDay(world, found, { item_id, quantityMicro, date });
      const way = { item_id, from: found.from_warehouse_id, to: transit, holder: line.line_item_id, quantityMicro };
      carry(world, way, sourceOf(found, line, date));
      db.prepare('UPDATE transfer_line SET sent_micro = quantity_micro WHERE line_item_id = ?').run(line.line_item_id);
    }
    setStatus(world, id, 'in_transit');
  });
}

function sentOn(db: Database, id: string): string {
  const row = db
    .prepare('SELECT max(effective_date) AS day FROM stock_move WHERE document_id = ? AND to_place = ?')
    .get(id, transit);
  return row ? textOf(row, 'day') : '';
}

function receivedNow(db: Database, found: Transfer, rows: readonly Body[] | undefined): Map<TransferLine, number> {
  const lines = transferLines(db, found.transfer_id);
  const left = (line: TransferLine) => line.sentMicro - line.receivedMicro;
  if (!rows) return new Map(lines.filter((line) => left(line) > 0).map((line) => [line, left(line)]));
  const taken = new Map<TransferLine, number>();
  for (const row of rows) {
    const id = requiredText(row, 'line_item_id');
    const line = lines.find(({ line_item_id }) => line_item_id === id);
    if (!line) throw invalid('line_item_id', `${found.transfer_number} has no line ${id}.`);
    const key = given(row, 'quantity_received') === undefined ? 'quantity' : 'quantity_received';
    const quantity = (taken.get(line) ?? 0) + quantityField(row, key);
    if (quantity > left(line)) throw refused(`Only ${fromMicro(left(line))} of the line are in transit.`, key);
    taken.set(line, quantity);
  }
  return taken;
}

/**
 * Goods arrive, all that are in transit or `line_items` `[{ line_item_id, quantity_received }]`, on `date` (today if not
 * given). The rest stays in transit; the transfer is received when nothing is.
 */
export function receiveTransfer(world: World, id: string, body: Body = {}): void {
  world.db.transaction(() => {
    const { db } = world;
    const found = transferOf(db, id);
    if (found.status !== 'in_transit')
      throw refused(`${found.transfer_number} is ${found.status}; only a transfer in transit can be received.`);
    const key = given(body, 'receive_date') === undefined ? 'date' : 'receive_date';
    const date = documentDate(world, body, key);
    const sent = sentOn(db, id);
    // Goods that arrive before they leave would be in transit less than nothing on the days between.
    if (date < sent) throw invalid(key, `${found.transfer_number} was sent on ${sent}; it cannot arrive before.`);
    for (const [line, quantityMicro] of receivedNow(db, found, listField(body, 'line_items'))) {
      const way = {
        item_id: line.item_id,
        from: transit,
        to: found.to_warehouse_id,
        holder: line.line_item_id,
        quantityMicro,
      };
      carry(world, way, sourceOf(found, line, date));
      db.prepare('UPDATE transfer_line SET received_micro = received_micro + ? WHERE line_item_id = ?').run(
        quantityMicro,
        line.line_item_id,
      );
    }
    const open = transferLines(db, id).some((line) => line.receivedMicro < line.sentMicro);
    setStatus(world, id, open ? 'in_transit' : 'received');
  });
}

/** draft -> cancelled. */
export function cancelTransfer(world: World, id: string): void {
  world.db.transaction(() => {
    draftOf(world, id, 'cancelled');
    setStatus(world, id, 'cancelled');
  });
}

/** Deletes a transfer that moved nothing. */
export function deleteTransfer(world: World, id: string): void {
  world.db.transaction(() => {
    const found = transferOf(world.db, id);
    if (found.status === 'in_transit' || found.status === 'received')
      throw refused(`${found.transfer_number} is ${found.status} and cannot be deleted.`);
    world.db.prepare('DELETE FROM transfer_line WHERE transfer_id = ?').run(id);
    world.db.prepare('DELETE FROM transfer WHERE transfer_id = ?').run(id);
  });
}
