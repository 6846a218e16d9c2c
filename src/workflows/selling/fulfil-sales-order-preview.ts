import type { Plan } from '../define.ts';
import { microToNumber, sumOf } from '../numbers.ts';
import { type Row, textIn } from '../rows.ts';
import { named, quoted } from '../text.ts';
import type { Choice } from './fulfil-sales-order-choice.ts';
import { type Line, type OpenPackage, unpackedOf } from './fulfil-sales-order-lines.ts';
import { type Stood, takenFromOthers } from './fulfil-sales-order-stock.ts';
import {
  addressLine,
  type Carriage,
  carriageLine,
  contentsInShort,
  leftWords,
  packLines,
  shipReadyLine,
  stockLine,
} from './fulfil-sales-order-words.ts';
import type { PlaceSteps } from './place-sales-order-steps.ts';

/** What the plan is made of. */
export interface Found {
  readonly customer: string;
  /** The order that is there, or the plan of the one to be written. */
  readonly order: Row | undefined;
  readonly created: Plan<PlaceSteps> | undefined;
  readonly confirm: boolean;
  readonly lines: readonly Line[];
  readonly open: readonly OpenPackage[];
  readonly choice: Choice;
  readonly stood: readonly Stood[];
  readonly carriage: Carriage;
  readonly notes: string | undefined;
  readonly today: string;
}

/** What of a line is not packed, in 1e-6 units. */
export interface Left {
  readonly line: Line;
  readonly quantity: bigint;
}

/** What is still not packed afterwards. */
export function leftOf({ lines, choice }: Found): Left[] {
  return lines.flatMap((line) => {
    const now = sumOf(choice.pack.flat().flatMap((packed) => (packed.line === line ? [packed.quantity] : [])));
    const quantity = unpackedOf(line) - now;
    return quantity > 0n ? [{ line, quantity }] : [];
  });
}

export const leftRow = ({ line, quantity }: Left) => ({
  ...{ sku: line.sku, item_id: line.itemId, name: line.name, left_to_pack: microToNumber(quantity) },
  ...(line.warehouseName === '' ? {} : { warehouse: line.warehouseName }),
});

/** Packages that are here and stay here though others leave. */
export const stayingOf = ({ open, choice, carriage }: Found): string[] =>
  carriage.carrier === undefined
    ? []
    : open.filter((one) => !choice.ship.includes(one)).map(({ number }) => named(number, 40));

/** One line: which order, what is done, by whom it is carried. */
export function summaryOf(
  { customer, order, created, confirm, choice, carriage }: Found,
  left: readonly Left[],
): string {
  const by = carriage.carrier === undefined ? '' : ` by ${named(carriage.carrier, 30)}`;
  const isPacked = choice.pack.length > 0;
  if (created) {
    const packed = left.length > 0 ? ', packed in part' : ', packed';
    return `${created.summary}${isPacked ? `${packed}${by === '' ? '' : `, shipped${by}`}` : ''}`;
  }
  const ready = choice.ship.map(({ number }) => named(number, 40)).join(', ');
  const what = [...(isPacked && ready !== '' ? ['it and'] : []), ...(ready === '' ? [] : [ready])].join(' ');
  const steps = [
    ...(confirm ? ['confirm'] : []),
    ...(isPacked ? [`pack ${contentsInShort(choice.pack.flat())}`] : []),
    ...(by !== '' && (isPacked || ready !== '') ? [`ship${what === '' ? '' : ` ${what}`}${by}`] : []),
  ];
  return `Fulfil ${named(order?.salesorder_number, 40)}, ${named(customer, 40)}: ${steps.join(', ')}`;
}

/** What a person reads before the yes: each step, what happens to stock, what is left, what cannot be undone. */
export function previewOf(found: Found, left: readonly Left[]): string[] {
  const { order, created, confirm, choice, stood, carriage, notes, today } = found;
  const isShipped = carriage.carrier !== undefined;
  const shipped = choice.ship.length + (isShipped ? choice.pack.length : 0);
  const staying = stayingOf(found);
  const steps: string[][] = [
    ...(created ? [['Create the sales order:', ...created.preview.map((line) => `- ${line}`)]] : []),
    ...(confirm ? [[created ? 'Confirm it.' : `Confirm it: ${textIn(order ?? {}, 'status')} -> confirmed.`]] : []),
    ...choice.pack.map(packLines),
    ...choice.ship.map((one) => [shipReadyLine(one)]),
    ...(isShipped && choice.pack.length > 0
      ? [
          [
            choice.pack.length === 1
              ? 'Ship the new package.'
              : `Ship the ${choice.pack.length} new packages, one by one.`,
          ],
        ]
      : []),
  ];
  const others = takenFromOthers(stood);
  return [
    ...steps.flatMap(([first = '', ...more], index) => [`${index + 1}. ${first}`, ...more]),
    ...(shipped > 0 ? [carriageLine(carriage, today, shipped), ...addressLine(order ?? {})] : []),
    ...stood.map(stockLine),
    ...(others === '' ? [] : [`Of these ${others} are promised to other orders, which then wait.`]),
    leftWords(left.map(leftRow)),
    ...(staying.length > 0 ? [`Stays packed, not shipped: ${staying.join(', ')}.`] : []),
    ...(confirm && !created && left.length > 0
      ? ['Confirming reserves the rest of the order too; whether there is enough of that was not checked.']
      : []),
    ...(notes ? [choice.pack.length > 0 ? `Notes on the package: ${quoted(notes)}` : notesLost] : []),
    ...refusals(found),
    isShipped ? endOfShipping : 'No carrier is given: nothing is shipped, and the package can still be deleted.',
  ];
}

const endOfShipping =
  'Shipping takes the goods out of stock and cannot be undone by this server. Nothing is marked as delivered.';
const notesLost = 'The notes are left out: they are written on a package when it is packed.';

/** What the API will probably say; the order to be written says its own. */
function refusals({ created, choice, carriage: { date }, today }: Found): string[] {
  if (date === undefined) return [];
  return [
    ...(date > today && !created ? [`Likely to be refused: the date ${date} lies ahead; today is ${today}.`] : []),
    ...choice.ship
      .filter((one) => one.date > date)
      .map((one) => `Likely to be refused: ${named(one.number, 40)} was packed later, on ${one.date}.`),
  ];
}
