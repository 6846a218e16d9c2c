import { describe, expect, test } from 'vitest';
import type { Api } from '../../src/workflows/define.ts';
import { lookUpInCatalog } from '../../src/workflows/look-up-catalog.ts';
import { type Row, textIn } from '../../src/workflows/rows.ts';
import { readLevels } from '../../src/workflows/stock/levels.ts';
import { anItem, fakeApi, place, quiet } from './fake-api.ts';

const catalog = (size: number): Row[] =>
  Array.from({ length: size }, (_, index) =>
    anItem({ sku: `A-${String(index).padStart(4, '0')}`, name: `Part ${index}`, stock: index }),
  );

/** Answers of a list with how many rows it has in all, as the API counts them. */
function counting(items: readonly Row[], { total = true } = {}) {
  const page = (rows: readonly Row[], key: string, given: unknown) => {
    const from = (Number(given ?? 1) - 1) * 200;
    const page_context = { has_more_page: from + 200 < rows.length, ...(total ? { total: rows.length } : {}) };
    return { [key]: rows.slice(from, from + 200), page_context };
  };
  const stock = items.map((item) => ({
    item_id: item.item_id,
    warehouse_id: '1',
    warehouse_name: 'Oakland',
    on_hand: item.stock_on_hand,
    committed: 1,
    packed: 0,
  }));
  const listed = items.map(({ warehouses: _, ...row }) => row);
  return fakeApi({
    items,
    instead: ({ name, input }) => {
      if (name === 'get_stock_on_hand') return { ...page(stock, 'items', input.page), report: { currency: 'EUR' } };
      return name === 'list_items' && input.search_text === undefined ? page(listed, 'items', input.page) : undefined;
    },
  });
}

const skus = (items: readonly Row[], from: number, to: number) =>
  items.slice(from, to).map((row) => textIn(row, 'sku'));

describe('hundreds of items in a catalog of 1,000', () => {
  const items = catalog(1_000);
  const find = async (api: Api, terms: readonly string[]) => lookUpInCatalog(api, terms, quiet);

  test('that stand on the first page cost one call', async () => {
    const api = counting(items);
    const terms = skus(items, 0, 150);
    const { items: found, problems } = await find(api, terms);
    expect([...found.values()].map((row) => row.sku)).toEqual(terms);
    expect(problems.size).toBe(0);
    expect(api.names()).toEqual(['list_items']);
  });

  test('of which few are left are searched for, rather than reading on', async () => {
    const api = counting(items);
    const { items: found } = await find(api, [...skus(items, 0, 5), 'A-0999', 'a-0777']);
    expect(found.get('A-0999')?.name).toBe('Part 999');
    expect(found.get('a-0777')?.name).toBe('Part 777');
    expect(api.calls.map(({ input }) => input.search_text ?? 'page')).toEqual(['page', 'A-0999', 'a-0777']);
  });

  test('of which many are left cost a page each 200 items, and no search', async () => {
    const api = counting(items);
    const { items: found } = await find(api, skus(items, 0, 1_000));
    expect(found.size).toBe(1_000);
    expect(api.names()).toEqual(Array.from({ length: 5 }, () => 'list_items'));
  });

  test('cost twice the least at most where the list does not say how long it is', async () => {
    const api = counting(items, { total: false });
    const { items: found } = await find(api, [...skus(items, 0, 5), 'A-0999']);
    expect(found.size).toBe(6);
    expect(api.calls.map(({ input }) => input.search_text ?? 'page')).toEqual(['page', 'A-0999']);
    const many = counting(items, { total: false });
    expect((await find(many, skus(items, 0, 1_000))).items.size).toBe(1_000);
    expect(many.calls).toHaveLength(5);
  });

  test('by a name that stands on two pages are ambiguous, not the first one met', async () => {
    const twins = [...catalog(250), anItem({ name: 'Part 3', sku: 'B-1' })];
    const { items: found, problems } = await find(counting(twins), ['Part 3', 'A-0001', 'A-0002', 'A-0249']);
    expect(found.size).toBe(3);
    expect(problems.get('Part 3')).toMatchObject({ reason: 'ambiguous' });
    expect(problems.get('Part 3')?.candidates).toHaveLength(2);
  });

  test('are found by what a scanner sends, with or without zeros before it', async () => {
    const coded = catalog(1_000).map((row, index) => ({ ...row, upc: String(100_000_000_000 + index) }));
    const terms = Array.from({ length: 40 }, (_, index) => `0${100_000_000_900 + index}`);
    const { items, problems } = await find(counting(coded), terms);
    expect(problems.size).toBe(0);
    expect(terms.map((term) => textIn(items.get(term) ?? {}, 'sku'))).toEqual(skus(coded, 900, 940));
  });

  test('that are unknown are all told, the first of them with what comes near', async () => {
    const unknown = Array.from({ length: 900 }, (_, index) => `Part ${index}x`);
    const { problems } = await find(counting(items), [...unknown, 'A-0001']);
    expect(problems.size).toBe(900);
    expect(problems.get('Part 7x')?.candidates).not.toHaveLength(0);
    expect(problems.get('Part 899x')?.candidates).toHaveLength(0);
  });
});

describe('levels', () => {
  const items = catalog(1_000);
  const idsOf = (rows: readonly Row[]) => rows.map((row) => textIn(row, 'item_id'));
  const level = (onHand: bigint) => ({ onHand: onHand * 1_000_000n, committed: 1_000_000n, packed: 0n });

  test('of many items come from one page of the report, with the currency', async () => {
    const api = counting(items);
    const levels = await readLevels(api, idsOf(items.slice(0, 100)), new Map(), { context: quiet });
    expect(levels.at(textIn(items[42] ?? {}, 'item_id'), '1')).toEqual(level(42n));
    expect(levels.at(textIn(items[42] ?? {}, 'item_id'), '2')).toEqual({ onHand: 0n, committed: 0n, packed: 0n });
    expect(levels.currency).toBe('EUR');
    expect(api.names()).toEqual(['get_stock_on_hand']);
  });

  test('of the few that are left are read item by item', async () => {
    const api = counting(items);
    const asked = [...items.slice(0, 10), ...items.slice(700, 703)];
    const levels = await readLevels(api, idsOf(asked), new Map(), { context: quiet });
    expect(levels.at(textIn(items[702] ?? {}, 'item_id'), '1').onHand).toBe(702_000_000n);
    expect(api.names()).toEqual(['get_stock_on_hand', 'get_item', 'get_item', 'get_item']);
  });

  test('an item whose warehouses go on on the next page is read to its end', async () => {
    const split = anItem({ stock: 9, warehouses: [place('1', 'Oakland', 4), place('2', 'Newark', 5)] });
    const listed = [
      ...items.slice(0, 199).map((row) => ({ item_id: row.item_id, warehouse_id: '1', on_hand: 1 })),
      { item_id: split.item_id, warehouse_id: '1', on_hand: 4 },
      { item_id: split.item_id, warehouse_id: '2', on_hand: 5 },
    ];
    const api = fakeApi({
      items: [split],
      instead: ({ name, input }) =>
        name === 'get_stock_on_hand'
          ? {
              items: input.page === 1 ? listed.slice(0, 200) : listed.slice(200),
              page_context: { has_more_page: input.page === 1, total: listed.length },
            }
          : undefined,
    });
    const asked = [...idsOf(items.slice(0, 50)), textIn(split, 'item_id')];
    const levels = await readLevels(api, asked, new Map(), { context: quiet });
    expect(levels.at(textIn(split, 'item_id'), '2').onHand).toBe(5_000_000n);
  });

  test('that are known with their split cost nothing', async () => {
    const api = counting(items);
    const rows = new Map(items.slice(0, 5).map((row) => [textIn(row, 'item_id'), row]));
    await readLevels(api, [...rows.keys()], rows, { context: quiet });
    expect(api.calls).toEqual([]);
  });
});
