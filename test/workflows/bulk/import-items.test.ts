import { describe, expect, test } from 'vitest';
import { OutcomeUnknown, PartlyDone, Rejected } from '../../../src/errors.ts';
import type { Input } from '../../../src/operations/define.ts';
import { rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { demoWorld } from '../demo-world.ts';
import { interrupt } from '../interrupt.ts';
import { describeReplay } from '../replayed.ts';

const tool = 'import_items';
type World = ReturnType<typeof demoWorld>;

const planOf = (world: World, input: Input) => world.plan(tool, input);
const linesOf = async (world: World, input: Input) => (await planOf(world, input)).preview.join('\n');

async function itemOf(world: World, sku: string) {
  const [row] = rowsIn(await world.call('list_items', { sku, filter_by: 'Status.All' }), 'items');
  return row ?? {};
}

/** What is said of a table that is refused. */
async function faultsOf(world: World, input: Input): Promise<string> {
  const error: unknown = await planOf(world, input).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: 'invalid_arguments', nothingSent: true });
  const { message, facts } = error as { message: string; facts: { bad_rows?: unknown[] } }; // parse boundary: checked above
  return `${message}\n${(facts.bad_rows ?? []).map((row) => JSON.stringify(row)).join('\n')}`;
}

const sheet = [
  'Item Name,SKU,Selling Price,Cost,Unit,Reorder Point,Vendor,Opening Stock,Opening Stock Rate,Description',
  'Desk Lamp,LMP-1,39.95,18,pcs,5,CableWorks,12,17.5,"Bright, warm"',
  'Desk Lamp XL,LMP-2,59.95,,pcs,,,,,',
  ',WBH-001,61,,,,,,,',
].join('\n');

describe('a sheet that a spreadsheet has had in hand', () => {
  const shelf = async () => {
    const world = demoWorld();
    await world.call('create_item', {
      ...{ sku: 'SHELF-1', name: "'=Shelf", rate: 5, upc: '012345678905', ean: '4901234567894' },
      description: 'Wi\u200dde\ttop',
    });
    return world;
  };

  test('does not change a barcode by the zeros that it has lost, and does give it zeros', async () => {
    const world = await shelf();
    const lost = await planOf(world, { csv: 'sku,upc\nSHELF-1,12345678905' });
    expect(lost).toMatchObject({ nothingToDo: true, facts: { same: 1 } });
    const given = await planOf(world, { csv: 'sku,ean\nSHELF-1,04901234567894' });
    expect(given.preview.join('\n')).toContain('ean 4901234567894 -> 04901234567894');
  });

  test.each([
    ['sku,name,rate\n4.90123E+12,Lamp,1', 'sku \\"4.90123E+12\\" was rounded by a spreadsheet'],
    ['sku,ean\nSHELF-1,4.90123E+12', 'ean \\"4.90123E+12\\" was rounded by a spreadsheet'],
    ['sku;upc\nSHELF-1;1,23457E+11', 'upc \\"1,23457E+11\\" was rounded by a spreadsheet'],
    ['sku,name\nSHELF-1,Caf\ufffd Lamp', 'name \\"Caf\ufffd Lamp\\" has lost a letter to another encoding'],
    ['sku,name\nSHELF-1,#REF!', 'name \\"#REF!\\" is an error of the spreadsheet'],
    ['sku,description\nSHELF-1,#N/A', 'description \\"#N/A\\" is an error of the spreadsheet'],
    ['sku;rate\nSHELF-1;1.234', 'rate \\"1.234\\" may be 1234 or 1.2340'],
    ['sku;rate\nSHELF-1;1,234', 'rate \\"1,234\\" may be 1234 or 1.2340'],
    ['sku,name\nSHELF-1,"=A1&B1"', 'name \\"=A1&B1\\" is a formula; give what it shows'],
  ])('is not believed: %j', async (csv, words) => {
    expect(await faultsOf(await shelf(), { csv })).toContain(words);
  });

  test.each(['"  "', '"\n"', '\u200b', '\u00a0'])(
    'wipes no field by a cell that only looks full: %j',
    async (blank) => {
      const csv = `sku,name,description,upc,rate\nSHELF-1,${blank},${blank},${blank},${blank}`;
      expect(await planOf(await shelf(), { csv })).toMatchObject({ nothingToDo: true, facts: { same: 1 } });
      const rows = [{ sku: 'SHELF-1', description: blank.replaceAll('"', ''), name: '\u200b' }];
      expect(await planOf(await shelf(), { rows })).toMatchObject({ nothingToDo: true, facts: { same: 1 } });
    },
  );

  test('is taken with points and commas that mean one thing only', async () => {
    const world = await shelf();
    expect(await linesOf(world, { csv: 'sku,rate\nSHELF-1,1.234' })).toContain('rate 5.00 -> 1.234');
    expect(await linesOf(world, { csv: 'sku;rate\nSHELF-1;1.25' })).toContain('rate 5.00 -> 1.25');
    expect(await linesOf(world, { csv: 'sku;rate\nSHELF-1;12,5' })).toContain('rate 5.00 -> 12.50');
    expect(await linesOf(world, { csv: 'sku\trate\nSHELF-1\t1.234,50' })).toContain('rate 5.00 -> 1234.50');
    expect(await linesOf(world, { csv: 'sku,rate\nSHELF-1,"1,234.50"' })).toContain('rate 5.00 -> 1234.50');
  });

  test('changes nothing when it comes back as it was exported', async () => {
    const world = await shelf();
    const { csv } = await world.read('export_items', { status: 'all' });
    const plan = await planOf(world, { csv });
    expect(plan.preview.join('\n')).not.toContain('->');
    expect(plan).toMatchObject({ nothingToDo: true, facts: { update: 0, bad: 0 } });
  });
});

describe('an import', () => {
  test('shows what each row would do, then creates and updates by one call a row, and finds all done when repeated', async () => {
    const world = demoWorld();
    const before = await itemOf(world, 'WBH-001');
    const calls = world.callsSent();
    const plan = await planOf(world, { csv: sheet });
    // A page of items and one of contacts.
    expect(world.callsSent() - calls).toBe(2);
    expect(plan.summary).toBe('Import items: create 2, update 1, 0 the same');
    const text = plan.preview.join('\n');
    expect(text).toContain('- LMP-1 Desk Lamp: rate 39.95, purchase_rate 18.00, reorder_level 5, initial_stock 12');
    expect(text).toContain(`- WBH-001 ${textIn(before, 'name')}: rate`);
    expect(text).toContain('-> 61.00');
    expect(plan.raises).toEqual([
      expect.objectContaining({ rule: 'opening_stock', reason: expect.stringContaining('12 units of 1 new item') }),
    ]);
    const reply = await world.run(tool, plan);
    expect(world.callsSent() - calls).toBe(5);
    expect(reply).toMatchObject({
      created: 2,
      updated: 1,
      same: 0,
      items: [{ sku: 'LMP-1' }, { sku: 'LMP-2' }, { sku: 'WBH-001' }],
    });
    expect(await itemOf(world, 'LMP-1')).toMatchObject({
      ...{ name: 'Desk Lamp', rate: 39.95, purchase_rate: 18, reorder_level: 5, stock_on_hand: 12 },
      ...{ vendor_name: 'CableWorks', description: 'Bright, warm' },
    });
    const { rate: _, last_modified_time: __, ...rest } = before;
    expect(await itemOf(world, 'WBH-001')).toMatchObject({ ...rest, rate: 61 });

    const again = await planOf(world, { csv: sheet });
    expect(again).toMatchObject({ nothingToDo: true, documents: 0, facts: { same: 3 } });
    expect((await world.run(tool, again)).message).toBe('Nothing to import: 3 items are as the table says.');
    expect(again.preview.join('\n')).toContain(
      'Opening stock is given to new items only; that of 3 existing items stays.',
    );
  });

  test('takes a list of rows as it takes a text, and headers as sheets write them', async () => {
    const world = demoWorld();
    const rows = [{ 'Item Code': 'LMP-1', name: 'Desk Lamp', Price: '39.95', UPC: 12345, cost: null }];
    const plan = await planOf(world, { rows });
    expect(plan.steps).toMatchObject({
      writes: [{ operation: 'create_item', input: { sku: 'LMP-1', name: 'Desk Lamp', rate: 39.95, upc: '12345' } }],
    });
    const csv = '\ufeffSKU;name;rate;;\r\n"LMP-1";"Lamp; small";5;;\r\n\r\n;;;;\r\n';
    expect((await planOf(world, { csv })).steps).toMatchObject({
      writes: [{ input: { sku: 'LMP-1', name: 'Lamp; small', rate: 5 } }],
    });
  });

  test.each([
    ['a header near a column', { csv: 'sku,nmae,rate\nA,B,1' }, 'There is no column "nmae"; did you mean name?'],
    [
      'a header far from all',
      { csv: 'sku,name,shelf colour\nA,B,1' },
      'There is no column "shelf colour". The columns are sku, name',
    ],
    ['a key of a row', { rows: [{ sku: 'A', purchase_rat: 1 }] }, 'did you mean purchase_rate?'],
    ['a column twice', { csv: 'sku,name,Item Name\nA,B,C' }, 'The column name is there twice.'],
    ['no SKU column', { csv: 'name,rate\nA,1' }, 'The column sku is missing'],
    ['no rows', { csv: 'sku,name\n' }, 'There is no row below the header.'],
    ['an open quote', { csv: 'sku,name\nA,"B\nC,D' }, 'Line 2 of csv: a quote is opened and never closed.'],
    ['a full column without a heading', { csv: ',sku,name\n0,A,B' }, 'Column 1 has cells and no heading'],
    ['both', { csv: 'sku\nA', rows: [{ sku: 'A' }] }, 'Give csv or rows'],
    [
      'too many',
      { csv: `sku\n${Array.from({ length: 5_001 }, (_, index) => `S${index}`).join('\n')}` },
      'There are 5001 rows; at most 5000',
    ],
  ])('refuses %s before anything is read', async (_, input, words) => {
    const world = demoWorld();
    const calls = world.callsSent();
    expect(await faultsOf(world, input)).toContain(words);
    expect(world.callsSent()).toBe(calls);
  });

  test.each([
    ['the same SKU twice', 'sku,name,rate\nA-1,One,1\na-1,Two,2', 'the SKU stands in line 3 too'],
    ['the same new name twice', 'sku,name,rate\nA-1,One,1\nA-2,one,2', 'the name stands in line 3 too'],
    ['a name of another item', 'sku,name,rate\nA-1,wireless bluetooth headphones,1', 'belongs to WBH-001'],
    ['a number that is none', 'sku,name,rate\nA-1,One,"1,200"', 'is no number such as 1234.5, 0 or more'],
    ['a price below nothing', 'sku,name,rate\nA-1,One,-3', 'rate \\"-3\\" is no number'],
    ['a finer price than there is', 'sku,name,rate\nA-1,One,0.1234567', 'is no number such as'],
    [
      'a vendor misspelt',
      'sku,name,rate,vendor\nA-1,One,1,Cable Works Inc',
      'there is no vendor \\"Cable Works Inc\\"; near: CableWorks (',
    ],
    ['an unknown vendor', 'sku,name,rate,vendor\nA-1,One,1,Nobody Ltd', 'there is no vendor'],
    ['a customer as a vendor', 'sku,name,rate,vendor\nA-1,One,1,Bluebird Cafe', 'there is no vendor'],
    ['no name', 'sku,name,rate\nA-1,,1', 'a new item needs a name'],
    ['no price', 'sku,name,rate\nA-1,One,', 'a new item needs a rate, 0 if it is never sold'],
    ['no SKU', 'sku,name,rate\n,One,1', 'it has no sku'],
    ['more cells than columns', 'sku,name,rate\nA-1,One,1,2', 'it has 4 cells, the header 3'],
    ['an unknown type', 'sku,name,rate,item_type\nA-1,One,1,stuff', 'item_type is one of inventory, sales'],
    [
      'opening stock of what has none',
      'sku,name,rate,item_type,initial_stock\nA-1,One,1,sales,3',
      'opening stock is kept of',
    ],
    ['another status', 'sku,status\nWBH-001,inactive', 'it is active: activate_item and deactivate_item change that'],
    ['another unit of what has moved', 'sku,unit\nWBH-001,box', 'unit cannot change once stock has moved'],
    ['a name that is too long', `sku,name,rate\nA-1,${'x'.repeat(201)},1`, 'name: '],
  ])('finds %s, says the line, and writes nothing', async (_, csv, words) => {
    const told = await faultsOf(demoWorld(), { csv });
    expect(told).toContain(words);
    expect(told).toContain('line 2');
    expect(told).toContain('Nothing was written.');
  });

  test('leaves bad rows out when it may, and writes the others', async () => {
    const world = demoWorld();
    const csv = 'sku,name,rate\nA-1,One,x\nA-2,Two,2\nWBH-001,,1000';
    const told = await faultsOf(world, { csv });
    expect(told).toContain('1 of 3 rows are bad');
    expect(told).toContain('The others: create 1, update 1, 0 the same.');
    const plan = await planOf(world, { csv, skip_bad: true });
    expect(plan.summary).toBe('Import items: create 1, update 1, 0 the same, leave out 1 bad');
    expect(plan.preview).toContain('- line 2 A-1: rate "x" is no number such as 1234.5, 0 or more');
    expect(plan.raises).toMatchObject([
      { rule: 'price_change', reason: expect.stringContaining('1 price would change by more than 25 %') },
    ]);
    const reply = await world.run(tool, plan);
    expect(reply).toMatchObject({
      created: 1,
      updated: 1,
      left_out_count: 1,
      left_out: [{ place: 'line 2', sku: 'A-1' }],
    });
    expect(await itemOf(world, 'A-1')).toEqual({});
  });

  test.each(['ucc-1m', ' UCC-1M ', '\u00a0UCC-1M\u200b', 'ＵＣＣ-1M', 'UCC\u20111M'])(
    'knows an SKU as people write it, and never makes it a second item: %j',
    async (sku) => {
      const world = demoWorld();
      for (const input of [{ csv: `sku,rate\n"${sku}",13` }, { rows: [{ sku, rate: 13 }] }])
        expect(await planOf(world, input)).toMatchObject({ facts: { create: 0, update: 1, bad: 0 } });
    },
  );

  test('makes no new item whose SKU holds what nobody sees', async () => {
    const plan = await planOf(demoWorld(), { csv: 'sku,name,rate\nA\u200b-1,One,1' });
    expect(plan.steps).toMatchObject({ writes: [{ sku: 'A-1', input: { sku: 'A-1' } }] });
  });

  test('takes the type of an item as the hosted service prints it', async () => {
    const plan = await planOf(demoWorld(), { csv: 'sku,name,rate,item type\nA-1,One,1,Sales and Purchases' });
    expect(plan.steps).toMatchObject({ writes: [{ input: { item_type: 'sales_and_purchases' } }] });
  });

  test('skips or refuses what exists when told so', async () => {
    const world = demoWorld();
    const csv = 'sku,name,rate\nWBH-001,,1\nA-1,One,1';
    const plan = await planOf(world, { csv, on_existing: 'skip' });
    expect(plan.facts).toMatchObject({ create: 1, update: 0, skip: 1 });
    expect(await world.run(tool, plan)).toMatchObject({ created: 1, updated: 0, skipped: 1 });
    expect(await faultsOf(world, { csv, on_existing: 'error' })).toContain('the SKU exists already (item_id ');
  });

  test('rests on what it would overwrite: another price meanwhile makes another preview', async () => {
    const world = demoWorld();
    const input = { csv: 'sku,rate\nWBH-001,61' };
    const first = await planOf(world, input);
    expect((await planOf(world, input)).restsOn).toEqual(first.restsOn);
    await world.call('update_item', { item_id: textIn(await itemOf(world, 'WBH-001'), 'item_id'), rate: 58 });
    expect((await planOf(world, input)).restsOn).not.toEqual(first.restsOn);
  });

  test('rests on who is there: an item of that SKU made meanwhile is no new one any more', async () => {
    const world = demoWorld();
    const input = { csv: 'sku,name,rate\nA-1,One,1' };
    const first = await planOf(world, input);
    await world.call('create_item', { sku: 'A-1', name: 'First', rate: 3 });
    const second = await planOf(world, input);
    expect(second.restsOn).not.toEqual(first.restsOn);
    expect(second.facts).toMatchObject({ create: 0, update: 1 });
  });

  test('that is refused in the middle says what is done, what is not, and how to go on', async () => {
    const world = demoWorld();
    const csv = `sku,name,rate\n${Array.from({ length: 100 }, (_, index) => `A-${index},Thing ${index},1`).join('\n')}`;
    let creates = 0;
    const api = interrupt(world.apiOf(tool), {
      create_item: (go) => {
        creates += 1;
        return creates === 61 ? Promise.reject(new Rejected('The name is taken.')) : go();
      },
    });
    const error: unknown = await world.run(tool, await planOf(world, { csv }), api).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartlyDone);
    const { message, facts } = error as PartlyDone;
    expect(message).toContain('Stopped after 60 of 100 steps.');
    expect(message).toContain('The name is taken.');
    expect(message).toContain('send the same rows again');
    expect(facts.failed).toEqual(['creating A-60']);
    // Sixty lines of what is done, and as many of how to undo it, would be no answer.
    expect(facts.done).toHaveLength(41);
    expect(JSON.stringify(facts).length).toBeLessThan(6_000);
    expect((await planOf(world, { csv })).facts).toMatchObject({ create: 40, same: 60 });
  });

  test('goes past what is refused when bad rows may be left out, but not past what is not certain', async () => {
    const world = demoWorld();
    const csv = 'sku,name,rate\nA-1,One,1\nA-2,Two,2\nA-3,Three,3';
    const refusing = (error: Error) => {
      let creates = 0;
      return interrupt(world.apiOf(tool), {
        create_item: (go) => {
          creates += 1;
          return creates === 2 ? Promise.reject(error) : go();
        },
      });
    };
    const plan = await planOf(world, { csv, skip_bad: true });
    const reply = await world.run(tool, plan, refusing(new Rejected('No.')));
    expect(reply).toMatchObject({ created: 2, left_out_count: 1, left_out: [{ sku: 'A-2', why: 'No.' }] });
    const left = await planOf(world, {
      csv: csv.replaceAll('A-', 'B-').replace(/One|Two|Three/g, 'Other $&'),
      skip_bad: true,
    });
    await expect(world.run(tool, left, refusing(new OutcomeUnknown('No answer.')))).rejects.toMatchObject({
      kind: 'partly_done',
      message: expect.stringContaining('creating B-2. No answer. Look with list_items, by its sku'),
    });
  });

  test('writes nothing once it is called off', async () => {
    const world = demoWorld();
    const plan = await planOf(world, { csv: 'sku,name,rate\nA-1,One,1' });
    const calls = world.callsSent();
    await expect(world.run(tool, plan, undefined, AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
    expect(world.callsSent()).toBe(calls);
  });

  test('gives back what was guarded against formulas as it was', async () => {
    const world = demoWorld();
    const text = await linesOf(world, { csv: `sku,name,rate\n'=1+1,'+plus,1` });
    expect(text).toContain('"=1+1"');
    expect(text).toContain('"+plus"');
  });
});

describe('a sheet as a spreadsheet or a shop saves it', () => {
  test.each([
    ['a line that tells the separator', 'sep=;\r\nsku;name;rate\r\nA-1;One;1\r\n'],
    ['columns without a heading that are empty', 'sku;;name;rate;;\nA-1;;One;1;;\n;;;;;'],
    ['a title above the header', 'Price list\n2026-11-23\n\nsku,name,rate\nA-1,One,1'],
    ['the header on each page', 'sku,name,rate\nA-1,One,1\nsku,name,rate\n'],
    ['a fence around it', '```csv\nsku,name,rate\nA-1,One,1\n```'],
    ['each line for one cell', '"sku,name,rate"\n"A-1,""One"",1"'],
    ['line ends of an old Macintosh', 'sku,name,rate\rA-1,One,1\r'],
    ['digits told to be text', 'sku,name,rate\n="A-1","=""One""",1'],
  ])('is read with %s', async (_, csv) => {
    expect((await planOf(demoWorld(), { csv })).steps).toMatchObject({
      writes: [{ operation: 'create_item', input: { sku: 'A-1', name: 'One', rate: 1 } }],
    });
  });

  test('keeps the zeros before an SKU, and says what above the header it did not read', async () => {
    const plan = await planOf(demoWorld(), { csv: 'Price list\nsku,name,rate\n="00123",One,1' });
    expect(plan.steps).toMatchObject({ writes: [{ input: { sku: '00123' } }] });
    expect(plan.preview).toContain('Not read: 1 line above the header.');
  });
});

describeReplay(tool, { csv: sheet }, ['create_item', 'create_item', 'update_item']);
