import { describe, expect, test } from 'vitest';
import { levelAt, stockValue, transit } from '../../src/sandbox/engine/ledger.ts';
import { routes } from '../../src/sandbox/routes/index.ts';
import { caller } from './engine/caller.ts';
import { createTestWorld, ids, refusal, stocked } from './engine/world.ts';

type Json = Record<string, unknown>;

/** Before the day of the reference's example. */
const opened = '2024-12-01';

function open() {
  const world = createTestWorld();
  const call = caller(world, routes);
  const item = stocked(world, { [ids.main]: 60 }, { name: 'Headphones', sku: 'WBH-001' }, opened);
  /** The reference's example request, with the ids of the test company. */
  const example = {
    transfer_number: 'TRN-00001',
    date: '2025-01-15',
    from_warehouse_id: ids.main,
    to_warehouse_id: ids.east,
    expected_delivery_date: '2025-01-18',
    line_items: [{ item_id: item, quantity: 50, description: 'Restocking east coast warehouse' }],
    notes: 'Urgent transfer for upcoming sales event',
    shipping_charge: 75.0,
  };
  const recordOf = (answer: Json): Json => ({ ...(answer.transfer as Json) }); // parse boundary: the route answers a record
  const create = (body: object = {}): string =>
    String(recordOf(call('POST /transfers', { body: { ...example, transfer_number: '', ...body } })).transfer_id);
  const act = (name: string, transfer_id: string, body: Json = {}): Json =>
    call(name.replace(' ', ' /transfers/{transfer_id}'), { params: { transfer_id }, body });
  const get = (id: string) => recordOf(act('GET ', id));
  const lineOf = (id: string, index = 0): string => {
    const lines = get(id).line_items;
    return Array.isArray(lines) ? String(lines[index].line_item_id) : '';
  };
  const levels = () => [ids.main, transit, ids.east].map((place) => levelAt(world.db, item, place) / 1e6);
  return { world, call, item, example, create, act, get, lineOf, levels };
}

describe('POST /transfers', () => {
  test("answers the reference's example with every key that was given, and moves nothing", () => {
    const { call, example, levels } = open();
    expect(call('POST /transfers', { body: example })).toMatchObject({
      message: 'Transfer has been created.',
      status: 201,
      transfer: {
        ...example,
        status: 'draft',
        from_warehouse_name: 'Main',
        to_warehouse_name: 'East',
        quantity: 50,
        line_items: [{ ...example.line_items[0], sku: 'WBH-001', quantity_in_transit: 0, quantity_received: 0 }],
      },
    });
    expect(levels()).toEqual([60, 0, 0]);
  });

  test('may draft more than there is: a draft reserves nothing', () => {
    const { create, item, levels } = open();
    create({ line_items: [{ item_id: item, quantity: 500 }] });
    expect(levels()).toEqual([60, 0, 0]);
  });

  test.each<[string, object, string]>([
    ['one warehouse to itself', { to_warehouse_id: ids.main }, '1002: A transfer goes to another warehouse.'],
    ['an inactive warehouse', { to_warehouse_id: ids.closed }, '1002: The warehouse Closed is inactive.'],
    ['an unknown warehouse', { from_warehouse_id: '404' }, '1005: There is no warehouse 404.'],
    ['no destination', { to_warehouse_id: '' }, '1001: The to_warehouse_id field is required.'],
    ['no lines', { line_items: [] }, '1001: The line_items field is required.'],
    ['an unknown item', { line_items: [{ item_id: '404', quantity: 1 }] }, '1004: There is no item 404.'],
    ['a day ahead', { date: '2025-03-16' }, '1002: date 2025-03-16 is in the future'],
  ])('refuses %s', (_, change, words) => {
    const { create } = open();
    expect(refusal(() => create(change))).toContain(words);
  });

  test('refuses a quantity of 0 and what has no stock', () => {
    const { create, item, world } = open();
    const service = stocked(world, {}, { name: 'Setup', product_type: 'service', track_inventory: false });
    expect(refusal(() => create({ line_items: [{ item_id: item, quantity: 0 }] }))).toMatch(/quantity must be above 0/);
    expect(refusal(() => create({ line_items: [{ item_id: service, quantity: 1 }] }))).toBe(
      '1002: Setup has no stock that could be transferred.',
    );
  });
});

describe('a transfer', () => {
  test('is sent and received, in parts, and its cost goes along', () => {
    const { create, act, world, item, levels, lineOf } = open();
    const id = create();
    expect(act('POST /send', id)).toMatchObject({
      message: 'The items are in transit.',
      transfer: { status: 'in_transit', quantity_in_transit: 50 },
    });
    expect(levels()).toEqual([10, 50, 0]);
    const line_items = [{ line_item_id: lineOf(id), quantity_received: 20 }];
    expect(act('POST /receive', id, { line_items })).toMatchObject({
      message: 'The items have been received.',
      transfer: { status: 'in_transit', quantity_in_transit: 30, quantity_received: 20 },
    });
    expect(levels()).toEqual([10, 30, 20]);
    expect(act('POST /receive', id)).toMatchObject({ transfer: { status: 'received', quantity_received: 50 } });
    expect(levels()).toEqual([10, 0, 50]);
    expect(stockValue(world.db, item, ids.east).valueMinor).toBe(200_00);
  });

  test('is sent only from what is there and not packed', () => {
    const { create, act, call, item, levels, world } = open();
    const order = call('POST /salesorders', {
      body: { customer_id: ids.customer, line_items: [{ item_id: item, quantity: 15, warehouse_id: ids.main }] },
    }).salesorder as Json; // parse boundary: the route answers a record
    call('POST /salesorders/{salesorder_id}/status/confirmed', {
      params: { salesorder_id: String(order.salesorder_id) },
    });
    const id = create();
    expect(act('POST /send', id)).toMatchObject({ transfer: { status: 'in_transit' } }); // committed goods may move
    const line = world.db.prepare('SELECT line_item_id FROM order_line').get();
    const second = create({ line_items: [{ item_id: item, quantity: 10 }] });
    call('POST /packages', {
      body: {
        salesorder_id: order.salesorder_id,
        line_items: [{ so_line_item_id: line?.line_item_id, quantity: 4 }],
      },
    });
    expect(refusal(() => act('POST /send', second))).toBe('1003: Headphones: 10 wanted, 6 free.');
    expect(levels()).toEqual([10, 50, 0]);
  });

  test('cannot arrive in larger numbers, in other lines, or before it left', () => {
    const { create, act, lineOf, levels } = open();
    const id = create({ date: '2025-03-10' });
    act('POST /send', id);
    const receive = (body: object) => refusal(() => act('POST /receive', id, { ...body }));
    const line_item_id = lineOf(id);
    expect(receive({ line_items: [{ line_item_id, quantity_received: 51 }] })).toBe(
      '1002: Only 50 of the line are in transit.',
    );
    const half = { line_item_id, quantity_received: 30 };
    expect(receive({ line_items: [half, half] })).toBe('1002: Only 50 of the line are in transit.');
    expect(receive({ line_items: [{ line_item_id: '404', quantity_received: 1 }] })).toMatch(/has no line 404/);
    expect(receive({ receive_date: '2025-03-09' })).toBe(
      '1002: TRN-00001 was sent on 2025-03-10; it cannot arrive before.',
    );
    expect(receive({ receive_date: '2025-03-16' })).toMatch(/is in the future/);
    expect(levels()).toEqual([10, 50, 0]);
    expect(act('POST /receive', id, { receive_date: '2025-03-10' })).toMatchObject({
      transfer: { status: 'received' },
    });
  });

  test('is not sent to a warehouse that was deactivated while the draft lay', () => {
    const { create, act, call, levels } = open();
    const id = create();
    call('POST /warehouses/{warehouse_id}/inactive', { params: { warehouse_id: ids.east } });
    expect(refusal(() => act('POST /send', id))).toBe('1002: The warehouse East is inactive.');
    expect(levels()).toEqual([60, 0, 0]);
  });

  test('cannot leave before the goods are there, nor so that a later day falls short', () => {
    const { world, create, act, item, levels } = open();
    const late = stocked(world, { [ids.main]: 5 }, { name: 'Late' }, '2025-02-01');
    const send = (item_id: string, quantity: number, date: string) =>
      act('POST /send', create({ date, line_items: [{ item_id, quantity }] }));
    expect(refusal(() => send(late, 5, '2025-01-31'))).toBe(
      '1002: TRN-00001 is dated 2025-01-31; of Late only 0 could leave on that day. Give a later date.',
    );
    send(late, 5, '2025-02-01');
    // Of 60 there are 50 in the other warehouse during February.
    const there = create({ date: '2025-02-01' });
    act('POST /send', there);
    act('POST /receive', there, { receive_date: '2025-02-02' });
    const back = create({ date: '2025-03-01', from_warehouse_id: ids.east, to_warehouse_id: ids.main });
    act('POST /send', back);
    act('POST /receive', back, { receive_date: '2025-03-01' });
    expect(refusal(() => send(item, 11, '2025-01-20'))).toContain('of Headphones only 10 could leave on that day.');
    send(item, 10, '2025-01-20');
    expect(levels()).toEqual([50, 10, 0]);
  });

  test('goes whole or not at all', () => {
    const { create, act, item, levels, world } = open();
    const scarce = stocked(world, {}, { name: 'Scarce' });
    const id = create({
      line_items: [
        { item_id: item, quantity: 5 },
        { item_id: scarce, quantity: 1 },
      ],
    });
    expect(refusal(() => act('POST /send', id))).toBe('1003: Scarce: 1 wanted, 0 free.');
    expect(levels()).toEqual([60, 0, 0]);
  });
});

describe('the states of a transfer', () => {
  type World = ReturnType<typeof open>;
  const reach: Record<string, (world: World) => string> = {
    draft: ({ create }) => create(),
    in_transit: ({ create, act }) => {
      const id = create();
      act('POST /send', id);
      return id;
    },
    received: ({ create, act }) => {
      const id = create();
      act('POST /send', id);
      act('POST /receive', id);
      return id;
    },
    cancelled: ({ create, act }) => {
      const id = create();
      act('PUT ', id, { status: 'cancelled' });
      return id;
    },
  };
  const steps: Record<string, [name: string, body: Json]> = {
    send: ['POST /send', {}],
    receive: ['POST /receive', {}],
    update: ['PUT ', { notes: 'x' }],
    cancel: ['PUT ', { status: 'cancelled' }],
    delete: ['DELETE ', {}],
  };

  test.each([
    ['draft', 'send', 'in_transit'],
    ['draft', 'update', 'draft'],
    ['draft', 'cancel', 'cancelled'],
    ['in_transit', 'receive', 'received'],
  ])('from %s to %s leads to %s', (from, step, to) => {
    const world = open();
    const id = reach[from]?.(world) ?? '';
    const [name, body] = steps[step] ?? ['', {}];
    expect(world.act(name, id, body)).toMatchObject({ transfer: { status: to } });
    expect(world.get(id).status).toBe(to);
  });

  test.each(['draft', 'cancelled'])('%s can be deleted, and its number is not used again', (from) => {
    const world = open();
    const id = reach[from]?.(world) ?? '';
    expect(world.act('DELETE ', id)).toMatchObject({ message: 'Transfer has been deleted.' });
    expect(refusal(() => world.act('GET ', id))).toBe(`41: There is no transfer ${id}.`);
    expect(world.get(world.create()).transfer_number).toBe('TRN-00002');
  });

  test.each([
    ['draft', 'receive', 'TRN-00001 is draft; only a transfer in transit can be received.'],
    ['in_transit', 'send', 'TRN-00001 is in_transit; only a draft can be sent.'],
    ['in_transit', 'update', 'TRN-00001 is in_transit; only a draft can be changed.'],
    ['in_transit', 'cancel', 'TRN-00001 is in_transit; only a draft can be cancelled.'],
    ['in_transit', 'delete', 'TRN-00001 is in_transit and cannot be deleted.'],
    ['received', 'send', 'TRN-00001 is received; only a draft can be sent.'],
    ['received', 'receive', 'TRN-00001 is received; only a transfer in transit can be received.'],
    ['received', 'update', 'TRN-00001 is received; only a draft can be changed.'],
    ['received', 'cancel', 'TRN-00001 is received; only a draft can be cancelled.'],
    ['received', 'delete', 'TRN-00001 is received and cannot be deleted.'],
    ['cancelled', 'send', 'TRN-00001 is cancelled; only a draft can be sent.'],
    ['cancelled', 'receive', 'TRN-00001 is cancelled; only a transfer in transit can be received.'],
    ['cancelled', 'update', 'TRN-00001 is cancelled; only a draft can be changed.'],
    ['cancelled', 'cancel', 'TRN-00001 is cancelled; only a draft can be cancelled.'],
  ])('from %s a %s is refused', (from, step, why) => {
    const world = open();
    const id = reach[from]?.(world) ?? '';
    const before = world.levels();
    const [name, body] = steps[step] ?? ['', {}];
    expect(refusal(() => world.act(name, id, body))).toBe(`1002: ${why}`);
    expect(world.levels()).toEqual(before);
  });

  test.each(['in_transit', 'received', 'lost'])('an update does not set %s', (status) => {
    const { create, act } = open();
    const id = create();
    expect(refusal(() => act('PUT ', id, { status }))).toBe(
      '1002: An update can only cancel a transfer; it is sent and received by their own calls.',
    );
  });
});

describe('PUT /transfers', () => {
  test('keeps a line that names its id, with what the row does not say, and drops the others', () => {
    const { create, act, item, world, lineOf, get } = open();
    const other = stocked(world, {}, { name: 'Mat' });
    const id = create({
      line_items: [
        { item_id: item, quantity: 5, description: 'first' },
        { item_id: other, quantity: 7 },
      ],
    });
    const kept = lineOf(id);
    act('PUT ', id, {
      line_items: [
        { line_item_id: kept, quantity: 6 },
        { item_id: other, quantity: 1 },
      ],
    });
    expect(get(id).line_items).toMatchObject([
      { line_item_id: kept, item_id: item, quantity: 6, description: 'first' },
      { item_id: other, quantity: 1 },
    ]);
    act('PUT ', id, { line_items: [{ line_item_id: kept }] });
    expect(get(id).line_items).toMatchObject([{ line_item_id: kept, quantity: 6 }]);
  });

  test('refuses a line of another transfer, and one named twice', () => {
    const { create, act, lineOf } = open();
    const [id, other] = [create(), create()];
    const put = (rows: string[]) =>
      refusal(() => act('PUT ', id, { line_items: rows.map((line_item_id) => ({ line_item_id })) }));
    expect(put([lineOf(other)])).toMatch(/The transfer has no line \d+, or names it twice/);
    expect(put([lineOf(id), lineOf(id)])).toMatch(/or names it twice/);
  });

  test('accepts the record as it was read, unchanged', () => {
    const { create, act, get } = open();
    const before = get(create());
    act('PUT ', String(before.transfer_id), before);
    expect(get(String(before.transfer_id))).toEqual(before);
  });
});

describe('GET /transfers', () => {
  test.each([
    [{}, 'CBA'],
    [{ filter_by: 'Status.Draft' }, 'A'],
    [{ filter_by: 'Status.InTransit' }, 'B'],
    [{ filter_by: 'Status.In_Transit' }, 'B'],
    [{ status: 'received' }, 'C'],
    [{ filter_by: 'Status.Cancelled' }, ''],
    [{ transfer_number: 'A' }, 'A'],
    [{ date_start: '2025-01-11', date_end: '2025-02-28' }, 'B'],
    [{ warehouse_id: ids.east }, 'CBA'],
    [{ warehouse_id: ids.closed }, ''],
    [{ from_warehouse_id: ids.east }, ''],
    [{ item_id: '404' }, ''],
    [{ search_text: 'urgent' }, 'CBA'],
    [{ search_text: 'b' }, 'B'],
    [{ sort_column: 'status' }, 'ABC'],
  ])('with %j finds %s', (query, expected) => {
    const { call, create, act, item } = open();
    const small = { line_items: [{ item_id: item, quantity: 5 }] };
    create({ transfer_number: 'A', date: '2025-01-10', ...small });
    act('POST /send', create({ transfer_number: 'B', date: '2025-02-10', ...small }));
    const third = create({ transfer_number: 'C', date: '2025-03-10', ...small });
    act('POST /send', third);
    act('POST /receive', third);
    const { transfers } = call('GET /transfers', { query });
    expect(Array.isArray(transfers) ? transfers.map((row) => row.transfer_number).join('') : '').toBe(expected);
  });

  test('with a status that is none says which there are', () => {
    const { call } = open();
    expect(refusal(() => call('GET /transfers', { query: { filter_by: 'Status.Lost' } }))).toMatch(
      /filter_by is one of Status.All, Status.Draft, Status.InTransit, Status.Received, Status.Cancelled/,
    );
  });
});
