import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../src/client/lost/attempt.ts';
import { bears, type MarkPlace } from '../../src/client/lost/mark.ts';
import { lossyWorld, operation, outcomeOf, reset } from './lossy.ts';
import { company } from './writes.ts';

async function taking(mark?: MarkPlace) {
  const lossy = lossyWorld(mark ? { mark } : {});
  const its = await company(lossy.others);
  lossy.pass(60_000);
  const input = { customer_id: its.customer, line_items: [its.line] };
  const take = (more: object = {}) => outcomeOf(lossy.call('create_sales_order', { ...input, ...more }));
  const orders = async () => {
    const { salesorders } = await lossy.others('list_sales_orders', { sort_column: 'created_time', sort_order: 'A' });
    const found = [];
    for (const { salesorder_id } of salesorders as { salesorder_id: string }[]) // the sandbox's own reply
      found.push((await lossy.others('get_sales_order', { salesorder_id })).salesorder);
    return found;
  };
  return { ...lossy, its, input, take, orders };
}

const someMark = expect.stringMatching(/^zim-id\d+$/);

describe('a mark in new records', () => {
  it('is not written unless the operator names a field', async () => {
    const world = await taking();
    await world.take();
    expect(await world.orders()).toMatchObject([{ reference_number: '' }]);
  });

  it.each([
    ['reference_number', { reference_number: someMark }],
    ['custom_field:Call', { custom_fields: [{ label: 'Call', value: someMark }] }],
  ] as const)('is written into %s where that is empty', async (place, shown) => {
    const world = await taking(place);
    await world.take();
    expect(await world.orders()).toMatchObject([shown]);
  });

  it.each([
    ['reference_number', { reference_number: 'PO 7' }],
    ['custom_field:Call', { custom_fields: [{ label: 'Call', value: 'Ours' }] }],
  ] as const)('leaves what the caller gave in %s', async (place, given) => {
    const world = await taking(place);
    await world.take(given);
    expect(await world.orders()).toMatchObject([given]);
  });

  it('keeps the other custom fields', async () => {
    const world = await taking('custom_field:Call');
    await world.take({ custom_fields: [{ label: 'Color', value: 'Red' }] });
    const custom_fields = [
      { label: 'Color', value: 'Red' },
      { label: 'Call', value: someMark },
    ];
    expect(await world.orders()).toMatchObject([{ custom_fields }]);
  });

  it('is not written into updates, nor where the record has no such field', async () => {
    const world = await taking('reference_number');
    await world.others('create_sales_order', world.input);
    const [first] = (await world.orders()) as { salesorder_id: string }[]; // the sandbox's own reply
    await world.call('update_sales_order', { salesorder_id: first?.salesorder_id, notes: 'New' });
    await world.call('create_contact', { contact_name: 'Marble', contact_type: 'customer' });
    expect(await world.orders()).toMatchObject([{ reference_number: '' }]);
  });

  it.each(['reference_number', 'custom_field:Call'] as const)(
    'in %s tells the lost record from one that somebody made just like it',
    async (place) => {
      const world = await taking(place);
      world.lose(reset('after'));
      world.on(/^GET \/salesorders\?/, () => world.others('create_sales_order', world.input));
      const { reply } = await world.take();
      const [first] = world.rows("SELECT order_id FROM orders WHERE kind = 'sales' ORDER BY order_id");
      expect(reply).toMatchObject({ salesorder: { salesorder_id: first?.order_id } });
      expect(await world.orders()).toHaveLength(2);
    },
  );

  it('in reference_number shows that what somebody made just like it is not the lost one', async () => {
    const world = await taking('reference_number');
    world.lose(reset('before'));
    world.on(/^GET \/salesorders\?/, () => world.others('create_sales_order', world.input));
    expect(await world.take()).toHaveProperty('reply');
    expect(await world.orders()).toMatchObject([{ reference_number: '' }, { reference_number: someMark }]);
  });

  it('in a custom field that may not exist leaves that open', async () => {
    const world = await taking('custom_field:Call');
    world.lose(reset('before'));
    world.on(/^GET \/salesorders\?/, () => world.others('create_sales_order', world.input));
    expect((await world.take()).error).toMatchObject({ kind: 'outcome_unknown' });
    expect(await world.orders()).toHaveLength(1);
  });

  it('is the same when another process sends it again', async () => {
    const world = await taking('reference_number');
    let kept = '';
    const onAttempt = (attempt: Attempt) => {
      kept = JSON.stringify(attempt);
      throw new Error('killed');
    };
    await outcomeOf(world.client.call(operation('create_sales_order'), world.input, { onAttempt }));
    const attempt: Attempt = JSON.parse(kept);
    await world.restarted().call(operation('create_sales_order'), world.input, { attempt });
    expect(await world.orders()).toMatchObject([{ reference_number: attempt.mark?.value }]);
  });

  it.each([
    ['ours', { reference_number: 'zim-1' }],
    ['another', { reference_number: '' }],
    ['untold', {}],
  ])('is %s in %j', (whose, record) => {
    expect(bears(record, { field: 'reference_number', value: 'zim-1' })).toBe(whose);
  });

  it.each([
    ['ours', [{ api_name: 'cf_call', label: 'Call', value: 'zim-1' }]],
    ['another', [{ label: 'Call', value: 'zim-2' }]],
    ['untold', [{ label: 'Call', value: '' }]],
    ['untold', [{ label: 'Color', value: 'zim-1' }]],
    ['untold', undefined],
  ])('is %s in the custom fields %j', (whose, custom_fields) => {
    expect(bears({ custom_fields }, { field: 'custom_field:Call', value: 'zim-1' })).toBe(whose);
  });
});
