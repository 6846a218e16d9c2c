import { describe, expect, test } from 'vitest';
import { InvalidArguments, Unavailable } from '../../../src/errors.ts';
import { workflowByName } from '../../../src/workflows/index.ts';
import { type Row, rowsIn } from '../../../src/workflows/rows.ts';
import { tokensOf } from '../answered-text.ts';
import { anItem, fakeApi, quiet } from '../fake-api.ts';
import { errorOf } from '../fulfil-world.ts';
import { buyingWorld } from '../receive-world.ts';

const name = 'chase_late_purchases';

describe('late purchases of the demo company', () => {
  test('the one late order is told with what is outstanding and a mail to send', async () => {
    const world = buyingWorld();
    const reply = await world.read(name, {});
    const order = await world.orderBy('PO-00008');
    expect(reply.message).toBe(
      `1 purchase order is late. Longest: PO-00008 of PaperCo, 10 days. Outstanding: ${Number(order.sub_total).toFixed(2)} USD late. Each subject and body can be sent by a person, or with email_purchase_order.`,
    );
    const ahead = await world.read(name, { within_days: 30 });
    expect(ahead.message).toMatch(
      new RegExp(`Outstanding: ${Number(order.sub_total).toFixed(2)} USD late, [\\d.]+ USD due soon\\.`),
    );
    expect(reply.vendors).toMatchObject([
      {
        vendor_id: await world.vendorId('PaperCo'),
        vendor_name: 'PaperCo',
        orders: [
          {
            purchaseorder_id: order.purchaseorder_id,
            purchaseorder_number: 'PO-00008',
            expected_delivery_date: '2026-11-13',
            days_late: 10,
            outstanding_amount: order.sub_total,
            currency_code: 'USD',
            lines: [
              { sku: 'LBL-500', outstanding: 40 },
              { sku: 'BOX-M', outstanding: 300 },
            ],
          },
        ],
        subject: 'Late delivery: PO-00008',
      },
    ]);
    const [label = '', box = ''] = rowsIn(order, 'line_items').map(
      ({ quantity, unit, name: item, sku }) => `- ${String(quantity)} ${String(unit)} ${String(item)} (${String(sku)})`,
    );
    expect(rowsIn(reply, 'vendors')[0]?.body).toBe(
      `Dear PaperCo team,

We are still waiting for these goods:

PO-00008 of ${String(order.date)}, due 2026-11-13 (10 days late):
${label}
${box}

Please tell us when they will arrive, and let us know of anything that you cannot deliver.

Kind regards`,
    );
    expect(reply).not.toHaveProperty('note');
    expect(tokensOf(reply)).toBeLessThan(600);
  });

  test('what is due soon is told where it is asked for, and only then', async () => {
    const world = buyingWorld();
    const soon = await world.read(name, { within_days: 3 });
    expect(soon.message).toContain('1 purchase order is late, 1 due within 3 days.');
    const [, cable] = rowsIn(soon, 'vendors');
    expect(cable).toMatchObject({
      vendor_name: 'CableWorks',
      orders: [{ purchaseorder_number: 'PO-00007', due_in_days: 3 }],
      subject: 'Delivery due: PO-00007',
      body: expect.stringContaining(
        'due 2026-11-26 (in 3 days):\n- 40 pcs Desk Mat (DMAT)\n- 100 pcs USB-C Cable 1 m (UCC-1M)',
      ),
    });
    expect(rowsIn(await world.read(name, { within_days: 2 }), 'vendors')).toHaveLength(1);
  });

  test('what came is not chased: the rest of an order is, and a received order is gone', async () => {
    const world = buyingWorld();
    await world.run(
      'receive_delivery',
      await world.plan('receive_delivery', { vendor: 'PaperCo', lines: [{ item: 'BOX-M', quantity: 120 }] }),
    );
    const part = await world.read(name, { vendor: 'paperco' });
    expect(rowsIn(rowsIn(part, 'vendors')[0] ?? {}, 'orders')[0]?.lines).toMatchObject([
      { sku: 'LBL-500', outstanding: 40 },
      { sku: 'BOX-M', outstanding: 180 },
    ]);
    expect(rowsIn(part, 'vendors')[0]?.body).toMatch(/- 180 \S+ .*\(BOX-M\), of 300 ordered/);
    await world.run('receive_delivery', await world.plan('receive_delivery', { vendor: 'PaperCo' }));
    expect(await world.read(name, {})).toEqual({ message: 'No issued purchase order is late.', vendors: [] });
  });

  test('an order due today is not late, and one without a date is named', async () => {
    const world = buyingWorld();
    const today = await world.order('AudioTech', [['WBH-001', 1]], { expected_delivery_date: '2026-11-23' });
    const undated = await world.order('AudioTech', [['WBH-001', 2]]);
    const reply = await world.read(name, { vendor: 'AudioTech' });
    expect(reply).toEqual({
      message: 'No issued purchase order of AudioTech is late.',
      vendors: [],
      note: `No expected date: ${undated}.`,
    });
    const soon = await world.read(name, { vendor: 'AudioTech', within_days: 1 });
    expect(rowsIn(soon, 'vendors')).toMatchObject([
      { orders: [{ purchaseorder_number: today, due_in_days: 0 }], body: expect.stringContaining('(today):') },
    ]);
  });

  test('the sales orders that wait are named, and amounts keep their currency and discount', async () => {
    const world = buyingWorld();
    const number = await world.order('Nordklang GmbH', [['SPK-BT', 20, { rate: 40, discount: 10 }]], {
      date: '2026-11-01',
      expected_delivery_date: '2026-11-20',
    });
    const reply = await world.read(name, {});
    expect(reply.message).toContain('2 purchase orders are late. Longest: PO-00008 of PaperCo, 10 days.');
    expect(reply.message).toContain(' USD and 720.00 EUR late.');
    expect(rowsIn(reply, 'vendors')[1]).toMatchObject({
      orders: [
        {
          purchaseorder_number: number,
          days_late: 3,
          outstanding_amount: 720,
          currency_code: 'EUR',
          lines: [{ sku: 'SPK-BT', outstanding: 20, waited_for_by: 'SO-00019' }],
        },
      ],
    });
  });

  test('it spends two lists, one call a late order and one for the shortages; nothing late, two', async () => {
    const world = buyingWorld();
    expect(await world.spent(() => world.read(name, {}))).toBe(4);
    expect(await world.spent(() => world.read(name, { within_days: 30 }))).toBe(5);
    expect(await world.spent(() => world.read(name, { vendor: 'CableWorks' }))).toBe(3);
  });

  test('a name that is not exact is refused with candidates', async () => {
    expect(await errorOf(buyingWorld().read(name, { vendor: 'Paper' }))).toBeInstanceOf(InvalidArguments);
  });
});

describe('late purchases of a larger company', () => {
  const line = { item_id: '1', name: 'Lamp', sku: 'L', quantity: 5, quantity_received: 0, rate: 2 };
  const orders = (count: number): Row[] =>
    Array.from({ length: count }, (_, index) => ({
      purchaseorder_id: String(100 + index),
      purchaseorder_number: `PO-${100 + index}`,
      vendor_id: String(index % 3),
      vendor_name: `Vendor ${index % 3}`,
      status: 'issued',
      date: '2026-09-01',
      currency_code: 'USD',
      expected_delivery_date: `2026-10-${String(1 + (index % 28)).padStart(2, '0')}`,
    }));
  const apiOf = (rows: readonly Row[], more = false) =>
    fakeApi({
      items: [anItem({})],
      instead: ({ name: called, input }) => {
        if (called === 'list_purchase_orders')
          return {
            purchaseorders: input.filter_by === 'Status.Issued' ? rows : [],
            page_context: { has_more_page: more },
          };
        const row = rows.find(({ purchaseorder_id }) => purchaseorder_id === input.purchaseorder_id);
        return called === 'get_purchase_order' ? { purchaseorder: { ...row, line_items: [line] } } : undefined;
      },
    });
  const read = (api: ReturnType<typeof fakeApi>) => {
    const workflow = workflowByName.get(name);
    if (!workflow || !('read' in workflow)) throw new Error('it does not read');
    return workflow.read(api, {}, quiet);
  };

  test('the twenty longest overdue are read, and the cut is told', async () => {
    const api = apiOf(orders(28));
    const reply = await read(api);
    expect(api.names().filter((called) => called === 'get_purchase_order')).toHaveLength(20);
    expect(reply.note).toBe('The 20 longest overdue of 28 orders were read; name a vendor for the rest.');
    expect(rowsIn(reply, 'vendors').flatMap((row) => rowsIn(row, 'orders'))).toHaveLength(20);
    expect(rowsIn(reply, 'vendors')[0]?.subject).toMatch(/^Late delivery: PO-100, .* and 3 more$/);
  });

  test('a list that is cut short says that more may be late', async () => {
    expect((await read(apiOf(orders(1), true))).note).toContain('Not all issued orders were read');
  });

  test('rows that an unknown filter let through are no late orders', async () => {
    const rows = ['draft', 'closed', 'cancelled'].map((status, index) => ({ ...orders(3)[index], status }));
    expect((await read(apiOf(rows))).vendors).toEqual([]);
  });

  test('a service that does not answer is an error, not an empty list', async () => {
    const api = fakeApi({ instead: () => Promise.reject(new Unavailable('The API is down.')) });
    await expect(read(api)).rejects.toThrow(Unavailable);
  });
});
