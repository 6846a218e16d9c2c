import type { Database, Row } from '../../../sqlite.ts';
import type { Answer, Call } from '../../route.ts';
import { integerOf, textOf } from '../../row.ts';
import { allWarehouses } from '../directory.ts';
import { baseDigits, itemOf } from '../documents/item-record.ts';
import { fromMicro, fromMinor } from '../quantity.ts';
import { daysAsked, header, type Json, reportAnswer, unitCost } from './common.ts';

/** One posting that changed what lies in a warehouse, or only what it is worth. */
interface Posting {
  readonly row: Row;
  readonly warehouseId: string;
  readonly inMicro: number;
  readonly outMicro: number;
  /** Base currency, minor units; below zero for what left. */
  readonly valueMinor: number;
}

// The first entry of a posting in its layers tells in which order moves and revaluations were made.
const particulars = `
  coalesce(package.status, receive.status, transfer.status, adjustment.status, '') AS status,
  coalesce(contact.contact_name, '') AS contact_name,
  undone.document_type || ' ' || undone.document_number AS reverses_document`;
const documents = `
  LEFT JOIN package ON posting.document_type = 'package' AND package_id = posting.document_id
  LEFT JOIN receive ON posting.document_type = 'receive' AND receive_id = posting.document_id
  LEFT JOIN transfer ON posting.document_type = 'transfer' AND transfer_id = posting.document_id
  LEFT JOIN adjustment ON posting.document_type = 'adjustment' AND adjustment_id = posting.document_id
  LEFT JOIN orders ON order_id = coalesce(package.salesorder_id, receive.purchaseorder_id)
  LEFT JOIN contact ON contact.contact_id = orders.contact_id`;

const movesSql = `
  SELECT posting.*, ${particulars},
    EXISTS (SELECT 1 FROM stock_move AS again WHERE again.reverses = posting.move_id) AS is_reversed,
    (SELECT min(entry_id) FROM layer_entry WHERE layer_entry.move_id = posting.move_id) AS sequence
  FROM stock_move AS posting LEFT JOIN stock_move AS undone ON undone.move_id = posting.reverses ${documents}
  WHERE posting.item_id = ? AND posting.effective_date <= ?`;
const revaluationsSql = `
  SELECT posting.*, ${particulars},
    EXISTS (SELECT 1 FROM revaluation AS again WHERE again.reverses = posting.revaluation_id) AS is_reversed,
    (SELECT min(entry_id) FROM layer_entry WHERE layer_entry.revaluation_id = posting.revaluation_id) AS sequence
  FROM revaluation AS posting LEFT JOIN revaluation AS undone ON undone.revaluation_id = posting.reverses ${documents}
  WHERE posting.item_id = ? AND posting.effective_date <= ?`;

const inOrder = ({ row: a }: Posting, { row: b }: Posting): number => {
  const [left, right] = [textOf(a, 'effective_date'), textOf(b, 'effective_date')];
  return left < right ? -1 : left > right ? 1 : integerOf(a, 'sequence') - integerOf(b, 'sequence');
};

/** Every posting of an item until a day, oldest first. A transfer is two: out of one warehouse, later into the other. */
function postings(db: Database, itemId: string, to: string, warehouses: ReadonlySet<string>): Posting[] {
  const moves = db
    .prepare(movesSql)
    .all(itemId, to)
    .map((row): Posting => {
      const arrives = warehouses.has(textOf(row, 'to_place'));
      const quantity = integerOf(row, 'quantity_micro');
      const cost = integerOf(row, 'cost_minor');
      return {
        row,
        warehouseId: textOf(row, arrives ? 'to_place' : 'from_place'),
        inMicro: arrives ? quantity : 0,
        outMicro: arrives ? 0 : quantity,
        valueMinor: arrives ? cost : -cost,
      };
    });
  const revaluations = db
    .prepare(revaluationsSql)
    .all(itemId, to)
    .map((row): Posting => {
      const warehouseId = textOf(row, 'warehouse_id');
      return { row, warehouseId, inMicro: 0, outMicro: 0, valueMinor: integerOf(row, 'value_minor') };
    });
  return [...moves, ...revaluations].sort(inOrder);
}

/** What still lies there of each receipt of goods, in transit too, by the day it came in. */
const openLayers = (db: Database, itemId: string, names: ReadonlyMap<string, string>, digits: number): Json[] =>
  db
    .prepare(
      `SELECT place, layer_date, sum(quantity_micro) AS quantity_micro, sum(value_minor) AS value_minor FROM layer
       WHERE item_id = ? AND quantity_micro > 0 GROUP BY place, layer_date ORDER BY layer_date, place`,
    )
    .all(itemId)
    .map((row) => {
      const place = textOf(row, 'place');
      const name = names.get(place);
      return {
        ...(name === undefined ? { in_transit: true } : { warehouse_id: place, warehouse_name: name }),
        date: textOf(row, 'layer_date'),
        quantity: fromMicro(integerOf(row, 'quantity_micro')),
        value: fromMinor(integerOf(row, 'value_minor'), digits),
      };
    });

/**
 * Every change of an item's stock in the days asked for, after a row with what there was before them, oldest first. The
 * last `balance` is what was on hand at the end; goods in transit are in no warehouse. A posting that takes another one
 * back takes effect on the same day and names it under `reverses`. `layers` are what is left of each receipt now.
 */
export function transactionHistory(call: Call): Answer {
  const { world } = call;
  const { db } = world;
  const item = itemOf(db, call.params.item_id ?? '');
  const { from, to } = daysAsked(call, 'date_start', 'date_end');
  const digits = baseDigits(db);
  const names = new Map(allWarehouses(db).map(({ warehouse_id, warehouse_name }) => [warehouse_id, warehouse_name]));
  const all = postings(db, item.item_id, to, new Set(names.keys()));
  const start = all.findIndex(({ row }) => textOf(row, 'effective_date') >= from);
  const before = start < 0 ? all : all.slice(0, start);
  let balance = before.reduce((total, { inMicro, outMicro }) => total + inMicro - outMicro, 0);
  const opening: Json = {
    date: from,
    document_type: 'opening_balance',
    balance: fromMicro(balance),
    value: fromMinor(
      before.reduce((total, { valueMinor }) => total + valueMinor, 0),
      digits,
    ),
  };
  const rows = (start < 0 ? [] : all.slice(start)).map((posting): Json => {
    const { row, warehouseId, inMicro, outMicro, valueMinor } = posting;
    balance += inMicro - outMicro;
    const reverses = textOf(row, 'reverses_document');
    return {
      date: textOf(row, 'effective_date'),
      posted_at: textOf(row, 'posted_at'),
      document_type: textOf(row, 'document_type'),
      document_number: textOf(row, 'document_number'),
      document_id: textOf(row, 'document_id'),
      status: integerOf(row, 'is_reversed') === 1 ? 'reversed' : textOf(row, 'status'),
      contact_name: textOf(row, 'contact_name'),
      warehouse_name: names.get(warehouseId) ?? '',
      quantity_in: fromMicro(inMicro),
      quantity_out: fromMicro(outMicro),
      balance: fromMicro(balance),
      unit_cost: unitCost(Math.abs(valueMinor), inMicro + outMicro, digits),
      value: fromMinor(valueMinor, digits),
      ...(reverses === '' ? {} : { reverses }),
    };
  });
  const head = (page: Json): Json =>
    header(world, 'item-transactions', {
      from_date: from,
      to_date: to,
      filter: { item_id: item.item_id, name: item.name, sku: item.sku },
      ...page,
      basis: 'physical book, FIFO',
      totals: { closing_balance: fromMicro(balance) },
    });
  const sold = db
    .prepare("SELECT max(effective_date) AS day FROM stock_move WHERE item_id = ? AND to_place = 'customer'")
    .get(item.item_id);
  const last = sold ? textOf(sold, 'day') : '';
  return reportAnswer(call, 'transactions', head, [opening, ...rows], {
    ...(last === '' ? {} : { last_sold: last }),
    ...(to < world.today() ? {} : { layers: openLayers(db, item.item_id, names, digits) }),
  });
}
