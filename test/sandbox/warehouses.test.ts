import { describe, expect, it } from 'vitest';
import { createTransfer, receiveTransfer, sendTransfer } from '../../src/sandbox/engine/documents/transfers.ts';
import { type Caller, objectAt, rowsAt, startSandbox } from './calls.ts';

/** The warehouse that the API reference prints as its example. */
const example = {
  warehouse_name: 'West Coast Distribution Center',
  attention: 'Warehouse Manager',
  address: {
    address: '789 Warehouse Boulevard',
    street2: 'Building 3',
    city: 'Oakland',
    state: 'CA',
    zip: '94601',
    country: 'USA',
    phone: '555-0188',
    fax: '',
  },
  email: 'warehouse@company.com',
  phone: '555-0188',
  is_primary: false,
  custom_fields: [],
};

async function create(caller: Caller, body: unknown): Promise<Record<string, unknown>> {
  const reply = await caller.call('POST', '/warehouses', body);
  expect(reply).toMatchObject({ status: 201, body: { code: 0, message: 'Warehouse has been created.' } });
  return objectAt(reply, 'warehouse');
}

const list = async (caller: Caller, query = '') =>
  rowsAt(await caller.call('GET', `/warehouses${query}`), 'warehouses');
const primaries = async (caller: Caller) =>
  (await list(caller)).filter((row) => row.is_primary).map((row) => row.warehouse_name);

async function primaryId(caller: Caller): Promise<unknown> {
  return (await list(caller)).find((row) => row.is_primary)?.warehouse_id;
}

describe('warehouses', () => {
  it('keep every field they were given', async () => {
    const caller = startSandbox();
    const created = await create(caller, example);
    expect(created).toMatchObject({
      ...example,
      warehouse_id: expect.stringMatching(/^\d{17}$/),
      status: 'active',
      created_time: '2026-03-16T12:00:00-0700',
    });
    expect(objectAt(await caller.call('GET', `/warehouses/${created.warehouse_id}`), 'warehouse')).toEqual(created);
  });

  it.each([
    [{}, 1001, 'warehouse_name'],
    [{ warehouse_name: 'A', is_primary: 'perhaps' }, 1002, 'is_primary'],
    [{ warehouse_name: 'A', address: [] }, 1002, 'address'],
    [{ warehouse_name: 'main warehouse' }, 36, 'warehouse_name'],
  ])('refuse %j with code %i for %s', async (body, code, field) => {
    const reply = await startSandbox().call('POST', '/warehouses', body);
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ code, field });
  });

  it('have exactly one primary among them, whoever takes that place', async () => {
    const caller = startSandbox();
    expect(await primaries(caller)).toEqual(['Main Warehouse']);
    await create(caller, { warehouse_name: 'East', is_primary: true });
    expect(await primaries(caller)).toEqual(['East']);
    const west = await create(caller, { warehouse_name: 'West' });
    await caller.call('PUT', `/warehouses/${west.warehouse_id}`, { is_primary: true });
    expect(await primaries(caller)).toEqual(['West']);
    const refused = await caller.call('PUT', `/warehouses/${west.warehouse_id}`, { is_primary: false });
    expect(refused.body).toMatchObject({ code: 1002, field: 'is_primary' });
    expect(await primaries(caller)).toEqual(['West']);
  });

  it('change only in the fields that are sent', async () => {
    const caller = startSandbox();
    const created = await create(caller, example);
    caller.pass(60_000);
    const reply = await caller.call('PUT', `/warehouses/${created.warehouse_id}`, { phone: '555-0001' });
    expect(reply.body.message).toBe('Warehouse has been updated.');
    expect(objectAt(reply, 'warehouse')).toEqual({
      ...created,
      phone: '555-0001',
      last_modified_time: '2026-03-16T12:01:00-0700',
    });
  });

  it('can be put out of use and back; an inactive one cannot become primary', async () => {
    const caller = startSandbox();
    const { warehouse_id } = await create(caller, { warehouse_name: 'East' });
    const inactive = await caller.call('POST', `/warehouses/${warehouse_id}/inactive`);
    expect(inactive.body).toMatchObject({
      message: 'Warehouse has been marked as inactive.',
      warehouse: { status: 'inactive' },
    });
    expect((await list(caller, '?filter_by=Status.Inactive')).map((row) => row.warehouse_name)).toEqual(['East']);
    expect(await list(caller, '?filter_by=Status.Active')).toHaveLength(1);
    const primary = await caller.call('PUT', `/warehouses/${warehouse_id}`, { is_primary: true });
    expect(primary.body).toMatchObject({ code: 1002, field: 'is_primary' });
    const active = await caller.call('POST', `/warehouses/${warehouse_id}/active`);
    expect(active.body).toMatchObject({
      message: 'Warehouse has been marked as active.',
      warehouse: { status: 'active' },
    });
  });

  it('that are primary cannot be put out of use or deleted', async () => {
    const caller = startSandbox();
    const id = await primaryId(caller);
    const inactive = await caller.call('POST', `/warehouses/${id}/inactive`);
    expect(inactive).toMatchObject({ status: 400, body: { code: 1002 } });
    expect(inactive.body.details).toContain('is the primary warehouse');
    expect((await caller.call('DELETE', `/warehouses/${id}`)).body.code).toBe(1002);
    expect(await list(caller)).toHaveLength(1);
  });

  it('without history can be deleted', async () => {
    const caller = startSandbox();
    const { warehouse_id } = await create(caller, example);
    expect((await caller.call('DELETE', `/warehouses/${warehouse_id}`)).body.message).toBe(
      'Warehouse has been deleted.',
    );
    const gone = await caller.call('GET', `/warehouses/${warehouse_id}`);
    expect(gone).toMatchObject({ status: 404, body: { code: 1005, message: 'Warehouse not found' } });
  });

  it('are found by name, address and words', async () => {
    const caller = startSandbox();
    await create(caller, example);
    expect(await list(caller, '?search_text=boulevard')).toHaveLength(1);
    expect(await list(caller, '?warehouse_name=Main Warehouse')).toHaveLength(1);
    expect(await list(caller, '?search_text=nowhere')).toEqual([]);
  });
});

describe('warehouses of the demo company', () => {
  const idOf = async (caller: Caller, name: string) => (await list(caller, `?warehouse_name=${name}`))[0]?.warehouse_id;

  it('list what lies there and what is to leave from there', async () => {
    const caller = startSandbox({ seed: 'demo' });
    const oakland = await caller.call('GET', `/warehouses/${await idOf(caller, 'Oakland')}/items`);
    const bySku = new Map(rowsAt(oakland, 'items').map((row) => [row.sku, row]));
    expect(bySku.get('WBH-001')).toMatchObject({
      item_id: expect.stringMatching(/^\d+$/),
      name: 'Wireless Bluetooth Headphones',
      unit: 'pcs',
      stock_on_hand: 60,
      committed_stock: 30,
      available_stock: 30,
    });
    expect(bySku.get('SPK-BT')).toMatchObject({ stock_on_hand: 3, committed_stock: 8, available_stock: -5 });
    expect(bySku.has('SHELF-SPK')).toBe(false);
    expect(bySku.has('INSTALL')).toBe(false);
    const newark = await caller.call('GET', `/warehouses/${await idOf(caller, 'Newark')}/items?search_text=usb-c`);
    expect(rowsAt(newark, 'items')).toMatchObject([{ sku: 'UCC-2M', stock_on_hand: 100, committed_stock: 0 }]);
  });

  it('come in pages and sorted like every list', async () => {
    const caller = startSandbox({ seed: 'demo' });
    const path = `/warehouses/${await idOf(caller, 'Oakland')}/items?sort_column=stock_on_hand&sort_order=D&per_page=2`;
    const reply = await caller.call('GET', path);
    expect(rowsAt(reply, 'items').map((row) => row.sku)).toEqual(['SCREW-M3', 'WIRE-16']);
    expect(reply.body.page_context).toMatchObject({ page: 1, per_page: 2, has_more_page: true });
  });

  it('with stock or goods on the road stay in use', async () => {
    const caller = startSandbox({ seed: 'demo' });
    const newark = await idOf(caller, 'Newark');
    const stocked = await caller.call('POST', `/warehouses/${newark}/inactive`);
    expect(stocked).toMatchObject({ status: 400, body: { code: 1002 } });
    expect(stocked.body.details).toMatch(/^Newark has \d+ items in stock and 1 transfer in transit; move it first\.$/);
  });

  it('that only wait for a transfer stay in use too', async () => {
    const caller = startSandbox({ seed: 'demo' });
    const { database, world } = caller.sandbox;
    const { warehouse_id } = await create(caller, { warehouse_name: 'Tacoma' });
    const [item] = rowsAt(await caller.call('GET', '/items?sku=UCC-1M'), 'items');
    const oakland = await idOf(caller, 'Oakland');
    const transfer = createTransfer(world, {
      from_warehouse_id: oakland,
      to_warehouse_id: warehouse_id,
      line_items: [{ item_id: item?.item_id, quantity: 5 }],
    });
    sendTransfer(world, transfer);
    const details = async () => (await caller.call('POST', `/warehouses/${warehouse_id}/inactive`)).body.details;
    expect(await details()).toBe('Tacoma has 1 transfer in transit; move it first.');
    receiveTransfer(world, transfer);
    expect(await details()).toBe('Tacoma has 1 item in stock; move it first.');
    expect(database.prepare('SELECT status FROM warehouse WHERE warehouse_name = ?').get('Tacoma')).toEqual({
      status: 'active',
    });
  });

  it('with history are kept, and the refusal says to deactivate them', async () => {
    const caller = startSandbox({ seed: 'demo' });
    const reply = await caller.call('DELETE', `/warehouses/${await idOf(caller, 'Portland')}`);
    expect(reply).toMatchObject({ status: 400, body: { code: 1002 } });
    expect(reply.body.details).toMatch(/^Portland has \d+ stock movements, .*Deactivate it instead\.$/);
    expect(await idOf(caller, 'Portland')).toBeDefined();
  });
});
