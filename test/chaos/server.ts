import { createInventoryClient, type SharedStore } from '../../src/client/client.ts';
import { type Every, type Sleep, sleep } from '../../src/client/wait.ts';
import { type Calls, createCalls } from '../../src/mcp/call.ts';
import type { CallContext } from '../../src/mcp/caller.ts';
import type { Input } from '../../src/operations/define.ts';
import { listOrganizations } from '../../src/operations/organizations.ts';
import { sandboxCredentials, sandboxOrganizationId } from '../../src/sandbox/server.ts';
import { type Database, openDatabase } from '../../src/sqlite.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import { caller } from '../mcp/guarded.ts';
import { type ChaoticApi, type Committed, limits } from './api.ts';

export interface Answer {
  readonly facts: Record<string, unknown>;
  readonly text: string;
  readonly isError: boolean;
  /** What this very call had carried out. */
  readonly committed: readonly Committed[];
}

/** A call of a tool, as one who sits at the other end of the protocol makes it. */
export type Ask = (tool: string, args: Input, more?: Partial<CallContext>) => Promise<Answer>;

export interface Surroundings {
  readonly api: ChaoticApi;
  /** Of the state. */
  readonly directory: string;
  readonly now: () => number;
  /** 0 to 1. */
  readonly chance: () => number;
  readonly randomId: () => string;
  readonly warn: (message: string) => void;
  /** About how long a request is on its way, and its answer on the way back. */
  readonly latencyMs: number;
}

/** Of a process: what it waits for never comes once it has ended. */
function createLife() {
  const never = new Promise<never>(() => {});
  const timers = new Set<NodeJS.Timeout>();
  let isAlive = true;
  const whileAlive = <T>(work: Promise<T>): Promise<T> =>
    work.then(
      (value) => (isAlive ? value : never),
      (error: unknown) => (isAlive ? Promise.reject(error) : never),
    );
  const pause: Sleep = (ms, signal) => whileAlive(sleep(ms, signal));
  return {
    whileAlive,
    pause,
    every: (periodMs: number, work: () => void) => {
      const timer = setInterval(work, periodMs);
      timers.add(timer);
      return () => clearInterval(timer);
    },
    end: () => {
      isAlive = false;
      for (const timer of timers) clearInterval(timer);
    },
  };
}

/** A client over the API; its requests and answers take their time. */
export function clientOver(
  { api, now, chance, randomId, latencyMs }: Surroundings,
  { pause, every }: { pause: Sleep; every: Every },
  store?: SharedStore,
) {
  const onTheWay = () => (latencyMs > 0 ? pause(latencyMs * (0.2 + chance())) : undefined);
  return createInventoryClient({
    apiDomain: 'http://sandbox.test',
    accountsUrl: 'http://sandbox.test',
    credentials: {
      clientId: sandboxCredentials.client_id,
      clientSecret: sandboxCredentials.client_secret,
      refreshToken: sandboxCredentials.refresh_token,
    },
    organizationId: sandboxOrganizationId,
    limits,
    sharedStore: store,
    dispatch: async (request) => {
      await onTheWay();
      const response = await api.handle(request);
      await onTheWay();
      return response;
    },
    now,
    sleep: pause,
    every,
    random: chance,
    randomId,
  });
}

// What a client loads with its first call is loaded before the clock runs by itself, which would not wait for it.
await createInventoryClient({
  ...{ apiDomain: 'http://sandbox.test', accessToken: 'any', now: Date.now, sleep, random: Math.random },
  dispatch: async () => Response.json({ code: 0, organizations: [] }),
}).call(listOrganizations, {});

/** Nothing here cuts the power, so that nobody need wait for the disk. */
function withoutDisk(database: Database): Database {
  database.exec('PRAGMA synchronous = OFF');
  return database;
}

function heardIn(result: Awaited<ReturnType<Calls>>): Omit<Answer, 'committed'> {
  if (!('content' in result)) throw new Error('a form came where none was declared');
  const [content] = result.content ?? [];
  const facts: unknown = result.structuredContent;
  return {
    facts: typeof facts === 'object' && facts !== null ? { ...facts } : {},
    text: content?.type === 'text' ? content.text : '',
    isError: result.isError === true,
  };
}

/** The whole server as it is wired for an account; `stop` ends its process without notice. */
export function startServer(surroundings: Surroundings) {
  const { api, directory, now, randomId, warn } = surroundings;
  const life = createLife();
  const state = openEmbeddedState({ directory, now, openDatabase: (path) => withoutDisk(openDatabase(path)) });
  const calls = createCalls({
    client: clientOver(surroundings, life, state),
    state,
    settings: { organization: sandboxOrganizationId, confirm: 'auto', readOnly: false },
    now,
    randomId,
    warn,
    organization: async () => ({ timeZone: 'PST', currency: 'USD' }),
    sleep: life.pause,
    every: life.every,
  });
  const ask: Ask = async (tool, args, more = {}) => {
    const mine: Committed[] = [];
    const result = await life.whileAlive(api.notedFor(mine, () => calls(tool, args, caller(more))));
    return { ...heardIn(result), committed: mine };
  };
  return {
    ask,
    stop: () => {
      life.end();
      state.close();
    },
  };
}

export type Server = ReturnType<typeof startServer>;
