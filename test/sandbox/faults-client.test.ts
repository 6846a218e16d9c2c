// The client loads these at its first call; the clock of these tests would run on meanwhile.
import 'p-queue';
import 'p-throttle';
import 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createInventoryClient } from '../../src/client/client.ts';
import { NetworkFailure } from '../../src/client/failures.ts';
import { createTransport } from '../../src/client/transport.ts';
import { InventoryError } from '../../src/errors.ts';
import { operationByName } from '../../src/operations/index.ts';
import { createFaults } from '../../src/sandbox/faults.ts';
import type { FaultRule } from '../../src/sandbox/faults-rules.ts';
import { listenSandbox } from '../../src/sandbox/listen.ts';
import { createSandbox, sandboxCredentials, sandboxOrganizationId } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { createFakeClock } from '../client/fake-clock.ts';

type Way = 'in process' | 'over a port';

const limits = { perMinute: 100_000, perDay: 1_000_000, atOnce: 10 };
/** How far the clock moves at each turn of the event loop: an exchange takes some turns, so only silence outlasts a timeout. */
const turnMs = 20;

function operation(name: string) {
  const found = operationByName.get(name);
  if (!found) throw new Error(`There is no operation ${name}.`);
  return found;
}

const wordsFor = ({ kind, cause }: InventoryError) =>
  kind === 'unavailable' && cause instanceof NetworkFailure ? `${kind}, ${cause.outcome}` : kind;

/** The real client before a sandbox with faults; both live by one clock that moves while a call is under way. */
async function start(way: Way, rules: FaultRule[]) {
  const clock = createFakeClock(Date.UTC(2026, 10, 23, 18));
  const faults = createFaults({ rules }, clock.sleep);
  const database = openDatabase(':memory:');
  const sandbox = createSandbox({ database, now: clock.now, seed: 'empty', limits, faults });
  const listening = way === 'over a port' ? await listenSandbox({ sandbox, port: 0 }) : undefined;
  const url = listening?.url ?? 'http://sandbox.test';
  const client = createInventoryClient({
    apiDomain: url,
    accountsUrl: url,
    credentials: {
      clientId: sandboxCredentials.client_id,
      clientSecret: sandboxCredentials.client_secret,
      refreshToken: sandboxCredentials.refresh_token,
    },
    organizationId: sandboxOrganizationId,
    limits,
    now: clock.now,
    sleep: clock.sleep,
    random: () => 0.5,
    ...(listening ? {} : { dispatch: sandbox.handle }),
  });
  onTestFinished(async () => {
    await client.close();
    await listening?.close();
  });

  /** `done`, or the kind of the error, and of a read how the network failed below it. */
  const outcomeOf = async (name: string, input: Record<string, unknown>): Promise<string> => {
    let outcome: string | undefined;
    const settle = (value: string) => {
      outcome = value;
    };
    client.call(operation(name), input).then(
      () => settle('done'),
      (error: unknown) => settle(error instanceof InventoryError ? wordsFor(error) : String(error)),
    );
    while (outcome === undefined) await clock.elapse(turnMs);
    return outcome;
  };

  return {
    faults,
    sandbox,
    read: () => outcomeOf('list_contacts', {}),
    create: () => outcomeOf('create_contact', { contact_name: 'Ann', contact_type: 'customer' }),
    written: () => sandbox.database.prepare('SELECT contact_name FROM contact').all().length,
  };
}

/** Every request of the API meets the fault: how a read and a create end, and how many records there are then. */
const always: [FaultRule, read: string, create: string, records: 0 | 1][] = [
  [{ fault: 'reset_before' }, 'unavailable, lost', 'outcome_unknown', 0],
  [{ fault: 'reset_after' }, 'unavailable, lost', 'outcome_unknown', 1],
  [{ fault: 'reset_after', in_body: true }, 'unavailable, lost', 'outcome_unknown', 1],
  [{ fault: 'no_answer_before' }, 'unavailable, lost', 'outcome_unknown', 0],
  [{ fault: 'no_answer_after' }, 'unavailable, lost', 'outcome_unknown', 1],
  [{ fault: 'rate_limited' }, 'rate_limited', 'rate_limited', 0],
  [{ fault: 'rate_limited', retry_after: 2 }, 'rate_limited', 'rate_limited', 0],
  [{ fault: 'rate_limited', retry_after_date: 2 }, 'rate_limited', 'rate_limited', 0],
  [{ fault: 'rate_limited', code: 44 }, 'rate_limited', 'rate_limited', 0],
  [{ fault: 'rate_limited', code: 45 }, 'rate_limited', 'rate_limited', 0],
  [{ fault: 'rate_limited', code: 1070 }, 'rate_limited', 'rate_limited', 0],
  [{ fault: 'rate_limited', code: 43, retry_after: 3600 }, 'rate_limited', 'rate_limited', 0],
  [{ fault: 'server_error' }, 'unavailable', 'outcome_unknown', 0],
  [{ fault: 'server_error', commit: 'after' }, 'unavailable', 'outcome_unknown', 1],
  [{ fault: 'server_error', status: 503 }, 'unavailable', 'outcome_unknown', 0],
  [{ fault: 'server_error', status: 503, commit: 'after' }, 'unavailable', 'outcome_unknown', 1],
  [{ fault: 'code', code: 1002 }, 'rejected', 'rejected', 0],
  [{ fault: 'code', code: 44 }, 'rate_limited', 'rate_limited', 0],
  [{ fault: 'code', code: 6041 }, 'unauthorized', 'unauthorized', 0],
  [{ fault: 'html' }, 'unavailable', 'outcome_unknown', 0],
  [{ fault: 'html', commit: 'after' }, 'unavailable', 'outcome_unknown', 1],
  [{ fault: 'html', status: 403 }, 'unauthorized', 'unauthorized', 0],
  [{ fault: 'cut_json' }, 'unavailable', 'outcome_unknown', 1],
  [{ fault: 'slow_body', ms: 5_000, pieces: 4 }, 'done', 'done', 1],
  [{ fault: 'slow_body', ms: 300_000, pieces: 4 }, 'unavailable, lost', 'outcome_unknown', 1],
  [{ fault: 'token_expired' }, 'done', 'done', 1],
  [{ fault: 'token_expired', code: 14 }, 'done', 'done', 1],
  [{ fault: 'token_expired', count: 100 }, 'missing_scope', 'missing_scope', 0],
  [{ fault: 'token_error', error: 'invalid_code' }, 'unauthorized', 'unauthorized', 0],
  [{ fault: 'token_error', error: 'Access Denied' }, 'rate_limited', 'rate_limited', 0],
  [{ fault: 'clock_skew', ms: 90_000 }, 'done', 'done', 1],
];

/** Faults that a read survives if they come once; how a create ends that meets one, and how many records there are. */
const once: [FaultRule, create: string, records: 0 | 1][] = [
  [{ fault: 'reset_before' }, 'done', 1],
  [{ fault: 'reset_after' }, 'done', 1],
  // Nobody knows how long a silent request may still be under way, so it is not sent a second time.
  [{ fault: 'no_answer_before' }, 'outcome_unknown', 0],
  [{ fault: 'no_answer_after' }, 'done', 1],
  [{ fault: 'rate_limited' }, 'done', 1],
  [{ fault: 'rate_limited', code: 44, retry_after: 1 }, 'done', 1],
  [{ fault: 'server_error', status: 503 }, 'done', 1],
  [{ fault: 'server_error', commit: 'after' }, 'done', 1],
  [{ fault: 'token_expired' }, 'done', 1],
];

describe.each<Way>(['in process', 'over a port'])('the client, with the sandbox %s', (way) => {
  it.each(always)('meeting %j: a read ends %s, a create %s, and %i is written', async (rule, read, create, records) => {
    const reading = await start(way, [rule]);
    expect(await reading.read()).toBe(read);
    const creating = await start(way, [rule]);
    expect(await creating.create()).toBe(create);
    expect(creating.written()).toBe(records);
    expect(creating.faults.fired.length > 0).toBe(rule.fault !== 'clock_skew');
    expect(creating.faults.fired.filter(({ method, committed }) => method === 'POST' && committed)).toHaveLength(
      rule.fault === 'clock_skew' || rule.fault === 'token_expired' ? 0 : records,
    );
  });

  it.each(once)(
    'reads through a %j that comes once, and a create ends %s with %i written',
    async (rule, end, records) => {
      const reading = await start(way, [{ ...rule, count: 1 }]);
      expect(await reading.read()).toBe('done');
      expect(reading.faults.fired).toHaveLength(1);
      const creating = await start(way, [{ ...rule, match: { method: 'POST' }, count: 1 }]);
      expect(await creating.create()).toBe(end);
      expect(creating.written()).toBe(records);
      expect(creating.faults.fired).toHaveLength(1);
    },
  );

  it('asks for one new token when one has expired, and for none in a loop when it is refused', async () => {
    const expired = await start(way, [{ fault: 'token_expired' }]);
    await expired.read();
    const tokens = ({ sandbox }: typeof expired) => sandbox.log.filter(({ path }) => path === '/oauth/v2/token').length;
    expect(tokens(expired)).toBe(2);
    const refused = await start(way, [{ fault: 'token_error', error: 'invalid_client' }]);
    expect(await refused.read()).toBe('unauthorized');
    expect([tokens(refused), refused.sandbox.callsSeen()]).toEqual([1, 0]);
  });
});

it('a sandbox in the process is told when the client waits no more', async () => {
  const clock = createFakeClock();
  const faults = createFaults({ rules: [{ fault: 'no_answer_before' }] });
  const { handle } = createSandbox({ database: openDatabase(':memory:'), now: clock.now, seed: 'empty', faults });
  let letGo = false;
  const dispatch = (request: Request) =>
    handle(request).finally(() => {
      letGo = true;
    });
  const { exchange } = createTransport({ sleep: clock.sleep, dispatch });
  const request = { method: 'GET', url: 'http://sandbox.test/inventory/v1/items', headers: {} };
  const lost = expect(exchange(request, { timeoutMs: 1000, cancellable: true })).rejects.toThrow('no answer came');
  await clock.elapse(999);
  expect(letGo).toBe(false);
  await clock.elapse(1);
  await lost;
  expect(letGo).toBe(true);
});
