import { type Row, readItems } from '../../workflows/availability.ts';
import {
  changeLine,
  changesOf,
  givenLines,
  inShort,
  type ShortChange,
  updateSummary,
} from '../../workflows/changes.ts';
import { readExchange } from '../../workflows/currency.ts';
import type { Api, Raise } from '../../workflows/define.ts';
import { formatMoney, maxOf, minorToBase, rateFromBase } from '../../workflows/numbers.ts';
import {
  givenLinesOf,
  grossMinor,
  type LineChanges,
  lineChanges,
  lineChangeTexts,
  linesInShort,
  lineText,
  type OrderLine,
  outstanding,
  placedBy,
} from '../../workflows/order-lines.ts';
import { holdsStock, type Promises, promiseLines, readPromises, restsOnStock } from '../../workflows/promises.ts';
import { microIn, rowIn, textIn } from '../../workflows/rows.ts';
import { counted } from '../../workflows/text.ts';
import { raisesOf } from '../rules.ts';
import {
  baseOf,
  inBase,
  type Order,
  type OrderKind,
  openLines,
  orderTitle,
  readOrder,
  restsOnOrder,
} from './orders.ts';
import { readWarehouseNames } from './places.ts';
import type { Draft, Planner, Planning } from './planner.ts';
import { itemLabel, minorIn, partyLabel, quantityText, refusal, unitOf } from './words.ts';

const moneyFields = ['line_items', 'shipping_charge', 'adjustment'];

/**
 * Names, units and prices of lines that only name an item. A line without a rate takes the item's: selling price of a
 * sale, cost of a purchase, both in base currency.
 */
async function withItems(api: Api, lines: readonly OrderLine[], kind: OrderKind, nano: bigint) {
  const bare = lines.filter(({ rate, label }) => rate === undefined || label.startsWith('item (id '));
  const rows = await readItems(api, [...new Set(bare.map(({ itemId }) => itemId))]);
  const priceKey = kind.reply === 'salesorder' ? 'rate' : 'purchase_rate';
  const named = lines.map((line): OrderLine => {
    const row = rows.get(line.itemId);
    if (!row || !bare.includes(line)) return line;
    const own = rateFromBase(microIn(row, priceKey) ?? 0n, nano);
    const [rate, netRate] = [line.rate ?? own, line.netRate ?? own];
    return { ...line, label: itemLabel(row), unit: unitOf(row), rate, netRate };
  });
  return { lines: named, rates: [...rows].map(([itemId, row]) => [itemId, row[priceKey] ?? null]) };
}

/** Goods before discounts, shipping, and what the adjustment adds; minor units of the currency. Before tax. */
function worth(lines: readonly OrderLine[], header: Row, currency: string): bigint {
  const extra = minorIn(header, 'shipping_charge', currency) + maxOf(0n, minorIn(header, 'adjustment', currency));
  return grossMinor(lines, currency) + extra;
}

const isDiscounted = (lines: readonly OrderLine[]): boolean => lines.some(({ rate, netRate }) => rate !== netRate);

const unknownRate = (currency: string): Raise => ({
  rule: 'amount_unknown',
  reason: `No exchange rate of ${currency} is known, so the amount cannot be held against the operator's limit.`,
});

/** Where the other party's currency and its rate come from, for `readExchange`. */
const exchangeSource = ({ reply, partyKey, numberKey }: OrderKind) =>
  ({
    list: reply === 'salesorder' ? 'list_sales_orders' : 'list_purchase_orders',
    key: `${reply}s`,
    contactKey: partyKey,
    number: numberKey,
  }) as const;

/** A new order: nothing is read unless the operator set a limit that its amount must be held against. */
export const createOrder =
  (kind: OrderKind): Planner =>
  async (planning) => {
    const { api, operation, input, today } = planning;
    const given = givenLinesOf(input);
    const raises = raisesOf({ operation, input, today });
    const header = givenLines(input, ['line_items', kind.partyKey]);
    if (planning.confirmAboveMinor === undefined) {
      return {
        summary: `Create ${kind.noun} for ${kind.partyWord} ${String(input[kind.partyKey])}: ${counted(given.length, 'line')}`,
        lines: [...given.map((line) => lineText(line, '')), ...header],
        restsOn: null,
        raises,
      };
    }
    const contact = rowIn(await api.call('get_contact', { contact_id: input[kind.partyKey] }), 'contact');
    const base = await planning.base();
    const { currency, nano } = await readExchange(api, contact, base, exchangeSource(kind));
    const { lines, rates } = await withItems(api, given, kind, nano ?? 1_000_000_000n);
    const own = worth(lines, input, currency);
    const amount = minorToBase(own, nano ?? 1_000_000_000n, currency, base);
    const inBaseToo = currency === base || nano === undefined ? '' : ` (${formatMoney(amount, base)})`;
    const total = `${formatMoney(own, currency)}${inBaseToo}`;
    return {
      summary: `Create ${kind.noun} for ${partyLabel(contact)}: ${counted(lines.length, 'line')}, ${total} before ${isDiscounted(lines) ? 'discounts and tax' : 'tax'}`,
      lines: [...lines.map((line) => lineText(line, currency)), ...header],
      restsOn: { contact_id: contact.contact_id, status: contact.status ?? null, currency, nano: String(nano), rates },
      raises: [...raises, ...(nano === undefined ? [unknownRate(currency)] : [])],
      amount,
    };
  };

/** Another customer or vendor, by name and with its currency where that differs. One call, and none where it stays. */
async function partyChange(
  { kind, row, party, currency }: Order,
  { api, input }: Planning,
): Promise<{ lines: string[]; short: ShortChange[] }> {
  const id = input[kind.partyKey];
  if (id === undefined || String(id) === textIn(row, kind.partyKey)) return { lines: [], short: [] };
  const contact = rowIn(await api.call('get_contact', { contact_id: id }), 'contact');
  const theirs = textIn(contact, 'currency_code') || currency;
  const money = theirs === currency ? '' : `, who trades in ${theirs}`;
  return {
    lines: [`${kind.partyWord}: ${party} -> ${partyLabel(contact)} (id ${String(id)})${money}`],
    // The order's title names the old one already.
    short: [{ whole: `${kind.partyWord} -> ${partyLabel(contact)}${money}`, name: kind.partyWord }],
  };
}

async function amountAfter(order: Order, after: readonly OrderLine[], planning: Planning): Promise<bigint> {
  const { input } = planning;
  if (planning.confirmAboveMinor === undefined || moneyFields.every((field) => input[field] === undefined)) return 0n;
  return inBase(worth(after, { ...order.row, ...input }, order.currency), order, planning);
}

const unread = (kind: OrderKind, { input }: Planning): Draft => {
  const fields = Object.keys(input).filter((key) => key !== kind.idKey);
  return {
    summary: `Update ${kind.noun} ${String(input[kind.idKey])}: ${fields.join(', ')}`,
    lines: givenLines(input, [kind.idKey]),
    restsOn: null,
  };
};

/** With the names of warehouses that the call gives by id. One call, and none where it gives no new one. */
async function named(planning: Planning, changes: LineChanges): Promise<LineChanges> {
  if (changes.after.every(({ warehouseId, warehouseName }) => warehouseId === '' || warehouseName !== ''))
    return changes;
  const { name } = await readWarehouseNames(planning);
  const after = placedBy(changes.after, name);
  const byOld = new Map(changes.after.map((line, index) => [line, after[index] ?? line]));
  return {
    ...changes,
    after,
    kept: changes.kept.map((pair) => ({ ...pair, after: byOld.get(pair.after) ?? pair.after })),
    added: changes.added.map((line) => byOld.get(line) ?? line),
  };
}

/** What the API keeps of a line: what is packed, shipped or received. */
function refusedLines({ dropped, kept }: LineChanges, kind: OrderKind): string[] {
  const done = kind.reply === 'salesorder' ? 'packed or shipped' : 'received';
  const doneOf = (line: OrderLine): bigint => maxOf(line.done, line.packed);
  return [
    ...dropped
      .filter((line) => doneOf(line) > 0n)
      .map((line) =>
        refusal(
          `the line of ${line.label} cannot be dropped, ${quantityText(doneOf(line), line.unit)} of it are ${done}. One sent without its line_item_id counts as new: send that too, or use amend_order`,
        ),
      ),
    ...kept
      .filter(({ before, after }) => after.quantity < doneOf(before))
      .map(({ before, after }) =>
        refusal(
          `of ${before.label} ${quantityText(doneOf(before), before.unit)} are ${done}, so its line cannot be ${quantityText(after.quantity, before.unit)}`,
        ),
      ),
  ];
}

const stockWords = (promises: Promises): string[] => {
  const lines = promiseLines(promises);
  return lines.length > 0 ? lines : ['No stock changes.'];
};

/** An update reads first, because a PUT replaces the lines. */
export const updateOrder =
  (kind: OrderKind): Planner =>
  async (planning) => {
    const { api, operation, input } = planning;
    if (!planning.mayRaise) return unread(kind, planning);
    const order = await readOrder(planning, kind);
    const changes = await named(planning, lineChanges(order.row, input));
    const promises =
      kind.reply === 'salesorder' && input.line_items !== undefined && holdsStock(order.row)
        ? await readPromises(
            api,
            openLines(order),
            changes.after.filter((line) => outstanding(line) > 0n),
          )
        : undefined;
    const { today } = planning;
    const raises = raisesOf({ operation, input, today, before: order.row, ...(promises ? { promises } : {}) });
    const shown = raises.length > 0 || planning.confirmAboveMinor !== undefined;
    const added = shown
      ? await withItems(api, changes.added, kind, order.exchange)
      : { lines: changes.added, rates: [] };
    const whole = { ...changes, added: added.lines };
    const after = [...changes.kept.map((pair) => pair.after), ...added.lines];
    const party = await partyChange(order, planning);
    const skip = [kind.idKey, kind.partyKey, 'line_items'];
    const fields = changesOf(order.row, input, { skip, currency: order.currency });
    const texts = lineChangeTexts(whole, order.currency);
    const amount = await amountAfter(order, after, planning);
    const before =
      amount > 0n ? await inBase(worth(linesBefore(changes), order.row, order.currency), order, planning) : 0n;
    return {
      summary: updateSummary(`Update ${orderTitle(order)}`, [
        ...party.short,
        ...linesInShort(whole, order.currency),
        ...inShort(fields),
      ]),
      lines: [
        ...refusedLines(changes, kind),
        ...party.lines,
        ...fields.map(changeLine),
        ...texts,
        ...(promises ? stockWords(promises) : []),
        ...(amount > 0n
          ? [
              `Worth after it: ${formatMoney(amount, await baseOf(order, planning))} before ${isDiscounted(after) ? 'discounts and tax' : 'tax'}`,
            ]
          : []),
      ],
      restsOn: { order: restsOnOrder(order), stock: restsOnStock(promises?.availability ?? []), rates: added.rates },
      raises,
      amount,
      added: amount > before ? amount - before : 0n,
    };
  };

const linesBefore = ({ kept, dropped }: LineChanges): OrderLine[] => [...kept.map((pair) => pair.before), ...dropped];

/** True where the amount of this call could have to be held against the operator's limit. */
export const namesMoney = (input: Row): boolean => moneyFields.some((field) => input[field] !== undefined);
