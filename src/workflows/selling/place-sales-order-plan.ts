import { promisableMicro } from '../availability.ts';
import type { Plan, Raise } from '../define.ts';
import {
  amountMinor,
  formatMicro,
  formatMoney,
  formatRate,
  microToNumber,
  minorToBase,
  minorToNumber,
  sumOf,
} from '../numbers.ts';
import { earlyRaises } from '../order-rules.ts';
import { textIn } from '../rows.ts';
import { counted, itemWords, named, plainText, quoted } from '../text.ts';
import { belowCost } from './below-cost.ts';
import type { Found, Placed, Wanted } from './place-sales-order-found.ts';
import type { PlacedLine, PlaceSteps } from './place-sales-order-steps.ts';

/** Words and figures of one sales order, and the very input that will create it. */
export function planOf(found: Found): Plan<PlaceSteps> {
  const { header, confirm, customer, placed, exchange, base, onePage, elsewhere } = found;
  const { currency } = exchange;
  const name = plainText(customer.contact_name, 50);
  const amounts = placed.map(({ line, ordered }) => amountMinor(ordered, line.rate, currency));
  const amount = sumOf(amounts);
  const inBase = exchange.nano === undefined ? amount : minorToBase(amount, exchange.nano, currency, base);
  // A line that was cut to what there is promises nothing beyond it.
  const beyond = sumOf(
    placed.map(({ line, allocation, ordered }) => (ordered < line.quantity ? 0n : allocation.short)),
  );
  const lines = placed.map((one, index) => tableRow(one, amounts[index] ?? 0n, currency));
  const leftOut = found.cuts.map(({ line, cut }) => ({
    ...itemOf(line),
    wanted: microToNumber(line.quantity),
    left_out: microToNumber(cut),
    reason: 'cannot be promised now',
  }));
  const units = formatMicro(sumOf(placed.map(({ ordered }) => ordered)));
  const parts = [
    counted(placed.length, 'line'),
    counted(units, 'unit'),
    formatMoney(amount, currency),
    confirm ? 'confirmed' : 'draft',
    ...(beyond > 0n ? [`${formatMicro(beyond)} beyond stock`] : []),
  ];
  const converted = exchange.source === '' ? '' : `, ${formatMoney(inBase, base)} by ${exchange.source}`;
  const unknown = `No exchange rate is known for ${currency}: as an amount in ${base} it is counted one to one.`;
  return {
    summary: `Sales order for ${named(name)}: ${parts.join(', ')}`,
    preview: [
      ...placed.map((one, index) => previewLine(one, amounts[index] ?? 0n, currency, confirm)),
      ...leftOut.map(
        ({ sku, item, left_out, reason }) => `Left out: ${left_out} x ${itemWords({ sku, item })}, ${reason}`,
      ),
      ...elsewhere.map(
        ({ warehouse, can_be_promised_there, ordered, sku, item, elsewhere: rest }) =>
          `${named(warehouse)}, where it is held, has ${can_be_promised_there} of the ${ordered} ${named(sku) || named(item)}; ${rest}.`,
      ),
      `Together ${formatMoney(amount, currency)} before tax${converted}.`,
      ...(exchange.nano === undefined ? [unknown] : []),
      confirm ? 'The order is confirmed at once and reserves the stock.' : 'A draft, which reserves nothing.',
      ...(header.date && header.date > found.today
        ? [`Likely to be refused: the date ${header.date} lies ahead; today is ${found.today}.`]
        : []),
      ...(header.notes ? [`Notes, as given: ${quoted(header.notes)}`] : []),
    ],
    facts: {
      customer: name,
      customer_id: textIn(customer, 'contact_id'),
      currency_code: currency,
      total_before_tax: minorToNumber(amount, currency),
      // The preview beside it tells names, stock and what is left out; said twice it would be paid for twice.
      lines: lines.map(({ item_id, quantity, rate, amount: cost }) => ({ item_id, quantity, rate, amount: cost })),
    },
    restsOn: {
      customer: [textIn(customer, 'contact_id'), textIn(customer, 'status'), currency, String(exchange.nano ?? '')],
      lines: placed.map(({ line, allocation }) => ({
        item_id: line.itemId,
        status: textIn(line.row, 'status'),
        rate: formatMicro(line.rate),
        available: allocation.before === undefined ? 'not tracked' : formatMicro(allocation.before),
      })),
      elsewhere,
    },
    steps: { create: createInput(found), confirm, customer: name, lines, leftOut, elsewhere: [...elsewhere], onePage },
    documents: 1,
    raises: [
      ...raisesOf(beyond),
      ...earlyRaises({}, header, found.today),
      ...belowCost(placed.map(soldOf), found.rows, exchange, base),
    ],
    amountMinor: Number(inBase),
  };
}

const itemOf = ({ name, sku, itemId }: Wanted) => ({ item: name, sku, item_id: itemId });

const soldOf = ({ line: { itemId, sku, name, rate } }: Placed) => ({
  itemId,
  label: named(sku, 40) || named(name),
  price: rate,
});

function raisesOf(beyond: bigint): Raise[] {
  if (beyond <= 0n) return [];
  const reason = `It promises ${formatMicro(beyond)} more than there is; those wait until stock arrives.`;
  return [{ rule: 'promises_more_than_there_is', reason }];
}

function createInput({ header, customer, placed }: Found): Record<string, unknown> {
  return {
    customer_id: textIn(customer, 'contact_id'),
    ...header,
    line_items: placed.map(({ line, ordered }) => ({
      item_id: line.itemId,
      quantity: microToNumber(ordered),
      rate: microToNumber(line.rate),
      ...(line.warehouseId === undefined ? {} : { warehouse_id: line.warehouseId }),
    })),
  };
}

function tableRow({ line, allocation, ordered }: Placed, amount: bigint, currency: string): PlacedLine {
  const { before } = allocation;
  return {
    ...itemOf(line),
    unit: line.unit,
    ...(line.warehouseId === undefined ? {} : { warehouse: line.warehouseName, warehouse_id: line.warehouseId }),
    quantity: microToNumber(ordered),
    rate: microToNumber(line.rate),
    amount: minorToNumber(amount, currency),
    ...(before === undefined
      ? {}
      : {
          can_be_promised_before: microToNumber(before),
          can_be_promised_after: microToNumber(before - ordered),
          item_available_before: microToNumber(promisableMicro(line.row) ?? 0n),
        }),
  };
}

function previewLine(
  { line, allocation, ordered }: Placed,
  amount: bigint,
  currency: string,
  confirm: boolean,
): string {
  const where = line.warehouseName === '' ? '' : ` from ${named(line.warehouseName)}`;
  const what = itemWords({ sku: line.sku, item: line.name });
  const price = `${formatMicro(ordered)} x ${what}${where} at ${formatRate(line.rate)} = ${formatMoney(amount, currency)}`;
  const { before } = allocation;
  if (before === undefined) return `${price}; stock not tracked`;
  const after = confirm ? ` -> ${formatMicro(before - ordered)}` : ', stays so until it is confirmed';
  return `${price}; can be promised ${formatMicro(before)}${after}`;
}
