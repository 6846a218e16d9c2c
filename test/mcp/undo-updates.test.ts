import { expect, test } from 'vitest';
import { auditedCompany, type Row, yes } from './audited.ts';
import { caller } from './guarded.ts';
import { type Company, done, itemId, rows } from './undoing.ts';

async function newest(company: Company): Promise<Row> {
  const { facts } = await company.ask('undo_action');
  return rows(facts.actions)[0] ?? {};
}
const undo = async (company: Company) => done(company, 'undo_action', { action_id: (await newest(company)).action_id });
const refused = async (company: Company): Promise<string> => {
  const { facts } = await company.ask('undo_action', { action_id: (await newest(company)).action_id });
  return String((facts.error as Row | undefined)?.message);
};
const record = async (company: Company, tool: string, key: string, args: Row) =>
  (await company.ask(tool, args)).facts[key] as Row;

test('an item gets back its old price, and of another caller nothing is seen', async () => {
  const company = auditedCompany();
  const item_id = await itemId(company, 'MUG');
  const item = () => record(company, 'get_item', 'item', { item_id });
  const before = await item();
  await done(company, 'update_item', { item_id, rate: 99.5, reorder_level: 77 });
  const action = await newest(company);
  expect(action.undo_by).toEqual(['update_item with the former values']);
  const bob = caller({ caller: 'http:bob' });
  const foreign = await company.ask('undo_action', { action_id: action.action_id }, bob);
  expect(foreign.facts.error).toMatchObject({ kind: 'not_found' });
  const asked = await company.ask('undo_action', { action_id: action.action_id });
  expect(String(asked.facts.preview)).toMatch(/rate 99\.5\S* -> /);
  await done(company, 'confirm_action', yes(asked.facts));
  const { rate, reorder_level } = await item();
  expect({ rate, reorder_level }).toEqual({ rate: before.rate, reorder_level: before.reorder_level });
  const again = await company.ask('undo_action', { action_id: action.action_id });
  expect(again.facts.message).toContain('It was undone already');
});

test('a field that somebody changed since stays, and the others go back', async () => {
  const company = auditedCompany();
  const item_id = await itemId(company, 'MUG');
  const item = () => record(company, 'get_item', 'item', { item_id });
  const before = await item();
  await done(company, 'update_item', { item_id, rate: 99.5, reorder_level: 77 });
  const { action_id } = await newest(company);
  company.clock.advance(1000);
  await done(company, 'update_item', { item_id, reorder_level: 5 });
  const { stays } = await done(company, 'undo_action', { action_id });
  expect(stays).toEqual([expect.stringMatching(/^reorder_level of .* was changed since, to 5/)]);
  expect(await item()).toMatchObject({ rate: before.rate, reorder_level: 5 });
});

test('what changes between the preview and the yes is not overwritten', async () => {
  const company = auditedCompany();
  const item_id = await itemId(company, 'MUG');
  await done(company, 'update_item', { item_id, rate: 99.5 });
  const asked = await company.ask('undo_action', { action_id: (await newest(company)).action_id });
  company.clock.advance(1000);
  await done(company, 'update_item', { item_id, rate: 98 });
  await company.ask('confirm_action', yes(asked.facts));
  expect((await record(company, 'get_item', 'item', { item_id })).rate).toBe(98);
});

test('an update whose record was not read before says so', async () => {
  const company = auditedCompany();
  const item_id = await itemId(company, 'MUG');
  await done(company, 'update_item', { item_id, reorder_level: 77 });
  expect(await refused(company)).toContain('the record was not read then');
});

test('a contact gets back its address of mail', async () => {
  const company = auditedCompany();
  const made = await done(company, 'create_contact', {
    contact_name: 'A',
    contact_type: 'customer',
    email: 'a@b.test',
  });
  const { contact_id } = made.contact as Row;
  company.clock.advance(1000);
  const contact = () => record(company, 'get_contact', 'contact', { contact_id });
  const before = await contact();
  await done(company, 'update_contact', { contact_id, email: 'c@d.test' });
  company.clock.advance(1000);
  const changed = await contact();
  expect(changed.email).not.toBe(before.email);
  await undo(company);
  expect((await contact()).email).toBe(before.email);
});

/** A sales order of two lines, confirmed. */
async function ordered(company: Company) {
  const [mug, cap] = [await itemId(company, 'MUG'), (await company.ask('list_items', { per_page: 50 })).facts.items];
  const other = rows(cap).find(({ sku, item_id }) => sku !== 'MUG' && item_id !== mug) ?? {};
  const customer_id = await company.idOf('list_contacts', 'contacts', 'contact_id', { contact_name: 'Test Customer' });
  const line_items = [
    { item_id: mug, quantity: 5, rate: 9, discount: '10%' },
    { item_id: other.item_id, quantity: 2, rate: 3 },
  ];
  const asked = { customer_id, line_items, shipment_date: '2026-04-01' };
  const { salesorder } = await done(company, 'create_sales_order', asked);
  const { salesorder_id } = salesorder as Row;
  await done(company, 'confirm_sales_order', { salesorder_id });
  const order = () => record(company, 'get_sales_order', 'salesorder', { salesorder_id });
  company.clock.advance(1000);
  return { salesorder_id, order, number: (salesorder as Row).salesorder_number };
}
const linesOf = (order: Row) =>
  rows(order.line_items).map(({ item_id, quantity, rate, discount, item_total }) => ({
    ...{ item_id, quantity, rate, discount, item_total },
  }));

test('amend_order: quantities, a removed line and the date go back, the discount with them', async () => {
  const company = auditedCompany();
  const { order, number } = await ordered(company);
  const before = await order();
  const [first = {}, second = {}] = rows(before.line_items);
  const lines = [
    { item: first.line_item_id, quantity: 3, rate: 8 },
    { item: second.line_item_id, quantity: 0 },
  ];
  await done(company, 'amend_order', { order: number, lines, reference_number: 'R-9', shipment_date: '2026-05-01' });
  expect(linesOf(await order())).toHaveLength(1);
  const { stays } = await undo(company);
  const after = await order();
  expect(linesOf(after)).toEqual(linesOf(before));
  expect(rows(after.line_items)[0]?.line_item_id).toBe(first.line_item_id);
  expect([after.total, after.shipment_date]).toEqual([before.total, before.shipment_date]);
  expect(after.reference_number).toBe(before.reference_number);
  expect(stays).toBeUndefined();
});

test('a line that was packed since is not taken below it', async () => {
  const company = auditedCompany();
  const { order, salesorder_id } = await ordered(company);
  const [first = {}, second = {}] = rows((await order()).line_items);
  const line_items = [
    { line_item_id: first.line_item_id, item_id: first.item_id, quantity: 6 },
    { line_item_id: second.line_item_id, item_id: second.item_id, quantity: 2 },
  ];
  await done(company, 'update_sales_order', { salesorder_id, line_items });
  const { action_id } = await newest(company);
  company.clock.advance(1000);
  const pack = {
    date: '2026-03-16',
    salesorder_id,
    line_items: [{ so_line_item_id: first.line_item_id, quantity: 6 }],
  };
  await done(company, 'create_package', pack);
  const { facts } = await company.ask('undo_action', { action_id });
  expect((facts.error as Row).message).toMatch(/6 of .* are packed by now/);
  expect(rows((await order()).line_items)[0]?.quantity).toBe(6);
});

test('a purchase order gets back its lines; once void or cancelled it stays', async () => {
  const company = auditedCompany();
  const vendor_id = rows((await company.ask('list_contacts', { contact_type: 'vendor' })).facts.contacts)[0]
    ?.contact_id;
  const item_id = await itemId(company, 'MUG');
  const made = await done(company, 'create_purchase_order', {
    vendor_id,
    line_items: [{ item_id, quantity: 4, rate: 2 }],
  });
  const { purchaseorder_id } = made.purchaseorder as Row;
  const order = () => record(company, 'get_purchase_order', 'purchaseorder', { purchaseorder_id });
  const before = await order();
  const line_item_id = rows(before.line_items)[0]?.line_item_id;
  company.clock.advance(1000);
  const line_items = [{ line_item_id, item_id, quantity: 3, rate: 1 }];
  await done(company, 'update_purchase_order', { purchaseorder_id, line_items });
  company.clock.advance(1000);
  await undo(company);
  expect(linesOf(await order())).toEqual(linesOf(before));
  company.clock.advance(1000);
  await done(company, 'update_purchase_order', { purchaseorder_id, line_items });
  const { action_id } = await newest(company);
  await done(company, 'issue_purchase_order', { purchaseorder_id });
  await done(company, 'cancel_purchase_order', { purchaseorder_id });
  const { facts } = await company.ask('undo_action', { action_id });
  expect((facts.error as Row).message).toContain('is cancelled by now');
});

test('import_items: changed rows go back by the fields that changed, created ones are deleted', async () => {
  const company = auditedCompany();
  const list = async () => rows((await company.ask('list_items', { per_page: 200 })).facts.items);
  const skus = (await list()).filter(({ sku }) => sku).map(({ sku }) => sku);
  const shown = (all: Row[]) => new Map(all.map(({ sku, rate }) => [sku, rate]));
  const before = shown(await list());
  const csv = ['sku,name,rate', ...skus.slice(0, 7).map((sku) => `${sku},,77`), 'NEW-1,New one,5'].join('\n');
  await done(company, 'import_items', { csv });
  expect(shown(await list()).get(skus[0])).toBe(77);
  const action = await newest(company);
  company.clock.advance(1000);
  const since = await itemId(company, String(skus[1]));
  await done(company, 'update_item', { item_id: since, rate: 78 });
  const { stays } = await done(company, 'undo_action', { action_id: action.action_id });
  expect(stays).toEqual([expect.stringContaining(`rate of ${skus[1]} was changed since, to 78`)]);
  const expected = new Map(before).set(skus[1], 78);
  expect(shown(await list())).toEqual(expected);
});

/** Three prices changed by an import, and the question whether to take it back. */
async function imported(company: Company) {
  const skus = ['MUG', 'AIF-2', 'WBH-001'];
  const rates = async () => {
    const items = rows((await company.ask('list_items', { per_page: 200 })).facts.items);
    return skus.map((sku) => items.find((item) => item.sku === sku)?.rate);
  };
  const before = await rates();
  await done(company, 'import_items', { csv: ['sku,name,rate', ...skus.map((sku) => `${sku},,77`)].join('\n') });
  expect(await rates()).toEqual([77, 77, 77]);
  const { action_id } = await newest(company);
  const asked = await company.ask('undo_action', { action_id });
  return { before, rates, action_id, asked };
}

test('an undo of rows that is cut half way is resumed, and no row is written twice', async () => {
  const company = auditedCompany();
  const { before, rates, action_id, asked } = await imported(company);
  let puts = 0;
  company.world.between = (request, next) => {
    if (request.method !== 'PUT') return next();
    puts += 1;
    return puts === 2 ? Promise.resolve(Response.json({ code: 1000, message: 'no' }, { status: 400 })) : next();
  };
  const cut = await company.ask('confirm_action', yes(asked.facts));
  expect(cut.facts.error).toMatchObject({ kind: 'partly_done' });
  const beside = await company.ask('undo_action', { action_id });
  expect(JSON.stringify(beside.facts)).toContain('resume_workflow');
  await done(company, 'resume_workflow', { workflow_id: asked.facts.confirmation });
  expect(await rates()).toEqual(before);
  // The refused one is sent again, the first is not.
  expect(puts).toBe(4);
});

test('a lost answer in the middle is looked for, and every row goes back', async () => {
  const company = auditedCompany();
  const { before, rates, action_id, asked } = await imported(company);
  let puts = 0;
  company.world.between = async (request, next) => {
    const response = await next();
    if (request.method !== 'PUT') return response;
    puts += 1;
    if (puts === 2) throw new TypeError('fetch failed');
    return response;
  };
  const answer = await company.ask('confirm_action', yes(asked.facts));
  if (answer.isError) await done(company, 'resume_workflow', { workflow_id: asked.facts.confirmation });
  expect(await rates()).toEqual(before);
  const again = await company.ask('undo_action', { action_id });
  expect(again.facts.message).toContain('undone already');
});

test('a lost answer of the update itself loses nothing of what stood before', async () => {
  const company = auditedCompany();
  const item_id = await itemId(company, 'MUG');
  const item = () => record(company, 'get_item', 'item', { item_id });
  const before = await item();
  const asked = await company.ask('update_item', { item_id, rate: 99.5 });
  let isLost = false;
  company.world.between = async (request, next) => {
    const response = await next();
    if (request.method !== 'PUT' || isLost) return response;
    isLost = true;
    throw new TypeError('fetch failed');
  };
  await done(company, 'confirm_action', yes(asked.facts));
  expect(isLost).toBe(true);
  await undo(company);
  expect((await item()).rate).toBe(before.rate);
});

test('a kit gets back its price', async () => {
  const company = auditedCompany();
  const mapped_items = [{ item_id: await itemId(company, 'MUG'), quantity: 2 }];
  const made = await done(company, 'create_composite_item', { name: 'Two', sku: 'TWO', rate: 9, mapped_items });
  const item_id = (made.composite_item as Row).composite_item_id;
  company.clock.advance(1000);
  await done(company, 'update_composite_item', { item_id, rate: 20 });
  await undo(company);
  expect((await record(company, 'get_composite_item', 'composite_item', { item_id })).rate).toBe(9);
});

test('of an adjustment the words go back, its stock does not move', async () => {
  const company = auditedCompany();
  const item_id = await itemId(company, 'MUG');
  const warehouse_id = rows((await company.ask('list_warehouses')).facts.warehouses)[0]?.warehouse_id;
  const made = await done(company, 'create_stock_adjustment', {
    ...{ adjustment_type: 'quantity', reason: 'Damaged goods' },
    line_items: [{ item_id, warehouse_id, quantity_adjusted: -1 }],
  });
  const { inventory_adjustment_id } = made.inventory_adjustment as Row;
  const adjustment = () => record(company, 'get_stock_adjustment', 'inventory_adjustment', { inventory_adjustment_id });
  const stock = async () => (await record(company, 'get_item', 'item', { item_id })).stock_on_hand;
  const before = await stock();
  company.clock.advance(1000);
  await done(company, 'update_stock_adjustment', { inventory_adjustment_id, reason: 'Stolen goods' });
  await undo(company);
  expect((await adjustment()).reason).toBe('Damaged goods');
  expect(await stock()).toBe(before);
});

test('of a transfer its notes go back, and the lines say that they do not', async () => {
  const company = auditedCompany();
  const item_id = await itemId(company, 'MUG');
  const [from, to] = rows((await company.ask('list_warehouses')).facts.warehouses);
  const made = await done(company, 'create_transfer', {
    ...{ from_warehouse_id: from?.warehouse_id, to_warehouse_id: to?.warehouse_id, notes: 'one' },
    line_items: [{ item_id, quantity: 2 }],
  });
  const { transfer_id } = made.transfer as Row;
  company.clock.advance(1000);
  await done(company, 'update_transfer', { transfer_id, notes: 'two', line_items: [{ item_id, quantity: 1 }] });
  const asked = await company.ask('undo_action', { action_id: (await newest(company)).action_id });
  expect(String(asked.facts.preview)).toMatch(/Stays as it is: line_items of TRN-\S+: its former value is not kept/);
  const { stays } = await done(company, 'confirm_action', yes(asked.facts));
  expect(stays).toEqual([expect.stringContaining('line_items of TRN-')]);
  const { notes, line_items } = await record(company, 'get_transfer', 'transfer', { transfer_id });
  expect([notes, rows(line_items)[0]?.quantity]).toEqual(['one', 1]);
});

test('of a package its notes go back, and the lines say that they do not', async () => {
  const company = auditedCompany();
  const { order, salesorder_id } = await ordered(company);
  const [first = {}] = rows((await order()).line_items);
  const lineOf = (quantity: number) => [{ so_line_item_id: first.line_item_id, quantity }];
  const pack = { salesorder_id, date: '2026-03-16', notes: 'one', line_items: lineOf(3) };
  const { package_id } = (await done(company, 'create_package', pack)).package as Row;
  company.clock.advance(1000);
  await done(company, 'update_package', { package_id, notes: 'two', line_items: lineOf(2) });
  const asked = await company.ask('undo_action', { action_id: (await newest(company)).action_id });
  expect(String(asked.facts.preview)).toMatch(/Stays as it is: line_items of \S+: its former value is not kept/);
  const { stays } = await done(company, 'confirm_action', yes(asked.facts));
  expect(stays).toEqual([expect.stringMatching(/^line_items of .*its former value is not kept/)]);
  const { notes, line_items } = await record(company, 'get_package', 'package', { package_id });
  expect([notes, rows(line_items)[0]?.quantity]).toEqual(['one', 2]);
});

test('a warehouse is not read before it is changed, and its undo says so', async () => {
  const company = auditedCompany();
  const { warehouse } = await done(company, 'create_warehouse', { warehouse_name: 'Reno' });
  const { warehouse_id } = warehouse as Row;
  company.clock.advance(1000);
  await done(company, 'update_warehouse', { warehouse_id, warehouse_name: 'Sparks' });
  expect(await refused(company)).toContain('the record was not read then');
});

test('lines that were closed short are open again while the order is', async () => {
  const company = auditedCompany();
  const { order, salesorder_id, number } = await ordered(company);
  const before = await order();
  const [first = {}] = rows(before.line_items);
  const pack = {
    salesorder_id,
    date: '2026-03-16',
    line_items: [{ so_line_item_id: first.line_item_id, quantity: 2 }],
  };
  await done(company, 'create_package', pack);
  company.clock.advance(1000);
  await done(company, 'amend_order', { order: number, close_short: true });
  expect(rows((await order()).line_items).map(({ quantity }) => quantity)).toEqual([2]);
  const { action_id } = await newest(company);
  const asked = await company.ask('undo_action', { action_id });
  expect(String(asked.facts.preview)).toMatch(/2 -> 5/);
  await done(company, 'confirm_action', yes(asked.facts));
  expect(linesOf(await order())).toEqual(linesOf(before));
  expect(rows((await order()).line_items)[0]?.quantity_packed).toBe(2);
});

test('lines that somebody changed since stay, and the date goes back', async () => {
  const company = auditedCompany();
  const { order, number } = await ordered(company);
  const before = await order();
  const [first = {}] = rows(before.line_items);
  const lines = (quantity: number) => [{ item: first.line_item_id, quantity }];
  await done(company, 'amend_order', { order: number, lines: lines(4), shipment_date: '2026-05-01' });
  const { action_id } = await newest(company);
  company.clock.advance(1000);
  await done(company, 'amend_order', { order: number, lines: lines(3) });
  const { stays } = await done(company, 'undo_action', { action_id });
  expect(stays).toEqual([expect.stringContaining('they were changed since')]);
  const after = await order();
  expect([after.shipment_date, rows(after.line_items)[0]?.quantity]).toEqual([before.shipment_date, 3]);
});

test('a discount that the update brought is gone again; what the service does not clear is told', async () => {
  const company = auditedCompany();
  const { order, salesorder_id } = await ordered(company);
  const before = await order();
  const [first = {}, second = {}] = rows(before.line_items);
  const line_items = [
    { line_item_id: first.line_item_id, item_id: first.item_id, quantity: 5 },
    { line_item_id: second.line_item_id, item_id: second.item_id, quantity: 2, discount: '50%', description: 'x' },
  ];
  company.clock.advance(1000);
  await done(company, 'update_sales_order', { salesorder_id, line_items });
  expect((await order()).total).not.toBe(before.total);
  const { stays } = await undo(company);
  const after = await order();
  expect(after.total).toBe(before.total);
  // An empty text does not clear the description of a line, and that is told.
  expect(rows(after.line_items)[1]?.description).toBe('x');
  expect(stays).toEqual([expect.stringContaining('a part of line_items was left as it is')]);
});
