import { describe, expect, it } from 'vitest';
import type { Client, Reply } from '../../src/client/client.ts';
import { listRows } from '../../src/client/lost/rows.ts';
import { Rejected } from '../../src/errors.ts';
import type { Input } from '../../src/operations/define.ts';
import { newestFirst } from '../../src/operations/trace.ts';
import { lossyWorld, operation, outcomeOf, reset } from './lossy.ts';
import { company } from './writes.ts';

/** A list that answers page after page; `asked` collects what it was asked. */
function pagesOf(pages: readonly Reply[], refuses?: (input: Input) => boolean) {
  const asked: Input[] = [];
  const client = {
    call: async (_: unknown, input: Input) => {
      asked.push(input);
      if (refuses?.(input)) throw new Rejected('Invalid value passed for sort_column.');
      return pages[Number(input.page) - 1] ?? {};
    },
  } as unknown as Client; // the one method that is used
  return { client, asked };
}

const minute = (of: number) => `2026-11-23T18:${String(of).padStart(2, '0')}:00+0000`;
const sorted = { sort_column: 'created_time', has_more_page: true };
const rows = (...minutes: number[]) =>
  minutes.map((of, index) => ({ item_id: `${of}-${index}`, created_time: minute(of) }));
const isEarlier = (row: Record<string, unknown>) => String(row.created_time) < minute(30);

const listed = (pages: readonly Reply[], refuses?: (input: Input) => boolean) => {
  const { client, asked } = pagesOf(pages, refuses);
  const question = { list: operation('list_items'), asked: { sku: 'LAMP', ...newestFirst }, isEarlier };
  return listRows(client, question, {}).then((found) => ({ ...found, asked }));
};

describe('rows among which a lost record is looked for', () => {
  it('end with the first page that ends before it, where the API says and keeps the order', async () => {
    const found = await listed([{ items: rows(40, 35, 20), page_context: sorted }]);
    expect(found).toMatchObject({ isWhole: true, asked: [{ page: 1, per_page: 200, sku: 'LAMP' }] });
  });

  it.each([
    ['says nothing of an order', [{ items: rows(40, 20), page_context: { has_more_page: true } }]],
    ['says it and does not keep it', [{ items: rows(20, 40, 20), page_context: sorted }]],
    ['prints no times', [{ items: [{ item_id: '1' }], page_context: sorted }]],
  ])('are read on where the API %s', async (_, first) => {
    const last = { items: rows(50), page_context: { has_more_page: false } };
    const found = await listed([...first, last]);
    expect(found.asked).toHaveLength(2);
    expect(found).toMatchObject({ isWhole: true });
    expect(found.rows.at(-1)).toMatchObject({ created_time: minute(50) });
  });

  it('are not all after three pages of more', async () => {
    const more = { has_more_page: true };
    const found = await listed([1, 2, 3, 4].map((of) => ({ items: rows(of), page_context: more })));
    expect(found.asked).toHaveLength(3);
    expect(found.isWhole).toBe(false);
  });

  it('are not all where every page is the first one', async () => {
    const page = { items: rows(20), page_context: { has_more_page: true } };
    expect(await listed([page, page, page])).toMatchObject({ isWhole: false, asked: [{ page: 1 }, { page: 2 }] });
  });

  it('are not all after a full page that does not say whether more follow', async () => {
    const full = rows(...Array.from({ length: 200 }, () => 20));
    expect((await listed([{ items: full }, { items: rows(50) }])).rows).toHaveLength(201);
  });

  it('are asked for without the order where the API refuses it', async () => {
    const last = { items: rows(50), page_context: { has_more_page: false } };
    const found = await listed([last], ({ sort_column }) => sort_column !== undefined);
    expect(found).toMatchObject({ isWhole: true, rows: [{ created_time: minute(50) }] });
    expect(found.asked.at(-1)).toEqual({ sku: 'LAMP', page: 1, per_page: 200 });
  });
});

describe('a lost create behind a list that hides it', () => {
  const creates = {
    create_item: { list: 'items', body: () => ({ name: 'Lamp', sku: 'LAMP', rate: 20, item_type: 'inventory' }) },
    create_sales_order: {
      list: 'salesorders',
      body: (its: Awaited<ReturnType<typeof company>>) => ({ customer_id: its.customer, line_items: [its.line] }),
    },
    create_stock_adjustment: {
      list: 'inventory_adjustments',
      body: (its: Awaited<ReturnType<typeof company>>) => its.adjustment,
    },
  };

  it.each(Object.entries(creates))('%s: is found where filters and order are ignored', async (name, { body }) => {
    const world = lossyWorld({ isBlind: true });
    const its = await company(world.call);
    world.pass(60_000);
    world.lose(reset('after'));
    expect(await outcomeOf(world.call(name, body(its)))).toHaveProperty('reply');
  });

  it('is found on the second page of a list in an order of its own', async () => {
    const world = lossyWorld({ isBlind: true });
    const its = await company(world.call);
    const input = { customer_id: its.customer, line_items: [its.line] };
    for (let made = 0; made < 200; made += 1) await world.others('create_sales_order', input);
    world.pass(60_000);
    world.lose(reset('after'));
    // The list goes by date, and this one is of an earlier day.
    const { reply } = await outcomeOf(world.call('create_sales_order', { ...input, date: '2025-01-15' }));
    expect(reply).toMatchObject({ salesorder: { date: '2025-01-15' } });
    expect(world.rows("SELECT order_id FROM orders WHERE kind = 'sales'")).toHaveLength(201);
  });

  it.each(Object.entries(creates))(
    '%s: is found where rows do not tell when they were made',
    async (name, { list, body }) => {
      for (const created_time of [undefined, '2026-11-23', '23 Nov 2026']) {
        const world = lossyWorld();
        const its = await company(world.call);
        world.reshape((_, reply) => {
          const found = reply[list];
          return Array.isArray(found) ? { ...reply, [list]: found.map((row) => ({ ...row, created_time })) } : reply;
        });
        world.pass(60_000);
        for (const when of ['after', 'before'] as const) {
          world.lose(reset(when));
          const input = { ...body(its), ...(name === 'create_item' ? { name: `Lamp ${when}`, sku: when } : {}) };
          const before = world.seen.length;
          expect(await outcomeOf(world.call(name, input))).toHaveProperty('reply');
          const writes = world.seen.slice(before).filter((line) => line.startsWith('POST'));
          expect(writes).toHaveLength(when === 'after' ? 1 : 2);
        }
      }
    },
  );

  it('is left unknown where nothing tells when it was made', async () => {
    const world = lossyWorld();
    const its = await company(world.call);
    world.reshape((_, reply) => JSON.parse(JSON.stringify(reply).replaceAll('"created_time"', '"made_on"')));
    world.lose(reset('after'));
    const outcome = await outcomeOf(
      world.call('create_sales_order', { customer_id: its.customer, line_items: [its.line] }),
    );
    expect(outcome.error).toMatchObject({ kind: 'outcome_unknown', facts: { salesorder_id: [expect.any(String)] } });
  });

  it('is not sent again when the list shows it only at the second look', async () => {
    const world = lossyWorld();
    const its = await company(world.call);
    world.lose(reset('after'));
    world.on(/^GET \/salesorders\?/, () => Response.json({ code: 0, salesorders: [], page_context: {} }));
    const input = { customer_id: its.customer, line_items: [its.line] };
    expect(await outcomeOf(world.call('create_sales_order', input))).toHaveProperty('reply');
    expect(world.seen.filter((line) => line === 'POST /salesorders')).toHaveLength(1);
  });

  it('is left unknown where more came into question than are read', async () => {
    const world = lossyWorld();
    const its = await company(world.call);
    const input = { customer_id: its.customer, line_items: [its.line] };
    world.lose(reset('before'));
    world.on(/^GET \/salesorders\?/, async () => {
      const line_items = [{ ...its.line, quantity: 77 }];
      for (let made = 0; made < 11; made += 1) await world.others('create_sales_order', { ...input, line_items });
    });
    const before = world.seen.length;
    const { error } = await outcomeOf(world.call('create_sales_order', input));
    expect(error).toMatchObject({ kind: 'outcome_unknown' });
    expect(world.seen.slice(before).filter((line) => /^GET \/salesorders\/\d/.test(line))).toHaveLength(10);
  });
});
