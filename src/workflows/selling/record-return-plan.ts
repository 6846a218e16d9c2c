import { Rejected } from '../../errors.ts';
import { aboutDocument } from '../about.ts';
import { type Availability, isTracked } from '../availability.ts';
import type { Plan } from '../define.ts';
import { formatMicro, microToNumber } from '../numbers.ts';
import { beforeAfter, itemLabel, noneGiven, partyLabel, unitOf } from '../record-words.ts';
import { type Row, textIn } from '../rows.ts';
import { itemWords, named, plainText } from '../text.ts';
import type { Earlier } from './record-return-earlier.ts';
import type { Back, Returned } from './record-return-lines.ts';
import type { ReturnSteps } from './record-return-run.ts';

/** What the plan is made of; `stock` stands in the order of `back`. */
export interface Found {
  readonly order: Row;
  readonly returned: readonly Returned[];
  readonly back: readonly Back[];
  readonly earlier: Earlier;
  readonly stock: readonly Availability[];
}

const uncountedLater = 'No count is kept of damaged goods: a later return does not know of them.';
const noMoney = 'No credit and no refund is made: that is done in the accounts.';
const mostNamed = 3;

const words = ({ line, quantity }: Returned): string =>
  `${formatMicro(quantity)} ${named(line.sku, 40) || named(line.name)}`;

function inShort(returned: readonly Returned[]): string {
  const more = returned.length > mostNamed ? ` and ${returned.length - mostNamed} more` : '';
  return `${returned.slice(0, mostNamed).map(words).join(', ')}${more}`;
}

/** Words and figures of one return, and the very input of its adjustment. */
export function planOf(found: Found): Plan<ReturnSteps> {
  const { order, returned, back, earlier, stock } = found;
  refuseUntracked(stock);
  const number = plainText(order.salesorder_number, 40);
  const [good, damaged] = [returned.filter((one) => !one.isDamaged), returned.filter((one) => one.isDamaged)];
  const isNothing = back.length === 0;
  const told = damaged.length === 0 ? '' : `Damaged, not put back: ${inShort(damaged)}.`;
  const nothing = `All that came back of ${named(number, 40)} is damaged: nothing is put back, nothing was written. ${uncountedLater} ${noMoney}`;
  const adjustment = {
    adjustment_type: 'returns',
    reference_number: number,
    reason: `Returned from sales order ${number}`,
    ...(told === '' ? {} : { description: told }),
    line_items: back.map(({ itemId, warehouseId, quantity }) => ({
      item_id: itemId,
      ...(warehouseId === '' ? {} : { warehouse_id: warehouseId }),
      adjust_quantity_by: 'increase',
      quantity_adjusted: microToNumber(quantity),
    })),
  };
  return {
    summary: isNothing
      ? nothing
      : `Record return from ${named(number, 40)}, ${partyLabel(order)}: ${inShort(good)} back into stock`,
    preview: isNothing ? [nothing] : previewOf(found, told),
    restsOn: {
      order: [textIn(order, 'salesorder_id'), textIn(order, 'status'), textIn(order, 'last_modified_time')],
      shipped: returned.map(({ line }) => [line.lineId, formatMicro(line.shipped)]),
      earlier: [...earlier.byItem].map(([itemId, quantity]) => [itemId, formatMicro(quantity)]),
      stock: stock.map(({ itemId, warehouseId, onHand }) => [itemId, warehouseId ?? '', formatMicro(onHand)]),
    },
    steps: {
      adjustment,
      number,
      party: plainText(order.customer_name, 60),
      salesorder_id: textIn(order, 'salesorder_id'),
      good: inShort(good),
      damaged: told === '' ? '' : `${told} ${uncountedLater}`,
      lines: back.map(({ warehouseName, quantity }, index) => {
        const { row = {}, onHand = 0n } = stock[index] ?? {};
        return {
          item_id: textIn(row, 'item_id'),
          sku: plainText(row.sku, 60),
          warehouse: warehouseName,
          put_back: microToNumber(quantity),
          on_hand: microToNumber(onHand + quantity),
        };
      }),
      ...(isNothing ? { nothing } : {}),
    },
    documents: 1,
    raises: [],
    amountMinor: 0,
    ...(isNothing ? { nothingToDo: true } : {}),
    about: aboutDocument('salesorder_id', textIn(order, 'salesorder_id')),
  };
}

function previewOf({ order, returned, back, earlier, stock }: Found, told: string): string[] {
  const before =
    earlier.numbers.length === 0
      ? 'No earlier return of this order is recorded.'
      : `Recorded before: ${earlier.numbers.map((one) => named(one, 40)).join(', ')}; counted, but for what was damaged.`;
  return [
    `Sales order ${named(order.salesorder_number, 40)}, ${partyLabel(order)}; the order itself does not change.`,
    ...returned.map(({ line, quantity, isDamaged }) => {
      const kit = line.parts.length > 0 && !isDamaged ? ', as its parts' : '';
      return `${formatMicro(quantity)} of ${formatMicro(line.shipped)} shipped ${itemWords({ sku: line.sku, item: line.name })}${isDamaged ? ', damaged' : kit}`;
    }),
    ...back.map(({ warehouseName, quantity }, index) => {
      const { row = {}, onHand = 0n } = stock[index] ?? {};
      const where = warehouseName === '' ? '' : ` in ${named(warehouseName)}`;
      return `${itemLabel(row)}${where}: ${beforeAfter('on hand', onHand, onHand + quantity, unitOf(row))}`;
    }),
    ...stateWords(stock),
    ...(told === '' ? [] : [`${told} ${uncountedLater}`]),
    before,
    ...(earlier.complete
      ? []
      : ['There may be more earlier returns than were read: what is left to return is not certain.']),
    noMoney,
  ];
}

/** What a person minds of the goods: that nobody can order them, or that the live service wants to know which came. */
function stateWords(stock: readonly Availability[]): string[] {
  return [...new Map(stock.map(({ row }) => [textIn(row, 'item_id'), row])).values()].flatMap((row) => [
    ...(textIn(row, 'status') === 'inactive'
      ? [`${itemLabel(row)} is inactive: what comes back can be sold once activate_item was called.`]
      : []),
    ...noneGiven(row),
  ]);
}

/** Goods whose stock is not kept have no shelf to go back to. */
function refuseUntracked(stock: readonly Availability[]): void {
  const without = stock.filter(({ row }) => !isTracked(row));
  if (without.length === 0) return;
  throw new Rejected(
    `The stock of ${without.map(({ row }) => itemLabel(row)).join(', ')} is not kept, so nothing can be put back. Nothing was written. Leave it out.`,
    { nothingSent: true, facts: { item_ids: without.map(({ itemId }) => itemId) } },
  );
}
