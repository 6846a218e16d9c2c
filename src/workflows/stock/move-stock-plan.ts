import { aboutItems } from '../about.ts';
import type { Plan } from '../define.ts';
import { amountMinor, formatMicro, formatMoney, microToNumber, sumOf } from '../numbers.ts';
import { microIn } from '../rows.ts';
import { counted, itemWords, named, plainText } from '../text.ts';
import type { MoveSteps } from './move-stock-run.ts';
import { type Move, promisedOf, type Warehouse } from './move-stock-stock.ts';

interface Found {
  readonly moves: readonly Move[];
  /** Items of which less is moved than was asked for, or nothing. */
  readonly cuts: readonly Move[];
  readonly from: Warehouse;
  readonly to: Warehouse;
  readonly currency: string;
  readonly receive: boolean;
  readonly date: string | undefined;
}

/** Items told by name in one line; of more only how many. */
const mostNamed = 2;

/** Words and figures of a move, and the very inputs of its writes. */
export function movePlan(found: Found): Plan<MoveSteps> {
  const { moves, cuts, from, to, receive, date } = found;
  const what = moves.length <= mostNamed ? moves.map(inShort).join(', ') : counted(moves.length, 'item');
  const way = `${what} from ${named(from.name, 30)} to ${named(to.name, 30)}`;
  const left = cuts.map((move) => leftOf(move, moves));
  return {
    summary: plainText(
      `Move ${way}${receive ? ', received at once' : ', in transit'}${cuts.length > 0 ? ', in part' : ''}`,
      160,
    ),
    preview: previewOf(found),
    // Committed and packed too: what is promised, and what may be sent, follow from them.
    restsOn: {
      from: from.id,
      to: to.id,
      items: moves.map(({ itemId, quantity, source, destination }) => [
        itemId,
        ...[quantity, source.onHand, source.packed, source.committed, destination.onHand].map(formatMicro),
      ]),
      cuts: left.map(({ item_id, not_moved }) => [item_id, not_moved]),
    },
    steps: {
      way,
      from: from.name,
      to: to.name,
      create: {
        from_warehouse_id: from.id,
        to_warehouse_id: to.id,
        line_items: moves.map(({ itemId, quantity }) => ({ item_id: itemId, quantity: microToNumber(quantity) })),
        ...(date === undefined ? {} : { date }),
      },
      ...(receive ? { receive: date === undefined ? {} : { receive_date: date } } : {}),
      lines: moves.map((move) => ({
        sku: move.sku,
        item: move.name,
        item_id: move.itemId,
        quantity: microToNumber(move.quantity),
        source_on_hand: microToNumber(move.source.onHand - move.quantity),
        ...(receive ? { destination_on_hand: microToNumber(move.destination.onHand + move.quantity) } : {}),
      })),
      left,
    },
    documents: 1,
    raises: [],
    amountMinor: 0,
    about: aboutItems(moves.map(({ itemId }) => itemId)),
  };
}

const amountWords = (micro: bigint, unit: string): string => `${formatMicro(micro)} ${named(unit, 20)}`.trim();

const inShort = ({ quantity, unit, sku, name }: Move): string =>
  `${amountWords(quantity, unit)} ${named(sku, 30) || named(name, 30)}`;

function leftOf({ itemId, sku, name, asked }: Move, moves: readonly Move[]) {
  const moved = moves.find((move) => move.itemId === itemId)?.quantity ?? 0n;
  return { sku, item: name, item_id: itemId, not_moved: microToNumber(asked - moved) };
}

function previewOf({ moves, cuts, from, to, currency, receive, date }: Found): string[] {
  const [source, destination] = [named(from.name), named(to.name)];
  const values = moves.map(({ row, quantity }) => {
    const rate = microIn(row, 'purchase_rate') ?? 0n;
    return rate > 0n ? amountMinor(quantity, rate, currency) : undefined;
  });
  const lines = moves.map((move, index) => {
    const { quantity, unit, sku, name } = move;
    const there = formatMicro(move.destination.onHand);
    const after = formatMicro(move.destination.onHand + quantity);
    const value = values[index];
    const worth = value === undefined ? 'no purchase rate' : formatMoney(value, currency);
    const arrives = receive ? `${there} -> ${after}` : `${there}, ${after} once received`;
    return `- ${amountWords(quantity, unit)} ${itemWords({ sku, item: name })}: ${source} ${formatMicro(move.source.onHand)} -> ${formatMicro(move.source.onHand - quantity)}, ${destination} ${arrives}, ${worth}`;
  });
  const known = values.filter((value) => value !== undefined);
  const back = `a move from ${destination} to ${source} takes the goods back`;
  return [
    ...lines,
    `Worth ${formatMoney(sumOf(known), currency)} at purchase rates${known.length < values.length ? `, ${counted(values.length - known.length, 'item')} without one left out` : ''}; the cost of the stock moves with it.`,
    ...moves.flatMap((move) => promisedWords(move, source)),
    ...cuts.map((move) => cutWords(move, moves, source)),
    `${receive ? 'Created, sent and received' : 'Created and sent'}${date === undefined ? ' today' : ` on ${date}`}. ${
      receive
        ? `Cannot be undone; ${back}.`
        : `The goods are in transit, in no warehouse, until receive_transfer. Sending cannot be undone: once received, ${back}.`
    }`,
  ];
}

function promisedWords(move: Move, source: string): string[] {
  const promised = promisedOf(move);
  if (promised <= 0n) return [];
  const label = itemWords({ sku: move.sku, item: move.name });
  return [
    `${label}: takes ${amountWords(promised, move.unit)} that ${promised === 1_000_000n ? 'is' : 'are'} promised to orders from ${source} (${formatMicro(move.source.committed)} committed there).`,
  ];
}

function cutWords(move: Move, moves: readonly Move[], source: string): string {
  const { not_moved } = leftOf(move, moves);
  const packed = move.source.packed > 0n ? `, ${formatMicro(move.source.packed)} of them packed` : '';
  return `Not moved: ${not_moved} of ${amountWords(move.asked, move.unit)} ${itemWords({ sku: move.sku, item: move.name })}: ${formatMicro(move.source.onHand)} on hand in ${source}${packed}.`;
}
