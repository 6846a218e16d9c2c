import { createInventoryClient, type InventoryClient, type Reply } from '../../src/client/client.ts';
import type { MarkPlace } from '../../src/client/lost/mark.ts';
import { settleMs } from '../../src/client/lost/settle.ts';
import { sleep } from '../../src/client/wait.ts';
import type { Input, Operation } from '../../src/operations/define.ts';
import { anyOperationByName } from '../../src/operations/index.ts';
import { createSandbox, sandboxOrganizationId } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { dumpOf } from '../helpers/dump.ts';

/** When a write is cut off, `late` being carried out only when the next write comes, and how it looks from outside. */
export interface Loss {
  readonly when: 'before' | 'after' | 'late';
  readonly how: 'reset' | 'silence' | '500' | 'html' | 'cut';
}

export interface LossyOptions {
  readonly mark?: MarkPlace;
  /** The API's clock minus ours. */
  readonly skewMs?: number;
  /** Answers tell no time. */
  readonly dateless?: boolean;
  /** Lists ignore filters and order, and answer as if there were none. */
  readonly isBlind?: boolean;
}

const pausesMs = [settleMs, 500, 1_000];
const accessToken = 'token-of-the-test';

export function operation(name: string): Operation {
  const known = anyOperationByName.get(name);
  if (!known) throw new Error(`There is no operation ${name}.`);
  return known;
}

export const reset = (when: Loss['when']): Loss => ({ when, how: 'reset' });

function unfiltered(request: Request): Request {
  const url = new URL(request.url);
  const kept = ['organization_id', 'page', 'per_page'];
  for (const key of [...url.searchParams.keys()]) if (!kept.includes(key)) url.searchParams.delete(key);
  return request.method === 'GET' ? new Request(url, request) : request;
}

/** An empty company behind the real client; its writes are cut off as `lose` says, in the order of the list. */
export function lossyWorld({ mark, skewMs = 0, dateless = false, isBlind = false }: LossyOptions = {}) {
  const limits = { perMinute: 100_000, perDay: 1_000_000, atOnce: 10 };
  const database = openDatabase(':memory:');
  // Each request finds a later moment, so that records made one after the other differ in time.
  let clockMs = Date.UTC(2026, 10, 23, 18, 0, 0);
  let theirsMs = skewMs;
  const sandbox = createSandbox({ database, now: () => clockMs + theirsMs, seed: 'empty', accessToken, limits });
  let nextLoss = (): Loss | undefined => undefined;
  let late: Request | undefined;
  const seen: string[] = [];
  const events: { pattern: RegExp; act: (request: Request) => unknown }[] = [];
  let reshape = (_line: string, body: Record<string, unknown>) => body;

  async function carryOut(request: Request): Promise<Response> {
    if (late && request.method !== 'GET') {
      const first = late;
      late = undefined;
      await sandbox.handle(first);
    }
    return sandbox.handle(request);
  }

  async function cutOff(request: Request, { when, how }: Loss): Promise<Response> {
    if (when === 'late') late = request;
    const answer = when === 'after' ? await carryOut(request) : undefined;
    if (how === 'silence') {
      clockMs += 30_000;
      return new Promise(() => {});
    }
    if (how === 'reset') throw new Error('reset by the test');
    if (how === '500') return new Response('{"code":1000,"message":"Internal error"}', { status: 500 });
    if (how === 'html') return new Response('<html>Bad gateway</html>', { status: 502 });
    const text = (await answer?.text()) ?? '{"code":0,"message":';
    return new Response(text.slice(0, Math.max(1, text.length / 2)), { status: 200 });
  }

  /** `ours` may be cut off; what other people do goes through. */
  const dispatcher = (isOurs: boolean) => async (asked: Request) => {
    const { pathname, search } = new URL(asked.url);
    const line = `${asked.method} ${pathname.replace('/inventory/v1', '')}`;
    clockMs += 5;
    if (!isOurs) return carryOut(asked);
    seen.push(line);
    const index = events.findIndex(({ pattern }) => pattern.test(line + search));
    const answer = index < 0 ? undefined : await events.splice(index, 1)[0]?.act(asked);
    if (answer instanceof Response) return answer;
    const loss = asked.method === 'GET' ? undefined : nextLoss();
    if (loss) return cutOff(asked, loss);
    const response = await carryOut(isBlind ? unfiltered(asked) : asked);
    const body = reshape(line, JSON.parse(await response.text()));
    return Response.json(body, { status: response.status, headers: dateless ? {} : response.headers });
  };

  const clientOf = (isOurs: boolean, id: () => string): InventoryClient =>
    createInventoryClient({
      accessToken,
      apiDomain: 'http://sandbox.test',
      organizationId: sandboxOrganizationId,
      dispatch: dispatcher(isOurs),
      limits,
      now: () => clockMs,
      // The pauses before a second look and a second reading pass at once; what only ends a wait takes its real time.
      sleep: async (ms, signal) => {
        if (!pausesMs.includes(ms)) return sleep(ms, signal);
        clockMs += ms;
      },
      random: () => 0.5,
      randomId: id,
      timeoutMs: 40,
      mark: isOurs ? mark : undefined,
    });

  let ids = 0;
  const nextId = () => {
    ids += 1;
    return `id${String(ids).padStart(8, '0')}`;
  };
  const client = clientOf(true, nextId);
  const others = clientOf(false, nextId);
  const caller =
    (to: InventoryClient) =>
    (name: string, input: Input): Promise<Reply> =>
      to.call(operation(name), input);

  return {
    client,
    call: caller(client),
    /** What colleagues do in the web application, and other processes of ours. */
    others: caller(others),
    /** The same client, begun anew: as a process that knows nothing of the first. */
    restarted: () => clientOf(true, nextId),
    dump: () => dumpOf(database),
    seen,
    lose: (...next: Loss[]) => {
      nextLoss = () => next.shift();
    },
    /** What becomes of each write, asked when it comes. */
    loseAsToldBy: (tell: typeof nextLoss) => {
      nextLoss = tell;
    },
    /** Once, before the next request of ours that matches `METHOD /path?query` is carried out; a Response answers it instead. */
    on: (pattern: RegExp, act: (request: Request) => unknown) => {
      events.push({ pattern, act });
    },
    /** How the API would print it otherwise. */
    reshape: (change: typeof reshape) => {
      reshape = change;
    },
    now: () => clockMs,
    pass: (ms: number) => {
      clockMs += ms;
    },
    /** Sets our clock alone. */
    setClock: (byMs: number) => {
      clockMs += byMs;
      theirsMs -= byMs;
    },
    carryOut,
    rows: (sql: string) => database.prepare(sql).all(),
  };
}

export type LossyWorld = ReturnType<typeof lossyWorld>;

/** The reply, or the error that came instead. */
export const outcomeOf = (call: Promise<Reply>): Promise<{ reply?: Reply; error?: unknown }> =>
  call.then(
    (reply) => ({ reply }),
    (error: unknown) => ({ error }),
  );
