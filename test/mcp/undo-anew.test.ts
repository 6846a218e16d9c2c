import { expect, test } from 'vitest';
import { auditedCompany, type Row, yes } from './audited.ts';
import { type Company, done, rows } from './undoing.ts';

// Between a yes to many rows and the last of them lie minutes. What somebody changes meanwhile is seen and stays.

const newest = async (company: Company) => rows((await company.ask('undo_action')).facts.actions)[0]?.action_id;
const itemId = async (company: Company, sku: unknown) =>
  rows((await company.ask('list_items', { sku })).facts.items)[0]?.item_id;
const isPut = ({ method }: Request) => method === 'PUT';
const isRead = ({ method, url }: Request) => method === 'GET' && url.includes('/items');

/** As many new items of an import, and a second import that gave them all another price. */
async function repriced(company: Company, count: number) {
  const skus = Array.from({ length: count }, (_, index) => `ROW-${String(index).padStart(4, '0')}`);
  const csv = (rate: number) => ['sku,name,rate', ...skus.map((sku) => `${sku},Row ${sku},${rate}`)].join('\n');
  await done(company, 'import_items', { csv: csv(5) });
  company.clock.advance(1000);
  await done(company, 'import_items', { csv: csv(6) });
  company.clock.advance(1000);
  const rates = async () => {
    const found = new Map<unknown, unknown>();
    for (let page = 1; page <= 4; page += 1) {
      const { facts } = await company.ask('list_items', { per_page: 200, page, fields: ['sku', 'rate'] });
      for (const { sku, rate } of rows(facts.items ?? [])) found.set(sku, rate);
    }
    return skus.map((sku) => found.get(sku));
  };
  return { skus, rates, action_id: await newest(company) };
}

/** Changes an item as a colleague does, past this server's own calls, right before the `nth` row is written. */
function meanwhile(company: Company, nth: number, change: () => Promise<unknown>) {
  const seen = { puts: 0, reads: 0, isDone: false };
  company.world.between = async (request, next) => {
    if (isRead(request)) seen.reads += 1;
    if (!isPut(request)) return next();
    seen.puts += 1;
    if (seen.puts !== nth || seen.isDone) return next();
    seen.isDone = true;
    const { between } = company.world;
    company.world.between = (_, pass) => pass();
    await change();
    company.world.between = between;
    return next();
  };
  return seen;
}

test('rows are read again page by page, and one that somebody changes while others are written stays', async () => {
  const company = auditedCompany();
  const { skus, rates, action_id } = await repriced(company, 180);
  const foremost = await Promise.all(
    ['Aa', 'Ab'].map(async (name) => {
      const { item } = await done(company, 'create_item', { name, rate: 1, item_type: 'inventory' });
      return (item as Row).item_id;
    }),
  );
  const late = 100;
  const item_id = await itemId(company, skus[late]);
  const asked = await company.ask('undo_action', { action_id });
  // The rows stand on two pages of the list, newest first on each; a reading serves 50 of them.
  expect(String(asked.facts.preview)).toContain(
    'Takes 180 calls to write and 5 to read again shortly before, at 100 calls a minute about 2 minutes.',
  );
  // Moves all others down by one between the preview and the yes: nothing that the preview rests on.
  await done(company, 'create_item', { name: 'Ac', rate: 1, item_type: 'inventory' });
  const seen = meanwhile(company, 3, async () => {
    await done(company, 'update_item', { item_id, rate: 7 });
    // All others move up by two: two rows of the second page stand on the first one then.
    for (const gone of foremost) await done(company, 'delete_item', { item_id: gone });
  });
  const answer = await company.ask('confirm_action', yes(asked.facts));
  const { puts, reads } = seen;
  expect(answer.isError, JSON.stringify(answer.facts).slice(0, 400)).toBe(false);
  expect(await rates()).toEqual(skus.map((_, index) => (index === late ? 7 : 5)));
  expect(answer.facts.stays).toEqual([`rate of ${skus[late]} was changed since, to 7.00`]);
  expect(rows(answer.facts.undone)).toHaveLength(100);
  expect(answer.facts.undone_shown).toBe('100 of 179');
  // What the preview rested on is read at the yes, both pages of it; what moved is read alone.
  expect([puts, reads]).toEqual([179, 2 + 5 + 2]);
});

test('a few rows are read one by one, each right before it is written', async () => {
  const company = auditedCompany();
  const { skus, rates, action_id } = await repriced(company, 3);
  const [first] = skus;
  const item_id = await itemId(company, first);
  const asked = await company.ask('undo_action', { action_id });
  expect(String(asked.facts.preview)).toContain('Takes 3 calls to write and 3 to read again shortly before.');
  // Newest first: the first row is the last one written.
  meanwhile(company, 2, () => done(company, 'update_item', { item_id, rate: 7 }));
  const { facts } = await company.ask('confirm_action', yes(asked.facts));
  expect(await rates()).toEqual([7, 5, 5]);
  expect(facts.stays).toEqual([expect.stringContaining('was changed since, to 7.00')]);
});

test('what somebody put back or deleted meanwhile is told, and not called undone', async () => {
  const company = auditedCompany();
  const { skus, rates, action_id } = await repriced(company, 3);
  const [first, second] = await Promise.all(skus.map((sku) => itemId(company, sku)));
  const asked = await company.ask('undo_action', { action_id });
  meanwhile(company, 1, async () => {
    await done(company, 'update_item', { item_id: second, rate: 5 });
    await done(company, 'delete_item', { item_id: first });
  });
  const { facts } = await company.ask('confirm_action', yes(asked.facts));
  expect(await rates()).toEqual([undefined, 5, 5]);
  expect(facts.undone).toEqual(['putting ROW-0002 back']);
  expect(facts.already).toEqual([
    expect.stringContaining('ROW-0001 is as it was before already'),
    expect.stringContaining('ROW-0000 does not exist any more'),
  ]);
});

test('a run that goes on later reads again what it had read before it stopped', async () => {
  const company = auditedCompany();
  const { skus, rates, action_id } = await repriced(company, 60);
  const asked = await company.ask('undo_action', { action_id });
  let puts = 0;
  company.world.between = (request, next) => {
    if (isPut(request)) puts += 1;
    return isPut(request) && puts === 20
      ? Promise.resolve(Response.json({ code: 1000, message: 'no' }, { status: 400 }))
      : next();
  };
  const cut = await company.ask('confirm_action', yes(asked.facts));
  expect(cut.facts.error).toMatchObject({ kind: 'partly_done' });
  company.world.between = (_, next) => next();
  const item_id = await itemId(company, skus[5]);
  await done(company, 'update_item', { item_id, rate: 7 });
  const { stays } = await done(company, 'resume_workflow', { workflow_id: asked.facts.confirmation });
  expect(stays).toEqual([expect.stringContaining('was changed since, to 7.00')]);
  const after = await rates();
  expect(after.filter((rate) => rate === 5)).toHaveLength(59);
  expect(after[5]).toBe(7);
});

test('many new items are read page by page, and one that is refused keeps no other from going', async () => {
  const company = auditedCompany();
  const count = 40;
  const skus = Array.from({ length: count }, (_, index) => `NEW-${100 + index}`);
  const csv = ['sku,name,rate,item_type', ...skus.map((sku) => `${sku},New ${sku},5,inventory`)].join('\n');
  await done(company, 'import_items', { csv });
  const action_id = await newest(company);
  company.clock.advance(1000);
  const warehouse_id = await company.idOf('list_warehouses', 'warehouses', 'warehouse_id', {
    warehouse_name: 'Oakland',
  });
  const move = async (sku: unknown, quantity_adjusted: number) =>
    done(company, 'create_stock_adjustment', {
      ...{ adjustment_type: 'quantity', reason: 'found' },
      line_items: [{ item_id: await itemId(company, sku), warehouse_id, quantity_adjusted }],
    });
  await move(skus[3], 2);
  // Nothing of it is left, and only the service knows.
  await move(skus[4], 2);
  await move(skus[4], -2);
  const before = company.requests();
  const asked = await company.ask('undo_action', { action_id });
  // The list is one page here; a reading of each would use up a minute's calls before the yes.
  expect(company.requests() - before).toBeLessThanOrEqual(1);
  expect(String(asked.facts.preview)).toContain('Stays as it is: NEW-103 New NEW-103 has stock or orders');
  const { facts } = await company.ask('confirm_action', yes(asked.facts));
  expect(rows(facts.undone)).toHaveLength(count - 2);
  expect(facts.stays).toEqual([
    expect.stringContaining('NEW-103 New NEW-103 has stock or orders'),
    expect.stringMatching(/^deleting NEW-104 New NEW-104 was refused: /),
  ]);
  const { items } = (await company.ask('list_items', { search_text: 'NEW-1', per_page: 200 })).facts;
  expect(rows(items).map(({ sku }) => sku)).toEqual(['NEW-103', 'NEW-104']);
});
