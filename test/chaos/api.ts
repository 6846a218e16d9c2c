import { AsyncLocalStorage } from 'node:async_hooks';
import { addCrmDeal } from '../../src/sandbox/crm.ts';
import { createFaults, type Faults } from '../../src/sandbox/faults.ts';
import { createSandbox } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';
import type { RunningClock } from './running-clock.ts';

const apiRoot = '/inventory/v1';
export const limits = { perMinute: 1_000_000, perDay: 10_000_000, atOnce: 50 };

/** A write that was carried out, whatever its caller heard of it. */
export interface Committed {
  readonly method: string;
  /** Below the root of the API. */
  readonly path: string;
  readonly body: string;
  /** As it was made, before a fault spoilt it. */
  readonly answer: Record<string, unknown>;
}

const crmRoot = '/crm/v2';
const rootOf = (url: string) => [apiRoot, crmRoot].find((root) => new URL(url).pathname.startsWith(root));
const isWrite = ({ method, url }: Request) => method !== 'GET' && rootOf(url) !== undefined;

/** Won in the CRM by somebody whom the company does not know yet. */
export const wonDeal = '5843104000000567900';

/** An empty company whose API does as a fault plan says, and what it really carried out. */
export function createChaoticApi(clock: RunningClock) {
  const database = openDatabase(':memory:');
  const given = createFaults();
  const committed: Committed[] = [];
  const whose = new AsyncLocalStorage<Committed[]>();
  let onWrite = () => {};

  async function note(asked: Request, body: string, response: Response): Promise<void> {
    if (!isWrite(asked) || !response.ok) return;
    const path = new URL(asked.url).pathname.slice(rootOf(asked.url)?.length ?? 0);
    const one = { method: asked.method, path, body, answer: JSON.parse(await response.clone().text()) };
    committed.push(one);
    whose.getStore()?.push(one);
  }

  const faults: Faults = {
    ...given,
    disturb: (request, sandbox) => {
      const answer = (asked: Request) =>
        clock.atWork(async () => {
          const body = await asked.clone().text();
          const response = await sandbox.answer(asked);
          await note(asked, body, response);
          return response;
        });
      const outcome = given.disturb(request, { ...sandbox, answer });
      // The fault of this request is chosen by now: another plan is for the next.
      if (isWrite(request)) onWrite();
      return outcome;
    },
  };
  const sandbox = createSandbox({ database, now: clock.now, seed: 'empty', limits, faults });
  const { handle } = sandbox;
  addCrmDeal(sandbox.world, {
    deal: { id: wonDeal, Deal_Name: 'Wren refit', Stage: 'Closed Won', Contact_Name: { id: '5843104000000512900' } },
    contact: { id: '5843104000000512900', Full_Name: 'Jenny Wren', Email: 'jenny@wren.example' },
    products: [
      { Product_Code: 'A-1', Quantity: 2, Unit_Price: 11 },
      { Product_Code: 'B-1', Quantity: 1, Unit_Price: 12 },
    ],
  });

  return {
    handle,
    database,
    committed,
    fired: given.fired,
    fail: given.set,
    heal: given.clear,
    /** Told of every write that comes, when it is settled what its own fault is. */
    onWrite: (told: () => void) => {
      onWrite = told;
    },
    /** Runs `work`; what is carried out for it is noted in `mine` too. */
    notedFor: <T>(mine: Committed[], work: () => Promise<T>): Promise<T> => whose.run(mine, work),
  };
}

export type ChaoticApi = ReturnType<typeof createChaoticApi>;
