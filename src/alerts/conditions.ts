import type { Client } from '../client/client.ts';
import { listPurchaseOrders } from '../operations/purchase-orders.ts';
import { getLowStockReport } from '../operations/reports.ts';
import type { SharedStore } from '../state/state.ts';
import { apiFor } from '../workflows/api.ts';
import { counted, named, plainText } from '../workflows/text.ts';
import type { Alert } from '../workflows/watching/alert-port.ts';
import { readLatePurchases, type Waiting } from '../workflows/watching/daily-report-read.ts';
import { asData, type LowItem, lowTable, readLowStock } from '../workflows/watching/low-stock-rows.ts';
import { type Page, renderPage } from '../workflows/watching/page.ts';

/** What somebody should know of, by a key that stays the same until it is over. */
export interface Conditions {
  readonly day: string;
  readonly low: ReadonlyMap<string, LowItem>;
  readonly short: ReadonlyMap<string, LowItem>;
  readonly late: ReadonlyMap<string, Waiting>;
  /** False where the API listed only a part: what is not in it may go on. */
  readonly complete: { readonly stock: boolean; readonly late: boolean };
}

const uses = [getLowStockReport, listPurchaseOrders];
const keptMs = 3 * 24 * 60 * 60_000;

interface ReaderParts {
  readonly client: Client;
  readonly state: Pick<SharedStore, 'get' | 'put'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly organization: string;
}

interface KeptLate {
  readonly day: string;
  readonly late: Waiting[];
  readonly complete: boolean;
}

/** Of open orders alone, however many were closed since the oldest of them. */
const openOrders = ['Status.Issued', 'Status.PartiallyReceived'];

/** One call, and two more on the first look of a day: a purchase gets late by the day and not by the minute. */
export async function readConditions({ client, state, now, organization }: ReaderParts, signal: AbortSignal) {
  const api = apiFor(client, uses, { signal });
  const stock = await readLowStock(api);
  const day = stock.asOf || new Date(now()).toISOString().slice(0, 10);
  const key = `watch-late:${organization}`;
  let kept = (await state.get(key, now())) as KeptLate | undefined; // parse boundary: our own value, put below
  if (kept?.day !== day) {
    kept = { day, ...(await readLatePurchases(api, day, openOrders)) };
    await state.put(key, kept, now() + keptMs);
  }
  return {
    day,
    low: new Map(stock.low.map((item) => [`low:${item.itemId}`, item])),
    short: new Map(stock.short.map((item) => [`short:${item.itemId}`, item])),
    late: new Map(kept.late.map((order) => [`late:${order.number}`, order])),
    complete: { stock: !stock.truncated, late: kept.complete },
  } satisfies Conditions;
}

export const keysOf = ({ low, short, late }: Conditions): string[] => [...low.keys(), ...short.keys(), ...late.keys()];

/** Whether something that was told of is over. What was not listed only because of its number is not. */
export function isOver(key: string, conditions: Conditions): boolean {
  const { low, short, late, complete } = conditions;
  if (low.has(key) || short.has(key) || late.has(key)) return false;
  return key.startsWith('late:') ? complete.late : complete.stock;
}

const mostRows = 50;
const mostNamed = 20;

/** What is new of them, and in a line what was told before and goes on. */
export function alertOfNew({ day, low, short, late }: Conditions, isNew: (key: string) => boolean): Alert {
  const pick = <T>(all: ReadonlyMap<string, T>, wanted: boolean): T[] =>
    [...all].flatMap(([key, one]) => (isNew(key) === wanted ? [one] : []));
  const [lows, shorts, lates] = [pick(low, true), pick(short, true), pick(late, true)];
  const before = [
    ...[...pick(low, false), ...pick(short, false)].map(({ sku, name }) => named(sku, 40) || named(name)),
    ...pick(late, false).map(({ number }) => named(number, 40)),
  ];
  const words = `${lows.length} low, ${shorts.length} short, ${counted(lates.length, 'late purchase')}`;
  const page: Page = {
    title: `Stock alert of ${day}`,
    words: [`New: ${words}.`, ...(before.length > 0 ? [`Told before and not over: ${someOf(before)}.`] : [])],
    tables: [
      ...(lows.length > 0 ? [lowTable('At or below the reorder level', lows, mostRows, '')] : []),
      ...(shorts.length > 0 ? [lowTable('Promised beyond stock', shorts, mostRows, '')] : []),
      ...(lates.length > 0 ? [lateTable(lates)] : []),
    ],
  };
  return {
    subject: `${page.title}: ${words}`,
    text: renderPage(page, 'text').join('\n'),
    html: renderPage(page, 'html').join('\n'),
    items: [...new Map([...lows, ...shorts].map((item) => [item.itemId, item])).values()]
      .slice(0, mostRows)
      .map(asData),
  };
}

function someOf(names: readonly string[]): string {
  const all = [...new Set(names)];
  const rest = all.length - mostNamed;
  return plainText(`${all.slice(0, mostNamed).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`, 1_000);
}

const lateTable = (late: readonly Waiting[]) => ({
  title: 'Late purchases',
  columns: ['Order', 'Vendor', 'Due'],
  rows: late.slice(0, mostRows).map(({ number, party, day }) => [{ typed: number }, { typed: party }, day]),
  none: '',
});
