import { afterEach, describe, expect, it, vi } from 'vitest';
import { createInventoryClient } from '../../src/client/client.ts';
import { sleep } from '../../src/client/wait.ts';
import { lossyWorld, operation, outcomeOf, reset } from './lossy.ts';
import { company } from './writes.ts';

const listOfOrders = /^GET \/salesorders\?/;

/** A company that takes an order, and what is seen on the wire from then on. */
async function taking() {
  const lossy = lossyWorld();
  const its = await company(lossy.call);
  lossy.pass(60_000);
  const from = lossy.seen.length;
  const input = { customer_id: its.customer, line_items: [its.line] };
  return {
    ...lossy,
    its,
    input,
    take: () => outcomeOf(lossy.call('create_sales_order', input)),
    posts: () => lossy.seen.slice(from).filter((line) => line.startsWith('POST')).length,
    orders: () => lossy.rows("SELECT order_id FROM orders WHERE kind = 'sales'").length,
  };
}

describe('a write whose answer never comes', () => {
  it('is found when it was done all the same', async () => {
    const world = await taking();
    world.lose({ when: 'after', how: 'silence' });
    const { reply } = await world.take();
    expect(reply).toMatchObject({
      salesorder: { customer_id: world.its.customer },
      note: expect.stringContaining('once'),
    });
    expect([world.posts(), world.orders()]).toEqual([1, 1]);
  });

  it('is not sent again in the same call, for it may be carried out yet', async () => {
    const world = await taking();
    world.lose({ when: 'before', how: 'silence' });
    const { error } = await world.take();
    expect(error).toMatchObject({ kind: 'outcome_unknown' });
    expect(String(error)).toContain('Call it again with the same arguments');
    expect([world.posts(), world.orders()]).toEqual([1, 0]);
  });

  it('is not sent again once 20 s have gone by', async () => {
    const world = await taking();
    world.lose(reset('before'));
    world.on(listOfOrders, () => world.pass(16_000));
    expect((await world.take()).error).toMatchObject({ kind: 'outcome_unknown' });
    expect([world.posts(), world.orders()]).toEqual([1, 0]);
  });

  it('is said to be looked for, as progress', async () => {
    const world = await taking();
    world.lose(reset('after'));
    const told: string[] = [];
    await world.client.call(operation('create_sales_order'), world.input, { onWait: (words) => told.push(words) });
    expect(told).toEqual(['The answer was lost; the records are read to see whether it was done.']);
  });
});

describe('a caller who leaves while the answer is awaited', () => {
  it.each(['after', 'before'] as const)('has it looked for, and never sent again (lost %s)', async (when) => {
    const world = await taking();
    const caller = new AbortController();
    world.lose({ when, how: 'silence' });
    world.on(/^POST/, () => caller.abort());
    const { signal } = caller;
    const outcome = await outcomeOf(world.client.call(operation('create_sales_order'), world.input, { signal }));
    if (when === 'after') expect(outcome.reply).toHaveProperty('salesorder');
    else expect(outcome.error).toMatchObject({ kind: 'outcome_unknown' });
    expect([world.posts(), world.orders()]).toEqual([1, when === 'after' ? 1 : 0]);
  });

  it('is not sent again when they leave during the look', async () => {
    const world = await taking();
    const caller = new AbortController();
    world.lose(reset('before'));
    world.on(listOfOrders, () => caller.abort());
    const { signal } = caller;
    const outcome = await outcomeOf(world.client.call(operation('create_sales_order'), world.input, { signal }));
    expect(outcome.error).toMatchObject({ kind: 'outcome_unknown' });
    expect([world.posts(), world.orders()]).toEqual([1, 0]);
  });
});

describe('a look that fails', () => {
  const limit = () =>
    Response.json({ code: 43, message: 'Blocked' }, { status: 429, headers: { 'Retry-After': '3600' } });
  const broken = () => Response.json({ code: 1000, message: 'Internal error' }, { status: 500 });

  it.each([
    ['the limit is used up', 1, limit],
    ['the API is down', 3, broken],
  ])('leaves it unknown and sends nothing when %s', async (_, times, answer) => {
    const world = await taking();
    world.lose(reset('after'));
    for (let time = 0; time < times; time += 1) world.on(listOfOrders, answer);
    const { error } = await world.take();
    expect(error).toMatchObject({ kind: 'outcome_unknown' });
    expect(String(error)).toContain('It could not be looked for:');
    expect([world.posts(), world.orders()]).toEqual([1, 1]);
  });

  it('is made again by the reading rule before it is given up', async () => {
    const world = await taking();
    world.lose(reset('after'));
    world.on(listOfOrders, broken);
    expect(await world.take()).toHaveProperty('reply');
  });
});

describe('a second sending', () => {
  const lamp = { name: 'Lamp', sku: 'LAMP', rate: 20, item_type: 'inventory' };

  it('that is refused because the first was only late is done', async () => {
    const world = await taking();
    world.lose(reset('late'));
    const { reply } = await outcomeOf(world.call('create_item', lamp));
    expect(reply).toMatchObject({ item: { sku: 'LAMP' }, note: expect.stringContaining('once') });
    expect(world.rows("SELECT sku FROM item WHERE sku = 'LAMP'")).toHaveLength(1);
    expect(world.posts()).toBe(2);
  });

  it('beside a first that was only late says that there are two', async () => {
    const world = await taking();
    world.lose(reset('late'));
    const { reply } = await world.take();
    const ids = world.rows("SELECT order_id FROM orders WHERE kind = 'sales'").map(({ order_id }) => String(order_id));
    expect(ids).toHaveLength(2);
    for (const id of ids) expect(reply?.note).toContain(id);
  });

  it('that is refused for good says why', async () => {
    const world = await taking();
    const contact = await world.its.record('create_contact', 'contact', {
      contact_name: 'Gone',
      contact_type: 'customer',
    });
    world.pass(60_000);
    world.lose(reset('before'));
    world.on(listOfOrders, () => world.others('delete_contact', { contact_id: contact.contact_id }));
    const { error } = await outcomeOf(
      world.call('create_sales_order', { ...world.input, customer_id: contact.contact_id }),
    );
    expect(['rejected', 'not_found']).toContain((error as { kind?: string }).kind); // any other error fails here
  });

  it('that the limit holds back leaves it unknown', async () => {
    const world = await taking();
    world.lose(reset('before'));
    world.on(listOfOrders, () =>
      world.on(/^POST/, () =>
        Response.json({ code: 43, message: 'Blocked' }, { status: 429, headers: { 'Retry-After': '3600' } }),
      ),
    );
    expect((await world.take()).error).toMatchObject({ kind: 'outcome_unknown' });
    expect(world.orders()).toBe(0);
  });

  it('of a delete that was only late is done', async () => {
    const world = await taking();
    const item_id = await world.its.newItem('C-9');
    world.lose(reset('late'));
    expect(await outcomeOf(world.call('delete_item', { item_id }))).toHaveProperty('reply');
    expect(world.rows("SELECT sku FROM item WHERE sku = 'C-9'")).toHaveLength(0);
  });
});

describe('the time that it takes', () => {
  afterEach(() => void vi.useRealTimers());

  it.each(['never answers', 'answers writes only by breaking off'])('is under 60 s when the API %s', async (what) => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 23) });
    const client = createInventoryClient({
      accessToken: 'token-of-the-test',
      apiDomain: 'http://sandbox.test',
      organizationId: '1',
      dispatch: ({ method }) => {
        if (what === 'never answers' || method === 'GET') return new Promise(() => {});
        return Promise.reject(new Error('reset by the test'));
      },
      now: Date.now,
      sleep,
      random: () => 1,
    });
    const input = { customer_id: '1', line_items: [{ item_id: '2', quantity: 1 }] };
    const outcome = outcomeOf(client.call(operation('create_sales_order'), input));
    await vi.advanceTimersByTimeAsync(60_000);
    const ended = await Promise.race([outcome, Promise.resolve('still running')]);
    expect(ended).toMatchObject({ error: { kind: 'outcome_unknown' } });
  });
});
