import type { Api } from '../define.ts';
import { formatMicro, microToNumber, sumOf } from '../numbers.ts';
import { hasMorePages, microIn, pageSize, type Row, rowIn, rowsIn, textIn } from '../rows.ts';
import { plainText } from '../text.ts';

/** One change of what lies there; quantities in 1e-6 units. */
export interface Movement {
  readonly row: Row;
  readonly date: string;
  readonly kind: string;
  readonly change: bigint;
  readonly balance: bigint;
}

export interface History {
  /** Oldest first. */
  readonly movements: readonly Movement[];
  /** Before the first of them. */
  readonly opening: bigint;
  /** The day the opening counts until; empty where it is the very beginning. */
  readonly since: string;
}

const beginning = '1970-01-01';
/** Pages of the history read at most, 200 changes each. */
const mostPages = 5;

/**
 * The changes since a day, of one warehouse or all. The history says warehouses by name and balances over all of them, so
 * that of one warehouse is counted from the beginning. One call for 200 changes, 5 at most: of more, the latest.
 */
export async function readHistory(
  api: Api,
  itemId: string,
  { since, warehouseName }: { since: string | undefined; warehouseName: string | undefined },
): Promise<History> {
  const from = warehouseName === undefined ? (since ?? beginning) : beginning;
  const { rows, opening, isWhole } = await readRows(api, itemId, from);
  const here = rows.filter((row) => warehouseName === undefined || textIn(row, 'warehouse_name') === warehouseName);
  let balance = opening;
  const movements = here.flatMap((row): Movement[] => {
    const change = (microIn(row, 'quantity_in') ?? 0n) - (microIn(row, 'quantity_out') ?? 0n);
    balance += change;
    // What only changed the value of the stock says nothing of why it stands there.
    return change === 0n
      ? []
      : [{ row, date: textIn(row, 'date'), kind: textIn(row, 'document_type'), change, balance }];
  });
  const start = isWhole ? from : textIn(rows[0] ?? {}, 'date');
  return { movements, opening, since: start === beginning ? '' : start };
}

async function readRows(
  api: Api,
  itemId: string,
  from: string,
): Promise<{ rows: Row[]; opening: bigint; isWhole: boolean }> {
  const page = (number: number) =>
    api.call('get_item_transaction_history', { item_id: itemId, date_start: from, page: number, per_page: pageSize });
  const first = await page(1);
  const rows = rowsIn(first, 'transactions');
  const [head] = rows;
  const isOpening = head !== undefined && textIn(head, 'document_type') === 'opening_balance';
  const opening = isOpening ? (microIn(head, 'balance') ?? 0n) : head ? before(head) : 0n;
  const ours = rows.slice(isOpening ? 1 : 0);
  if (!hasMorePages(first)) return { rows: ours, opening, isWhole: true };
  const pages = Math.ceil(Number(rowIn(first, 'page_context').total ?? 0) / pageSize);
  // The latest are wanted: of a history longer than the cap the pages after the first are left out.
  const start = Math.max(2, pages - mostPages + 2);
  const later: Row[] = [];
  for (let at = start, more = true; more && at < start + mostPages - 1; at += 1) {
    const reply = await page(at);
    later.push(...rowsIn(reply, 'transactions'));
    more = hasMorePages(reply);
  }
  if (start === 2) return { rows: [...ours, ...later], opening, isWhole: true };
  return { rows: later, opening: later[0] ? before(later[0]) : opening, isWhole: false };
}

const before = (row: Row): bigint =>
  (microIn(row, 'balance') ?? 0n) - (microIn(row, 'quantity_in') ?? 0n) + (microIn(row, 'quantity_out') ?? 0n);

const kinds: Readonly<Record<string, readonly [one: string, done: string]>> = {
  opening_stock: ['opening stock', 'opening stock'],
  receive: ['receipt', 'received'],
  package: ['shipment', 'shipped'],
  adjustment: ['adjustment', 'adjusted'],
  transfer: ['transfer', 'transferred'],
};

const kindWords = (kind: string, index: 0 | 1): string =>
  Object.hasOwn(kinds, kind) ? (kinds[kind]?.[index] ?? kind) : plainText(kind.replace(/_/g, ' '), 30);

export const movementRow = ({ row, date, kind, change, balance }: Movement) => ({
  date,
  kind: kindWords(kind, 0),
  number: plainText(row.document_number, 40),
  ...(textIn(row, 'contact_name') === '' ? {} : { party: plainText(row.contact_name, 60) }),
  warehouse: plainText(row.warehouse_name, 60),
  [change > 0n ? 'in' : 'out']: microToNumber(change > 0n ? change : -change),
  balance: microToNumber(balance),
  // A change that was taken back stands in the list twice, and would look like a mistake.
  ...(textIn(row, 'status') === 'reversed' ? { reversed: true } : {}),
  ...(textIn(row, 'reverses') === '' ? {} : { reverses_document_number: plainText(row.reverses, 60) }),
});

/** `80 opening stock + 20 received - 10 shipped`, and what it comes to. */
export function sumWords(
  { movements, opening, since }: History,
  isOneWarehouse: boolean,
): { words: string; sum: bigint } {
  const terms: { amount: bigint; word: string }[] = [];
  if (opening !== 0n) terms.push({ amount: opening, word: `before ${since}` });
  for (const kind of new Set(movements.map((movement) => movement.kind))) {
    const of = movements.filter((movement) => movement.kind === kind);
    const amount = sumOf(of.map(({ change }) => change));
    // Seen over all warehouses, what a transfer took and did not bring is on its way.
    const isTransit = kind === 'transfer' && !isOneWarehouse && amount < 0n;
    if (amount !== 0n) terms.push({ amount, word: isTransit ? 'in transit' : kindWords(kind, 1) });
  }
  const words = terms.map(({ amount, word }, index) => {
    const sign = amount < 0n ? '- ' : index === 0 ? '' : '+ ';
    return `${sign}${formatMicro(amount < 0n ? -amount : amount)} ${word}`;
  });
  return { words: words.join(' '), sum: sumOf(terms.map(({ amount }) => amount)) };
}
