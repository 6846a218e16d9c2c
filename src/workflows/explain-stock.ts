import * as z from 'zod';
import { InvalidArguments } from '../errors.ts';
import { day, someText, wholeNumber } from '../operations/fields.ts';
import { getItem, getItemTransactionHistory, listItems } from '../operations/items.ts';
import { getPurchaseOrder, listPurchaseOrders } from '../operations/purchase-orders.ts';
import { getSalesOrder, listSalesOrders } from '../operations/sales-orders.ts';
import { getTransfer, listTransfers } from '../operations/transfers.ts';
import { listWarehouses } from '../operations/warehouses.ts';
import { bindApi } from './api.ts';
import { figuresOf, isKit, isTracked, onOrderOf, type WarehouseFigures, warehousesOf } from './availability.ts';
import type { Api, ReadWorkflow, WorkflowContext } from './define.ts';
import { type Claims, claimRow, readClaims } from './explain-stock-claims.ts';
import { type Coming, orderRow, readComing, transferRow } from './explain-stock-coming.ts';
import { findItem, findPlace } from './explain-stock-item.ts';
import { explainKit } from './explain-stock-kit.ts';
import { movementRow, readHistory } from './explain-stock-movements.ts';
import { sentences, type Told } from './explain-stock-words.ts';
import { microToNumber, sumOf } from './numbers.ts';
import { microIn, parseBy, type Row, rowsIn, textIn } from './rows.ts';
import { counted, itemWords, named, plainText } from './text.ts';

const input = {
  item: someText(200, 'Id, SKU, barcode or name'),
  warehouse: someText(200, 'Id or name').optional(),
  from_date: day('Movements since').optional(),
  movements: wholeNumber(0, 100, 'Latest shown').default(10),
};
const schema = z.strictObject(input);
type Wish = z.infer<typeof schema>;

/** Rows of promises and of what is coming shown at most. */
const mostRows = 15;

/** Answers `{ message, ...figures, movements, promised, coming }`; the message adds up, or says that it does not. */
async function read(given: Api, raw: unknown, context: WorkflowContext) {
  const wish = parseBy(schema, raw);
  if (wish.from_date !== undefined && wish.from_date > context.today)
    throw new InvalidArguments(`from_date ${wish.from_date} is after today, ${context.today}.`, { nothingSent: true });
  const api = bindApi(given, context);
  context.progress('Finding the item');
  const { row, took } = await findItem(api, wish.item);
  const words = `${itemWords({ sku: textIn(row, 'sku'), item: textIn(row, 'name') })}${textIn(row, 'status') === 'inactive' ? ' (inactive)' : ''}`;
  const names = nameOf(row);
  if (!isTracked(row))
    return { message: `${took}${words} is a service or its stock is not kept: it never runs short.`, ...names };
  const place = wish.warehouse === undefined ? undefined : await findPlace(api, row, wish.warehouse);
  const about = { words: `${took}${words}`, place, context };
  const { message, ...rest } = isKit(row)
    ? await explainKit(api, row, about)
    : await explainGoods(api, row, { ...about, wish });
  return { message, ...names, ...rest };
}

const nameOf = (row: Row) => ({
  item: plainText(row.name),
  ...(textIn(row, 'sku') === '' ? {} : { sku: plainText(row.sku, 60) }),
  item_id: textIn(row, 'item_id'),
  unit: plainText(row.unit, 20),
});

interface About {
  readonly words: string;
  readonly place: WarehouseFigures | undefined;
  readonly wish: Wish;
  readonly context: WorkflowContext;
}

async function explainGoods(api: Api, row: Row, { words, place, wish, context }: About) {
  const itemId = textIn(row, 'item_id');
  const told = toldBy(row, words, place);
  context.progress('Reading its movements');
  const asked = { since: wish.from_date, warehouseName: place?.warehouseName };
  const history = await readHistory(api, itemId, asked);
  context.progress('Reading who it is promised to');
  const claims = await readClaims(api, itemId, figuresOf(row).committed);
  context.progress('Reading what is coming');
  const onItsWay = { onOrder: onOrderOf(row), inTransit: microIn(row, 'quantity_in_transit') ?? 0n };
  const found = {
    history,
    claims: claimsAt(claims, row, place),
    coming: comingTo(await readComing(api, itemId, onItsWay), row, place),
  };
  const since = wish.from_date ?? '';
  const shown = history.movements.filter(({ date }) => date >= since);
  const latest = wish.movements === 0 ? [] : shown.slice(-wish.movements);
  const [first] = latest;
  const rest = [
    ...cutWords('movements', latest.length, shown.length),
    ...cutWords('promises', mostRows, found.claims.claims.length),
  ];
  const { orders, transfers } = found.coming;
  return {
    message: sentences(told, found, context.today),
    ...figures(told),
    ...(first === undefined ? {} : { opening_balance: microToNumber(first.balance - first.change) }),
    movements: latest.map(movementRow),
    promised: found.claims.claims.slice(0, mostRows).map((claim) => claimRow(claim, itemId)),
    coming: [
      ...orders.map((order) => orderRow(order, context.today)),
      ...transfers.map((transfer) => transferRow(transfer, context.today)),
    ].slice(0, mostRows),
    ...(place === undefined ? { warehouses: warehousesOf(row).filter(holdsAny).map(splitRow) } : {}),
    ...(rest.length === 0 ? {} : { note: rest.join(' ') }),
  };
}

const cutWords = (noun: string, shown: number, all: number): string[] =>
  all > shown ? [`${shown} of ${counted(all, noun.slice(0, -1))} shown.`] : [];

function toldBy(row: Row, words: string, place: WarehouseFigures | undefined): Told {
  const { onHand, committed, available } = place ?? figuresOf(row);
  const split = warehousesOf(row);
  const packed = place ? place.packed : sumOf(split.map((part) => part.packed ?? 0n));
  const raw = rowsIn(row, 'warehouses').find(({ warehouse_id }) => warehouse_id === place?.warehouseId);
  return {
    what: place ? `${words} in ${named(place.warehouseName)}` : words,
    isOneWarehouse: place !== undefined,
    ...{ onHand, committed, available: available ?? onHand - committed, packed },
    onOrder: place ? microIn(raw ?? {}, 'warehouse_quantity_ordered') : onOrderOf(row),
    inTransit: place ? undefined : microIn(row, 'quantity_in_transit'),
  };
}

const figures = ({ onHand, committed, available, packed, onOrder, inTransit }: Told) => ({
  on_hand: microToNumber(onHand),
  committed: microToNumber(committed),
  available: microToNumber(available),
  ...(packed === undefined ? {} : { packed: microToNumber(packed) }),
  ...(onOrder === undefined ? {} : { on_order: microToNumber(onOrder) }),
  ...(inTransit === undefined ? {} : { in_transit: microToNumber(inTransit) }),
});

/** A line that names no warehouse is served from the primary one. */
const isAt = (warehouseId: string, row: Row, place: WarehouseFigures): boolean => {
  const primary = rowsIn(row, 'warehouses').find(({ is_primary }) => is_primary === true);
  return (warehouseId || textIn(primary ?? {}, 'warehouse_id')) === place.warehouseId;
};

const claimsAt = ({ claims, truncated }: Claims, row: Row, place: WarehouseFigures | undefined): Claims => ({
  claims: place ? claims.filter(({ line }) => isAt(line.warehouseId, row, place)) : claims,
  truncated,
});

const comingTo = ({ orders, transfers, truncated }: Coming, row: Row, place: WarehouseFigures | undefined): Coming => ({
  orders: place ? orders.filter(({ warehouseId }) => isAt(warehouseId, row, place)) : orders,
  transfers: place
    ? transfers.filter(({ transfer }) => textIn(transfer, 'to_warehouse_id') === place.warehouseId)
    : transfers,
  truncated,
});

const holdsAny = ({ onHand, committed, available = 0n }: WarehouseFigures): boolean =>
  onHand !== 0n || committed !== 0n || available !== 0n;

const splitRow = ({ warehouseName, onHand, committed, available }: WarehouseFigures) => ({
  warehouse: plainText(warehouseName, 60),
  on_hand: microToNumber(onHand),
  committed: microToNumber(committed),
  available: microToNumber(available ?? onHand - committed),
});

export const explainStock: ReadWorkflow = {
  name: 'explain_stock',
  title: 'Explain stock',
  description:
    'Why an item stands where it stands: movements with balance, who it is promised to, what is packed and coming, and a sum that adds up or says it does not. Spends 5 calls and 1 an order read (60 at most).',
  toolset: 'stock',
  input,
  uses: [
    ...[listItems, getItem, getItemTransactionHistory, listWarehouses],
    ...[listSalesOrders, getSalesOrder, listPurchaseOrders, getPurchaseOrder, listTransfers, getTransfer],
  ],
  read,
};
