import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvColumns, readCsv } from '../../src/workflows/csv.ts';
import { cellText, guardCell, numberIn, unguardCell } from '../../src/workflows/csv-cells.ts';
import { writeCsv } from '../../src/workflows/csv-write.ts';

const known = ['sku', 'name', 'rate'];
const columns: CsvColumns = {
  columnOf: (heading) => known.find((name) => name === heading.trim().toLowerCase()),
  isHeader: (found) => found.has('sku'),
};
const read = (text: string) => readCsv(text, columns)?.rows.map(({ line, row, cells }) => [line, row, ...cells]);

describe('a CSV text', () => {
  test.each([
    ['lines of CRLF', 'sku,name\r\nA,x\r\n', [[2, 2, 'A', 'x']]],
    ['a mark and a line that tells the separator', '\ufeffsep=;\nsku;name\nA;x,y', [[3, 3, 'A', 'x,y']]],
    ['that line as a sheet saves it again', '"sep=;";;\nsku;name\nA;x', [[3, 3, 'A', 'x']]],
    [
      'empty cells between tabs',
      'sku\tname\trate\n\t\t5\nA\t\t5',
      [
        [2, 2, '', '', '5'],
        [3, 3, 'A', '', '5'],
      ],
    ],
    ['bars', 'sku|name\nA|x', [[2, 2, 'A', 'x']]],
    ['a comma in a heading of semicolons', '"Price, net";sku;name\n1;A;x', [[2, 2, '1', 'A', 'x']]],
    [
      'cells of two lines, and blank lines',
      'sku,name\n\nA,"x\r\ny"\n,\nB,z',
      [
        [3, 3, 'A', 'x\ny'],
        [6, 5, 'B', 'z'],
      ],
    ],
    [
      'inches',
      'sku,name\nA,3" x 4"\nB,"3"" wide"',
      [
        [2, 2, 'A', '3" x 4"'],
        [3, 3, 'B', '3" wide'],
      ],
    ],
    [
      'lines saved as one cell where they held quotes',
      'sku,name\n"A,""x, y"""\n"B, z"',
      [
        [2, 2, 'A', 'x, y'],
        [3, 3, 'B, z'],
      ],
    ],
    [
      'the header on every page',
      'sku,name\nA,x\nsku,name\nB,y',
      [
        [2, 2, 'A', 'x'],
        [4, 4, 'B', 'y'],
      ],
    ],
  ])('is read with %s', (_, text, rows) => {
    expect(read(text)).toEqual(rows);
  });

  test.each([
    ['sku,name\nA,x\nB,"y\nC,z', 'Line 3 of csv: a quote is opened and never closed.'],
    ['sep=,\nsku,name\nA,"x\ny"\nB,"y\nC,z', 'Line 5 of csv: a quote is opened and never closed.'],
    ['sku,name\nA,"x\nB,"y"\nC,z', 'Line 2 of csv: a quote ends in the middle of a cell (line 3).'],
    ['sku,name\nA,"x" y', 'Line 2 of csv: a quote ends in the middle of a cell.'],
    ['sku,name\\nA,x', 'its line breaks came as the two signs \\n'],
  ])('whose quotes or lines are broken names the line to mend: %j', (text, words) => {
    expect(() => read(text)).toThrow(words);
  });

  test('that is saved with all the rows a sheet could have is read in no time, and its rows are numbered as they stand', () => {
    const blank = '\n'.repeat(500_000);
    const empty = ',;,\n'.repeat(500_000);
    const startMs = performance.now();
    expect(read(`sku,name\nA,x\n${blank}B,"y\nz"\n${empty}`)).toEqual([
      [2, 2, 'A', 'x'],
      [500_003, 500_003, 'B', 'y\nz'],
    ]);
    // A record for each of these lines would take ten seconds and more.
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });

  test('of nothing has no header', () => {
    expect(readCsv('\n \n', columns)).toBeUndefined();
  });

  const cell = fc
    .string({ unit: 'grapheme', maxLength: 10 })
    .map((text) => text.replace(/[\r\u2028\u2029\s]+/gu, ' ').trim());
  test('is read as it was written, whatever its cells and the separator', () => {
    const lines = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(lines, fc.constantFrom(',', ';', '\t', '|'), (rows, separator) => {
        const filled = rows.map(([a, b, c]) => [`A${a}`, b, c] as const);
        const line = (cells: readonly string[]) =>
          cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(separator);
        const text = [known, ...filled].map(line).join('\r\n');
        expect(read(text)).toEqual(filled.map((cells, index) => [index + 2, index + 2, ...cells]));
      }),
    );
  });
});

const micro = (text: string, separator: string) => {
  const number = numberIn(text, separator);
  return 'micro' in number ? Number(number.micro) / 1e6 : number.fault;
};

describe('a number in a cell', () => {
  test.each([
    ['12', 12, 12],
    ['-12.5', -12.5, -12.5],
    ['12,5', 'comma', 12.5],
    ['0,125', 'comma', 0.125],
    ['1.234', 1.234, 'unclear'],
    ['1,234', 'comma', 'unclear'],
    ['1.2340', 1.234, 1.234],
    ['1234,567', 'comma', 1234.567],
    ['1.234,5', 1234.5, 1234.5],
    ['1,234.5', 1234.5, 1234.5],
    ['1.234.567', 1_234_567, 1_234_567],
    ['1,234,567.25', 1_234_567.25, 1_234_567.25],
    ['1\u202f234,5', 1234.5, 1234.5],
    ['1’234.5', 1234.5, 1234.5],
    ['="12"', 12, 12],
    ['12,34,567', 'comma', 'comma'],
    ['1 234', 'no number', 'no number'],
    ['12 pcs', 'no number', 'no number'],
    ['1e3', 'no number', 'no number'],
    ['', 'no number', 'no number'],
    ['0.1234567', 'too fine', 'too fine'],
    ['0.1200000', 0.12, 0.12],
  ])('%j is %j between commas, %j between semicolons', (text, byComma, bySemicolon) => {
    expect([micro(text, ','), micro(text, ';')]).toEqual([byComma, bySemicolon]);
  });

  test('is the one that was meant, however a country writes it, or is refused', () => {
    const number = fc.tuple(fc.integer({ min: 0, max: 10_000_000 }), fc.integer({ min: 0, max: 999 }));
    const ways = fc.constantFrom([',', '.'], ['.', ','], ['\u00a0', ','], ["'", '.'], ['', ','], ['', '.']);
    fc.assert(
      fc.property(number, ways, fc.integer({ min: 1, max: 3 }), ([whole, part], [group = '', point = ''], places) => {
        const grouped = String(whole).replace(/\B(?=(\d{3})+$)/g, group);
        const fraction = String(part).slice(0, places).padEnd(places, '0');
        const told = numberIn(`${grouped}${point}${fraction}`, ';');
        const meant = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
        if ('micro' in told) expect(told.micro).toBe(meant);
        else expect([told.fault, whole < 1_000 && places === 3]).toEqual(['unclear', true]);
      }),
    );
  });
});

describe('a cell that a spreadsheet could run', () => {
  test.each(['=1+1', '+1', '-1+2', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', "'=1"])('is guarded: %j', (cell) => {
    expect(guardCell(cell)).toBe(`'${cell}`);
  });

  test('is no plain number, and no other text', () => {
    for (const cell of ['-5', '-5.25', 'A-1', "'quoted'", '', '1=1']) expect(guardCell(cell)).toBe(cell);
  });

  const signs = fc.string({ unit: fc.constantFrom(...'=+-@\t\r\n\'"; ,＝0aA'.split('')), maxLength: 6 });
  test('begins with no sign of a formula, and is what it was when it is read again', () => {
    fc.assert(
      fc.property(signs, (cell) => {
        const { text } = writeCsv(['sku'], [[cell]]);
        const written = guardCell(cell);
        expect(text).toContain(written.replaceAll('"', '""'));
        expect(/^-\d+(\.\d+)?$/.test(written) || !/^[=+\-@\t\r\n＝]/.test(written)).toBe(true);
        expect(unguardCell(written)).toBe(cell);
      }),
    );
  });

  test('and digits that were told to be text are read as they were', () => {
    expect(['="00123"', '="a""b"', `'="00123"`, ' ="1 " ', '=1'].map(cellText)).toEqual([
      '00123',
      'a"b',
      '="00123"',
      '1',
      '=1',
    ]);
  });
});
