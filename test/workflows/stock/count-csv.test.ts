import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidArguments } from '../../../src/errors.ts';
import { guardCell } from '../../../src/workflows/csv-cells.ts';
import { readSheet } from '../../../src/workflows/stock/count-csv.ts';

const read = (csv: string) =>
  readSheet(csv).rows.map(({ row, item, warehouse, quantity }) => [row, item, warehouse, quantity]);
const faultOf = (cell: string, delimiter = ';') => {
  const [row] = readSheet(`sku${delimiter}quantity\nMUG${delimiter}${cell}`).rows;
  return row?.fault;
};

describe('a count as spreadsheets export it', () => {
  const rows = [
    [2, 'MUG', 'Oakland', 12_000_000n],
    [3, 'DMAT', 'Newark', 3_500_000n],
  ];

  test.each([
    ['commas', 'item,warehouse,quantity\nMUG,Oakland,12\nDMAT,Newark,3.5'],
    ['semicolons', 'item;warehouse;quantity\r\nMUG;Oakland;12\r\nDMAT;Newark;3.5\r\n'],
    ['tabs', 'item\twarehouse\tquantity\nMUG\tOakland\t12\nDMAT\tNewark\t3.5\n\n\n'],
    ['a byte order mark', '\ufeffitem,warehouse,quantity\nMUG,Oakland,12\nDMAT,Newark,3.5'],
    ['columns in another order', 'Quantity,Item,Warehouse\n12,MUG,Oakland\n3.5,DMAT,Newark'],
    ['quoted cells', '"item","warehouse","quantity"\n"MUG","Oakland","12"\n"DMAT","Newark","3.5"'],
    ['spaces around cells', 'item , warehouse , quantity\n MUG , Oakland , 12 \n DMAT , Newark , 3.5 '],
    ['decimal commas', 'item;warehouse;quantity\nMUG;Oakland;12,0\nDMAT;Newark;3,5'],
    ['a plus sign', 'item,warehouse,quantity\nMUG,Oakland,+12\nDMAT,Newark,3.50'],
  ])('is read with %s', (_, csv) => expect(read(csv)).toEqual(rows));

  test('rows are numbered as the spreadsheet numbers them: blank rows and cells of two lines count once', () => {
    expect(read('item;quantity\n\nMUG;1\n;\n"Desk\nMat";2\nLAMP;3').map(([row, item]) => [row, item])).toEqual([
      [3, 'MUG'],
      [5, 'Desk\nMat'],
      [6, 'LAMP'],
    ]);
  });

  test('a line that tells the delimiter is not the header', () => {
    expect(read('sep=;\r\nsku;quantity\r\nMUG;4\r\n')).toEqual([[3, 'MUG', '', 4_000_000n]]);
  });

  test('a delimiter inside of quotes, and a quotation mark inside of a cell, are text', () => {
    expect(read('item,quantity\n"Cable, 2 m",1\nScreen 3" wide,2').map(([, item]) => item)).toEqual([
      'Cable, 2 m',
      'Screen 3" wide',
    ]);
  });

  test('an item_id tells more than a SKU, and a SKU more than a name; other columns are named', () => {
    const sheet = readSheet('name,sku,shelf,quantity\nLogo Mug,MUG,A7,3');
    expect(sheet.rows[0]?.item).toBe('MUG');
    expect(sheet.unread).toEqual(['name', 'shelf']);
    expect(readSheet('sku,item_id,quantity\nMUG,46001,3').rows[0]?.item).toBe('46001');
  });

  test('a row without what tells most is read by the next that it has', () => {
    const rows = readSheet('sku,name,quantity\nMUG,Logo Mug,3\n,Gift Bag,4').rows;
    expect(rows.map(({ item }) => item)).toEqual(['MUG', 'Gift Bag']);
  });

  test('the book beside a count is not the count, and an export alone is read', () => {
    expect(read('sku,stock_on_hand,counted\nMUG,50,48')).toEqual([[2, 'MUG', '', 48_000_000n]]);
    expect(read('sku,name,stock_on_hand\nMUG,Logo Mug,47')).toEqual([[2, 'MUG', '', 47_000_000n]]);
  });

  test('a name that an export has guarded is what it was', () => {
    expect(read("item,quantity\n'=Shelf,3\n'Shelf,4").map(([, item]) => item)).toEqual(['=Shelf', "'Shelf"]);
  });

  test('digits that a spreadsheet was told to keep as text keep their zeros, however they are quoted', () => {
    expect(read('sku,quantity\n="00123",1\n"=""00124""",2').map(([, item]) => item)).toEqual(['00123', '00124']);
  });
});

describe('a cell that cannot be trusted is told, and never guessed at', () => {
  test.each([
    ['1.500', 'may mean 1500 or 1.5000 by the point of its quantity'],
    ['-12.000', 'may mean -12000 or -12.0000'],
    ['1,234', 'may mean 1234 or 1.2340 by the comma of its quantity'],
    ['1,5,0', 'comma'],
    ['=5+3', 'formula'],
    ['=SUM(A1:A9)', 'formula'],
    ['', 'no quantity'],
    ['12 pcs', 'no plain number'],
    ['1e3', 'no plain number'],
    ['1 200', 'no plain number'],
    ['#REF!', 'no plain number'],
    ['0.1234567', '6 decimal places'],
    ['99999999999', 'more than 1,000,000,000'],
  ])('%s', (cell, word) => expect(faultOf(cell)).toContain(word));

  test('a decimal comma in a file of commas makes a cell too many', () => {
    expect(faultOf('1,5', ',')).toContain('more cells than the header');
    expect(faultOf('"1,5"', ',')).toContain('comma');
    expect(faultOf('1.500', ',')).toBeUndefined();
    expect(faultOf('0.125')).toBeUndefined();
  });

  test('an id that a spreadsheet has rounded, a formula for an item, and no item', () => {
    const { rows } = readSheet('item,quantity\n4.6E+16,1\n=A1,2\n,3\n#N/A,4\nCaf\ufffd,5');
    expect(rows.map(({ fault }) => fault)).toEqual([
      expect.stringContaining('rounded'),
      expect.stringContaining('formula'),
      'names no item',
      'is an error of the spreadsheet',
      expect.stringContaining('has lost a letter to another encoding'),
    ]);
  });
});

describe('what is no count is refused whole', () => {
  test.each([
    ['no header', 'MUG,Oakland,12\nDMAT,Oakland,3', 'The first row of the CSV must name the columns'],
    ['no quantity column', 'item,warehouse\nMUG,Oakland', 'The first row of the CSV must name the columns'],
    ['nothing', '\n\n', 'The first row of the CSV must name the columns'],
    ['an open quote', 'item,quantity\n"MUG,3\nDMAT,4', 'Line 2 of csv: a quote is opened and never closed.'],
    ['a heading misspelt', 'item,quantitty\nMUG,3', 'There is no column "quantitty"; did you mean quantity?'],
    ['another heading misspelt', 'itm,quantity\nMUG,3', 'There is no column "itm"; did you mean item?'],
    [
      'a warehouse misspelt',
      'item;warehose;quantity\nMUG;Newark;3',
      'There is no column "warehose"; did you mean warehouse?',
    ],
    ['two quantities', 'item,quantity,counted\nMUG,50,48', '"quantity" and "counted" could all be the quantity'],
    ['an item twice', 'SKU,quantity,sku\nMUG,3,DMAT', 'The column "SKU" is there twice'],
  ])('%s', (_, csv, words) => {
    expect(() => readSheet(csv)).toThrow(InvalidArguments);
    expect(() => readSheet(csv)).toThrow(words);
    expect(() => readSheet(csv)).toThrow('Nothing was written.');
  });
});

test('what is written as CSV is read as it was, whatever the items are called', () => {
  const name = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => {
    const trimmed = text.trim();
    return trimmed !== '' && trimmed === text && !/^\ufeff|e\+\d\d$/i.test(text);
  });
  const row = fc.tuple(name, fc.integer({ min: -1_000_000, max: 1_000_000 }));
  // As an export writes it: what could be a formula bears an apostrophe, and what bears one already a second.
  const quote = (text: string) => `"${guardCell(text).replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), fc.constantFrom(',', ';', '\t'), (rows, delimiter) => {
      const csv = ['item', ...rows.map(([item]) => quote(item))]
        .map((item, index) => `${item}${delimiter}${index === 0 ? 'quantity' : rows[index - 1]?.[1]}`)
        .join('\r\n');
      expect(read(csv)).toEqual(
        rows.map(([item, quantity], index) => [index + 2, item, '', BigInt(quantity) * 1_000_000n]),
      );
    }),
  );
});
