import { createChance } from '../../src/sandbox/faults-choice.ts';
import type { FaultPlan } from '../../src/sandbox/faults-rules.ts';
import { carryThrough, type Ended } from './careful-caller.ts';
import { type Counts, type Intent, intended, shuffled } from './intents.ts';
import type { Ask, Server } from './server.ts';
import { contentOf, createTruth } from './truth.ts';
import { type ChaoticWorld, chaoticWorld } from './world.ts';

const writes = { method: 'POST' } as const;
const reads = { method: 'GET' } as const;

/** Of six rules one fires at 30 of 100 writes: their answers are lost after they were carried out. */
const probability = 1 - 0.7 ** (1 / 6);

const faults = (seed: number): FaultPlan => ({
  seed,
  rules: [
    { fault: 'reset_after', match: writes, probability },
    { fault: 'reset_after', in_body: true, match: writes, probability },
    { fault: 'no_answer_after', match: writes, probability },
    { fault: 'cut_json', match: writes, probability },
    { fault: 'html', status: 502, commit: 'after', match: writes, probability },
    { fault: 'server_error', commit: 'after', match: writes, probability },
    { fault: 'reset_before', match: writes, probability: 0.04 },
    { fault: 'no_answer_before', match: writes, probability: 0.02 },
    { fault: 'server_error', status: 503, match: writes, probability: 0.03 },
    { fault: 'rate_limited', retry_after: 2, match: writes, probability: 0.03 },
    { fault: 'rate_limited', match: writes, probability: 0.02 },
    { fault: 'token_expired', count: 10_000, match: writes, probability: 0.01 },
    { fault: 'server_error', match: reads, probability: 0.1 },
    { fault: 'reset_before', match: reads, probability: 0.05 },
    { fault: 'cut_json', match: reads, probability: 0.03 },
    { fault: 'rate_limited', retry_after: 30, match: reads, probability: 0.005 },
  ],
});

export interface Weather {
  readonly seed: number;
  /** How many callers work side by side. */
  readonly callers: number;
  /** Server processes on one folder of state, which share the callers. */
  readonly servers: number;
  /** About how often a server dies and another one takes its place. */
  readonly deathEveryMs?: number;
  readonly counts: Counts;
}

/** The places of server processes; who waits for one that dies hears nothing. */
function createPlaces(world: ChaoticWorld, count: number) {
  const open = () => {
    let onDeath = (_: undefined) => {};
    const death = new Promise<undefined>((resolve) => {
      onDeath = resolve;
    });
    return { server: world.start() as Server, death, die: () => onDeath(undefined) }; // as typed there
  };
  const places = Array.from({ length: count }, open);
  return {
    askAt: async (n: number, ...call: Parameters<Ask>) => {
      const place = places[n % count] ?? open();
      return Promise.race([place.server.ask(...call), place.death]);
    },
    killOne: () => {
      const victim = places.shift();
      places.push(open());
      victim?.server.stop();
      victim?.die();
    },
  };
}

/** Which intents of the same content are open, and which of them in doubt. */
function createDoubts() {
  const doubts = new Map<Intent, boolean>();
  return {
    begin: (intent: Intent) => doubts.set(intent, false),
    end: (intent: Intent) => doubts.delete(intent),
    isLastInDoubt: (intent: Intent): boolean => {
      doubts.set(intent, true);
      const content = contentOf(intent);
      return [...doubts].every(([other, isInDoubt]) => isInDoubt || contentOf(other) !== content);
    },
  };
}

const tables = ['item', 'contact', 'warehouse', 'orders', 'package', 'transfer', 'adjustment', 'shipment'];

/** All records there are. */
const recordsIn = ({ database }: ChaoticWorld): number =>
  tables
    .map((table) => Number(database.prepare(`SELECT count(*) AS n FROM "${table}"`).get()?.n))
    .reduce((sum, count) => sum + count, 0);

/** All that is meant is carried through in the storm. */
export async function weathered({ seed, callers, servers, deathEveryMs, counts }: Weather) {
  const world = chaoticWorld({ seed });
  const { clock, committed, sleep } = world;
  const groups = await clock.run(intended(world, counts));
  committed.length = 0;
  const before = recordsIn(world);
  const truth = createTruth(committed);
  const chance = createChance(seed + 1);
  const queue = shuffled(groups, chance).flat();
  const places = createPlaces(world, servers);
  const doubts = createDoubts();
  const ended: Ended[] = [];

  async function callerAt(n: number): Promise<void> {
    for (let errand = queue.shift(); errand; errand = queue.shift()) {
      for (const intent of errand) {
        doubts.begin(intent);
        const ask = async (...call: Parameters<Ask>) => {
          const answer = await places.askAt(n, ...call);
          if (answer && !call[0].startsWith('get_')) truth.hear(intent, answer);
          // An answer may also be lost between the server and its caller.
          return chance() < 0.03 ? undefined : answer;
        };
        ended.push(await carryThrough(intent, { ...truth, ask, sleep, isLastInDoubt: doubts.isLastInDoubt }));
        doubts.end(intent);
      }
    }
  }
  async function deaths(): Promise<void> {
    while (deathEveryMs !== undefined && queue.length > 0) {
      await sleep(deathEveryMs * 2 * chance());
      places.killOne();
    }
  }

  world.fail(faults(seed));
  await clock.run(Promise.all([deaths(), ...Array.from({ length: callers }, (_, n) => callerAt(n))]));
  const lost = world.fired.filter((one) => one.committed && one.method === 'POST').length;
  world.heal();
  return { ...world, ended, truth, lost, added: recordsIn(world) - before, meant: groups.flat(2) };
}
