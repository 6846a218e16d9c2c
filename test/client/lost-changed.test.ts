import { describe, expect, it } from 'vitest';
import { lossyWorld, outcomeOf, reset } from './lossy.ts';
import { company } from './writes.ts';

/** An order of two lines that is about to be changed. */
async function changing() {
  const lossy = lossyWorld();
  const its = await company(lossy.call);
  const line_items = [its.line, { ...its.line, item_id: its.part }];
  const { salesorder } = await lossy.call('create_sales_order', { customer_id: its.customer, line_items });
  const { salesorder_id } = salesorder as { salesorder_id: string }; // the sandbox's own reply
  const [line] = its.linesOf(salesorder as Record<string, unknown>); // the same
  lossy.pass(60_000);
  const change = (more: object) => outcomeOf(lossy.call('update_sales_order', { salesorder_id, ...more }));
  const now = async () => {
    const found = await lossy.others('get_sales_order', { salesorder_id });
    return found.salesorder as { notes: string; line_items: unknown[] }; // the same
  };
  const changeByOthers = (more: object) => lossy.others('update_sales_order', { salesorder_id, ...more });
  return { ...lossy, its, salesorder_id, line_item_id: line?.line_item_id, change, changeByOthers, current: now };
}

const orderRead = /^GET \/salesorders\/\d/;

describe('a change whose answer is lost', () => {
  it.each(['before', 'after'] as const)('never overwrites what somebody changed after it (lost %s)', async (when) => {
    const world = await changing();
    world.lose(reset(when));
    world.on(orderRead, () => world.changeByOthers({ notes: 'By Anna' }));
    const { error } = await world.change({ notes: 'By Ben' });
    expect(error).toMatchObject({ kind: 'outcome_unknown', facts: { differs: ['notes'] } });
    expect(String(error)).toContain('another notes');
    expect((await world.current()).notes).toBe('By Anna');
  });

  it('is not taken for done because a dropped line left the others as they were', async () => {
    const world = await changing();
    world.lose(reset('before'));
    expect(await world.change({ line_items: [{ line_item_id: world.line_item_id }] })).toHaveProperty('reply');
    expect((await world.current()).line_items).toHaveLength(1);
  });

  it.each([
    ['letter case', { notes: 'friday' }, { notes: 'FRIDAY' }],
    ['an emptied list', { custom_fields: [{ label: 'Color', value: 'Red' }] }, { custom_fields: [] }],
    ['an emptied text', { notes: 'Friday' }, { notes: '' }],
  ])('is not taken for done when it changes only %s', async (_, first, second) => {
    const world = await changing();
    await world.change(first);
    world.pass(60_000);
    world.lose(reset('before'));
    expect(await world.change(second)).toHaveProperty('reply');
    expect(await world.current()).toMatchObject(second);
  });

  it('is sent again where the record does not print it', async () => {
    const world = await changing();
    world.reshape((_, body) => JSON.parse(JSON.stringify(body).replaceAll('"notes"', '"hidden"')));
    world.lose(reset('before'));
    expect(await world.change({ notes: 'By Ben' })).toHaveProperty('reply');
    expect((await world.current()).notes).toBe('By Ben');
  });

  it('is left unknown where it moved stock and the record does not print it', async () => {
    const world = await changing();
    const item_id = await world.its.newItem('D-1');
    world.pass(60_000);
    world.reshape((_, body) => JSON.parse(JSON.stringify(body).replaceAll('"initial_stock"', '"hidden"')));
    world.lose(reset('after'));
    const { error } = await outcomeOf(world.call('update_item', { item_id, initial_stock: 5, initial_stock_rate: 1 }));
    expect(error).toMatchObject({ kind: 'outcome_unknown' });
  });

  it('just after the record was made is told by a reading before it, and left unknown without one', async () => {
    for (const isRead of [true, false]) {
      const world = await changing();
      const item_id = await world.its.newItem('E-1');
      if (isRead) await world.call('get_item', { item_id });
      world.lose(reset('before'));
      const outcome = await outcomeOf(world.call('update_item', { item_id, rate: 99 }));
      if (isRead) expect(outcome).toHaveProperty('reply');
      else expect(outcome.error).toMatchObject({ kind: 'outcome_unknown' });
    }
  });

  it('is left unknown when the record is gone meanwhile', async () => {
    const world = await changing();
    world.lose(reset('before'));
    world.on(orderRead, () => world.others('delete_sales_order', { salesorder_id: world.salesorder_id }));
    const { error } = await world.change({ notes: 'By Ben' });
    expect(error).toMatchObject({ kind: 'outcome_unknown' });
    expect(String(error)).toContain('not there any more');
  });
});

describe('a status whose answer is lost', () => {
  const ship = { carrier: 'UPS', tracking_number: '1Z' };

  it.each([
    ['just so', { carrier: 'UPS', tracking_number: '1Z' }, 'reply'],
    ['by another carrier', { carrier: 'DHL', tracking_number: '22' }, 'error'],
    ['by nobody named', {}, 'error'],
  ])('when somebody came first and shipped it %s: %s', async (_, theirs, told) => {
    const world = await changing();
    const { id: package_id } = await world.its.packed();
    world.pass(60_000);
    world.lose(reset('before'));
    world.on(/^GET \/packages\/\d/, () => world.others('ship_package', { package_id, ...theirs }));
    const outcome = await outcomeOf(world.call('ship_package', { package_id, ...ship }));
    expect(outcome).toHaveProperty(told);
    if (told === 'error')
      expect(outcome.error).toMatchObject({
        kind: 'outcome_unknown',
        facts: { differs: ['carrier', 'tracking_number'] },
      });
  });

  it.each(['In Transit', 'InTransit', 'in transit', 'IN_TRANSIT'])(
    'is told where the API spells it %s',
    async (spelled) => {
      const world = await changing();
      const transfer_id = await world.its.transfer();
      world.reshape((_, body) => JSON.parse(JSON.stringify(body).replaceAll('"in_transit"', JSON.stringify(spelled))));
      world.lose(reset('after'));
      const from = world.seen.length;
      expect(await outcomeOf(world.call('send_transfer', { transfer_id }))).toHaveProperty('reply');
      expect(world.seen.slice(from)).toHaveLength(2);
    },
  );

  it('that is left behind already counts as reached', async () => {
    const world = await changing();
    const { id, order } = await world.its.packed();
    await world.others('ship_package', { package_id: id });
    world.lose(reset('before'));
    // The order is shipped, so it was confirmed.
    expect(await outcomeOf(world.call('confirm_sales_order', { salesorder_id: order }))).toHaveProperty('reply');
  });

  it('is left unknown where the API does not print it', async () => {
    const world = await changing();
    const transfer_id = await world.its.transfer();
    world.reshape((_, body) => JSON.parse(JSON.stringify(body).replaceAll('"status"', '"state"')));
    world.lose(reset('after'));
    expect((await outcomeOf(world.call('send_transfer', { transfer_id }))).error).toMatchObject({
      kind: 'outcome_unknown',
    });
  });

  it('of an image that is gone is told by its name alone', async () => {
    const world = await changing();
    const item_id = world.its.item;
    const image = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    await world.call('upload_item_image', { item_id, image, file_name: '2024-11' });
    world.lose(reset('before'));
    expect(await outcomeOf(world.call('delete_item_image', { item_id }))).toHaveProperty('reply');
    expect(world.rows('SELECT name FROM item_image')).toHaveLength(0);
  });
});
