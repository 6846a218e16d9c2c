import { describe, expect, test } from 'vitest';
import { ranked } from '../../../src/workflows/finding/find-rank.ts';
import { contactFinder, itemFinder } from '../../../src/workflows/finding/finders.ts';
import type { Row } from '../../../src/workflows/rows.ts';

const items: Row[] = [
  { item_id: '1', name: 'Wireless Bluetooth Headphones', sku: 'WBH-001', upc: '123456789012', part_number: 'X-9' },
  { item_id: '2', name: 'USB-C Cable 1 m', sku: 'UCC-1M' },
  { item_id: '3', name: 'USB-C Cable 2 m', sku: 'UCC-2M' },
  { item_id: '4', name: 'Mug', sku: 'CUP' },
  { item_id: '5', name: 'Big Mug', sku: 'MUG' },
  { item_id: '6', name: 'Écran plat', sku: 'ECR' },
];
const found = (term: string, rows = items, isSearch = false) =>
  ranked(rows, term, { fields: itemFinder.fields, id: 'item_id', found: isSearch }).map(({ row, matched }) => [
    row.item_id,
    matched,
  ]);

describe('what an item is found by', () => {
  test.each([
    ['wbh-001', 'SKU'],
    ['0123456789012', 'barcode'],
    ['wireless  bluetooth headphones', 'name'],
    ['x-9', 'part number'],
    ['1', 'id'],
    ['wbh', 'start of SKU'],
    ['bluetooth', 'part of name'],
    ['345678', 'part of barcode'],
    ['headphones wireless', 'all words'],
    ['hedphones', 'near spelling'],
    ['blutooth headfones', 'near spelling'],
    ['wbh001', 'near spelling'],
    ['Wireless Mouse', 'some words'],
  ])('%s is told as %s', (term, matched) => {
    expect(found(term)[0]).toEqual(['1', matched]);
  });

  test('a SKU goes before a name, a name before a part of one', () => {
    expect(found('mug')).toEqual([
      ['5', 'SKU'],
      ['4', 'name'],
    ]);
    expect(found('usb-c cable')).toEqual([
      ['2', 'start of name'],
      ['3', 'start of name'],
    ]);
  });

  test('another length is another cable, however near its spelling', () => {
    expect(found('USB-C Cabel 1 m')).toEqual([['2', 'near spelling']]);
    expect(found('UCC1M')).toEqual([
      ['2', 'near spelling'],
      ['3', 'near spelling'],
    ]);
  });

  test('a code of one other figure is shown and marked as a guess', () => {
    const [first] = ranked(items, 'WBH-002', { fields: itemFinder.fields, id: 'item_id', found: false });
    expect(first).toMatchObject({ row: { item_id: '1' }, isGuess: true, exact: false });
  });

  test('case and width of letters do not count, accents do', () => {
    expect(found('ÉCRAN')).toEqual([['6', 'start of name']]);
    expect(found('ＭＵＧ')[0]).toEqual(['5', 'SKU']);
  });

  test('nothing is found by what no record shares, unless the search of the service gave it', () => {
    expect(found('zzzz')).toEqual([]);
    expect(found('zzzz', items.slice(0, 1), true)).toEqual([['1', 'elsewhere in the record']]);
  });

  test('signs of patterns are text, and an endless word is compared at its beginning', () => {
    for (const term of ['.*', '%', '[a-z]+', '\\', '('.repeat(200)]) expect(found(term)).toEqual([]);
    expect(found('x'.repeat(5_000))).toEqual([]);
  });
});

describe('what a contact is found by', () => {
  const contacts: Row[] = [
    {
      contact_id: '1',
      contact_name: 'Nora',
      company_name: 'Bluebird Cafe',
      email: 'n@b.example',
      phone: '510-555-0140',
    },
    { contact_id: '2', contact_name: 'Bluebird Cafes', company_name: '', email: '', phone: '+1 (415) 555-0140' },
  ];
  const of = (term: string) =>
    ranked(contacts, term, { fields: contactFinder().fields, id: 'contact_id', found: false }).map(
      ({ row, matched }) => [row.contact_id, matched],
    );

  test.each([
    ['N@B.example', [['1', 'e-mail']]],
    ['5105550140', [['1', 'phone']]],
    ['+1 510 555 0140', [['1', 'phone']]],
    ['415.555.0140', [['2', 'phone']]],
    [
      'bluebird cafe',
      [
        ['1', 'company'],
        ['2', 'start of name'],
      ],
    ],
    [
      'blubird caffe',
      [
        ['2', 'near spelling'],
        ['1', 'near spelling'],
      ],
    ],
  ])('%s', (term, expected) => {
    const got = of(term);
    expect([...got].sort()).toEqual([...expected].sort());
  });
});
