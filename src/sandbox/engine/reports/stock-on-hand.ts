import type { Answer, Call } from '../../route.ts';
import { allWarehouses } from '../directory.ts';
import { fromMicro } from '../quantity.ts';
import {
  asked,
  filterOf,
  header,
  holdings,
  type Json,
  noHistory,
  openQuantities,
  reportAnswer,
  trackedGoods,
} from './common.ts';

/** What lies where: a row for each item and warehouse that has any figure, by name, the primary warehouse first. */
export function stockOnHand(call: Call): Answer {
  const { world } = call;
  const { db } = world;
  const ask = asked(call);
  const held = holdings(db, ask.isPast ? ask.to : undefined);
  const open = openQuantities(db);
  const places = ask.warehouse ? [ask.warehouse] : allWarehouses(db);
  const rows: Json[] = [];
  for (const { item_id, name, sku, unit } of trackedGoods(db)) {
    for (const { warehouse_id, warehouse_name } of places) {
      const onHand = held.get(item_id)?.get(warehouse_id)?.quantityMicro ?? 0;
      const committed = ask.isPast ? null : open(item_id, 'committed', warehouse_id);
      const packed = ask.isPast ? null : open(item_id, 'packed', warehouse_id);
      if (!onHand && !committed && !packed) continue;
      rows.push({
        ...{ item_id, name, sku, unit, warehouse_id, warehouse_name },
        on_hand: fromMicro(onHand),
        committed: committed === null ? null : fromMicro(committed),
        packed: packed === null ? null : fromMicro(packed),
        available: committed === null ? null : fromMicro(onHand - committed),
      });
    }
  }
  const head = (page: Json): Json =>
    header(world, 'stock-on-hand', {
      as_of: ask.to,
      ...filterOf(ask),
      ...page,
      basis: 'physical book',
      ...(ask.isPast ? { note: noHistory } : {}),
    });
  return reportAnswer(call, 'items', head, rows);
}
