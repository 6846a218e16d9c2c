import { describe, expect, test } from 'vitest';
import { InvalidArguments, RateLimited } from '../../../src/errors.ts';
import type { Input } from '../../../src/operations/define.ts';
import { findOrders } from '../../../src/workflows/finding/find-orders.ts';
import { type Row, rowIn, rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { tokensOf } from '../answered-text.ts';
import { demoWorld } from '../demo-world.ts';
import { type Call, fakeApi, quiet } from '../fake-api.ts';
import { errorOf } from '../fulfil-world.ts';

const find = async (input: Input) => {
  const world = demoWorld();
  const reply = await world.read('find_orders', input);
  return {
    world,
    reply,
    message: String(reply.message),
    sales: rowsIn(reply, 'salesorders').map((row) => textIn(row, 'salesorder_number')),
    purchases: rowsIn(reply, 'purchaseorders').map((row) => textIn(row, 'purchaseorder_number')),
    calls: world.callsSent(),
  };
};

describe('finding orders in the demo company', () => {
  test('of both kinds, newest first, counted, for a call each', async () => {
    const { message, sales, purchases, calls } = await find({});
    expect(sales).toHaveLength(17);
    expect(sales.slice(0, 2)).toEqual(['SO-00019', 'SO-00018']);
    expect(purchases).toHaveLength(9);
    expect(message).toMatch(/^17 sales orders; the newest is SO-00019 .* 9 purchase orders; the newest is PO-00009 /);
    expect(calls).toBe(2);
  });

  test('that are open, with what is left, as their own records tell it', async () => {
    const { world, reply, sales, purchases, calls } = await find({ status: 'open' });
    expect(sales).toEqual(['SO-00019', 'SO-00018', 'SO-00017', 'SO-00016', 'SO-00012']);
    expect(purchases).toEqual(['PO-00007', 'PO-00008']);
    expect(calls).toBe(2);
    const rows = rowsIn(reply, 'salesorders');
    expect(rows.map(({ left_to_ship }) => left_to_ship)).toEqual([
      'all of 8',
      'all of 2',
      'all of 6',
      'part of 10',
      'all of 30',
    ]);
    for (const { salesorder_id, left_to_ship, total } of rows) {
      const order = rowIn(await world.call('get_sales_order', { salesorder_id }), 'salesorder');
      const lines = rowsIn(order, 'line_items');
      const shipped = lines.reduce((sum, line) => sum + Number(line.quantity_shipped), 0);
      const quantity = lines.reduce((sum, line) => sum + Number(line.quantity), 0);
      expect(left_to_ship).toBe(`${shipped === 0 ? 'all' : 'part'} of ${quantity}`);
      expect(total).toBe(order.total);
    }
    expect(rowsIn(reply, 'purchaseorders')).toMatchObject([
      { purchaseorder_number: 'PO-00007', left_to_receive: 'all of 140', expected_delivery_date: '2026-11-26' },
      { purchaseorder_number: 'PO-00008', left_to_receive: 'all of 340', overdue: true },
    ]);
  });

  test('older than some days, the oldest first', async () => {
    const { sales, message } = await find({ kind: 'sales', status: 'open', older_than_days: 7, oldest_first: true });
    expect(sales).toEqual(['SO-00012', 'SO-00016']);
    expect(message).toBe(
      '2 open sales orders until 2026-11-15; the oldest is SO-00012 of 2026-11-08, Tech Solutions Inc.',
    );
    expect((await find({ kind: 'sales', since: '2026-11-18' })).sales).toEqual(['SO-00019', 'SO-00018']);
  });

  test('of a party, whose type spares the other list', async () => {
    const { sales, purchases, reply, calls } = await find({ party: 'Tech Solutions Inc' });
    expect(sales).toEqual(['SO-00012', 'SO-00001']);
    expect(purchases).toEqual([]);
    expect(reply).not.toHaveProperty('purchaseorders');
    expect(calls).toBe(2);
    expect(await find({ party: 'cableworks', status: 'open' })).toMatchObject({ purchases: ['PO-00007'], calls: 2 });
  });

  test('of a party by part of its name, which is said', async () => {
    const { message, sales } = await find({ party: 'tech solution' });
    expect(sales).toHaveLength(2);
    expect(message).toContain('"tech solution" was taken as Tech Solutions Inc (start of name).');
  });

  test('of several parties of that name: none is chosen', async () => {
    const error = await errorOf(demoWorld().read('find_orders', { party: 'Bluebird' }));
    expect(error).toBeInstanceOf(InvalidArguments);
    expect(error).toMatchObject({
      facts: { candidates: [{ contact_name: 'Bluebird Cafe' }, { contact_name: 'Bluebird Cafes Ltd' }] },
    });
  });

  test('a guess at a party is no answer', async () => {
    const error = await errorOf(demoWorld().read('find_orders', { party: 'Bluebird Bakery' }));
    expect(error).toMatchObject({ kind: 'invalid_arguments' });
  });

  test('of a vendor among the sales orders is refused with the reason', async () => {
    const error = await errorOf(demoWorld().read('find_orders', { party: 'CableWorks', kind: 'sales' }));
    expect(String(error)).toContain('CableWorks is a vendor: ask for the other kind.');
  });

  test('that hold an item, by SKU or barcode, as the orders themselves say', async () => {
    for (const item of ['WBH-001', '123456789012']) {
      const { world, reply, message, calls } = await find({ item, kind: 'sales' });
      expect(calls).toBe(2);
      expect(message).toContain('with WBH-001 Wireless Bluetooth Headphones');
      const wanted: string[] = [];
      for (const { salesorder_id } of rowsIn(await world.call('list_sales_orders', { per_page: 200 }), 'salesorders')) {
        const order = rowIn(await world.call('get_sales_order', { salesorder_id }), 'salesorder');
        if (rowsIn(order, 'line_items').some(({ sku }) => sku === 'WBH-001')) wanted.push(String(salesorder_id));
      }
      expect(rowsIn(reply, 'salesorders').map(({ salesorder_id }) => salesorder_id)).toEqual(wanted);
    }
  });

  test('by number, in any case, or by reference', async () => {
    expect(await find({ text: 'so-00012' })).toMatchObject({ sales: ['SO-00012'], purchases: [], calls: 2 });
    expect(await find({ text: 'TS-4471' })).toMatchObject({ sales: ['SO-00001'] });
  });

  test('by a status, which only one kind may have', async () => {
    expect(await find({ status: 'issued' })).toMatchObject({ purchases: ['PO-00007', 'PO-00008'], calls: 1 });
    expect((await find({ status: 'Partially Shipped' })).sales).toEqual(['SO-00016']);
    const { sales, purchases } = await find({ status: 'Draft' });
    expect([sales, purchases]).toEqual([['SO-00015', 'SO-00014'], ['PO-00009']]);
    const world = demoWorld();
    expect(String(await errorOf(world.read('find_orders', { status: 'gone' })))).toContain('partially_shipped');
    expect(String(await errorOf(world.read('find_orders', { status: 'issued', kind: 'sales' })))).toContain('draft');
    expect(world.callsSent()).toBe(0);
  });

  test('none is said in words with what was asked', async () => {
    const { message, calls } = await find({ kind: 'sales', text: "%' OR 1=1" });
    expect(message).toBe(`No sales order with "%' OR 1=1" in number, reference or name.`);
    expect(calls).toBe(1);
    expect((await find({ party: 'Test Customer' })).message).toBe('No sales order of Test Customer.');
  });

  test('a text that draws nothing is refused, not taken for all orders', async () => {
    const error = await errorOf(demoWorld().read('find_orders', { text: '\u200b\u202e' }));
    expect(error).toMatchObject({ kind: 'invalid_arguments' });
  });

  test('dates that exclude each other are refused before any call', async () => {
    const world = demoWorld();
    const error = await errorOf(world.read('find_orders', { since: '2026-11-20', older_than_days: 5 }));
    expect(error).toMatchObject({ kind: 'invalid_arguments', nothingSent: true });
    expect(world.callsSent()).toBe(0);
  });
});

describe('finding orders in a book of thousands', () => {
  const orders: Row[] = Array.from({ length: 1_000 }, (_, index) => ({
    salesorder_id: String(1_000 + index),
    salesorder_number: `SO-${index}`,
    date: new Date(Date.UTC(2026, 10, 23) - Math.floor(index / 5) * 86_400_000).toISOString().slice(0, 10),
    status: index % 100 === 99 ? 'confirmed' : 'closed',
    customer_id: '1',
    customer_name: 'Cafe',
    quantity: 3,
    shipped_status: index % 100 === 99 ? 'not_shipped' : 'shipped',
    total: 10.5,
    currency_code: 'USD',
  }));
  const statusOf = (row: Row) => `Status.${textIn(row, 'status').replace(/^./, (letter) => letter.toUpperCase())}`;
  /** `deaf` ignores every filter, as the hosted service may. */
  const book = (deaf = false) =>
    fakeApi({
      instead: ({ name, input }: Call) => {
        if (name !== 'list_sales_orders') return undefined;
        const kept = orders.filter(
          (row) =>
            deaf ||
            ((input.filter_by === undefined || input.filter_by === statusOf(row)) &&
              (input.salesorder_number === undefined || input.salesorder_number === row.salesorder_number) &&
              (input.search_text === undefined ||
                textIn(row, 'salesorder_number').includes(String(input.search_text)))),
        );
        const rows = input.sort_order === 'A' ? [...kept].reverse() : kept;
        return {
          salesorders: rows.slice(0, 200),
          page_context: { has_more_page: rows.length > 200, ...(deaf ? {} : { total: rows.length }) },
        };
      },
    });
  const ask = async (input: Input, deaf = false) => {
    const api = book(deaf);
    return { api, reply: await findOrders.read(api, { kind: 'sales', ...input }, quiet) };
  };

  test('25 of 1,000 are listed, and it says so', async () => {
    const { reply, api } = await ask({});
    expect(rowsIn(reply, 'salesorders')).toHaveLength(25);
    expect(reply.message).toBe('1000 sales orders; the newest is SO-4 of 2026-11-23, Cafe. 25 are listed.');
    expect(api.calls).toHaveLength(1);
    expect(tokensOf(reply)).toBeLessThan(2_000);
  });

  test('open ones are read status by status, so that the old ones are there too', async () => {
    const { reply, api } = await ask({ status: 'open', oldest_first: true });
    expect(rowsIn(reply, 'salesorders')).toHaveLength(10);
    expect(rowsIn(reply, 'salesorders')[0]).toMatchObject({ salesorder_number: 'SO-999', left_to_ship: 'all of 3' });
    expect(reply.message).toMatch(/^10 open sales orders; the oldest is SO-999 /);
    expect(api.calls.map(({ input }) => input.filter_by)).toEqual([
      undefined,
      ...['Status.Open', 'Status.Confirmed', 'Status.PartiallyPacked', 'Status.Packed', 'Status.PartiallyShipped'],
    ]);
  });

  test('a service that ignores filters gives no wrong rows, and what was not read is said', async () => {
    const { reply } = await ask({ status: 'confirmed' }, true);
    expect(rowsIn(reply, 'salesorders').map(({ status }) => status)).toEqual(['confirmed', 'confirmed']);
    expect(reply.message).toContain('Not all were read: narrow it by party, status or dates.');
    expect(reply.message).toMatch(/^At least 2 confirmed sales orders; /);
    const none = await ask({ status: 'void' }, true);
    expect(none.reply.message).toBe(
      'No void sales order among those read. Not all were read: narrow it by party, status or dates.',
    );
  });

  test('the order of a number comes first although hundreds hold that text', async () => {
    const { reply, api } = await ask({ text: 'SO-9', oldest_first: true });
    expect(rowsIn(reply, 'salesorders')[0]).toMatchObject({ salesorder_number: 'SO-9' });
    expect(api.calls.length).toBeLessThanOrEqual(2);
  });

  test('a limit that is used up is an error, never an empty answer', async () => {
    const api = fakeApi({
      instead: ({ name }) => {
        if (name === 'list_purchase_orders') throw new RateLimited(30);
        return undefined;
      },
    });
    await expect(findOrders.read(api, {}, quiet)).rejects.toThrow(RateLimited);
  });
});
