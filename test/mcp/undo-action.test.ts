import { describe, expect, test } from 'vitest';
import { irreversible, type Kind, kinds, reversals } from '../../src/mcp/undo/reversals.ts';
import { allOperations, operations } from '../../src/operations/index.ts';
import { auditedCompany, type Row, yes } from './audited.ts';
import { caller } from './guarded.ts';
import { type Company, done, itemId, rows } from './undoing.ts';

const customerId = (company: Company) =>
  company.idOf('list_contacts', 'contacts', 'contact_id', { contact_name: 'Test Customer' });
const place = (company: Company, warehouse_name: string) =>
  company.idOf('list_warehouses', 'warehouses', 'warehouse_id', { warehouse_name });

const listed = async (company: Company) => rows((await company.ask('undo_action')).facts.actions);
const newest = async (company: Company): Promise<string> => String((await listed(company))[0]?.action_id);
const undo = async (company: Company) => done(company, 'undo_action', { action_id: await newest(company) });

const onHand = async (company: Company, sku: string): Promise<unknown[]> => {
  const { facts } = await company.ask('get_item', { item_id: await itemId(company, sku) });
  return rows((facts.item as Row).warehouses).map(({ warehouse_stock_on_hand }) => warehouse_stock_on_hand);
};

const errorOf = ({ facts }: { facts: Row }) => facts.error as Row;

const order = async (company: Company) => ({
  customer_id: await customerId(company),
  line_items: [{ item_id: await itemId(company, 'MUG'), quantity: 2, rate: 9 }],
});
const found = (company: Company, tool: string, args: Row) => company.ask(tool, args);

/** Of the sales order with this number; `gone` where there is none. */
async function statusOf(company: Company, number: string): Promise<unknown> {
  const { facts } = await company.ask('list_sales_orders', { search_text: number });
  const [order] = rows(facts.salesorders ?? []).filter(({ salesorder_number }) => salesorder_number === number);
  return order?.status ?? 'gone';
}

test('every write has a row: what reverses it, or why nothing does', () => {
  const writes = allOperations.filter(({ effect }) => effect !== 'read').map(({ name }) => name);
  expect(writes.filter((name) => !reversals[name] && !irreversible[name])).toEqual([]);
  expect(Object.keys(reversals).filter((name) => irreversible[name])).toEqual([]);
  expect([...Object.keys(reversals), ...Object.keys(irreversible)].filter((name) => !writes.includes(name))).toEqual(
    [],
  );
});

test('every kind of record is read and written by its own path', () => {
  const pathOf = (name: string) => operations.find((one) => one.name === name)?.path ?? '';
  for (const kind of Object.values<Kind>(kinds)) expect(pathOf(kind.get)).toContain(`{${kind.path ?? kind.id}}`);
  for (const { kind, by } of Object.values(reversals)) {
    const { id, path = id }: Kind = kinds[kind];
    for (const name of by.filter((one) => !one.startsWith('create_'))) expect(pathOf(name)).toContain(`{${path}}`);
  }
});

describe('the list', () => {
  test('tells the last writes of this caller, newest first, and makes no call', async () => {
    const company = auditedCompany();
    await done(company, 'create_contact', { contact_name: 'First', contact_type: 'customer' });
    company.clock.advance(1000);
    const { contact } = await done(company, 'create_contact', { contact_name: 'Second', contact_type: 'customer' });
    await done(company, 'update_contact', { contact_id: (contact as Row).contact_id, phone: '1' });
    await company.ask(
      'create_contact',
      { contact_name: 'Other', contact_type: 'customer' },
      caller({ caller: 'http:bob' }),
    );
    const before = company.requests();
    const actions = await listed(company);
    expect(company.requests()).toBe(before);
    expect(actions.map(({ tool, records, undo_by }) => [tool, records, undo_by])).toEqual([
      ['update_contact', undefined, undefined],
      ['create_contact', ['Second'], ['delete_contact']],
      ['create_contact', ['First'], ['delete_contact']],
    ]);
    expect(actions[0]?.cannot).toEqual([
      expect.stringContaining('update_contact: what stood there before is not kept'),
    ]);
  });

  test('forgets what is older than a day, and shows ten at most', async () => {
    const company = auditedCompany();
    await done(company, 'create_contact', { contact_name: 'Old', contact_type: 'customer' });
    company.clock.advance(24 * 60 * 60_000 + 1);
    expect(await listed(company)).toEqual([]);
    for (let index = 0; index < 11; index += 1)
      await done(company, 'create_contact', { contact_name: `New ${index}`, contact_type: 'customer' });
    const { facts } = await company.ask('undo_action');
    expect(rows(facts.actions)).toHaveLength(10);
    expect(facts.message).toContain('10 of 11 ');
  });
});

describe('an action of another caller', () => {
  test('is not there, by no id', async () => {
    const company = auditedCompany();
    await done(company, 'create_contact', { contact_name: 'Mine', contact_type: 'customer' });
    const action_id = await newest(company);
    const bob = caller({ caller: 'http:bob' });
    expect((await company.ask('undo_action', {}, bob)).facts.actions).toEqual([]);
    const [foreign, none] = [
      await company.ask('undo_action', { action_id }, bob),
      await company.ask('undo_action', { action_id: 'no-such-action' }, bob),
    ];
    expect(errorOf(foreign)).toMatchObject({ kind: 'not_found' });
    expect(errorOf(foreign)).toEqual(errorOf(none));
  });
});

describe('the calls it makes', () => {
  // The receiving at the end of a way back reads its transfer first, so that a lost answer can be looked for.
  const one = async (company: Company, ask: () => Promise<unknown>): Promise<number> => {
    const before = company.requests();
    await ask();
    return company.requests() - before;
  };

  test.each([
    ['create_contact', { contact_name: 'Zed', contact_type: 'customer' }, 3, 1],
    ['move_stock', { from: 'Oakland', to: 'Newark', items: [{ item: 'MUG', quantity: 2 }], receive: true }, 3, 4],
    ['set_stock_levels', { rows: [{ item: 'MUG', quantity: 12, warehouse: 'Oakland' }] }, 4, 1],
    ['place_sales_order', { customer: 'Test Customer', items: [{ item: 'MUG', quantity: 2 }] }, 3, 1],
  ])('undoing %s reads as much before the yes as after it, and then writes', async (tool, args, reads, writes) => {
    const company = auditedCompany();
    await done(company, tool, args);
    const action_id = await newest(company);
    let asked: { facts: Row } = { facts: {} };
    const toAsk = await one(company, async () => {
      asked = await company.ask('undo_action', { action_id });
    });
    const toRun = await one(company, () => company.ask('confirm_action', yes(asked.facts)));
    expect([toAsk, toRun]).toEqual([reads, reads + writes]);
  });
});

test('the list leaves no line in the audit, an undo leaves one of what it may do at worst', async () => {
  const company = auditedCompany();
  await done(company, 'create_contact', { contact_name: 'Zed', contact_type: 'customer' });
  const before = company.lines.length;
  const action_id = await newest(company);
  expect(company.lines).toHaveLength(before);
  await company.ask('undo_action', { action_id });
  expect(company.lines).toHaveLength(before + 1);
  expect(company.last()).toMatchObject({ tool: 'undo_action', effect: 'destroy' });
});

test('what was undone is not undone again under a key of its own', async () => {
  const company = auditedCompany();
  await done(company, 'move_stock', {
    from: 'Oakland',
    to: 'Newark',
    items: [{ item: 'MUG', quantity: 2 }],
    receive: true,
  });
  const action_id = await newest(company);
  await done(company, 'undo_action', { action_id });
  const again = await company.ask('undo_action', { action_id }, caller({ idempotencyKey: 'another' }));
  expect(again.facts.message).toContain('It was undone already');
});

describe('what is created is deleted', () => {
  test.each([
    [
      'create_item',
      { name: 'Lamp', sku: 'ZLAMP', rate: 5, item_type: 'inventory' },
      'list_items',
      { sku: 'ZLAMP' },
      'items',
    ],
    [
      'create_contact',
      { contact_name: 'Zed', contact_type: 'customer' },
      'list_contacts',
      { search_text: 'Zed' },
      'contacts',
    ],
  ])('%s', async (tool, args, list, filter, key) => {
    const company = auditedCompany();
    await done(company, tool, args);
    expect((await found(company, list, filter)).facts[key]).toHaveLength(1);
    await undo(company);
    expect((await found(company, list, filter)).facts[key] ?? []).toEqual([]);
  });

  test('a warehouse, a kit', async () => {
    const company = auditedCompany();
    const { warehouse } = await done(company, 'create_warehouse', { warehouse_name: 'Reno' });
    await undo(company);
    const at = { warehouse_id: (warehouse as Row).warehouse_id };
    expect(errorOf(await company.ask('get_warehouse', at))).toMatchObject({ kind: 'not_found' });
    const mapped_items = [{ item_id: await itemId(company, 'MUG'), quantity: 2 }];
    const { composite_item } = await done(company, 'create_composite_item', {
      name: 'Two',
      sku: 'TWO',
      rate: 9,
      mapped_items,
    });
    const kit = { item_id: (composite_item as Row).composite_item_id };
    expect((await company.ask('get_composite_item', kit)).isError).toBe(false);
    await undo(company);
    expect(errorOf(await company.ask('get_composite_item', kit))).toMatchObject({ kind: 'not_found' });
  });

  test('but not once it has history: then it says why, and nothing is written', async () => {
    const company = auditedCompany();
    await done(company, 'create_contact', { contact_name: 'Zed', contact_type: 'customer' });
    const action_id = await newest(company);
    const customer_id = await company.idOf('list_contacts', 'contacts', 'contact_id', { contact_name: 'Zed' });
    await done(company, 'create_sales_order', { ...(await order(company)), customer_id });
    const answer = await company.ask('undo_action', { action_id });
    expect(errorOf(answer)).toMatchObject({ kind: 'rejected', message: expect.stringContaining('cannot be undone') });
    expect(errorOf(answer).message).toContain('Nothing was written.');
  });
});

describe('orders', () => {
  test('a draft is deleted, a confirmed one is void, and its stock is free', async () => {
    const company = auditedCompany();
    const { salesorder } = await done(company, 'create_sales_order', await order(company));
    const { salesorder_id } = salesorder as Row;
    await undo(company);
    expect(errorOf(await company.ask('get_sales_order', { salesorder_id }))).toMatchObject({ kind: 'not_found' });

    const { salesorder: second } = await done(company, 'create_sales_order', await order(company));
    const id = { salesorder_id: (second as Row).salesorder_id };
    await done(company, 'confirm_sales_order', id);
    company.clock.advance(1000);
    await undo(company);
    const { facts } = await company.ask('get_sales_order', id);
    expect(facts.salesorder).toMatchObject({ status: 'void' });
  });

  test('a purchase draft is deleted, an issued one is cancelled', async () => {
    const company = auditedCompany();
    const { purchaseorders } = (await company.ask('list_purchase_orders', {})).facts;
    const { vendor_id } = rows(purchaseorders)[0] ?? {};
    const draft = { vendor_id, line_items: [{ item_id: await itemId(company, 'MUG'), quantity: 3, rate: 2 }] };
    const { purchaseorder } = await done(company, 'create_purchase_order', draft);
    await undo(company);
    const gone = { purchaseorder_id: (purchaseorder as Row).purchaseorder_id };
    expect(errorOf(await company.ask('get_purchase_order', gone))).toMatchObject({ kind: 'not_found' });
    const { purchaseorder: second } = await done(company, 'create_purchase_order', { ...draft, notes: 'again' });
    const id = { purchaseorder_id: (second as Row).purchaseorder_id };
    company.clock.advance(1000);
    await done(company, 'issue_purchase_order', id);
    await undo(company);
    expect((await company.ask('get_purchase_order', id)).facts.purchaseorder).toMatchObject({ status: 'cancelled' });
  });

  test.each([
    [{ confirm: false }, 'deleting', 'gone'],
    [{}, 'voiding', 'void'],
  ])('place_sales_order %o is taken back whole, by %s', async (more, verb, status) => {
    const company = auditedCompany();
    const items = [{ item: 'MUG', quantity: 2 }];
    await done(company, 'place_sales_order', { customer: 'Test Customer', items, ...more });
    const [{ records } = {}] = await listed(company);
    const [number] = records as string[];
    expect(await statusOf(company, String(number))).not.toBe(status);
    const answer = await undo(company);
    expect(answer.undone).toEqual([`${verb} ${number}`]);
    expect(await statusOf(company, String(number))).toBe(status);
  });

  test('a deleted record stays so, and says what a person can do', async () => {
    const company = auditedCompany();
    const { salesorder } = await done(company, 'create_sales_order', await order(company));
    company.clock.advance(1000);
    await done(company, 'delete_sales_order', { salesorder_id: (salesorder as Row).salesorder_id });
    const answer = await company.ask('undo_action', { action_id: await newest(company) });
    expect(errorOf(answer).message).toContain('a deleted record does not come back');
  });
});

describe('packages and jobs', () => {
  async function confirmed(company: Company): Promise<Row> {
    const { salesorder } = await done(company, 'create_sales_order', await order(company));
    await done(company, 'confirm_sales_order', { salesorder_id: (salesorder as Row).salesorder_id });
    company.clock.advance(1000);
    return salesorder as Row;
  }

  test('a package is deleted before it ships, and stays after', async () => {
    const company = auditedCompany();
    const { salesorder_id, line_items } = await confirmed(company);
    const [line = {}] = rows(line_items);
    const pack = { salesorder_id, line_items: [{ so_line_item_id: line.line_item_id, quantity: 2 }] };
    await done(company, 'create_package', pack);
    const first = await undo(company);
    expect(first.undone).toEqual([expect.stringMatching(/^deleting PKG-/)]);
    company.clock.advance(1000);
    const again = await done(company, 'create_package', { ...pack, notes: 'again' });
    const packed = await newest(company);
    company.clock.advance(1000);
    const { package_id } = again.package as Row;
    await done(company, 'ship_package', { package_id, shipment_date: '2026-03-16' });
    const answer = await company.ask('undo_action', { action_id: packed });
    expect(errorOf(answer).message).toContain('cannot be undone');
    const shipping = await company.ask('undo_action', { action_id: await newest(company) });
    expect(errorOf(shipping).message).toContain('record_return');
  });

  test('an order that was packed, and shipped, in one call: what is packed is taken back with its order, what left stays', async () => {
    const company = auditedCompany();
    const wish = { customer: 'Test Customer', items: [{ item: 'MUG', quantity: 2 }] };
    await done(company, 'fulfil_sales_order', wish);
    const answer = await undo(company);
    expect(answer.undone).toEqual([expect.stringMatching(/^deleting PKG-/), expect.stringMatching(/^voiding SO-/)]);
    expect(answer.stays).toBeUndefined();
    expect(await statusOf(company, String(rows(answer.undone).at(-1)).replace('voiding ', ''))).toBe('void');

    company.clock.advance(1000);
    await done(company, 'fulfil_sales_order', { ...wish, items: [{ item: 'MUG', quantity: 3 }], carrier: 'UPS' });
    const refused = await company.ask('undo_action', { action_id: await newest(company) });
    expect(errorOf(refused).message).toContain('cannot be undone');
    expect(errorOf(refused).message).toContain('goods that left do not come back');
  });

  test('drafts of a reorder are deleted, newest first', async () => {
    const company = auditedCompany();
    const drafts = async () =>
      rows((await company.ask('list_purchase_orders', { filter_by: 'Status.Draft' })).facts.purchaseorders ?? [])
        .length;
    const before = await drafts();
    await done(company, 'reorder_low_stock', {});
    expect(await drafts()).toBeGreaterThan(before);
    await undo(company);
    expect(await drafts()).toBe(before);
  });

  test('of an import what was created is deleted, and what was updated gets back its price', async () => {
    const company = auditedCompany();
    const rateOf = async () => rows((await company.ask('list_items', { sku: 'MUG' })).facts.items)[0]?.rate;
    const before = await rateOf();
    await done(company, 'import_items', { csv: 'sku,name,rate\nZLAMP,Zed Lamp,5\nMUG,Logo Mug,9.5\n' });
    const answer = await undo(company);
    expect(answer.stays).toBeUndefined();
    expect(await rateOf()).toBe(before);
    expect((await company.ask('list_items', { sku: 'ZLAMP' })).facts.items ?? []).toEqual([]);
  });

  test('a receive stays, and says what a person can do instead', async () => {
    const company = auditedCompany();
    const { facts } = await company.ask('list_purchase_orders', { filter_by: 'Status.Issued' });
    const { purchaseorder_id } = rows(facts.purchaseorders)[0] ?? {};
    const { purchaseorder } = (await company.ask('get_purchase_order', { purchaseorder_id })).facts;
    const [line = {}] = rows((purchaseorder as Row).line_items);
    await done(company, 'receive_purchase_order', {
      purchaseorder_id,
      line_items: [{ line_item_id: line.line_item_id, quantity_received: 1 }],
    });
    const answer = await company.ask('undo_action', { action_id: await newest(company) });
    expect(errorOf(answer).message).toContain('a receive has no endpoint that takes it back');
  });
});

describe('stock', () => {
  const adjust = async (company: Company, quantity_adjusted: number) =>
    done(company, 'create_stock_adjustment', {
      adjustment_type: 'quantity',
      reason: 'found',
      line_items: [
        { item_id: await itemId(company, 'MUG'), warehouse_id: await place(company, 'Oakland'), quantity_adjusted },
      ],
    });

  test('an adjustment is deleted, with stock before and after in the preview', async () => {
    const company = auditedCompany();
    const before = await onHand(company, 'MUG');
    await adjust(company, -5);
    const asked = await company.ask('undo_action', { action_id: await newest(company) });
    expect(JSON.stringify(asked.facts.preview)).toContain('on hand 45 -> 50');
    await company.ask('confirm_action', yes(asked.facts));
    expect(await onHand(company, 'MUG')).toEqual(before);
  });

  test('where deleting is refused because goods moved on, the next try books a counter-adjustment', async () => {
    const company = auditedCompany();
    await adjust(company, 6);
    const action_id = await newest(company);
    company.clock.advance(1000);
    await done(company, 'set_stock_levels', { rows: [{ item: 'MUG', quantity: 3, warehouse: 'Oakland' }] });
    company.clock.advance(1000);
    await adjust(company, 10);
    const before = await onHand(company, 'MUG');
    const asked = await company.ask('undo_action', { action_id });
    const first = await company.ask('confirm_action', yes(asked.facts));
    expect(first.isError).toBe(true);
    expect(errorOf(first).message).toContain('books a counter-adjustment instead');
    expect(await onHand(company, 'MUG')).toEqual(before);
    await done(company, 'undo_action', { action_id });
    expect(await onHand(company, 'MUG')).toEqual([7, ...before.slice(1)]);
    const again = await company.ask('undo_action', { action_id });
    expect(again.facts.message).toContain('undone already');
  });

  test('a stock take is taken back', async () => {
    const company = auditedCompany();
    const before = await onHand(company, 'MUG');
    await done(company, 'set_stock_levels', { rows: [{ item: 'MUG', quantity: 12, warehouse: 'Oakland' }] });
    expect(await onHand(company, 'MUG')).not.toEqual(before);
    await undo(company);
    expect(await onHand(company, 'MUG')).toEqual(before);
  });

  const move = { from: 'Oakland', to: 'Newark', items: [{ item: 'MUG', quantity: 20 }], receive: true };

  test('a move goes back by a second transfer, once', async () => {
    const company = auditedCompany();
    const before = await onHand(company, 'MUG');
    await done(company, 'move_stock', move);
    const action_id = await newest(company);
    const asked = await company.ask('undo_action', { action_id });
    expect(JSON.stringify(asked.facts)).toContain('Newark 20 -> 0, Oakland 30 -> 50');
    await company.ask('confirm_action', yes(asked.facts));
    expect(await onHand(company, 'MUG')).toEqual(before);
    expect((await listed(company)).map(({ tool, undone }) => [tool, undone])).toEqual([['move_stock', true]]);
    const requests = company.requests();
    expect((await company.ask('undo_action', { action_id })).facts.message).toContain('It was undone already');
    expect(company.requests()).toBe(requests);
    expect((await company.ask('confirm_action', yes(asked.facts))).facts.status).toBe('already_done');
    expect(await onHand(company, 'MUG')).toEqual(before);
  });

  test('goods that left the destination meanwhile stop the way back', async () => {
    const company = auditedCompany();
    await done(company, 'move_stock', move);
    const action_id = await newest(company);
    const asked = await company.ask('undo_action', { action_id });
    company.clock.advance(1000);
    await done(company, 'set_stock_levels', { rows: [{ item: 'MUG', quantity: 3, warehouse: 'Newark' }] });
    const answer = await company.ask('confirm_action', yes(asked.facts));
    expect(errorOf(answer).message).toContain('not all in Newark any more');
    expect(await onHand(company, 'MUG')).toEqual([30, 3, ...(await onHand(company, 'MUG')).slice(2)]);
  });

  test('goods on their way cannot turn round; a draft transfer is deleted', async () => {
    const company = auditedCompany();
    await done(company, 'move_stock', { ...move, receive: false });
    const answer = await company.ask('undo_action', { action_id: await newest(company) });
    expect(errorOf(answer).message).toContain('receive_transfer first');
    company.clock.advance(1000);
    const { transfer } = await done(company, 'create_transfer', {
      from_warehouse_id: await place(company, 'Oakland'),
      to_warehouse_id: await place(company, 'Newark'),
      line_items: [{ item_id: await itemId(company, 'MUG'), quantity: 1 }],
    });
    await undo(company);
    const { transfer_id } = transfer as Row;
    expect(errorOf(await company.ask('get_transfer', { transfer_id }))).toMatchObject({ kind: 'not_found' });
  });

  test('a way back that is cut off half way is resumed, and nothing is done twice', async () => {
    const company = auditedCompany();
    const before = await onHand(company, 'MUG');
    await done(company, 'move_stock', move);
    const action_id = await newest(company);
    const asked = await company.ask('undo_action', { action_id });
    company.world.between = (request, next) =>
      request.url.includes('/receive')
        ? Promise.resolve(Response.json({ code: 1000, message: 'no' }, { status: 400 }))
        : next();
    const cut = await company.ask('confirm_action', yes(asked.facts));
    expect(errorOf(cut)).toMatchObject({ kind: 'partly_done' });
    company.world.between = (_, next) => next();
    // A second undo is not begun beside it.
    expect(JSON.stringify((await company.ask('undo_action', { action_id })).facts)).toContain('resume_workflow');
    await done(company, 'resume_workflow', { workflow_id: asked.facts.confirmation });
    expect(await onHand(company, 'MUG')).toEqual(before);
    expect((await company.ask('undo_action', { action_id })).facts.message).toContain('undone already');
  });
});

describe('switches and prices', () => {
  test('a deactivated item is activated, and the other way round', async () => {
    const company = auditedCompany();
    const item_id = await itemId(company, 'MUG');
    const status = async () => ((await company.ask('get_item', { item_id })).facts.item as Row).status;
    await done(company, 'deactivate_item', { item_id });
    await undo(company);
    expect(await status()).toBe('active');
    await done(company, 'deactivate_item', { item_id });
    company.clock.advance(1000);
    await done(company, 'activate_item', { item_id });
    await undo(company);
    expect(await status()).toBe('inactive');
  });

  test('prices go back to what they were; one that was changed since stays', async () => {
    const company = auditedCompany();
    const rate = async (sku: string) => {
      const { facts } = await company.ask('get_item', { item_id: await itemId(company, sku) });
      return (facts.item as Row).rate;
    };
    const before = await rate('MUG');
    await done(company, 'update_prices', {
      prices: [
        { item: 'MUG', rate: 13 },
        { item: 'DMAT', rate: 21 },
      ],
    });
    const action_id = await newest(company);
    company.clock.advance(1000);
    await done(company, 'update_item', { item_id: await itemId(company, 'DMAT'), rate: 22 });
    const answer = await done(company, 'undo_action', { action_id });
    expect([await rate('MUG'), await rate('DMAT')]).toEqual([before, 22]);
    expect(answer.stays).toEqual([expect.stringContaining('was changed since, to 22.00')]);
  });
});

describe('an undo of an undo', () => {
  test('says what was taken back and how to have it again, which can be undone then', async () => {
    const company = auditedCompany();
    const item_id = await itemId(company, 'MUG');
    const rate = async () => ((await company.ask('get_item', { item_id })).facts.item as Row).rate;
    const before = await rate();
    await done(company, 'update_item', { item_id, rate: 99.5 });
    const asked = await company.ask('undo_action', { action_id: await newest(company) });
    await company.ask('confirm_action', yes(asked.facts));
    const again = await company.ask('undo_action', { action_id: asked.facts.confirmation });
    expect(errorOf(again)).toMatchObject({ kind: 'rejected' });
    expect(errorOf(again).message).toMatch(
      /^An undo is not undone\. This one took back: Update item Logo Mug .*To have it again call update_item anew; .*Nothing was written\.$/,
    );
    expect(await rate()).toBe(before);
    company.clock.advance(1000);
    await done(company, 'update_item', { item_id, rate: 99.5 });
    await undo(company);
    expect(await rate()).toBe(before);
  });

  test('of one that stopped half way says to go on with it first', async () => {
    const company = auditedCompany();
    await done(company, 'move_stock', {
      ...{ from: 'Oakland', to: 'Newark', receive: true },
      items: [{ item: 'MUG', quantity: 2 }],
    });
    const asked = await company.ask('undo_action', { action_id: await newest(company) });
    company.world.between = (request, next) =>
      request.url.includes('/receive')
        ? Promise.resolve(Response.json({ code: 1000, message: 'no' }, { status: 400 }))
        : next();
    expect((await company.ask('confirm_action', yes(asked.facts))).isError).toBe(true);
    const again = await company.ask('undo_action', { action_id: asked.facts.confirmation });
    const id = String(asked.facts.confirmation);
    expect(errorOf(again).message).toContain(`has not ended. Call resume_workflow with workflow_id ${id} first.`);
  });
});

test('what was undone in part is said to be so', async () => {
  const company = auditedCompany();
  const item_id = await itemId(company, 'MUG');
  await done(company, 'update_item', { item_id, rate: 99.5, reorder_level: 77 });
  const action_id = await newest(company);
  company.clock.advance(1000);
  await done(company, 'update_item', { item_id, reorder_level: 5 });
  await done(company, 'undo_action', { action_id });
  expect((await listed(company)).find((action) => action.action_id === action_id)?.undone).toBe('in part');
  const again = await company.ask('undo_action', { action_id });
  expect(again.facts.message).toMatch(
    /It was undone already, at .* but for what stayed then: reorder_level of .* changed since, to 5/,
  );
});

test('an undo that found all of it changed at its very write put nothing back, says so, and may be tried again', async () => {
  const company = auditedCompany();
  const item_id = await itemId(company, 'MUG');
  const rate = async () => ((await company.ask('get_item', { item_id })).facts.item as Row).rate;
  const before = await rate();
  await done(company, 'update_item', { item_id, rate: 99.5 });
  const action_id = await newest(company);
  const asked = await company.ask('undo_action', { action_id });
  let reads = 0;
  const since = async (value: number) => {
    const { between } = company.world;
    company.world.between = (_, next) => next();
    await done(company, 'update_prices', { prices: [{ item: 'MUG', rate: value }] });
    company.world.between = between;
  };
  company.world.between = async (request, next) => {
    if (request.method === 'GET') reads += 1;
    // What the preview rested on is read at the yes; the third reading is the one right before the write.
    if (request.method === 'GET' && reads === 3) await since(98);
    return next();
  };
  const answer = await company.ask('confirm_action', yes(asked.facts));
  expect(answer.facts.message).toMatch(/^Nothing was put back\. rate of Logo Mug was changed since, to 98/);
  expect(answer.facts.undone).toEqual([]);
  expect(await rate()).toBe(98);
  company.world.between = (_, next) => next();
  expect((await listed(company)).find((action) => action.action_id === action_id)?.undone).toBeUndefined();
  await since(99.5);
  await done(company, 'undo_action', { action_id });
  expect(await rate()).toBe(before);
});
