import { describe, expect, test } from 'vitest';
import { InvalidArguments, OutcomeUnknown, PartlyDone, RateLimited, Rejected } from '../../../src/errors.ts';
import type { Input } from '../../../src/operations/define.ts';
import type { Api } from '../../../src/workflows/define.ts';
import { workflowByName } from '../../../src/workflows/index.ts';
import { rowIn, rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { demoWorld } from '../demo-world.ts';
import { anItem, fakeApi, quiet } from '../fake-api.ts';
import { interrupt } from '../interrupt.ts';

type World = ReturnType<typeof demoWorld>;

const place = async (world: World, input: Record<string, unknown>) =>
  world.run('place_sales_order', await world.plan('place_sales_order', input));

const orders = async (world: World) => rowsIn(await world.call('list_sales_orders', { per_page: 200 }), 'salesorders');

async function available(world: World, sku: string): Promise<unknown> {
  const rows = rowsIn(await world.call('list_items', { search_text: sku }), 'items');
  return rows.find((row) => row.sku === sku)?.available_stock;
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no error',
    (error: unknown) => error,
  );
}

const twelve = {
  customer: 'Bluebird Cafe',
  items: [
    { item: 'UCC-2M', quantity: 6 },
    { item: 'USB-C Cable 1 m', quantity: 6 },
  ],
};

test('what is told to be left in a warehouse is what check_stock tells of it', async () => {
  const world = demoWorld();
  const order = async (items: Input[]) => {
    const wish = { customer: 'Marble Hotel', items, if_short: 'backorder' };
    const reply = await world.run('place_sales_order', await world.plan('place_sales_order', wish));
    return rowsIn(rowIn(reply, 'salesorder'), 'line_items').map((line) => line.can_be_promised_now);
  };
  const newark = async (item: string) => {
    const reply = await world.read('check_stock', { items: [{ item, warehouse: 'Newark' }] });
    return rowsIn(reply, 'items')[0]?.can_be_promised;
  };
  // Newark keeps 6, but Oakland has promised 5 of them beyond its 2.
  expect(
    await order([
      { item: 'LAMP', quantity: 7 },
      { item: 'LAMP', quantity: 0.5, warehouse: 'Newark' },
    ]),
  ).toEqual([0.5, 0.5]);
  expect(await newark('LAMP')).toBe(0.5);
  expect(
    await order([
      { item: 'DMAT', quantity: 13 },
      { item: 'DMAT', quantity: 1, warehouse: 'Newark' },
    ]),
  ).toEqual([-10, -1]);
  expect(await newark('DMAT')).toBe(-1);
});

describe('planning a sales order', () => {
  test('the summary says who, how much and what for, in one line', async () => {
    const plan = await demoWorld().plan('place_sales_order', twelve);
    expect(plan.summary).toBe('Sales order for Bluebird Cafe: 2 lines, 12 units, 155.88 USD, confirmed');
    expect(plan).toMatchObject({ documents: 1, amountMinor: 15_588, raises: [] });
    expect(plan.preview[0]).toBe('6 x UCC-2M USB-C Cable 2 m at 12.99 = 77.94 USD; can be promised 496 -> 490');
  });

  test('nothing is written', async () => {
    const world = demoWorld();
    const before = await orders(world);
    await world.plan('place_sales_order', twelve);
    expect(await orders(world)).toEqual(before);
  });

  test('a store keeps the plan as it is', async () => {
    const plan = await demoWorld().plan('place_sales_order', twelve);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  test('planned twice it rests on the same, until stock, price or customer change', async () => {
    const world = demoWorld();
    const first = await world.plan('place_sales_order', twelve);
    expect((await world.plan('place_sales_order', twelve)).restsOn).toEqual(first.restsOn);
    const [cable] = rowsIn(await world.call('list_items', { search_text: 'UCC-2M' }), 'items');
    await world.call('update_item', { item_id: textIn(cable ?? {}, 'item_id'), rate: 13.99 });
    const dearer = await world.plan('place_sales_order', twelve);
    expect(dearer.restsOn).not.toEqual(first.restsOn);
    await place(world, twelve);
    expect((await world.plan('place_sales_order', twelve)).restsOn).not.toEqual(dearer.restsOn);
  });

  test('a rate given wins over the price of the item', async () => {
    const plan = await demoWorld().plan('place_sales_order', {
      customer: 'Test Customer',
      items: [
        { item: 'SCREW-M3', quantity: 3, rate: 0.5 },
        { item: 'SCREW-M3', quantity: 1000 },
      ],
    });
    // 3 x 0.50 and 1000 x 0.0125
    expect(plan.amountMinor).toBe(150 + 1250);
  });

  test('names that are not exact answer with candidates', async () => {
    const world = demoWorld();
    const ambiguous = { ...twelve, customer: 'Bluebird' };
    const error = await errorOf(world.plan('place_sales_order', ambiguous));
    expect(error).toBeInstanceOf(InvalidArguments);
    expect(error).toMatchObject({
      facts: { candidates: [{ contact_name: 'Bluebird Cafe' }, { contact_name: 'Bluebird Cafes Ltd' }] },
    });
  });

  test('an inactive item is refused whatever its description says', async () => {
    const input = { customer: 'Bluebird Cafe', items: [{ item: 'CARD-H', quantity: 1 }] };
    expect(await errorOf(demoWorld().plan('place_sales_order', input))).toMatchObject({
      kind: 'invalid_arguments',
      message: expect.stringContaining('inactive'),
    });
  });

  test('a quantity of nothing, or finer than a millionth, is refused', async () => {
    for (const quantity of [0, -1, 1e-7, Number.POSITIVE_INFINITY]) {
      const input = { customer: 'Bluebird Cafe', items: [{ item: 'MUG', quantity }] };
      await expect(demoWorld().plan('place_sales_order', input)).rejects.toThrow(InvalidArguments);
    }
  });
});

describe('what a model pays for', () => {
  test('a plan holds no table that the preview says in words', async () => {
    const plan = await demoWorld().plan('place_sales_order', twelve);
    expect(rowsIn(plan.facts ?? {}, 'lines').map((row) => Object.keys(row))).toEqual(
      Array(2).fill(['item_id', 'quantity', 'rate', 'amount']),
    );
  });

  test('a date that lies ahead is called likely to be refused before anybody says yes', async () => {
    const { preview } = await demoWorld().plan('place_sales_order', { ...twelve, date: '2026-11-24' });
    expect(preview).toContain('Likely to be refused: the date 2026-11-24 lies ahead; today is 2026-11-23.');
    const today = await demoWorld().plan('place_sales_order', { ...twelve, date: '2026-11-23' });
    expect(today.preview.join('\n')).not.toContain('refused');
  });
});

test('a day of shipment before the day of the order is asked about', async () => {
  const rules = async (dates: Record<string, string>) =>
    (await demoWorld().plan('place_sales_order', { ...twelve, ...dates })).raises;
  expect(await rules({ shipment_date: '2026-11-22' })).toEqual([
    { rule: 'early_date', reason: 'shipment_date 2026-11-22 lies before the day of the order, 2026-11-23.' },
  ]);
  expect(await rules({ shipment_date: '2026-11-22', date: '2026-11-20' })).toEqual([]);
});

describe('a customer with another currency', () => {
  const mug = anItem({ sku: 'MUG', stock: 50, rate: 12 });
  const inEuros = (more: Record<string, unknown>) => ({
    items: [mug],
    contacts: [{ contact_id: '7', contact_name: 'Klangladen', status: 'active', currency_code: 'EUR', ...more }],
  });
  const tenMugs = (rate?: number) => ({
    customer: 'Klangladen',
    items: [{ item: 'MUG', quantity: 10, ...(rate === undefined ? {} : { rate }) }],
    confirm: true,
    if_short: 'refuse',
  });
  const planned = (api: Api, input: Record<string, unknown>) => {
    const workflow = workflowByName.get('place_sales_order');
    if (!workflow || !('plan' in workflow)) throw new Error('place_sales_order is no writing workflow');
    return workflow.plan(api, input, quiet);
  };

  test('the price of the item is converted, and the amount counted in base currency', async () => {
    const plan = await planned(fakeApi(inEuros({ exchange_rate: 1.1 })), tenMugs());
    expect(plan.summary).toBe('Sales order for Klangladen: 1 line, 10 units, 109.09 EUR, confirmed');
    expect(plan.steps).toMatchObject({ create: { line_items: [{ rate: 10.909091 }] } });
    expect(plan.amountMinor).toBe(12_000);
  });

  test('where the contact has no rate the newest order in that currency tells it', async () => {
    const rows = [
      { salesorder_number: 'SO-1', date: '2026-01-01', currency_code: 'EUR', exchange_rate: 1.3 },
      { salesorder_number: 'SO-2', date: '2026-05-01', currency_code: 'EUR', exchange_rate: 1.2 },
      { salesorder_number: 'SO-3', date: '2026-06-01', currency_code: 'USD', exchange_rate: 1 },
    ];
    const instead = ({ name }: { name: string }) => (name === 'list_sales_orders' ? { salesorders: rows } : undefined);
    const plan = await planned(fakeApi({ ...inEuros({}), instead }), tenMugs());
    expect(plan.steps).toMatchObject({ create: { line_items: [{ rate: 10 }] } });
    expect(plan.preview.join('\n')).toContain('100.00 EUR before tax, 120.00 USD by the exchange rate of SO-2');
  });

  test('dollars are never charged as euros: without any rate the lines must name theirs', async () => {
    const error = await errorOf(planned(fakeApi(inEuros({})), tenMugs()));
    expect(error).toBeInstanceOf(Rejected);
    expect(error).toMatchObject({ message: expect.stringContaining('Give each line its rate in EUR') });
    const plan = await planned(fakeApi(inEuros({})), tenMugs(11));
    expect(plan.summary).toContain('110.00 EUR');
  });
});

describe('when there is not enough', () => {
  const items = [
    { item: 'WBH-001', quantity: 60 },
    { item: 'SPK-BT', quantity: 1 },
    { item: 'MUG', quantity: 5 },
  ];

  test('the order is refused with every short line, before anything is written', async () => {
    const world = demoWorld();
    const before = await orders(world);
    const error = await errorOf(world.plan('place_sales_order', { customer: 'Bluebird Cafe', items }));
    expect(error).toBeInstanceOf(Rejected);
    expect(error).toMatchObject({
      nothingSent: true,
      facts: {
        short: [
          { sku: 'WBH-001', wanted: 60, can_be_promised: 50, short: 10, on_order: 0 },
          { sku: 'SPK-BT', wanted: 1, can_be_promised: 0, short: 1, on_order: 0 },
        ],
      },
    });
    expect(await orders(world)).toEqual(before);
  });

  test('the same item twice is summed', async () => {
    const line = { item: 'WBH-001', quantity: 26 };
    const twice = { customer: 'Bluebird Cafe', items: [line, line] };
    expect(await errorOf(demoWorld().plan('place_sales_order', twice))).toMatchObject({
      facts: { short: [{ wanted: 26, can_be_promised: 24, short: 2 }] },
    });
  });

  test('a warehouse that has less than all together is what counts', async () => {
    const input = { customer: 'Bluebird Cafe', items: [{ item: 'WBH-001', quantity: 20, warehouse: 'Newark' }] };
    expect(await errorOf(demoWorld().plan('place_sales_order', input))).toMatchObject({
      facts: { short: [{ warehouse: 'Newark', can_be_promised: 15, short: 5 }] },
      message: expect.stringContaining('in Newark: wanted 20, can be promised 15, short 5, on order 0; 35 in other'),
    });
  });

  test('what is in transit is told beside what is on order, and of a kit neither', async () => {
    const short = async (item: string, quantity: number) =>
      String(
        await errorOf(
          demoWorld().plan('place_sales_order', { customer: 'Bluebird Cafe', items: [{ item, quantity }] }),
        ),
      );
    expect(await short('UCC-2M', 500)).toContain('short 4, on order 0, in transit 20\n');
    expect(await short('AUDIO-SET', 2)).toContain('short 2; parts for 5 in all');
  });

  test('a kit and its parts cannot be promised from the same stock', async () => {
    const world = demoWorld();
    const [kit] = rowsIn(await world.call('list_items', { search_text: 'AUDIO-SET' }), 'items');
    expect(kit).toMatchObject({ available_stock: 0 });
    const input = { customer: 'Bluebird Cafe', items: [{ item: 'AUDIO-SET', quantity: 1 }] };
    expect(await errorOf(world.plan('place_sales_order', input))).toMatchObject({
      facts: { short: [{ sku: 'AUDIO-SET', can_be_promised: 0 }] },
      message: expect.stringContaining('parts for 5 in all, but not in one warehouse'),
    });
  });

  test('partial orders what there is and names what it leaves out', async () => {
    const world = demoWorld();
    const reply = await place(world, { customer: 'Bluebird Cafe', items, if_short: 'partial' });
    expect(rowsIn(rowIn(reply, 'salesorder'), 'line_items')).toMatchObject([
      { sku: 'WBH-001', quantity: 50, can_be_promised_now: 0 },
      { sku: 'MUG', quantity: 5, can_be_promised_now: 45 },
    ]);
    expect(reply.message).toContain('2 lines cut to what can be promised, see left_out.');
    expect(reply.left_out).toMatchObject([
      { sku: 'WBH-001', wanted: 60, left_out: 10 },
      { sku: 'SPK-BT', wanted: 1, left_out: 1 },
    ]);
    expect(reply).not.toHaveProperty('taken_meanwhile');
  });

  test('partial with nothing to promise orders nothing', async () => {
    const input = { customer: 'Bluebird Cafe', items: [{ item: 'SPK-BT', quantity: 1 }], if_short: 'partial' };
    const refused = demoWorld().plan('place_sales_order', input);
    await expect(refused).rejects.toThrow(Rejected);
    // The way that was tried is not named again.
    await expect(refused).rejects.toThrow(/set if_short to backorder, which orders all and lets it wait\. check_stock/);
    await expect(refused).rejects.not.toThrow('partial');
  });

  test('a backorder promises more than there is, and is raised for that', async () => {
    const world = demoWorld();
    const plan = await world.plan('place_sales_order', { customer: 'Bluebird Cafe', items, if_short: 'backorder' });
    expect(plan.raises).toMatchObject([{ rule: 'promises_more_than_there_is' }]);
    expect(plan.summary).toContain('66 units');
    expect(plan.summary).toContain('11 beyond stock');
    const reply = await world.run('place_sales_order', plan);
    expect(await available(world, 'WBH-001')).toBe(-10);
    // It knew: nobody else took anything.
    expect(reply).not.toHaveProperty('taken_meanwhile');
  });
});

describe('stock that does not lie where the order is held', () => {
  const forty = { customer: 'Bluebird Cafe', items: [{ item: 'WBH-001', quantity: 40 }] };

  test('the result says what the primary warehouse alone has and where the rest lies', async () => {
    const reply = await place(demoWorld(), forty);
    expect(reply.message).toBe(
      'SO-00020 for Bluebird Cafe is confirmed: 3471.57 USD. Oakland alone cannot fill WBH-001, see elsewhere: move stock there, or give the line a warehouse.',
    );
    expect(reply.elsewhere).toEqual([
      {
        sku: 'WBH-001',
        item_id: expect.stringMatching(/^\d+$/),
        ordered: 40,
        warehouse: 'Oakland',
        can_be_promised_there: 30,
        elsewhere: '15 in Newark, 5 in Portland',
      },
    ]);
  });

  test('a preview says it too, and rests on it', async () => {
    const world = demoWorld();
    const plan = await world.plan('place_sales_order', forty);
    expect(plan.preview).toContain('Oakland, where it is held, has 30 of the 40 WBH-001; 15 in Newark, 5 in Portland.');
    await place(world, { customer: 'Marble Hotel', items: [{ item: 'WBH-001', quantity: 1, warehouse: 'Portland' }] });
    expect((await world.plan('place_sales_order', forty)).restsOn).not.toEqual(plan.restsOn);
  });

  test('what the primary warehouse can fill is not spoken of', async () => {
    const reply = await place(demoWorld(), {
      customer: 'Bluebird Cafe',
      items: [
        { item: 'WBH-001', quantity: 30 },
        { item: 'WBH-001', quantity: 15, warehouse: 'Newark' },
        { item: 'INSTALL', quantity: 100 },
      ],
    });
    expect(reply).not.toHaveProperty('elsewhere');
    expect(reply.message).not.toContain('Oakland');
  });

  test('lines of one item are counted together, those that name the primary warehouse too', async () => {
    const line = { item: 'WBH-001', quantity: 16 };
    const reply = await place(demoWorld(), {
      customer: 'Bluebird Cafe',
      items: [line, { ...line, warehouse: 'Oakland' }],
    });
    expect(reply.elsewhere).toMatchObject([{ ordered: 32, can_be_promised_there: 30 }]);
  });

  test('a line that is short in all warehouses and lies nowhere else is only short', async () => {
    const input = { customer: 'Bluebird Cafe', items: [{ item: 'SPK-BT', quantity: 1 }], if_short: 'backorder' };
    expect(await place(demoWorld(), input)).not.toHaveProperty('elsewhere');
  });

  test('of many lines the first three are looked up, and the others are named', async () => {
    const world = demoWorld();
    const rows = rowsIn(await world.call('list_items', { per_page: 200 }), 'items');
    const newark = rowsIn(await world.call('list_warehouses', {}), 'warehouses')[1];
    const there = rowsIn(
      await world.call('list_warehouse_items', { warehouse_id: newark?.warehouse_id, per_page: 200 }),
      'items',
    );
    const split = rows.filter(
      ({ item_id, available_stock }) => there.some((row) => row.item_id === item_id) && Number(available_stock) > 0,
    );
    const items = split.slice(0, 5).map(({ sku, available_stock }) => ({ item: sku, quantity: available_stock }));
    const reply = await place(world, { customer: 'Bluebird Cafe', items });
    const words = rowsIn(reply, 'elsewhere').map(({ elsewhere }) => elsewhere);
    expect(words).toHaveLength(5);
    expect(words.filter((text) => /in Newark/.test(String(text)))).toHaveLength(3);
    expect(words.slice(3)).toEqual(Array(2).fill('not looked up: get_item_stock tells'));
    expect(reply.message).toContain('and 2 more, see elsewhere');
  });

  test('of a kit as many are left as check_stock says, parts that are promised elsewhere taken off', async () => {
    const world = demoWorld();
    const idOf = async (sku: string) =>
      rowsIn(await world.call('list_items', { search_text: sku }), 'items').find((row) => row.sku === sku)?.item_id;
    const [, newark] = rowsIn(await world.call('list_warehouses', {}), 'warehouses');
    const [vendor] = rowsIn(await world.call('list_contacts', { contact_name: 'AudioTech' }), 'contacts');
    const warehouse_id = newark?.warehouse_id;
    const { purchaseorder } = await world.call('create_purchase_order', {
      vendor_id: vendor?.contact_id,
      line_items: [{ item_id: await idOf('AMP-10'), quantity: 5, warehouse_id }],
    });
    const order = rowIn({ purchaseorder }, 'purchaseorder');
    const purchaseorder_id = order.purchaseorder_id;
    await world.call('issue_purchase_order', { purchaseorder_id });
    const [line] = rowsIn(order, 'line_items');
    await world.call('receive_purchase_order', {
      purchaseorder_id,
      line_items: [{ line_item_id: line?.line_item_id, quantity_received: 5 }],
    });
    // 5 kits can be built in Newark; 2 are held at Oakland, where there are no speakers.
    const reply = await place(world, { customer: 'Marble Hotel', items: [{ item: 'AUDIO-SET', quantity: 2 }] });
    expect(reply.elsewhere).toMatchObject([{ can_be_promised_there: 0, elsewhere: '5 in Newark' }]);
    const [kit] = rowsIn(rowIn(reply, 'salesorder'), 'line_items');
    const [checked] = rowsIn(await world.read('check_stock', { items: [{ item: 'AUDIO-SET' }] }), 'items');
    expect([kit?.can_be_promised_now, checked?.buildable]).toEqual([3, 3]);
  });

  test('what is left is told of the warehouse that a line names', async () => {
    const reply = await place(demoWorld(), {
      customer: 'Bluebird Cafe',
      items: [{ item: 'LAMP', quantity: 5, warehouse: 'Newark' }],
    });
    expect(rowsIn(rowIn(reply, 'salesorder'), 'line_items')).toMatchObject([{ can_be_promised_now: 1 }]);
  });
});

describe('placing a sales order', () => {
  test('the order is confirmed, its stock reserved, and what is left is told', async () => {
    const world = demoWorld();
    const reply = await place(world, { ...twelve, reference_number: 'PO-77', notes: 'Ring twice' });
    const order = rowIn(reply, 'salesorder');
    expect(order).toMatchObject({
      salesorder_number: 'SO-00020',
      status: 'confirmed',
      customer_name: 'Bluebird Cafe',
      reference_number: 'PO-77',
      sub_total: 155.88,
      line_items: [
        { sku: 'UCC-2M', quantity: 6, can_be_promised_now: 490 },
        { sku: 'UCC-1M', quantity: 6, can_be_promised_now: 234 },
      ],
    });
    const stored = rowIn(await world.call('get_sales_order', { salesorder_id: order.salesorder_id }), 'salesorder');
    expect(stored).toMatchObject({ status: 'confirmed', notes: 'Ring twice', total: order.total });
    expect(await available(world, 'UCC-2M')).toBe(490);
  });

  test('without confirm it stays a draft, which reserves nothing, and says so', async () => {
    const world = demoWorld();
    const reply = await place(world, { ...twelve, confirm: false });
    expect(rowIn(reply, 'salesorder')).toMatchObject({ status: 'draft' });
    expect(reply.message).toBe('SO-00020 for Bluebird Cafe is a draft, which reserves nothing: 169.12 USD.');
    expect(await available(world, 'UCC-2M')).toBe(496);
  });

  test('ten lines cost at most eleven calls, below thirteen', async () => {
    const world = demoWorld();
    const page = rowsIn(await world.call('list_items', { per_page: 200 }), 'items');
    const plenty = page.filter((row) => row.track_inventory === true && Number(row.available_stock) > 1).slice(0, 10);
    const items = plenty.map(({ sku }) => ({ item: String(sku), quantity: 1 }));
    expect(items).toHaveLength(10);
    const before = world.callsSent();
    const reply = await place(world, { customer: 'Bluebird Cafe', items });
    expect(world.callsSent() - before).toBeLessThanOrEqual(11);
    const lines = rowsIn(rowIn(reply, 'salesorder'), 'line_items');
    for (const [index, line] of lines.entries())
      expect(line.can_be_promised_now).toBe(Number(plenty[index]?.available_stock) - 1);
  });

  test('a confirmation that is refused leaves a draft, and says how to go on', async () => {
    const world = demoWorld();
    const api = interrupt(world.apiOf('place_sales_order'), {
      confirm_sales_order: () => Promise.reject(new Rejected('Not today.')),
    });
    const plan = await world.plan('place_sales_order', twelve);
    const error = await errorOf(world.run('place_sales_order', plan, api));
    expect(error).toBeInstanceOf(PartlyDone);
    expect(error).toMatchObject({
      facts: {
        done: [expect.stringMatching(/^created SO-00020 as a draft \(salesorder_id \d+\)$/)],
        failed: ['confirming SO-00020'],
        not_started: [],
        undo: [expect.stringMatching(/^delete_sales_order \(salesorder_id \d+\)$/)],
      },
      message: expect.stringMatching(/SO-00020[\s\S]*Not today[\s\S]*confirm_sales_order[\s\S]*delete_sales_order/),
    });
    expect((await orders(world))[0]).toMatchObject({ salesorder_number: 'SO-00020', status: 'draft' });
  });

  test('a confirmation whose answer was lost is not repeated, and its outcome is told as not certain', async () => {
    const world = demoWorld();
    let confirms = 0;
    const api = interrupt(world.apiOf('place_sales_order'), {
      confirm_sales_order: async (go) => {
        confirms += 1;
        await go();
        throw new OutcomeUnknown('No answer came.');
      },
    });
    const plan = await world.plan('place_sales_order', twelve);
    expect(await errorOf(world.run('place_sales_order', plan, api))).toMatchObject({
      kind: 'partly_done',
      facts: { failed: ['confirming SO-00020 (may or may not have happened)'], not_started: [] },
      message: expect.stringMatching(/SO-00020[\s\S]*No answer came[\s\S]*get_sales_order/),
    });
    expect(confirms).toBe(1);
  });

  test('a creation whose answer was lost is not repeated either', async () => {
    const world = demoWorld();
    const api = interrupt(world.apiOf('place_sales_order'), {
      create_sales_order: async (go) => {
        await go();
        throw new OutcomeUnknown('No answer came.');
      },
    });
    const before = (await orders(world)).length;
    const plan = await world.plan('place_sales_order', twelve);
    expect(await errorOf(world.run('place_sales_order', plan, api))).toMatchObject({
      kind: 'outcome_unknown',
      message: expect.stringContaining('list_sales_orders'),
      facts: { done: [], not_started: ['confirming it'] },
    });
    expect(await orders(world)).toHaveLength(before + 1);
  });

  test('stock that somebody else takes between check and order is reported by item', async () => {
    const world = demoWorld();
    const mine = { customer: 'Bluebird Cafe', items: [{ item: 'WBH-001', quantity: 40 }] };
    const plan = await world.plan('place_sales_order', mine);
    await place(world, { customer: 'Marble Hotel', items: [{ item: 'WBH-001', quantity: 30 }] });
    const reply = await world.run('place_sales_order', plan);
    expect(reply.taken_meanwhile).toMatchObject([{ item: 'Wireless Bluetooth Headphones', ordered: 40, short: 20 }]);
    expect(reply.message).toContain('somebody else took stock of Wireless Bluetooth Headphones (20 short)');
  });

  test('it is reported for many lines too, and for a draft that would no longer be covered', async () => {
    for (const confirm of [true, false]) {
      const world = demoWorld();
      const items = ['WBH-001', 'MUG', 'UCC-1M', 'UCC-2M'].map((item) => ({ item, quantity: 40 }));
      const plan = await world.plan('place_sales_order', { customer: 'Bluebird Cafe', items, confirm });
      await place(world, { customer: 'Marble Hotel', items: [{ item: 'MUG', quantity: 50 }] });
      const reply = await world.run('place_sales_order', plan);
      expect(reply.taken_meanwhile).toMatchObject([{ item: 'Logo Mug', ordered: 40, short: 40 }]);
    }
  });

  test('in a catalog of many pages one report tells what was taken', async () => {
    const ordered = ['A', 'B', 'C', 'D'].map((sku) => anItem({ sku, stock: 10 }));
    const taken = { ...ordered[1], available_stock: -3, actual_available_stock: -3 };
    const api = fakeApi({
      items: [...ordered, ...Array.from({ length: 300 }, () => anItem({}))],
      contacts: [{ contact_id: '7', contact_name: 'Bluebird Cafe', status: 'active' }],
      instead: ({ name }) => {
        if (name === 'create_sales_order') return { salesorder: { salesorder_id: '5', salesorder_number: 'SO-5' } };
        if (name === 'confirm_sales_order') return { message: 'confirmed' };
        return name === 'get_low_stock_report' ? { items: [], shortages: [taken] } : undefined;
      },
    });
    const workflow = workflowByName.get('place_sales_order');
    if (!workflow || !('plan' in workflow)) throw new Error('place_sales_order is no writing workflow');
    const items = ordered.map(({ sku }) => ({ item: String(sku), quantity: 8 }));
    const plan = await workflow.plan(api, { customer: 'Bluebird Cafe', items }, quiet);
    const reply = await workflow.run(api, plan, quiet);
    expect(reply.taken_meanwhile).toMatchObject([{ item_id: ordered[1]?.item_id, ordered: 8, short: 3 }]);
    expect(api.names()).toEqual([
      'list_contacts',
      'list_items',
      'list_organizations',
      'list_warehouses',
      'create_sales_order',
      'confirm_sales_order',
      'get_low_stock_report',
    ]);
  });

  test('an order that stands is not turned into an error by a failing look afterwards', async () => {
    const world = demoWorld();
    const plan = await world.plan('place_sales_order', twelve);
    const api = interrupt(world.apiOf('place_sales_order'), {
      get_item: () => Promise.reject(new RateLimited(30)),
    });
    const reply = await world.run('place_sales_order', plan, api);
    expect(rowIn(reply, 'salesorder')).toMatchObject({ status: 'confirmed' });
    expect(reply.note).toContain('check_stock');
  });

  test('called off between creation and confirmation it stops at the draft and says so', async () => {
    const world = demoWorld();
    const abort = new AbortController();
    const plan = await world.plan('place_sales_order', twelve);
    const api: Api = interrupt(world.apiOf('place_sales_order'), {
      create_sales_order: async (go) => {
        const reply = await go();
        abort.abort();
        return reply;
      },
    });
    const error = await errorOf(world.run('place_sales_order', plan, api, abort.signal));
    expect(error).toBeInstanceOf(PartlyDone);
    expect(error).toMatchObject({ message: expect.stringContaining('called off') });
    expect((await orders(world))[0]).toMatchObject({ status: 'draft' });
  });

  test('called off before that it writes nothing', async () => {
    const world = demoWorld();
    const plan = await world.plan('place_sales_order', twelve);
    const before = await orders(world);
    const work = world.run('place_sales_order', plan, world.apiOf('place_sales_order'), AbortSignal.abort());
    expect(await errorOf(work)).toMatchObject({ kind: 'cancelled', nothingSent: true });
    expect(await orders(world)).toEqual(before);
  });
});
