import { describe, expect, it } from 'vitest';
import { OutcomeUnknown } from '../../src/errors.ts';
import { type LossyOptions, lossyWorld, outcomeOf, reset } from './lossy.ts';
import { company } from './writes.ts';

const listOfOrders = /^GET \/salesorders\?/;

/** A promise that another hand keeps. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** A company, an order that is about to be taken, and how many there are. */
async function taking(options: LossyOptions = {}) {
  const lossy = lossyWorld(options);
  const its = await company(lossy.call);
  lossy.pass(60_000);
  const input = { customer_id: its.customer, line_items: [its.line], notes: 'By Friday' };
  const ids = () =>
    lossy.rows("SELECT order_id FROM orders WHERE kind = 'sales' ORDER BY order_id").map(({ order_id }) => order_id);
  const take = (more: object = {}) => outcomeOf(lossy.call('create_sales_order', { ...input, ...more }));
  return { ...lossy, its, input, ids, take };
}

const idIn = (reply: Record<string, unknown> | undefined) =>
  (reply?.salesorder as { salesorder_id?: string } | undefined)?.salesorder_id; // the sandbox's own reply

describe('which record a lost create has made', () => {
  it('is never one that an earlier call of ours made, however alike', async () => {
    const world = await taking();
    const first = await world.take();
    world.lose(reset('before'));
    const second = await world.take();
    expect(world.ids()).toEqual([idIn(first.reply), idIn(second.reply)]);
    expect(new Set(world.ids()).size).toBe(2);
  });

  it('is not one of another call whose answer is on its way', async () => {
    const world = await taking();
    world.lose(reset('before'));
    const arrived = gate();
    let second: ReturnType<typeof world.take> | undefined;
    world.on(listOfOrders, async () => {
      const carriedOut = gate();
      world.on(/^POST/, async (request) => {
        const response = await world.carryOut(request);
        carriedOut.open();
        await arrived.opened;
        return response;
      });
      second = world.take();
      await carriedOut.opened;
      // Who does not wait for the answer reads the record first.
      world.on(/^GET \/salesorders\/\d/, () => arrived.open());
      setTimeout(arrived.open, 30);
    });
    const first = await world.take();
    expect([idIn(first.reply), idIn((await second)?.reply)].sort()).toEqual(world.ids());
    expect(world.ids()).toHaveLength(2);
  });

  it.each([
    ['after', 'after'],
    ['after', 'before'],
    ['before', 'before'],
  ] as const)('is told apart or left unknown when two alike are lost at once (%s, %s)', async (one, other) => {
    const world = await taking();
    world.lose(reset(one), reset(other));
    const outcomes = await Promise.all([world.take(), world.take()]);
    const known = outcomes.flatMap(({ reply }) => idIn(reply) ?? []);
    expect(new Set(known).size).toBe(known.length);
    expect(world.ids()).toEqual(expect.arrayContaining(known));
    for (const { error } of outcomes) if (error) expect(error).toBeInstanceOf(OutcomeUnknown);
    expect(world.ids().length).toBeLessThanOrEqual(2);
    expect(world.ids().length).toBeGreaterThanOrEqual(known.length);
  });

  it('is left unknown when somebody else made one with the same lines and other notes', async () => {
    const world = await taking();
    world.lose(reset('before'));
    world.on(listOfOrders, () => world.others('create_sales_order', { ...world.input, notes: 'For Anna' }));
    const { error } = await world.take();
    expect(error).toMatchObject({ kind: 'outcome_unknown', facts: { salesorder_id: world.ids() } });
    expect(String(error)).toContain('read get_sales_order');
    expect(world.ids()).toHaveLength(1);
  });

  it('is left unknown when somebody else made one without the notes', async () => {
    const world = await taking();
    world.lose(reset('before'));
    const { notes: _, ...theirs } = world.input;
    world.on(listOfOrders, () => world.others('create_sales_order', theirs));
    expect((await world.take()).error).toMatchObject({
      kind: 'outcome_unknown',
      facts: { salesorder_id: world.ids() },
    });
  });

  it.each([{ reference_number: 'PO 7' }, { shipping_charge: 5 }])(
    'is not one of somebody else that shows %j, which was not given',
    async (more) => {
      const world = await taking();
      world.lose(reset('before'));
      world.on(listOfOrders, () => world.others('create_sales_order', { ...world.input, ...more }));
      expect((await world.take()).error).toMatchObject({
        kind: 'outcome_unknown',
        facts: { salesorder_id: world.ids() },
      });
    },
  );

  it('is not an item of the same name to which somebody gave a SKU', async () => {
    const world = await taking();
    const lamp = { name: 'Lamp', rate: 9, item_type: 'inventory' };
    world.lose(reset('before'));
    world.on(/^GET \/items\?/, () => world.others('create_item', { ...lamp, sku: 'THEIRS' }));
    const { error } = await outcomeOf(world.call('create_item', lamp));
    expect(error).toMatchObject({ kind: 'outcome_unknown', facts: { item_id: [expect.any(String)] } });
  });

  it('is left unknown with both ids when somebody else made the very same', async () => {
    const world = await taking();
    world.lose(reset('after'));
    world.on(listOfOrders, () => world.others('create_sales_order', world.input));
    const { error } = await world.take();
    const { facts } = error as OutcomeUnknown; // any other error fails the next line
    expect([facts.salesorder_id].flat().sort()).toEqual(world.ids());
    expect(world.ids()).toHaveLength(2);
  });

  it('is found beside one of somebody else that differs', async () => {
    const world = await taking();
    world.lose(reset('after'));
    world.on(listOfOrders, () => world.others('create_sales_order', { ...world.input, notes: 'For Anna' }));
    const { reply } = await world.take();
    expect(idIn(reply)).toBe(world.ids()[0]);
    expect(world.ids()).toHaveLength(2);
  });

  it.each([
    { made: 'before it', more: {}, ms: 3_000 },
    { made: 'of another quantity', more: { quantity: 4 }, ms: 0 },
  ])('is not in question where somebody else made one $made', async ({ more, ms }) => {
    const world = await taking();
    const theirs = { ...world.input, line_items: [{ ...world.its.line, ...more }] };
    if (ms > 0) await world.others('create_sales_order', theirs);
    world.pass(ms);
    world.lose(reset('before'));
    if (ms === 0) world.on(listOfOrders, () => world.others('create_sales_order', theirs));
    const { reply } = await world.take();
    expect(idIn(reply)).toBe(world.ids()[1]);
    expect(world.ids()).toHaveLength(2);
  });

  it('is left unknown where the API rounds a quantity', async () => {
    const world = await taking();
    world.lose(reset('after'));
    world.reshape((_, body) => JSON.parse(JSON.stringify(body).replaceAll('1.2345', '1.23')));
    const { error } = await world.take({ line_items: [{ ...world.its.line, quantity: 1.2345 }] });
    expect(error).toMatchObject({ kind: 'outcome_unknown', facts: { salesorder_id: world.ids() } });
    expect(world.ids()).toHaveLength(1);
  });

  it('is found where the API tells lines apart, joins them, and turns them round', async () => {
    const world = await taking();
    const { item, part } = world.its;
    const line_items = [
      { item_id: item, quantity: 1 },
      { item_id: part, quantity: 2 },
      { item_id: item, quantity: 3 },
    ];
    world.lose(reset('after'));
    world.reshape((line, body) => {
      const { salesorder } = body as { salesorder?: { line_items: unknown[] } }; // the sandbox's own reply
      if (line.startsWith('GET')) salesorder?.line_items.reverse();
      return body;
    });
    expect((await world.take({ line_items })).error).toBeUndefined();
    expect(world.ids()).toHaveLength(1);
  });

  it('is left unknown where a name comes back cleaned', async () => {
    const world = await taking();
    world.lose(reset('after'));
    world.reshape((_, body) => JSON.parse(JSON.stringify(body).replaceAll('Salt & Co', 'salt &amp; Co')));
    const { error } = await outcomeOf(world.call('create_warehouse', { warehouse_name: 'Salt & Co' }));
    expect(error).toMatchObject({ kind: 'outcome_unknown', facts: { warehouse_id: [expect.any(String)] } });
  });

  it('is left unknown when somebody else took its SKU for another item meanwhile', async () => {
    const world = await taking();
    world.lose(reset('before'));
    const theirs = { name: 'Lantern', sku: 'LAMP', rate: 9, item_type: 'inventory' };
    world.on(/^GET \/items\?/, () => world.others('create_item', theirs));
    const { error } = await outcomeOf(world.call('create_item', { ...theirs, name: 'Lamp', rate: 20 }));
    expect(error).toMatchObject({ kind: 'outcome_unknown', facts: { item_id: [expect.any(String)] } });
  });
});

describe('the clock by which a record is told to be new', () => {
  it.each([-3_600_000, 3_600_000])('is that of the API, %i ms off ours', async (skewMs) => {
    for (const when of ['after', 'before'] as const) {
      const world = await taking({ skewMs });
      await world.others('create_sales_order', world.input);
      world.pass(60_000);
      world.lose(reset(when));
      const { reply } = await world.take();
      expect(idIn(reply)).toBe(world.ids()[1]);
      expect(world.ids()).toHaveLength(2);
    }
  });

  it.each([-3_600_000, 3_600_000])('is not led astray when ours is set by %i ms meanwhile', async (byMs) => {
    const world = await taking();
    world.lose(reset('after'));
    world.on(listOfOrders, () => world.setClock(byMs));
    const { reply } = await world.take();
    expect(idIn(reply)).toBe(world.ids()[0]);
    expect(world.ids()).toHaveLength(1);
  });

  it('proves nothing where the API never tells it', async () => {
    const world = await taking({ dateless: true });
    world.lose(reset('after'));
    const { error } = await world.take();
    expect(error).toMatchObject({ kind: 'outcome_unknown', facts: { salesorder_id: world.ids() } });
    expect(world.ids()).toHaveLength(1);
  });
});
