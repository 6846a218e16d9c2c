import type { Job, Way } from './kill-caller.ts';
import { type Moment, type Phase, phases } from './kill-moments.ts';

export type Luck = ReturnType<typeof createLuck>;

/** Choices by a chance from 0 to 1. */
export function createLuck(chance: () => number) {
  const upTo = (most: number) => Math.floor(chance() * most);
  return {
    chance,
    upTo,
    oneOf: <T>(...values: [T, ...T[]]): T => values[upTo(values.length)] ?? values[0],
    hit: (share: number) => chance() < share,
  };
}

const counter = () => new Map<string, number>();

/** What was hit, and how often. */
export function createHits() {
  const counts = { first: counter(), again: counter(), ways: counter(), orphans: counter() };
  return {
    count: (kind: keyof typeof counts, what: string, times = 1) =>
      void counts[kind].set(what, (counts[kind].get(what) ?? 0) + times),
    /** Phases in which no server was killed yet. */
    missing: (): Phase[] => phases.filter((phase) => !counts.first.has(phase)),
    lines: () =>
      Object.entries(counts).map(
        ([kind, each]) => `${kind}: ${[...each].map(([what, times]) => `${what} ${times}`).join(', ')}`,
      ),
  };
}
export type Hits = ReturnType<typeof createHits>;

/** Beyond the rounds that were asked for, only where a phase was not hit by then. */
export const mostMore = 30;

/** At random, but every phase as often as the others; in the end those that were not hit. */
export function* moments(rounds: number, { chance, oneOf }: Luck, { missing }: Hits): Generator<[number, Moment]> {
  let deck: Phase[] = [];
  for (let round = 1; round <= rounds || (missing().length > 0 && round <= rounds + mostMore); round += 1) {
    if (deck.length === 0) deck = [...phases];
    const phase = oneOf(deck[0] ?? 'asking', ...deck.slice(1));
    deck = deck.filter((other) => other !== phase);
    yield [round, { phase: round > rounds ? (missing()[0] ?? phase) : phase, share: chance() }];
  }
}

export const skus = ['SCREW-M3', 'UCC-2M'];

export function jobOf(tracking_number: string, { upTo, hit }: Luck): Job {
  const items = skus.map((item, index) => ({ item, quantity: 1 + upTo(index === 0 ? 9 : 2) }));
  const wish = { customer: 'Bluebird Cafe', items, carrier: 'FedEx', tracking_number };
  return { wish, heard: [], ...(hit(0.3) ? { key: tracking_number } : {}) };
}

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

/** How a caller goes on and how long after its server died, of a job that was begun so long ago. */
export function wayOn({ key }: Job, agoMs: number, { oneOf }: Luck): { way: Way; pauseMs: number } {
  // What was done more than ten minutes ago is wished for anew by the same call, unless a key says otherwise.
  const isLate = key === undefined && agoMs > 9 * minuteMs;
  const way = isLate ? oneOf<Way>('list', 'yes again') : oneOf<Way>('list', 'same call', 'yes again');
  // Before the dead process's hold on the job is over, after it, and when a yes covers it no more.
  const pauseMs = oneOf(0, 11 * secondMs, way === 'same call' ? 4 * secondMs : 11 * minuteMs);
  return { way, pauseMs };
}
