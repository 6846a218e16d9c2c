import type { Client } from '../client/client.ts';
import { InventoryError, OutcomeUnknown } from '../errors.ts';
import type { SharedStore } from '../state/state.ts';
import { asDemo } from '../workflows/watching/alert-port.ts';
import { alertOfNew, type Conditions, isOver, keysOf, readConditions } from './conditions.ts';
import type { Way } from './way.ts';

/** Two ways out take 45 s at most; a process that died lets go after this. */
const leaseMs = 120_000;
/** Outlives any pause between two looks; kept anew whenever something changes. */
const keptMs = 400 * 24 * 60 * 60_000;

export interface RoundParts {
  readonly client: Client;
  readonly ways: readonly Way[];
  readonly state: SharedStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomId: () => string;
  readonly organization: string;
  readonly demo: boolean;
  readonly log: { readonly info: (message: string) => void; readonly warn: (message: string) => void };
}

/** What a way was told of. */
interface Told {
  /** Conditions that were told and are not over. */
  readonly keys: readonly string[];
  /** Begun to be told; left so by a process that died in the middle. */
  readonly open?: { readonly keys: readonly string[]; readonly at_ms: number };
}

/** One look: each way is told what it was not told yet. The errors of the ways that failed; throws what the reading throws. */
export type Round = (signal: AbortSignal) => Promise<readonly InventoryError[]>;

/** Watchers on one data folder look in turn, so that each condition is told once by all of them together. */
export function createRound(parts: RoundParts): Round {
  const { client, ways, state, now, randomId, organization, log } = parts;
  const holder = randomId();
  const lease = `watch:${organization}`;
  const hold = () => state.lease(lease, { holder, untilMs: now() + leaseMs, nowMs: now() });
  return async (signal) => {
    if (!(await hold())) {
      log.info('Another watcher on this data folder looks at this moment; this one waits for the next time.');
      return [];
    }
    try {
      const conditions = await readConditions({ client, state, now, organization }, signal);
      const failed: InventoryError[] = [];
      for (const way of ways) {
        // Who stood still for longer than the lease may find another one at it.
        if (signal.aborted || !(await hold())) break;
        const error = await tell(way, conditions, parts);
        if (error) failed.push(error);
      }
      return failed;
    } finally {
      await state.release(lease, holder).catch(() => undefined);
    }
  };
}

async function tell(way: Way, conditions: Conditions, parts: RoundParts): Promise<InventoryError | undefined> {
  const { state, now, randomId, organization, demo, log } = parts;
  const key = `watch:${organization}:${way.way}:${way.mark}`;
  // A machine that dies must not make it told twice.
  const keep = (told: Told) => state.put(key, told, now() + keptMs, { durable: true });
  const kept = ((await state.get(key, now())) ?? { keys: [] }) as Told; // parse boundary: our own value, put by `keep`
  if (kept.open)
    log.warn(`A watcher ended while it sent an alert ${way.words}. It may have arrived, and is not sent again.`);
  const known = [...kept.keys, ...(kept.open?.keys ?? [])];
  const keys = known.filter((one) => !isOver(one, conditions));
  const told = new Set(keys);
  const fresh = new Set(keysOf(conditions).filter((one) => !told.has(one)));
  if (fresh.size === 0) {
    if (kept.open || keys.length < kept.keys.length) await keep({ keys });
    log.info(`Nothing new to tell ${way.words}.`);
    return undefined;
  }
  // Kept before it leaves: a process that dies now must not tell it twice.
  await keep({ keys, open: { keys: [...fresh], at_ms: now() } });
  const alert = alertOfNew(conditions, (one) => fresh.has(one));
  const sent = await way.send(demo ? asDemo(alert) : alert, randomId()).catch(failureOf);
  const isCertainlyNotSent = sent instanceof InventoryError && !(sent instanceof OutcomeUnknown);
  await keep({ keys: isCertainlyNotSent ? keys : [...keys, ...fresh] });
  if (isCertainlyNotSent) return sent;
  if (sent instanceof InventoryError)
    log.warn(`${sent.message} It is not sent again; what it told of stands in the next alert as told before.`);
  else {
    log.info(`Alert sent ${way.words}: ${alert.subject}.`);
    if (sent.refused.length > 0) log.warn(`The mail server refused ${sent.refused.join(', ')}.`);
  }
  return undefined;
}

function failureOf(error: unknown): InventoryError {
  if (error instanceof InventoryError) return error;
  throw error;
}
