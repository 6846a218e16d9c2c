import type { Answer, Call } from '../../route.ts';
import { baseDigits } from '../documents/item-record.ts';
import { transit } from '../ledger.ts';
import { fromMicro, fromMinor } from '../quantity.ts';
import {
  asked,
  filterOf,
  type Goods,
  type Holdings,
  header,
  holdings,
  type Json,
  reportAnswer,
  sum,
  trackedGoods,
  unitCost,
  type Worth,
} from './common.ts';

interface Valued extends Worth {
  readonly item: Goods;
  readonly inTransit: boolean;
}

function valued(item: Goods, held: Holdings, warehouseId: string | undefined): Valued[] {
  const places = [...(held.get(item.item_id) ?? [])];
  const inHouse = places.filter(([place]) => (warehouseId === undefined ? place !== transit : place === warehouseId));
  const stock: Valued = {
    item,
    inTransit: false,
    quantityMicro: sum(inHouse.map(([, worth]) => worth.quantityMicro)),
    valueMinor: sum(inHouse.map(([, worth]) => worth.valueMinor)),
  };
  const moving = warehouseId === undefined ? places.find(([place]) => place === transit)?.[1] : undefined;
  const hasAny = (worth: Worth) => worth.quantityMicro !== 0 || worth.valueMinor !== 0;
  return [
    ...(item.status === 'active' || hasAny(stock) ? [stock] : []),
    ...(moving && hasAny(moving) ? [{ item, inTransit: true, ...moving }] : []),
  ];
}

const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const byValue = (a: Valued, b: Valued) =>
  b.valueMinor - a.valueMinor ||
  text(a.item.sku, b.item.sku) ||
  text(a.item.item_id, b.item.item_id) ||
  Number(a.inTransit) - Number(b.inTransit);

/** What the stock of a day cost by FIFO, the most valuable first; goods in transit stand in a row of their own. */
export function inventoryValuation(call: Call): Answer {
  const { world } = call;
  const { db } = world;
  const ask = asked(call);
  const digits = baseDigits(db);
  const held = holdings(db, ask.isPast ? ask.to : undefined);
  const found = trackedGoods(db)
    .flatMap((item) => valued(item, held, ask.warehouse?.warehouse_id))
    .sort(byValue);
  const worth = (wanted: readonly Valued[]) => fromMinor(sum(wanted.map(({ valueMinor }) => valueMinor)), digits);
  const totals = { asset_value: worth(found), in_transit_value: worth(found.filter(({ inTransit }) => inTransit)) };
  const head = (page: Json): Json =>
    header(world, 'inventory-valuation', {
      as_of: ask.to,
      ...filterOf(ask),
      ...page,
      basis: 'physical book, FIFO by the costs recorded until that day',
      totals,
    });
  const rows = found.map(({ item, inTransit, quantityMicro, valueMinor }) => ({
    item_id: item.item_id,
    name: item.name,
    sku: item.sku,
    unit: item.unit,
    in_transit: inTransit,
    quantity: fromMicro(quantityMicro),
    unit_cost: unitCost(valueMinor, quantityMicro, digits),
    asset_value: fromMinor(valueMinor, digits),
  }));
  return reportAnswer(call, 'items', head, rows, { total_value: totals.asset_value });
}
