import { describe, expect, it } from 'vitest';
import { lossyWorld, operation, outcomeOf, reset } from './lossy.ts';
import { company } from './writes.ts';

/** An issued purchase order over 8 pieces, of which some arrive. */
async function receiving() {
  const lossy = lossyWorld();
  const its = await company(lossy.call);
  const { id, line } = await its.issued();
  lossy.pass(60_000);
  const arrived = (quantity_received: number, more: object = {}) => ({
    purchaseorder_id: id,
    line_items: [{ line_item_id: line, quantity_received }],
    ...more,
  });
  const receive = (quantity: number, more: object = {}) =>
    outcomeOf(lossy.call('receive_purchase_order', arrived(quantity, more)));
  const receives = () =>
    lossy.rows('SELECT quantity_micro FROM receive_line').map(({ quantity_micro }) => Number(quantity_micro) / 1e6);
  return { ...lossy, its, id, line, arrived, receive, receives };
}

const orderRead = /^GET \/purchaseorders\/\d/;

/** After the reading before the write. */
const duringTheLook = (world: Awaited<ReturnType<typeof receiving>>, act: () => unknown) =>
  world.on(/^POST .*receive/, () => world.on(orderRead, act));

describe('a receive whose answer is lost', () => {
  it('is told by what was received before and after', async () => {
    const world = await receiving();
    expect((await world.receive(3)).reply).toHaveProperty('purchasereceive');
    world.lose(reset('after'));
    const { reply } = await world.receive(2, { notes: 'Second pallet' });
    expect(reply).toMatchObject({
      purchasereceive: { notes: 'Second pallet', line_items: [{ quantity_received: 2 }] },
    });
    expect(world.receives()).toEqual([3, 2]);
  });

  it('is left unknown when another quantity was received meanwhile', async () => {
    const world = await receiving();
    world.lose(reset('after'));
    duringTheLook(world, () => world.others('receive_purchase_order', world.arrived(2)));
    const { error } = await world.receive(3);
    expect(error).toMatchObject({
      kind: 'outcome_unknown',
      facts: { before: { [world.line]: 0 }, now: { [world.line]: 5 } },
    });
    expect(String(error)).toContain('read get_purchase_order');
    expect(world.receives()).toEqual([3, 2]);
  });

  it('is not taken for one of somebody else with the same quantity and other notes', async () => {
    const world = await receiving();
    world.lose(reset('before'));
    duringTheLook(world, () => world.others('receive_purchase_order', world.arrived(3, { notes: 'By Anna' })));
    expect((await world.receive(3, { notes: 'By Ben' })).error).toMatchObject({ kind: 'outcome_unknown' });
    expect(world.receives()).toEqual([3]);
  });

  it('is not taken for one of somebody else without notes', async () => {
    const world = await receiving();
    world.lose(reset('before'));
    duringTheLook(world, () => world.others('receive_purchase_order', world.arrived(3)));
    expect((await world.receive(3, { notes: 'By Ben' })).error).toMatchObject({ kind: 'outcome_unknown' });
  });

  it('waits for the one before it, so that neither is taken for the other', async () => {
    const world = await receiving();
    world.lose(reset('before'));
    const outcomes = await Promise.all([world.receive(3), world.receive(3)]);
    for (const { error } of outcomes) expect(error).toBeUndefined();
    expect(world.receives()).toEqual([3, 3]);
  });

  it('is counted line by line, a line named twice with both', async () => {
    const world = await receiving();
    const lines = [
      { line_item_id: world.line, quantity_received: 1, warehouse_id: world.its.main },
      { line_item_id: world.line, quantity_received: 2, warehouse_id: world.its.other },
    ];
    world.lose(reset('after'));
    const { error } = await outcomeOf(
      world.call('receive_purchase_order', { purchaseorder_id: world.id, line_items: lines }),
    );
    expect(error).toBeUndefined();
    expect(world.receives()).toEqual([1, 2]);
  });

  it('is left unknown where the API does not print what was received', async () => {
    const world = await receiving();
    world.reshape((_, body) => JSON.parse(JSON.stringify(body).replaceAll('"quantity_received"', '"quantity_in"')));
    world.lose(reset('before'));
    expect((await world.receive(3)).error).toMatchObject({ kind: 'outcome_unknown' });
    expect(world.receives()).toEqual([]);
  });

  it('is told by the quantities alone where the API prints no receives', async () => {
    const world = await receiving();
    world.reshape((_, body) => JSON.parse(JSON.stringify(body).replaceAll('"purchasereceives"', '"elsewhere"')));
    world.lose(reset('after'));
    expect(await world.receive(3)).toHaveProperty('reply');
    expect(world.receives()).toEqual([3]);
  });
});

describe('the reading before a receive', () => {
  const readsSince = (world: Awaited<ReturnType<typeof receiving>>, from: number) =>
    world.seen.slice(from).filter((line) => line.startsWith('GET')).length;

  it('is one call, and none where the order was read a moment before', async () => {
    const world = await receiving();
    const from = world.seen.length;
    await world.receive(1);
    expect(readsSince(world, from)).toBe(1);
    await world.call('get_purchase_order', { purchaseorder_id: world.id });
    const again = world.seen.length;
    await world.receive(1);
    expect(readsSince(world, again)).toBe(0);
  });

  it('is made anew when a write of ours, or ten seconds, came between', async () => {
    const world = await receiving();
    await world.call('get_purchase_order', { purchaseorder_id: world.id });
    await world.call('update_contact', { contact_id: world.its.vendor, phone: '555' });
    const from = world.seen.length;
    await world.receive(1);
    expect(readsSince(world, from)).toBe(1);
    await world.call('get_purchase_order', { purchaseorder_id: world.id });
    world.pass(11_000);
    const again = world.seen.length;
    await world.receive(1);
    expect(readsSince(world, again)).toBe(1);
  });

  it('that fails keeps the write from leaving, and says so', async () => {
    const world = await receiving();
    for (let time = 0; time < 3; time += 1) world.on(orderRead, () => Response.json({}, { status: 500 }));
    const { error } = await world.receive(1);
    expect(error).toMatchObject({ kind: 'unavailable', nothingSent: true });
    expect(world.receives()).toEqual([]);
  });
});

describe('a transfer received in part', () => {
  it.each(['after', 'before'] as const)('is booked once when its answer is lost (%s)', async (when) => {
    const world = lossyWorld();
    const its = await company(world.call);
    const transfer_id = await its.sent();
    const { transfer } = await world.call('get_transfer', { transfer_id });
    const line_item_id = its.linesOf(transfer as Record<string, unknown>)[0]?.line_item_id; // the sandbox's own reply
    const part = { transfer_id, line_items: [{ line_item_id, quantity_received: 2 }] };
    await world.call('receive_transfer', part);
    world.lose(reset(when));
    const { reply } = await outcomeOf(world.client.call(operation('receive_transfer'), part));
    expect(reply).toMatchObject({ transfer: { line_items: [{ quantity_received: 4 }] } });
  });
});
