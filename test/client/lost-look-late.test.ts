import { expect, test } from 'vitest';
import type { Client } from '../../src/client/client.ts';
import { createClaims } from '../../src/client/lost/attempt.ts';
import { createSure } from '../../src/client/lost/sure.ts';
import { Cancelled } from '../../src/errors.ts';
import { createFakeClock } from './fake-clock.ts';
import { operation } from './lossy.ts';

/** A client whose readings are never answered, and one that looks for a write of before through it. */
function hanging(answers: readonly Record<string, unknown>[] = []) {
  const clock = createFakeClock();
  const left = [...answers];
  let reads = 0;
  const client: Client = {
    call: (_, __, { signal } = {}) => {
      reads += 1;
      const answer = left.shift();
      if (answer) return Promise.resolve(answer);
      return new Promise((_resolve, reject) => {
        const leave = () => reject(new Cancelled('The call was taken back.'));
        if (signal?.aborted) leave();
        signal?.addEventListener('abort', leave);
      });
    },
    pages: async function* () {},
    callsSent: () => reads,
    trace: async () => ({ kind: 'absent' }),
    claim: async () => true,
  };
  const sure = createSure({
    ...{ client, claims: createClaims(), skewMs: () => 0, now: clock.now, sleep: clock.sleep, randomId: () => 'id' },
  });
  const input = { customer_id: '1', line_items: [{ item_id: '2', quantity: 1 }] };
  const look = (signal?: AbortSignal) =>
    sure
      .trace(operation('create_sales_order'), input, { id: 'a', startedAtMs: clock.now() }, signal ? { signal } : {})
      .then(
        (traced) => ({ traced }),
        (error: unknown) => ({ error }),
      );
  return { clock, look, reads: () => reads };
}

const unknown = {
  kind: 'outcome_unknown',
  message: expect.stringMatching(
    /create_sales_order .*took longer than 40 s.*not known.*Nothing was sent again.*list_sales_orders shows it too/,
  ),
  facts: { operation: 'create_sales_order' },
};

test('a look that the API does not answer ends after 40 s, and says that the outcome is still not known', async () => {
  const { clock, look } = hanging();
  const looked = look();
  await clock.elapse(39_000);
  await clock.elapse(2_000);
  expect(await looked).toMatchObject({ error: unknown });
});

test('both looks have these 40 s together', async () => {
  const { clock, look, reads } = hanging([{ salesorders: [] }]);
  const looked = look();
  await clock.elapse(10_000);
  expect(reads()).toBe(2);
  await clock.elapse(31_000);
  expect(await looked).toMatchObject({ error: unknown });
});

test('a look ends with its caller, as a call that was taken back', async () => {
  const { clock, look } = hanging();
  const caller = new AbortController();
  const looked = look(caller.signal);
  await clock.elapse(1_000);
  caller.abort();
  expect(await looked).toMatchObject({ error: { kind: 'cancelled' } });
});
