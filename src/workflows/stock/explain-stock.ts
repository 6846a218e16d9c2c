import * as z from 'zod';
import { InvalidArguments } from '../../errors.ts';
import { day, flag, someText, wholeNumber } from '../../operations/fields.ts';
import { getItem, getItemTransactionHistory, listItems } from '../../operations/items.ts';
import { getPurchaseOrder, listPurchaseOrders } from '../../operations/purchase-orders.ts';
import { getSalesOrder, listSalesOrders } from '../../operations/sales-orders.ts';
import { getTransfer, listTransfers } from '../../operations/transfers.ts';
import { listWarehouses } from '../../operations/warehouses.ts';
import { bindApi } from '../api.ts';
import { figuresOf, isKit, isTracked, onOrderOf, type WarehouseFigures, warehousesOf } from '../availability.ts';
import type { Api, ReadWorkflow, WorkflowContext } from '../define.ts';
import { microToNumber } from '../numbers.ts';
import { microIn, parseBy, type Row, textIn } from '../rows.ts';
import { counted, itemWords, plainText } from '../text.ts';
import { chartFigures } from './explain-stock-chart.ts';
import { claimRow, readClaims } from './explain-stock-claims.ts';
import { orderRow, readComing, transferRow } from './explain-stock-coming.ts';
import { claimsAt, comingTo, figures, holdsAny, splitRow, toldBy } from './explain-stock-figures.ts';
import { findItem, findPlace } from './explain-stock-item.ts';
import { explainKit } from './explain-stock-kit.ts';
import { movementRow, readHistory } from './explain-stock-movements.ts';
import { sentences } from './explain-stock-words.ts';

const input = {
  item: someText(200, 'Id, SKU, barcode or name'),
  warehouse: someText(200, 'Id or name').optional(),
  from_date: day('Movements since').optional(),
  movements: wholeNumber(0, 100, 'Latest shown').default(10),
  chart: flag().optional(),
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
  const warehouse = plainText(place?.warehouseName, 60);
  context.charted?.(
    'stock-over-time',
    chartFigures({ row, told, found, shown, since, warehouse, today: context.today }),
  );
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

export const explainStock: ReadWorkflow = {
  name: 'explain_stock',
  title: 'Explain stock',
  description:
    'Why an item stands where it stands: movements with balance, who it is promised to, what is packed and coming. Spends 5 calls, 1 an order read (60 at most).',
  toolset: 'stock',
  input,
  uses: [
    ...[listItems, getItem, getItemTransactionHistory, listWarehouses],
    ...[listSalesOrders, getSalesOrder, listPurchaseOrders, getPurchaseOrder, listTransfers, getTransfer],
  ],
  read,
};
