import { incomingWords } from '../incoming.ts';
import { formatMicro, sumOf } from '../numbers.ts';
import { textIn } from '../rows.ts';
import { named } from '../text.ts';
import type { Claim, Claims } from './explain-stock-claims.ts';
import { waitingPackages } from './explain-stock-claims.ts';
import type { Coming } from './explain-stock-coming.ts';
import { type History, sumWords } from './explain-stock-movements.ts';

/** What the item itself says, in one warehouse or all; undefined where it does not say. Quantities in 1e-6 units. */
export interface Told {
  /** `WBH-001 Headphones`, with the warehouse where one was asked for. */
  readonly what: string;
  readonly isOneWarehouse: boolean;
  readonly onHand: bigint;
  readonly committed: bigint;
  readonly available: bigint;
  readonly packed: bigint | undefined;
  readonly onOrder: bigint | undefined;
  readonly inTransit: bigint | undefined;
}

export interface Found {
  readonly history: History;
  readonly claims: Claims;
  readonly coming: Coming;
}

/** Named in a sentence; the rows have the rest. */
const mostNamed = 3;

function listed(words: readonly string[]): string {
  const rest = words.length - mostNamed;
  return rest > 0 ? `${words.slice(0, mostNamed).join(', ')} and ${rest} more` : words.join(', ');
}

/** The sums in words; each that does not come out is told, never smoothed over. */
export function sentences(told: Told, found: Found, today: string): string {
  return [
    onHandWords(told, found.history),
    availableWords(told, found.claims),
    packedWords(told, found),
    comingWords(told, found.coming, today),
  ]
    .filter((words) => words !== '')
    .join(' ');
}

function onHandWords({ what, onHand, isOneWarehouse }: Told, history: History): string {
  const { words, sum } = sumWords(history, isOneWarehouse);
  const start = `${what}: on hand ${formatMicro(onHand)}`;
  if (words === '' && onHand === 0n)
    return `${start}: nothing came and nothing left${history.since === '' ? '' : ` since ${history.since}`}.`;
  if (sum === onHand) return `${start} = ${words}.`;
  return `${start}, but its movements do not add up to that: ${words || '0'} = ${formatMicro(sum)}, ${formatMicro(onHand - sum)} are unexplained.`;
}

const total = (claims: readonly Claim[]): bigint => sumOf(claims.map(({ quantity }) => quantity));

function availableWords({ onHand, committed, available }: Told, { claims, truncated }: Claims): string {
  const promised = total(claims);
  const byOrder = new Map<string, string>();
  for (const { order } of claims) {
    const id = textIn(order, 'salesorder_id');
    const sum = total(claims.filter((claim) => textIn(claim.order, 'salesorder_id') === id));
    byOrder.set(id, `${formatMicro(sum)} in ${named(order.salesorder_number, 40)} for ${named(order.customer_name)}`);
  }
  const isSum = available === onHand - committed;
  const shown = `Available ${formatMicro(available)}`;
  const start = isSum
    ? `${shown} = ${formatMicro(onHand)} - ${formatMicro(committed)} committed`
    : `${shown} is not ${formatMicro(onHand)} - ${formatMicro(committed)} committed: these do not add up`;
  const orders = byOrder.size === 0 ? '' : `, of which ${listed([...byOrder.values()])}`;
  const missing = committed - promised;
  if (missing === 0n) return `${start}${orders}.`;
  const why = truncated
    ? 'not all open orders were read'
    : 'other documents hold some, or the figures changed meanwhile';
  return `${start}${orders}. The open orders read hold ${formatMicro(promised)}, which does not add up to ${formatMicro(committed)}: ${why}.`;
}

function packedWords({ packed }: Told, { claims: { claims, truncated } }: Found): string {
  const found = sumOf(claims.map((claim) => claim.packed));
  const numbers = [
    ...new Set(claims.filter((claim) => claim.packed > 0n).flatMap(({ order }) => waitingPackages(order))),
  ];
  const where = numbers.length === 0 ? '' : ` in ${listed(numbers.map((number) => named(number, 40)))}`;
  const count = packed ?? found;
  const off =
    packed !== undefined && packed !== found && !truncated ? `, though the orders show ${formatMicro(found)}` : '';
  return count === 0n && off === '' ? '' : `Packed but not shipped: ${formatMicro(count)}${where}${off}.`;
}

function comingWords({ onOrder, inTransit }: Told, { orders, transfers, truncated }: Coming, today: string): string {
  const words = [
    ...orders.map((order) => `${formatMicro(order.quantity)} in ${incomingWords(order, today)}`),
    ...transfers.map(
      ({ number, fromName, warehouseName, quantity }) =>
        `${formatMicro(quantity)} in ${named(number, 40)} from ${named(fromName)} to ${named(warehouseName)}`,
    ),
  ];
  const bought = sumOf(orders.map(({ quantity }) => quantity));
  const moving = sumOf(transfers.map(({ quantity }) => quantity));
  const off = [...differs('on order', onOrder, bought), ...differs('in transit', inTransit, moving)].join(' and ');
  const why = truncated ? 'more than were read' : 'these do not add up';
  const start = words.length === 0 ? 'Nothing found is coming' : `Coming: ${listed(words)}`;
  if (off !== '') return `${start}, but ${off}: ${why}.`;
  return words.length === 0 ? 'Nothing is coming.' : `${start}.`;
}

const differs = (word: string, said: bigint | undefined, found: bigint): string[] =>
  said === undefined || said === found ? [] : [`${formatMicro(said)} is ${word}`];
