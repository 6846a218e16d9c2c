import { describe, expect, test } from 'vitest';
import { createKit, updateKit } from '../../src/sandbox/engine/documents/kits.ts';
import { orderOf } from '../../src/sandbox/engine/documents/order-record.ts';
import { confirmSalesOrder, createSalesOrder } from '../../src/sandbox/engine/documents/sales-orders.ts';
import { levelAt } from '../../src/sandbox/engine/ledger.ts';
import { packageRoutes } from '../../src/sandbox/routes/packages.ts';
import { shipmentRoutes } from '../../src/sandbox/routes/shipments.ts';
import { packageBody, shipBody } from '../operations/examples.ts';
import { caller } from './engine/caller.ts';
import { createTestWorld, ids, lineId, refusal, stocked } from './engine/world.ts';

const textAt = (reply: Record<string, unknown>, key: string, field: string): string => {
  const record = reply[key];
  if (typeof record !== 'object' || record === null) throw new Error(`no ${key} in ${JSON.stringify(reply)}`);
  return String(Object.entries(record).find(([name]) => name === field)?.[1]);
};

/** One confirmed order of 40 headphones, 100 of them in Main and 10 in East. */
function open() {
  const world = createTestWorld();
  const call = caller(world, [...packageRoutes, ...shipmentRoutes]);
  const item = stocked(world, { [ids.main]: 100, [ids.east]: 10 }, { name: 'Headphones', sku: 'WBH-001' });
  const ordered = (quantity: number, body: object = {}) => {
    const line_items = [{ item_id: item, quantity }];
    const id = createSalesOrder(world, { customer_id: ids.customer, date: '2025-01-10', line_items, ...body });
    confirmSalesOrder(world, id);
    return id;
  };
  const order = ordered(40);
  const pack = (quantity: number, body: object = {}, salesorder_id = order) => {
    const line_items = [{ so_line_item_id: lineId(world, salesorder_id), quantity }];
    return textAt(call('POST /packages', { body: { salesorder_id, line_items, ...body } }), 'package', 'package_id');
  };
  const act = (name: string, package_id: string, body = {}) =>
    call(name.replace(' ', ' /packages/{package_id}'), { params: { package_id }, body });
  const orderStatus = () => orderOf(world.db, 'sales', order).status;
  return { world, call, item, ordered, order, pack, act, orderStatus };
}

describe('POST /packages', () => {
  test("answers the reference's example with every key that was given", () => {
    const { world, call, order } = open();
    const example = {
      ...packageBody,
      salesorder_id: order,
      line_items: [{ so_line_item_id: lineId(world, order), quantity: 25, warehouse_id: ids.main }],
    };
    expect(call('POST /packages', { body: example })).toMatchObject({
      message: 'Package has been created.',
      status: 201,
      package: {
        ...example,
        status: 'ready_to_ship',
        salesorder_number: 'SO-00001',
        customer_name: 'Tech Solutions',
        total_quantity: 25,
        line_items: [{ ...example.line_items[0], name: 'Headphones', sku: 'WBH-001', warehouse_name: 'Main' }],
      },
    });
  });

  test('sets goods aside and leaves them on hand', () => {
    const { world, item, pack, orderStatus } = open();
    pack(15);
    expect(levelAt(world.db, item, ids.main)).toBe(100e6);
    expect(orderStatus()).toBe('partially_packed');
    pack(25);
    expect(orderStatus()).toBe('packed');
  });

  test('of a kit names the parts that will leave, by the recipe that the order keeps', () => {
    const { world, item, pack, act } = open();
    const kit = createKit(world, { name: 'Set', rate: 150, mapped_items: [{ item_id: item, quantity: 2 }] });
    const order = createSalesOrder(world, {
      customer_id: ids.customer,
      line_items: [{ item_id: kit, quantity: 3 }],
    });
    confirmSalesOrder(world, order);
    updateKit(world, kit, { mapped_items: [{ item_id: item, quantity: 9 }] });
    const box = pack(3, {}, order);
    expect(act('GET ', box)).toMatchObject({
      package: { line_items: [{ name: 'Set', quantity: 3, mapped_items: [{ item_id: item, quantity: 2 }] }] },
    });
    act('POST /ship', box);
    expect(levelAt(world.db, item, ids.main)).toBe(94e6);
  });

  test.each([
    [{ shipment_date: 'soon' }, '1002: shipment_date must be a date like 2025-01-31.'],
    [{ date: '2025-03-16' }, /^1002: date 2025-03-16 is in the future/],
    [{ weight: -1 }, '1002: weight must be at least 0.'],
    [{ status: 'shipped' }, '1002: A package is made as draft or ready_to_ship; shipping has its own call.'],
    [{ line_items: [] }, '1001: The line_items field is required.'],
    [{ salesorder_id: '404' }, '1002: There is no sales order 404.'],
    [{ salesorder_id: '' }, '1001: The salesorder_id field is required.'],
  ])('with %j is refused and packs nothing', (body, why) => {
    const { pack, orderStatus, call } = open();
    const said = refusal(() => pack(5, body));
    if (typeof why === 'string') expect(said).toBe(why);
    else expect(said).toMatch(why);
    expect(orderStatus()).toBe('confirmed');
    expect(call('GET /packages')).toMatchObject({ packages: [], page_context: { total: 0 } });
  });

  test.each([
    ['draft', 'SO-00002 is draft; only an open or confirmed order is packed.'],
    ['void', 'SO-00002 is void; only an open or confirmed order is packed.'],
    ['closed', 'SO-00002 is closed; only an open or confirmed order is packed.'],
  ])('of an order that is %s is refused', (status, why) => {
    const { world, item, pack, act } = open();
    const id = createSalesOrder(world, { customer_id: ids.customer, line_items: [{ item_id: item, quantity: 2 }] });
    if (status === 'void')
      world.db.exec(`UPDATE orders SET base_status = 'void', status = 'void' WHERE order_id = ${id}`);
    if (status === 'closed') {
      confirmSalesOrder(world, id);
      const box = pack(2, {}, id);
      act('POST /ship', box);
      act('POST /deliver', box);
    }
    expect(refusal(() => pack(1, {}, id))).toBe(`1002: ${why}`);
  });
});

describe('a package', () => {
  const steps: Record<string, (world: ReturnType<typeof open>, box: string) => unknown> = {
    update: ({ act }, box) => act('PUT ', box, { notes: 'Second door' }),
    'pack anew': ({ act, world, order }, box) =>
      act('PUT ', box, { line_items: [{ so_line_item_id: lineId(world, order), quantity: 4 }] }),
    'make ready': ({ act }, box) => act('PUT ', box, { status: 'ready_to_ship' }),
    ship: ({ act }, box) => act('POST /ship', box),
    'ship with others': ({ call, order }, box) =>
      call('POST /shipmentorders', { body: { salesorder_id: order, package_ids: [box] } }),
    deliver: ({ act }, box) => act('POST /deliver', box),
    delete: ({ act }, box) => act('DELETE ', box),
  };
  const reach: Record<string, (world: ReturnType<typeof open>, box: string) => void> = {
    draft: () => undefined,
    ready_to_ship: ({ act }, box) => void act('PUT ', box, { carrier: 'FedEx' }),
    shipped: ({ act }, box) => void act('POST /ship', box),
    delivered: ({ act }, box) => {
      act('POST /ship', box);
      act('POST /deliver', box);
    },
  };
  const only = 'only a shipped package can be delivered.';

  test.each([
    ['draft', 'update', 'draft'],
    ['draft', 'pack anew', 'draft'],
    ['draft', 'make ready', 'ready_to_ship'],
    ['draft', 'ship', 'shipped'],
    ['draft', 'ship with others', 'shipped'],
    ['draft', 'deliver', `1002: PKG-00001 is draft; ${only}`],
    ['draft', 'delete', 'gone'],
    ['ready_to_ship', 'update', 'ready_to_ship'],
    ['ready_to_ship', 'pack anew', 'ready_to_ship'],
    ['ready_to_ship', 'make ready', 'ready_to_ship'],
    ['ready_to_ship', 'ship', 'shipped'],
    ['ready_to_ship', 'ship with others', 'shipped'],
    ['ready_to_ship', 'deliver', `1002: PKG-00001 is ready_to_ship; ${only}`],
    ['ready_to_ship', 'delete', 'gone'],
    ['shipped', 'update', 'shipped'],
    ['shipped', 'pack anew', '1002: PKG-00001 is shipped; its contents cannot change.'],
    ['shipped', 'make ready', '1002: PKG-00001 is shipped; its contents cannot change.'],
    ['shipped', 'ship', '1002: PKG-00001 is shipped already.'],
    ['shipped', 'ship with others', '1002: PKG-00001 is shipped already.'],
    ['shipped', 'deliver', 'delivered'],
    ['shipped', 'delete', '1002: PKG-00001 is shipped and cannot be deleted.'],
    ['delivered', 'update', 'delivered'],
    ['delivered', 'pack anew', '1002: PKG-00001 is delivered; its contents cannot change.'],
    ['delivered', 'make ready', '1002: PKG-00001 is delivered; its contents cannot change.'],
    ['delivered', 'ship', '1002: PKG-00001 is delivered already.'],
    ['delivered', 'ship with others', '1002: PKG-00001 is delivered already.'],
    ['delivered', 'deliver', `1002: PKG-00001 is delivered; ${only}`],
    ['delivered', 'delete', '1002: PKG-00001 is delivered and cannot be deleted.'],
  ])('that is %s answers to "%s": %s', (status, step, outcome) => {
    const world = open();
    const box = world.pack(5);
    reach[status]?.(world, box);
    const before = levelAt(world.world.db, world.item, ids.main);
    const act = () => steps[step]?.(world, box);
    if (outcome.startsWith('1002')) {
      expect(refusal(act)).toBe(outcome);
      expect(textAt(world.act('GET ', box), 'package', 'status')).toBe(status);
      expect(levelAt(world.world.db, world.item, ids.main)).toBe(before);
      return;
    }
    act();
    if (outcome === 'gone') expect(refusal(() => world.act('GET ', box))).toBe(`41: There is no package ${box}.`);
    else expect(textAt(world.act('GET ', box), 'package', 'status')).toBe(outcome);
    const left = ['shipped', 'delivered'].includes(outcome) ? 95e6 : 100e6;
    expect(levelAt(world.world.db, world.item, ids.main)).toBe(left);
  });

  test("is shipped with the reference's example, and the answer tells the shipment", () => {
    const { pack, act, orderStatus } = open();
    const box = pack(25, { date: '2025-01-18' });
    expect(act('POST /ship', box, shipBody)).toMatchObject({
      message: 'Package has been shipped.',
      package: {
        ...shipBody,
        status: 'shipped',
        shipment_number: 'SHP-00001',
        shipment_order: { status: 'shipped', date: '2025-01-20', carrier: 'FedEx' },
      },
    });
    expect(orderStatus()).toBe('partially_shipped');
  });

  test('keeps what it planned where shipping says nothing else', () => {
    const { pack, act } = open();
    const box = pack(5, { carrier: 'UPS', tracking_number: '1Z', service_type: 'Ground' });
    expect(act('POST /ship', box, { tracking_number: '2Z' })).toMatchObject({
      package: { carrier: 'UPS', service_type: 'Ground', tracking_number: '2Z', shipment_date: '2025-03-15' },
    });
  });

  test('that is delivered in full closes its order', () => {
    const { pack, act, orderStatus } = open();
    const boxes = [pack(25), pack(15)];
    for (const box of boxes) act('POST /ship', box);
    expect(orderStatus()).toBe('shipped');
    const [first = '', second = ''] = boxes;
    act('POST /deliver', first);
    expect(orderStatus()).toBe('shipped');
    expect(act('POST /deliver', second).message).toBe('Package has been delivered.');
    expect(orderStatus()).toBe('closed');
  });

  test('is not delivered before it was shipped, nor tomorrow', () => {
    const { pack, act } = open();
    const box = pack(5, { date: '2025-03-01' });
    act('POST /ship', box, { shipment_date: '2025-03-10' });
    expect(refusal(() => act('POST /deliver', box, { delivered_date: '2025-03-09' }))).toBe(
      '1002: PKG-00001 was shipped on 2025-03-10.',
    );
    expect(refusal(() => act('POST /deliver', box, { delivered_date: '2025-03-16' }))).toMatch(/is in the future/);
    expect(act('POST /deliver', box, { delivered_date: '2025-03-12' })).toMatchObject({
      package: { status: 'delivered', shipment_order: { status: 'delivered', delivered_date: '2025-03-12' } },
    });
  });

  test('that is deleted is unpacked: its goods can be packed again', () => {
    const { pack, act, orderStatus } = open();
    const box = pack(40);
    expect(refusal(() => pack(1))).toMatch(/only 0 are left to pack/);
    expect(act('DELETE ', box).message).toBe('Package has been deleted.');
    expect(orderStatus()).toBe('confirmed');
    pack(40);
  });
});

describe('GET /packages', () => {
  test.each([
    [{}, 'CBA'],
    [{ filter_by: 'Status.All' }, 'CBA'],
    [{ filter_by: 'Status.Draft' }, 'A'],
    [{ filter_by: 'Status.ReadyToShip' }, 'B'],
    [{ filter_by: 'Status.Ready_to_Ship' }, 'B'],
    [{ filter_by: 'Status.Shipped' }, 'C'],
    [{ filter_by: 'Status.OutForDelivery' }, ''],
    [{ package_number: 'b' }, 'B'],
    [{ search_text: 'fedex-7' }, 'C'],
    [{ search_text: 'tech' }, 'BA'],
    [{ customer_id: ids.otherCustomer }, 'C'],
    [{ date_start: '2025-02-01', date_end: '2025-02-28' }, 'B'],
    [{ sort_column: 'package_number' }, 'ABC'],
    [{ sort_column: 'customer_name', sort_order: 'A' }, 'CBA'],
    [{ per_page: '1', page: '2' }, 'B'],
  ])('with %j finds %s', (query, expected) => {
    const { pack, ordered, act, call } = open();
    pack(1, { package_number: 'A', date: '2025-01-15' });
    pack(1, { package_number: 'B', date: '2025-02-15', carrier: 'UPS' });
    const other = ordered(3, { customer_id: ids.otherCustomer });
    const third = pack(1, { package_number: 'C', date: '2025-03-01' }, other);
    act('POST /ship', third, { tracking_number: 'FEDEX-7' });
    const { packages } = call('GET /packages', { query });
    const numbers = Array.isArray(packages) ? packages.map((row) => row.package_number) : [];
    expect(numbers.join('')).toBe(expected);
  });

  test('finds those of one order', () => {
    const { pack, ordered, call, order } = open();
    pack(1, { package_number: 'A' });
    pack(1, { package_number: 'B' }, ordered(3));
    expect(call('GET /packages', { query: { salesorder_id: order } })).toMatchObject({
      packages: [{ package_number: 'A', salesorder_number: 'SO-00001', total_quantity: 1 }],
    });
  });

  test('refuses a status and a column that nobody knows', () => {
    const { call } = open();
    expect(refusal(() => call('GET /packages', { query: { filter_by: 'Status.Lost' } }))).toMatch(
      /filter_by is one of Status\.All, Status\.Draft, Status\.ReadyToShip/,
    );
    expect(refusal(() => call('GET /packages', { query: { sort_column: 'colour' } }))).toMatch(/sort_column is one of/);
  });
});

describe('/shipmentorders', () => {
  test('ships packages of one order together, and lists them', () => {
    const { pack, call, order, world, item } = open();
    const package_ids = [pack(3), pack(4)];
    const body = { salesorder_id: order, package_ids, ...shipBody, shipment_date: '2025-03-15', notes: 'Two boxes' };
    const made = call('POST /shipmentorders', { body });
    expect(made).toMatchObject({
      status: 201,
      message: 'Shipment Order has been created.',
      shipmentorder: {
        shipment_number: 'SHP-00001',
        salesorder_number: 'SO-00001',
        customer_name: 'Tech Solutions',
        status: 'shipped',
        carrier: 'FedEx',
        notes: 'Two boxes',
        packages: [{ package_number: 'PKG-00001' }, { package_number: 'PKG-00002' }],
      },
    });
    expect(levelAt(world.db, item, ids.main)).toBe(93e6);
    expect(call('GET /shipmentorders', { query: { filter_by: 'Status.Shipped' } })).toMatchObject({
      shipmentorders: [made.shipmentorder],
      page_context: { total: 1 },
    });
    expect(call('GET /shipmentorders', { query: { filter_by: 'Status.Delivered' } })).toMatchObject({
      shipmentorders: [],
    });
    expect(call('GET /shipmentorders', { query: { search_text: '1z999' } })).toMatchObject({
      page_context: { total: 1 },
    });
  });

  test('take the names of the live API: ids joined by commas, date, delivery_method', () => {
    const { pack, call, order } = open();
    const package_ids = [pack(3, { date: '2025-01-20' }), pack(4, { date: '2025-01-20' })].join(',');
    const body = { salesorder_id: order, package_ids, date: '2025-02-01', delivery_method: 'DHL' };
    expect(call('POST /shipmentorders', { body })).toMatchObject({
      shipmentorder: { date: '2025-02-01', carrier: 'DHL', packages: [{}, {}] },
    });
  });

  test('are the same act as shipping a package, once', () => {
    const { pack, call, act, order, world, item } = open();
    const box = pack(3);
    act('POST /ship', box);
    const again = () => call('POST /shipmentorders', { body: { salesorder_id: order, package_ids: [box] } });
    expect(refusal(again)).toBe('1002: PKG-00001 is shipped already.');
    expect(levelAt(world.db, item, ids.main)).toBe(97e6);
    expect(call('GET /shipmentorders')).toMatchObject({ page_context: { total: 1 } });
  });

  test('ship all packages or none', () => {
    const { pack, call, act, order, world, item } = open();
    const [first, gone] = [pack(3), pack(4)];
    act('POST /ship', gone);
    const both = () => call('POST /shipmentorders', { body: { salesorder_id: order, package_ids: [first, gone] } });
    expect(refusal(both)).toBe('1002: PKG-00002 is shipped already.');
    expect(levelAt(world.db, item, ids.main)).toBe(96e6);
    expect(textAt(act('GET ', first), 'package', 'status')).toBe('draft');
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [{ package_ids: undefined }, /^1001: The package_ids field is required/],
    [{ package_ids: [] }, /^1002: package_ids must be a list/],
    [{ package_ids: [5] }, /^1002: package_ids must be a list/],
    [{ package_ids: ['404'] }, /^41: There is no package 404/],
    [{ salesorder_id: undefined }, /^1001: The salesorder_id field is required/],
    [{ salesorder_id: '404' }, /^1002: PKG-00001 belongs to another sales order than 404/],
    [{ shipment_date: '2025-03-16' }, /^1002: shipment_date 2025-03-16 is in the future/],
  ])('with %j are refused', (change, why) => {
    const { pack, call, order, world, item } = open();
    const body = { salesorder_id: order, package_ids: [pack(3)], ...change };
    expect(refusal(() => call('POST /shipmentorders', { body }))).toMatch(why);
    expect(levelAt(world.db, item, ids.main)).toBe(100e6);
  });
});
