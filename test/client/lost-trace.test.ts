import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../src/client/lost/attempt.ts';
import type { Input } from '../../src/operations/define.ts';
import { lossyWorld, operation, outcomeOf, reset } from './lossy.ts';
import { company, writes } from './writes.ts';

/** A process that began a write, lost its answer and died: what another one has of it is the attempt as JSON. */
async function abandoned(name: string, when: 'before' | 'after') {
  const world = lossyWorld();
  const its = await company(world.call);
  const input = (await writes[name]?.(its, world.call)) ?? {};
  world.pass(60_000);
  let kept = '';
  const onAttempt = (attempt: Attempt) => {
    kept = JSON.stringify(attempt);
    throw new Error('killed');
  };
  await outcomeOf(world.client.call(operation(name), input, { onAttempt }));
  // Killed when it had left, or when it had not.
  if (when === 'after') await world.others(name, input);
  const attempt: Attempt = JSON.parse(kept);
  return { world, its, input: JSON.parse(JSON.stringify(input)) as Input, attempt, next: world.restarted() }; // what JSON keeps of it
}

const kinds = {
  created: 'create_sales_order',
  reached: 'issue_purchase_order',
  same: 'update_contact',
  gone: 'delete_item',
  grown: 'receive_purchase_order',
};

describe('what became of a write that another process began', () => {
  it.each(Object.entries(kinds))('is told of one that is %s', async (_, name) => {
    const done = await abandoned(name, 'after');
    const traced = await done.next.trace(operation(name), done.input, done.attempt);
    expect(traced).toMatchObject({ kind: 'done', reply: { note: expect.stringContaining('once') } });

    const absent = await abandoned(name, 'before');
    expect(await absent.next.trace(operation(name), absent.input, absent.attempt)).toEqual({ kind: 'absent' });
  });

  it('is that it may be sent again, for what leaves the same however often', async () => {
    const { next, input, attempt } = await abandoned('upload_item_image', 'after');
    expect(await next.trace(operation('upload_item_image'), input, attempt)).toEqual({ kind: 'absent' });
  });

  it('is not known of an e-mail', async () => {
    const { next, input, attempt } = await abandoned('email_sales_order', 'before');
    const traced = await next.trace(operation('email_sales_order'), input, attempt);
    expect(traced).toMatchObject({ kind: 'unclear', why: expect.stringContaining('sent mail') });
  });

  it('only reads', async () => {
    const { world, next, input, attempt } = await abandoned('create_sales_order', 'before');
    const from = world.seen.length;
    await next.trace(operation('create_sales_order'), input, attempt);
    expect(world.seen.slice(from).every((line) => line.startsWith('GET'))).toBe(true);
  });

  it('is absent only when it is so a few seconds after it left, because it may still be on its way', async () => {
    const { world, next, input, attempt } = await abandoned('create_sales_order', 'before');
    const isList = (line: string) => line === 'GET /salesorders';
    // It arrives when the first look has found nothing.
    world.on(/^GET \/salesorders\?/, async (asked) => {
      const answer = await world.carryOut(asked);
      await world.others('create_sales_order', input);
      return answer;
    });
    const traced = await next.trace(operation('create_sales_order'), input, attempt);
    expect(traced).toMatchObject({ kind: 'done' });
    expect(world.seen.filter(isList)).toHaveLength(2);

    const old = await abandoned('create_sales_order', 'before');
    old.world.pass(5_000);
    expect(await old.next.trace(operation('create_sales_order'), old.input, old.attempt)).toEqual({ kind: 'absent' });
    expect(old.world.seen.filter(isList)).toHaveLength(1);
  });

  it('is still told an hour later', async () => {
    const { world, next, input, attempt } = await abandoned('create_sales_order', 'after');
    world.pass(3_600_000);
    expect(await next.trace(operation('create_sales_order'), input, attempt)).toMatchObject({ kind: 'done' });
  });

  it('is not what somebody ordered ten minutes later', async () => {
    const { world, next, input, attempt } = await abandoned('create_sales_order', 'before');
    world.pass(600_000);
    await world.others('create_sales_order', input);
    const traced = await next.trace(operation('create_sales_order'), input, attempt);
    expect(traced).toMatchObject({ kind: 'unclear', facts: { salesorder_id: [expect.any(String)] } });
  });

  it('is told by the clock of the one that began it', async () => {
    const { world, next, input, attempt } = await abandoned('create_sales_order', 'after');
    // The machine of the other one goes two hours ahead.
    world.setClock(7_200_000);
    expect(await next.trace(operation('create_sales_order'), input, attempt)).toMatchObject({ kind: 'done' });
  });

  it('is the same when it is asked twice, and another write never gets its record', async () => {
    const { next, input, attempt } = await abandoned('create_sales_order', 'after');
    const create = operation('create_sales_order');
    const traced = await next.trace(create, input, attempt);
    if (traced.kind !== 'done') throw new Error('it was not found');
    expect(await next.claim(create, String(traced.id), attempt)).toBe(true);
    expect(await next.trace(create, input, attempt)).toEqual(traced);
    expect(await next.claim(create, String(traced.id), { ...attempt, id: 'another' })).toBe(false);
    expect(await next.trace(create, input, { ...attempt, id: 'another' })).toEqual({ kind: 'absent' });
  });
});

describe('a write that goes on where another process left it', () => {
  it.each(Object.entries(kinds))('is done once when it is %s', async (_, name) => {
    const { world, next, input, attempt } = await abandoned(name, 'before');
    world.pass(600_000);
    expect(await next.trace(operation(name), input, attempt)).toEqual({ kind: 'absent' });
    world.lose(reset('after'));
    const told: Attempt[] = [];
    const onAttempt = (sent: Attempt) => void told.push(sent);
    const { reply } = await outcomeOf(next.call(operation(name), input, { attempt, onAttempt }));
    expect(reply).toMatchObject({ note: expect.stringContaining('once') });
    // The moment of the second sending is kept, so that a third process finds the record as well.
    expect(told).toEqual([{ ...attempt, sentAtMs: expect.any(Number) }]);
    const third = world.restarted();
    expect(await third.trace(operation(name), input, JSON.parse(JSON.stringify(told[0])))).toMatchObject({
      kind: 'done',
    });
  });
});
