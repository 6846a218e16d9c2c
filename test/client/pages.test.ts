import { expect, test } from 'vitest';
import { walkPages } from '../../src/client/pages.ts';
import type { Input, Operation } from '../../src/operations/define.ts';

const listOrders: Operation = {
  name: 'list_sales_orders',
  title: 'List sales orders',
  description: 'Sales orders.',
  toolset: 'sales',
  method: 'GET',
  path: '/salesorders',
  effect: 'read',
  scope: 'ZohoInventory.salesorders.READ',
  source: 'https://www.zoho.com/inventory/api/v1/salesorders/',
  input: {},
  reply: 'salesorders',
  paged: true,
};

const orders = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ customer_id: '1', salesorder_id: String(from + index) }));

/** A list of so many orders, as the API pages it. */
function list(
  total: number,
  { operation = listOrders, page = pageOf }: { operation?: Operation; page?: typeof pageOf } = {},
) {
  const asked: Input[] = [];
  const call = async (_: Operation, input: Input) => {
    asked.push(input);
    return page(total, Number(input.page ?? 1), Number(input.per_page ?? 200));
  };
  const walk = async (options: { cap?: number } = {}, input: Input = {}) => {
    const rows: string[] = [];
    let truncated = false;
    for await (const found of walkPages(call, operation, input, options)) {
      rows.push(String(found.row.salesorder_id));
      truncated = found.truncated;
    }
    return { rows, truncated };
  };
  return { walk, asked };
}

function pageOf(total: number, page: number, perPage: number): Record<string, unknown> {
  const from = (page - 1) * perPage;
  const salesorders = orders(from, Math.max(0, Math.min(perPage, total - from)));
  return { salesorders, page_context: { page, per_page: perPage, has_more_page: from + perPage < total } };
}

test('all rows of all pages come, 200 a page, with the filters of the first', async () => {
  const { walk, asked } = list(450);
  const { rows, truncated } = await walk({}, { status: 'open', per_page: 25 });
  expect(rows).toEqual(orders(0, 450).map(({ salesorder_id }) => salesorder_id));
  expect(truncated).toBe(false);
  expect(asked).toEqual([1, 2, 3].map((page) => ({ status: 'open', page, per_page: 200 })));
});

test.each([
  [450, 200, true, 1],
  [450, 250, true, 2],
  [450, 449, true, 3],
  [450, 450, false, 3],
  [200, 200, false, 1],
  [3, 10, false, 1],
])('of %i rows a cap of %i truncates: %s, after %i calls', async (total, cap, isTruncated, calls) => {
  const { walk, asked } = list(total);
  const { rows, truncated } = await walk({ cap });
  expect(rows).toHaveLength(Math.min(total, cap));
  expect(truncated).toBe(isTruncated);
  expect(asked).toHaveLength(calls);
});

test('an empty page ends the walk even when the API says there is more', async () => {
  const { walk, asked } = list(0, { page: () => ({ salesorders: [], page_context: { has_more_page: true } }) });
  expect(await walk()).toEqual({ rows: [], truncated: false });
  expect(asked).toHaveLength(1);
});

test('a reply without page_context is the whole list', async () => {
  const { walk, asked } = list(3, { page: () => ({ salesorders: orders(0, 3) }) });
  expect((await walk()).rows).toHaveLength(3);
  expect(asked).toHaveLength(1);
});

test('a list that has no pages is asked for once, as it was asked', async () => {
  const { paged: _, ...unpaged } = listOrders;
  const { walk, asked } = list(450, { operation: unpaged });
  expect((await walk({}, { status: 'open' })).rows).toHaveLength(200);
  expect(asked).toEqual([{ status: 'open' }]);
});

test('a list that repeats its pages is an error and no loop', async () => {
  const { walk, asked } = list(0, {
    page: (_, page) => ({ ...pageOf(450, 1, 200), page_context: { page, has_more_page: true } }),
  });
  await expect(walk()).rejects.toMatchObject({ kind: 'unavailable' });
  expect(asked).toHaveLength(2);
});

test('a cap of 0 asks for nothing', async () => {
  const { walk, asked } = list(450);
  expect((await walk({ cap: 0 })).rows).toEqual([]);
  expect(asked).toHaveLength(0);
});
