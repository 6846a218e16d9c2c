import type { ChartFigures } from '../define.ts';
import { formatMicro, microToNumber } from '../numbers.ts';
import { microIn, type Row, textIn } from '../rows.ts';
import { counted, plainText } from '../text.ts';
import type { Movement } from './explain-stock-movements.ts';
import type { Found, Told } from './explain-stock-words.ts';

interface Drawn {
  readonly row: Row;
  readonly told: Told;
  readonly found: Found;
  /** Of what was read, those in the time asked for. */
  readonly shown: readonly Movement[];
  /** The day asked for; empty for all. */
  readonly since: string;
  /** Empty for all warehouses. */
  readonly warehouse: string;
  readonly today: string;
}

/** All movements of the time, not only those the answer has room for; the reorder level is of all warehouses together. */
export function chartFigures({ row, told, found, shown, since, warehouse, today }: Drawn): ChartFigures {
  const { movements, opening, since: readSince } = found.history;
  const from = since || readSince;
  const before = movements.filter(({ date }) => date < from).at(-1)?.balance ?? opening;
  const level = microIn(row, 'reorder_level') ?? 0n;
  return {
    header: {
      item: { name: plainText(row.name), sku: plainText(row.sku, 60), unit: plainText(row.unit, 20) },
      today,
      ...(from === '' ? {} : { from_date: from, opening_balance: microToNumber(before) }),
      ...(warehouse === '' ? {} : { warehouse }),
      ...(level > 0n && warehouse === '' ? { reorder_level: microToNumber(level) } : {}),
      waiting: waitingWords(told, found, textIn(row, 'unit')),
    },
    rows: shown.map(({ date, balance }) => ({ date, balance: microToNumber(balance) })),
  };
}

const mostNamed = 3;

function waitingWords({ committed, available }: Told, { coming }: Found, unit: string): string {
  const all = [...coming.orders, ...coming.transfers];
  const named = all
    .slice(0, mostNamed)
    .map(
      ({ number, quantity, expected }) =>
        `${formatMicro(quantity)} by ${number}${expected === '' ? '' : ` on ${expected}`}`,
    );
  const rest = all.length - named.length;
  const words = [...named, ...(rest > 0 ? [counted(rest, 'more arrival')] : [])].join(', ');
  return `Now promised ${formatMicro(committed)}, available ${formatMicro(available)} ${plainText(unit, 20)}. Coming: ${words || 'nothing'}.`;
}
