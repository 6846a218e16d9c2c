import { describe, expect, test } from 'vitest';
import { OutcomeUnknown, PartlyDone, Rejected } from '../../../src/errors.ts';
import type { Api } from '../../../src/workflows/define.ts';
import { rowIn, rowsIn } from '../../../src/workflows/rows.ts';
import { errorOf, fulfil, fulfilWorld } from '../fulfil-world.ts';
import { interrupt } from '../interrupt.ts';
import { isWrite } from '../journaled.ts';

const fedex = { carrier: 'FedEx' };
const six = { customer: 'Bluebird Cafe', items: [{ item: 'MUG', quantity: 6 }], ...fedex };

const writes = ['create_sales_order', 'confirm_sales_order', 'create_package', 'ship_package'];
const undos = [/^delete_sales_order \(/, /^delete_package \(/];

describe('a fulfilment that stops in the middle', () => {
  const stopping = (world: ReturnType<typeof fulfilWorld>, name: string, error: Error, first = false): Api =>
    interrupt(world.apiOf(fulfil), {
      [name]: async (go) => {
        if (first) await go();
        throw error;
      },
    });

  test.each(writes.map((name, index) => [name, index] as const))(
    '%s refused: told with what is done and how to undo it; called again it does the rest, once',
    async (name, index) => {
      const world = fulfilWorld();
      const plan = await world.plan(six);
      const error = await errorOf(world.run(fulfil, plan, stopping(world, name, new Rejected('Not today.'))));
      if (index === 0) {
        expect(error).toMatchObject({ kind: 'rejected', message: 'Not today.' });
        return;
      }
      expect(error).toBeInstanceOf(PartlyDone);
      const { facts, message } = error as PartlyDone; // parse boundary: the line above
      expect(facts.done).toHaveLength(index);
      expect(facts.failed).toHaveLength(1);
      expect(facts.not_started).toHaveLength(3 - index);
      expect(facts.undo).toEqual(
        undos
          .slice(0, index === 3 ? 2 : 1)
          .reverse()
          .map((undo) => expect.stringMatching(undo)),
      );
      expect(message).toContain('Not today. To go on call fulfil_sales_order with sales_order "SO-00020"');
      await world.fulfil({ sales_order: 'SO-00020', ...fedex });
      expect(await world.stateOf('SO-00020')).toEqual({
        status: 'shipped',
        packages: [['PKG-00011', 'shipped', ['6 Oakland']]],
        lines: [[6, 6, 6, 0]],
      });
      expect(await world.stock('MUG')).toEqual({ Oakland: [44, 0, 0] });
    },
  );

  test.each(writes.slice(1))('a lost answer of %s is told as not certain, with where to look', async (name) => {
    const world = fulfilWorld();
    const plan = await world.plan(six);
    const api = stopping(world, name, new OutcomeUnknown('No answer came.'), true);
    expect(await errorOf(world.run(fulfil, plan, api))).toMatchObject({
      kind: 'partly_done',
      message: expect.stringMatching(/Not certain: .*No answer came\. Look with get_/),
      facts: { failed: [expect.stringContaining('may or may not have happened')] },
    });
    await world.fulfil({ sales_order: 'SO-00020', ...fedex });
    expect(await world.stock('MUG')).toEqual({ Oakland: [44, 0, 0] });
  });

  test('a second shipment refused after the first: what left cannot be undone, and the rest is shipped alone', async () => {
    const world = fulfilWorld();
    const items = ['Oakland', 'Newark'].map((warehouse) => ({ item: 'WBH-001', quantity: 4, warehouse }));
    const plan = await world.plan({ customer: 'Bluebird Cafe', items, ...fedex });
    let shipped = 0;
    const api = interrupt(world.apiOf(fulfil), {
      ship_package: async (go) => {
        shipped += 1;
        return shipped === 1 ? go() : Promise.reject(new Rejected('Not today.'));
      },
    });
    expect(await errorOf(world.run(fulfil, plan, api))).toMatchObject({
      facts: {
        failed: ['shipping PKG-00012'],
        not_started: [],
        undo: [expect.stringMatching(/^delete_package/)],
      },
    });
    const rest = await world.plan({ sales_order: 'SO-00020', ...fedex });
    expect(rest.summary).toBe('Fulfil SO-00020, Bluebird Cafe: ship PKG-00012 by FedEx');
  });

  test.each(writes.slice(0, 3))('called off after %s, it does no more and says so', async (name) => {
    const world = fulfilWorld();
    const abort = new AbortController();
    const plan = await world.plan(six);
    const sent: string[] = [];
    const given = world.apiOf(fulfil);
    const api: Api = {
      ...given,
      call: async (called, input, options) => {
        if (isWrite(called)) sent.push(called);
        const reply = await given.call(called, input, options);
        if (called === name) abort.abort();
        return reply;
      },
    };
    expect(await errorOf(world.run(fulfil, plan, api, abort.signal))).toMatchObject({
      kind: 'partly_done',
      message: expect.stringContaining('It was called off.'),
      facts: { failed: [] },
    });
    expect(sent.at(-1)).toBe(name);
  });

  test('called off before the first it writes nothing', async () => {
    const world = fulfilWorld();
    const plan = await world.plan(six);
    const error = await errorOf(world.run(fulfil, plan, world.apiOf(fulfil), AbortSignal.abort()));
    expect(error).toMatchObject({ kind: 'cancelled', nothingSent: true });
    const listed = await world.call('list_sales_orders', { salesorder_number: 'SO-00020' });
    expect(rowsIn(listed, 'salesorders')).toEqual([]);
  });

  test('an order that comes back with other lines is not packed by guess', async () => {
    const world = fulfilWorld();
    const plan = await world.plan({ ...six, items: [...six.items, { item: 'UCC-1M', quantity: 6 }] });
    const api = interrupt(world.apiOf(fulfil), {
      create_sales_order: async (go) => {
        const order = rowIn(await go(), 'salesorder');
        return { salesorder: { ...order, line_items: rowsIn(order, 'line_items').reverse() } };
      },
    });
    expect(await errorOf(world.run(fulfil, plan, api))).toMatchObject({
      kind: 'partly_done',
      message: expect.stringContaining('other lines than were sent'),
      facts: { not_started: [expect.stringContaining('shipping')] },
    });
  });
});
