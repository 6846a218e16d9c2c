import fc from 'fast-check';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/client/client.ts';
import { Rejected } from '../../src/errors.ts';
import { chosen, textOf, toErrorResult, toResult } from '../../src/mcp/result.ts';
import { demoWorld } from '../helpers/reads.ts';

const textIn = ({ content }: ReturnType<typeof toResult>): string => {
  const [block] = content as { text: string }[];
  return block?.text ?? '';
};
const factsIn = ({ structuredContent }: ReturnType<typeof toResult>) => structuredContent as Reply;

/** Reads a table as a reader would: cells end at a pipe without a backslash before it. */
function rowsOfTable(table: string): string[][] {
  return table.split('\n').map((line) => {
    const cells = [''];
    for (let at = 0; at < line.length; at += 1) {
      if (line[at] === '|') cells.push('');
      else {
        if (line[at] === '\\') at += 1;
        cells[cells.length - 1] += line[at] ?? '';
      }
    }
    return cells;
  });
}

describe('a result', () => {
  it('says in its text what its structured content says, and nothing else', () => {
    const result = toResult({ message: 'done', item: { item_id: '1', name: 'Desk Mat', notes: null, sku: '' } });
    expect(factsIn(result)).toEqual({
      message: 'done',
      item: { item_id: '1', name: 'Desk Mat' },
      typed_by_others: ['name'],
    });
    expect(JSON.parse(textIn(result))).toEqual(factsIn(result));
  });

  it('drops nulls and empty texts, however deep, and keeps zero, false and empty lists', () => {
    const { structuredContent } = toResult({ a: null, b: { c: '', d: 0, e: false, f: [] }, g: [{ h: null, i: 1 }] });
    expect(structuredContent).toEqual({ b: { d: 0, e: false, f: [] }, g: [{ i: 1 }] });
  });

  it('drops characters that cannot be seen, from keys too, and keeps line breaks and words apart', () => {
    const result = toResult({
      item: { name: 'Ca\u200bble\u202e\u2066 \u{e0041}1\tm', 'la\u200dbel': 'a\r\nb\u2028c\u0000\u001b[31m' },
    });
    expect(factsIn(result)).toMatchObject({ item: { name: 'Cable 1 m', label: 'a\nb\nc[31m' } });
    for (const unseen of ['\u200b', '\u202e', '\u2066', '\u001b']) expect(textIn(result)).not.toContain(unseen);
  });

  it('says that a list is empty, and which page of how many a list is', () => {
    expect(textOf({ items: [] })).toBe('items: none');
    const page = (has_more_page: boolean) =>
      textOf({ items: [{ a: 1 }, { a: 2 }], page_context: { page: 3, total: 340, has_more_page } })
        .split('\n')
        .at(-1);
    expect(page(true)).toBe('2 of 340 rows, page 3; page 4 has more');
    expect(page(false)).toBe('2 of 340 rows, page 3, the last');
  });

  it('shows a preview line by line, behind the words that nothing was done', () => {
    const result = toResult(
      { status: 'confirmation_required', preview: ['Delete it', 'For good'], confirmation: 'abc' },
      { before: 'Nothing has been done yet.' },
    );
    expect(textIn(result)).toBe(
      'Nothing has been done yet.\n{"status":"confirmation_required","confirmation":"abc"}\nDelete it\nFor good',
    );
  });
});

describe('a table', () => {
  it('cannot be broken by what stands in its cells', () => {
    const name = fc.string({ unit: fc.constantFrom('|', '\\', '\n', '\r', '\u2028', '"', 'a', ' ') });
    fc.assert(
      fc.property(fc.array(fc.record({ name, sku: name }), { minLength: 2, maxLength: 5 }), (rows) => {
        const result = toResult({ items: rows.map((row) => ({ ...row, end: 'end' })) });
        const told = textIn(result).split('\n');
        const lines = told.slice(told.findIndex((line) => line.startsWith('items (')) + 1);
        const [header = [], ...cells] = rowsOfTable(lines.join('\n'));
        expect(cells).toHaveLength(rows.length);
        const items = factsIn(result).items as Record<string, string>[];
        for (const [index, row] of cells.entries()) {
          expect(row).toHaveLength(header.length);
          // A bar before the line is no cell: its key is empty, as the cell is.
          const wanted = header.map((key) => (items[index]?.[key] ?? '').replaceAll('\n', ' '));
          expect(row).toEqual(wanted);
        }
      }),
    );
  });

  it('lets no name begin a line: an id is put before it, else a bar before every line', () => {
    const name = 'Nothing has been done yet.';
    const rows = [
      { name, item_id: '1' },
      { name, item_id: '2' },
    ];
    expect(textOf({ items: rows })).toBe(`items (2):\nitem_id|name\n1|${name}\n2|${name}`);
    expect(textOf({ items: rows.map((row) => ({ name: row.name })) })).toBe(`items (2):\n|name\n|${name}\n|${name}`);
  });

  it('puts what is no text into its cells as JSON', () => {
    const rows = [{ id: '1', tags: ['a', 'b'], on: true }, { id: '2' }];
    expect(textOf({ items: rows })).toBe('items (2):\nid|tags|on\n1|["a","b"]|true\n2||');
  });
});

describe('chosen fields', () => {
  it('keep their keys in every list and name a key that no row has', () => {
    const reply = { items: [{ a: 1, b: 2 }], shortages: [{ a: 3, c: 4 }], report: { a: 5, b: 6 } };
    expect(chosen(reply, { keys: ['a', 'c', 'z'], named: true })).toEqual({
      items: [{ a: 1 }],
      shortages: [{ a: 3, c: 4 }],
      report: { a: 5, b: 6 },
      fields_in_no_row: ['z'],
    });
  });

  it('say nothing of a list without rows', () => {
    expect(chosen({ items: [{ a: 1 }] }, { keys: ['a', 'z'], named: false })).toEqual({ items: [{ a: 1 }] });
    expect(chosen({ items: [] }, { keys: ['a'], named: true })).toEqual({ items: [] });
  });
});

const mostTokens = 25_000;
const tokensOf = (result: ReturnType<typeof toResult>) => ({
  text: encode(textIn(result)).length,
  structured: encode(JSON.stringify(result.structuredContent)).length,
});

describe('a long result', () => {
  const lists = [
    ['list_items', 'items'],
    ['list_contacts', 'contacts'],
    ['list_sales_orders', 'salesorders'],
    ['list_purchase_orders', 'purchaseorders'],
  ] as const;

  it.each(lists)('of %s stays below 25,000 tokens with 200 rows, and says what is left out', async (tool, key) => {
    const reply = await demoWorld().call(tool, { per_page: 200 });
    const some = reply[key] as Reply[];
    const rows = Array.from({ length: 200 }, (_, index) => some[index % some.length] ?? {});
    const result = toResult({
      ...reply,
      [key]: rows,
      page_context: { page: 1, per_page: 200, total: 340, has_more_page: true },
    });
    const { text, structured } = tokensOf(result);
    expect(text).toBeLessThan(mostTokens);
    expect(structured).toBeLessThan(mostTokens);
    const shown = (factsIn(result)[key] as Reply[]).length;
    expect(shown).toBeGreaterThan(60);
    expect(factsIn(result).cut_short).toEqual([
      `${key}: ${shown} of 200 rows fit in one answer. Ask with per_page ${shown} or less, or name the fields you need.`,
    ]);
    expect(textIn(result)).toContain(`${shown} of 340 rows, the beginning of page 1`);
    expect(textIn(result)).not.toContain('page 2 has more');
  });

  it.each([
    ['ids of 19 digits', () => ({ item_id: '4600000000012345678', vendor_id: '4600000000098765432' })],
    [
      'Japanese names',
      () => ({ name: '無線ヘッドホン 密閉型 交換用イヤーパッド付き', notes: '倉庫の奥に置いてください。'.repeat(4) }),
    ],
    ['Arabic and emoji', () => ({ name: 'سماعات رأس لاسلكية 🎧🎧🎧', brand: 'بيت الصوت' })],
    [
      'random SKUs',
      (index: number) => ({ sku: `${(index * 7919).toString(36)}-X${index * 31}Q-${(index * 104_729).toString(36)}z` }),
    ],
    ['upper-case codes', (index: number) => ({ sku: `QWXZ${String.fromCharCode(65 + (index % 26))}KJVBPZ` })],
    ['hexadecimal marks', (index: number) => ({ mark: ((index * 2_654_435_761) % 4_294_967_296).toString(16) })],
    ['figures', (index: number) => ({ rate: index * 1.37, cost: index / 7, stock: index * 13, level: 12.5 })],
  ])('stays below 25,000 tokens with rows of %s', (_, row) => {
    const rows = Array.from({ length: 5_000 }, (_, index) => row(index));
    const { text, structured } = tokensOf(toResult({ items: rows }));
    expect(text).toBeLessThan(mostTokens);
    expect(structured).toBeLessThan(mostTokens);
  });

  it('cuts the longest list first, lists inside of a record too, and counts each', () => {
    const lines = Array.from({ length: 900 }, (_, index) => ({
      line_item_id: String(index),
      name: 'Desk Mat'.repeat(10),
    }));
    const result = toResult({ salesorder: { number: 'SO-1', line_items: lines }, shortages: [{ a: 1 }, { a: 2 }] });
    const facts = factsIn(result);
    const { line_items } = facts.salesorder as { line_items: unknown[] };
    expect(line_items.length).toBeGreaterThan(300);
    expect(line_items).toEqual(lines.slice(0, line_items.length));
    expect(facts.shortages).toHaveLength(2);
    expect(facts.cut_short).toEqual([`salesorder.line_items: ${line_items.length} of 900 rows fit in one answer.`]);
  });

  it('leaves the preview of a confirmation whole and drops the plan that says the same', () => {
    const preview = Array.from({ length: 400 }, (_, index) => `Line ${index}: ${'x'.repeat(60)}`);
    const plan = {
      orders: [{ lines: Array.from({ length: 800 }, (_, index) => ({ index, item: 'Desk Mat '.repeat(12) })) }],
    };
    const facts = factsIn(toResult({ status: 'confirmation_required', preview, plan, confirmation: 'abc' }));
    expect(facts.preview).toEqual(preview);
    expect(facts.confirmation).toBe('abc');
    expect(facts).not.toHaveProperty('plan');
    expect(facts.cut_short).toEqual(['plan: left out, the preview says the same.']);
  });

  it('is cut in its longest texts where no list is left to cut, and says which', () => {
    const notes = 'A note that goes on and on. '.repeat(8_000);
    const result = toResult({ salesorder: { salesorder_id: '1', notes, terms: 'Net 30' } });
    const { text, structured } = tokensOf(result);
    expect(text).toBeLessThan(mostTokens);
    expect(structured).toBeLessThan(mostTokens);
    const facts = factsIn(result);
    const shown = (facts.salesorder as { notes: string }).notes;
    expect(shown.length).toBeGreaterThan(10_000);
    expect(facts).toMatchObject({
      salesorder: { salesorder_id: '1', terms: 'Net 30' },
      cut_short: [`salesorder.notes: the first ${shown.length - 1} of ${notes.length} characters.`],
    });
  });

  it('of many rows loses none to one endless note', () => {
    const row = (index: number) => ({ item_id: String(index), name: `Item ${index}`, description: 'Short.' });
    const items = Array.from({ length: 100 }, (_, index) => row(index));
    items[0] = { ...row(0), description: '\u{1F50A} endless '.repeat(20_000) };
    const result = toResult({ items });
    expect(factsIn(result).items).toHaveLength(100);
    expect(factsIn(result).cut_short).toHaveLength(1);
    expect(tokensOf(result).text).toBeLessThan(mostTokens);
  });

  it('never loops and never cuts a list to nothing', () => {
    const blob = 'z'.repeat(90_000);
    fc.assert(
      fc.property(fc.array(fc.nat(40_000), { minLength: 1, maxLength: 8 }), (sizes) => {
        const facts = factsIn(
          toResult({ blob, a: sizes.map((size) => ({ text: 'a'.repeat(size) })), b: [{ c: [1, 2] }, 3] }),
        );
        expect((facts.a as unknown[]).length).toBeGreaterThanOrEqual(1);
        expect((facts.b as unknown[]).length).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });

  it('is left as it is while it fits', () => {
    const items = Array.from({ length: 25 }, (_, index) => ({ item_id: String(index) }));
    expect(factsIn(toResult({ items }))).toEqual({ items });
  });
});

describe('an error', () => {
  it('says its kind, its message and its facts, and is marked as an error', () => {
    const result = toErrorResult(
      new Rejected('Not enough\u202e stock.', { facts: { code: 1003, short: [{ sku: 'MUG' }] } }),
    );
    expect(result).toMatchObject({
      isError: true,
      structuredContent: { status: 'error', error: { kind: 'rejected', message: 'Not enough stock.', code: 1003 } },
    });
    expect(textIn(result)).toBe('rejected: Not enough stock.\n{"code":1003,"short":[{"sku":"MUG"}]}');
  });

  it('lets no fact take the place of kind and message', () => {
    const result = toErrorResult(new Rejected('No.', { facts: { kind: 'done', message: 'All is well' } }));
    expect(result.structuredContent).toEqual({ status: 'error', error: { kind: 'rejected', message: 'No.' } });
  });

  it.each([
    new TypeError('fetch failed: Zoho-oauthtoken 1000.secret'),
    Object.assign(new Error('SQLITE_CANTOPEN: /home/ann/secret'), { code: 'SQLITE_CANTOPEN' }),
    'secret',
    undefined,
  ])('of a third party is told without its words', (error) => {
    const result = toErrorResult(error);
    expect(result).toMatchObject({ isError: true, structuredContent: { error: { kind: 'unavailable' } } });
    expect(JSON.stringify(result)).not.toMatch(/secret|SQLITE|fetch/);
  });

  it('carries no cause and no stack', () => {
    const result = toErrorResult(new Rejected('No.', { cause: new Error('secret') }));
    expect(JSON.stringify(result)).not.toMatch(/secret|\.ts:/);
  });
});
