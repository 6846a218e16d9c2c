import type { Input } from '../operations/define.ts';
import { bindApi } from '../workflows/api.ts';
import type { Api } from '../workflows/define.ts';
import { hasMorePages, pageSize, rowIn, rowsIn } from '../workflows/rows.ts';
import type { ReportContext, Row } from './define.ts';

const defaultCalls = 60;
const atOnce = 4;

export interface Rows {
  readonly rows: readonly Row[];
  /** The first page's reply, with header and totals. */
  readonly first: Row;
}

/** Reads that are counted against what a report may spend. What did not fit makes `cut` true, and is never guessed. */
export interface Reader {
  call(name: string, input: Input): Promise<Row>;
  /** Pages of a list until `most` rows, the list or the calls end. */
  list(name: string, key: string, input: Input, most?: number): Promise<Rows>;
  /** One call for each entry, a few at once, for as many as `share` of the calls that are left allow. */
  each<T>(entries: readonly T[], read: (entry: T) => Promise<Row>, share?: number): Promise<Row[]>;
  readonly calls: () => number;
  readonly left: () => number;
  readonly cut: () => boolean;
}

export function createReader(given: Api, context: ReportContext): Reader {
  const api = bindApi(given, context);
  const mostCalls = context.mostCalls ?? defaultCalls;
  let calls = 0;
  let isCut = false;
  const left = () => Math.max(0, mostCalls - calls);
  const call: Reader['call'] = (name, input) => {
    calls += 1;
    return api.call(name, input);
  };
  return {
    call,
    list: async (name, key, input, most = Number.MAX_SAFE_INTEGER) => {
      const rows: Row[] = [];
      let first: Row | undefined;
      for (let page = 1; ; page += 1) {
        // The first page is always read: a report without any row would say that there is nothing.
        if (first && left() === 0) break;
        const reply = await call(name, { ...input, page, per_page: pageSize });
        first ??= reply;
        rows.push(...rowsIn(reply, key));
        if (!hasMorePages(reply) && rows.length <= most) return { rows, first };
        if (rows.length >= most) break;
      }
      isCut = true;
      return { rows: rows.slice(0, most), first };
    },
    each: async (entries, read, share = 1) => {
      const allowed = entries.slice(0, Math.floor(left() * share));
      if (allowed.length < entries.length) isCut = true;
      const found: Row[] = [];
      for (let at = 0; at < allowed.length; at += atOnce)
        found.push(...(await Promise.all(allowed.slice(at, at + atOnce).map(read))));
      return found;
    },
    calls: () => calls,
    left,
    cut: () => isCut,
  };
}

/** `get_x` answers `{ x: {...} }`. */
export const record = async (reader: Reader, name: string, key: string, input: Input): Promise<Row> =>
  rowIn(await reader.call(name, input), key);

/** What stands over a report that is worked out here. Times are UTC where the API's own header is not at hand. */
export function computedHeader(name: string, context: ReportContext, particulars: Row): Row {
  const { nowMs, timeZone, currency } = context;
  return {
    name,
    ...(nowMs === undefined ? {} : { generated_at: new Date(nowMs).toISOString() }),
    ...(timeZone === undefined ? {} : { time_zone: timeZone }),
    ...(currency === undefined ? {} : { currency }),
    ...particulars,
  };
}
