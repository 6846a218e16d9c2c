import type { ApiRequest, ApiResponse, Layer } from './compose.ts';
import { readObject } from './json.ts';
import type { Shared } from './shared-store.ts';

/** Reads whose answers change rarely, and hold no stock, by the name of their operation. */
export const cachedReads: ReadonlySet<string> = new Set(['list_organizations', 'list_warehouses', 'get_warehouse']);

/** A write that changes what `cachedReads` answer. */
export const evicts = ({ operation, effect }: Pick<ApiRequest, 'operation' | 'effect'>): boolean =>
  effect !== 'read' && /_warehouse$/.test(operation);

export interface CacheOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Where other processes tell of their writes; absent: there are none. */
  readonly shared?: Shared | undefined;
  /** Of no other process either. */
  readonly randomId: () => string;
}

const lifeMs = 600_000;
/** Where the writes of other processes cannot be heard of. */
const deafLifeMs = 60_000;
const mostEntries = 100;

interface Entry {
  readonly response: ApiResponse;
  readonly atMs: number;
  readonly edition: string;
}

/**
 * Keeps answers of `cachedReads` for ten minutes. Own writes evict them at once, those of the other processes on the data
 * folder too: every write sets an edition in the shared store, and a kept answer is given only while its edition is the
 * one that stands there. That is one reading of the store, and no call, for each answer given from here.
 */
export function createCache({ now, shared, randomId }: CacheOptions): Layer {
  const kept = new Map<string, Entry>();
  const key = shared?.key('warehouses') ?? '';
  /** Grows with every write of this process, so that a read it overtook is not kept. */
  let writes = 0;

  /** What the store says; `alone` without one, undefined when it cannot be asked. */
  const editionNow = async (): Promise<string | undefined> =>
    shared ? shared.ask(async (store, nowMs) => String((await store.get(key, nowMs)) ?? 'none')) : 'alone';

  const evict = async () => {
    writes += 1;
    kept.clear();
    await shared?.ask((store, nowMs) => store.put(key, randomId(), nowMs + 2 * lifeMs));
  };

  const find = (name: string, edition: string | undefined): ApiResponse | undefined => {
    const entry = kept.get(name);
    if (!entry) return undefined;
    const ageMs = now() - entry.atMs;
    const isGood = ageMs >= 0 && ageMs < (edition === undefined ? deafLifeMs : lifeMs);
    if (isGood && (edition === undefined || edition === entry.edition)) return entry.response;
    kept.delete(name);
    return undefined;
  };

  const keep = (name: string, entry: Entry) => {
    kept.delete(name);
    kept.set(name, entry);
    const oldest = kept.keys().next();
    if (kept.size > mostEntries && !oldest.done) kept.delete(oldest.value);
  };

  return (next) => async (request, signal) => {
    if (evicts(request)) {
      await evict();
      // Once more afterwards: a read that came between may have been answered from before the write.
      return next(request, signal).finally(evict);
    }
    if (!cachedReads.has(request.operation)) return next(request, signal);
    const name = JSON.stringify([request.path, Object.entries(request.query).sort(([a], [b]) => (a < b ? -1 : 1))]);
    const edition = await editionNow();
    const found = request.fresh ? undefined : find(name, edition);
    if (found) return found;
    const before = writes;
    const response = await next(request, signal);
    const isKept = isSuccess(response) && writes === before;
    if (isKept) keep(name, { response, atMs: now(), edition: edition ?? 'unknown' });
    return response;
  };
}

// A refusal may come with HTTP 200.
const isSuccess = ({ status, text }: ApiResponse): boolean =>
  status === 200 && Number(readObject(text)?.code ?? Number.NaN) === 0;
