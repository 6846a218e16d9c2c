import { describe, expect, test } from 'vitest';
import { InvalidArguments, MissingScope, NotFound, Rejected, Unavailable } from '../../../src/errors.ts';
import type { Input } from '../../../src/operations/define.ts';
import { rowIn, rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { errorOf, foyer, given, job, list, opening, place, planOver, terrace, type World, written } from '../deals.ts';
import { demoWorld } from '../demo-world.ts';
import { interrupt } from '../interrupt.ts';

describe('planning the order of a deal', () => {
  test('shows customer, lines, stock and what the deal gets, in one plan', async () => {
    const plan = await demoWorld().plan(job, { deal_id: terrace });
    expect(plan.summary).toBe(
      'Sales order for Bluebird Cafe: 2 lines, 10 units, 397.90 USD, confirmed; deal Terrace sound',
    );
    expect(plan.preview).toEqual([
      `Deal ${terrace} "Terrace sound" of the CRM, stage "Closed Won".`,
      'Customer Bluebird Cafe found by e-mail.',
      '4 x WBH-001 Wireless Bluetooth Headphones at 79.99 = 319.96 USD; can be promised 50 -> 46',
      '6 x UCC-2M USB-C Cable 2 m at 12.99 = 77.94 USD; can be promised 496 -> 490',
      'Together 397.90 USD before tax.',
      'The order is confirmed at once and reserves the stock.',
      'Notes, as given: "Order created from CRM Deal: Terrace sound"',
      `Reference CRM-DEAL-${terrace}; shipment date 2026-11-30.`,
      'Then the deal in the CRM gets the order\'s id and the status "Sales Order Created".',
    ]);
    expect(plan).toMatchObject({ documents: 2, amountMinor: 39_790, raises: [] });
  });

  test('writes nothing, in the inventory or in the CRM', async () => {
    const world = demoWorld();
    const before = await written(world, opening);
    await world.plan(job, { deal_id: opening });
    expect(await written(world, opening)).toEqual(before);
  });

  test('planned twice it rests on the same, until stock, deal or customer change', async () => {
    const world = demoWorld();
    const first = (await world.plan(job, { deal_id: terrace })).restsOn;
    expect((await world.plan(job, { deal_id: terrace })).restsOn).toEqual(first);
    await world.call('update_crm_deal', { deal_id: terrace, Inventory_SO_ID: '1', Inventory_Status: 'Lost' });
    const named = await world.plan(job, { deal_id: terrace });
    expect(named.restsOn).not.toEqual(first);
    expect(named.preview[0]).toContain('It names sales order 1, which does not stand.');
    await place(world, { deal: given() });
    expect((await world.plan(job, { deal_id: terrace })).restsOn).not.toEqual(named.restsOn);
  });

  test('takes the deal or its id, exactly one of the two', async () => {
    for (const input of [{}, { deal_id: terrace, deal: given() }])
      expect(await errorOf(demoWorld().plan(job, input))).toMatchObject({
        kind: 'invalid_arguments',
        message: expect.stringContaining('one of the two'),
      });
  });

  test('a key that a deal does not have, an id that is none and a quantity of nothing are refused', async () => {
    const wrong = [
      { deal_id: '../Deals' },
      { deal: given({ amount: 5 }) },
      { deal: given({ id: 'D-1' }) },
      { deal: given({ products: [] }) },
      { deal: given({ products: [{ code: 'MUG', quantity: 0 }] }) },
      { deal: given({ contact: { name: '\u200b' } }) },
      { deal: given({ currency: 'dollars' }) },
    ];
    for (const input of wrong) expect(await errorOf(demoWorld().plan(job, input))).toBeInstanceOf(InvalidArguments);
  });

  test('says where the stage does not tell that it is won', async () => {
    const world = demoWorld();
    const api = interrupt(world.apiOf(job), {
      get_crm_deal: async (go) => ({ deal: { ...rowIn(await go(), 'deal'), Stage: 'Negotiation' } }),
    });
    expect((await planOver(api, { deal_id: terrace })).raises).toMatchObject([
      { rule: 'deal_not_won', reason: expect.stringContaining('"Negotiation"') },
    ]);
  });

  test('asks where the deal sells below cost', async () => {
    const plan = await demoWorld().plan(job, {
      deal: given({ products: [{ code: 'WBH-001', quantity: 1, rate: 30 }] }),
    });
    expect(plan.raises).toMatchObject([{ rule: 'below_cost', reason: expect.stringContaining('30.00 USD, cost 45') }]);
  });

  test('a product without a rate has the price of its item', async () => {
    const plan = await demoWorld().plan(job, { deal: given({ products: [{ code: 'MUG', quantity: 2 }] }) });
    expect(plan.amountMinor).toBe(2_400);
  });
});

describe('the order of a deal', () => {
  test('stands with its reference, notes and shipment date, and the deal names it', async () => {
    const world = demoWorld();
    const reply = await place(world, { deal_id: terrace });
    const order = rowIn(reply, 'salesorder');
    expect(reply.message).toBe(
      `SO-00020 for Bluebird Cafe is confirmed: 431.72 USD. Deal ${terrace} in the CRM names the order now.`,
    );
    const stored = await world.call('get_sales_order', { salesorder_id: order.salesorder_id });
    expect(rowIn(stored, 'salesorder')).toMatchObject({
      ...{ status: 'confirmed', reference_number: `CRM-DEAL-${terrace}`, shipment_date: '2026-11-30' },
      notes: 'Order created from CRM Deal: Terrace sound',
    });
    const deal = { Inventory_SO_ID: order.salesorder_id, Inventory_Status: 'Sales Order Created' };
    expect(rowIn(await world.call('get_crm_deal', { deal_id: terrace }), 'deal')).toMatchObject(deal);
    expect(rowIn(reply, 'deal')).toMatchObject({ deal_id: terrace, ...deal });
  });

  test('a deal given as an argument touches no CRM', async () => {
    const world = demoWorld();
    const crm = () => Promise.reject(new Error('the CRM was asked'));
    const api = interrupt(world.apiOf(job), { get_crm_deal: crm, update_crm_deal: crm, get_crm_contact: crm });
    const reply = await world.run(job, await world.plan(job, { deal: given() }), api);
    expect(rowIn(reply, 'salesorder')).toMatchObject({ reference_number: 'CRM-DEAL-4711', status: 'confirmed' });
    expect(rowIn(reply, 'deal')).toEqual({ deal_id: '4711', deal_name: 'Patio sound' });
  });

  test('a contact nobody knows becomes a customer with e-mail, telephone and company', async () => {
    const world = demoWorld();
    const plan = await world.plan(job, { deal_id: opening });
    expect(plan.documents).toBe(3);
    expect(plan.preview[1]).toBe(
      'New customer: "Lucia Ortega", "Cafe Azul", "lucia@cafeazul.example", "510-555-0177". Nobody has this e-mail, name or company.',
    );
    const reply = await world.run(job, plan);
    const contact_id = rowIn(reply, 'contact').contact_id;
    expect(rowIn(await world.call('get_contact', { contact_id }), 'contact')).toMatchObject({
      ...{ contact_name: 'Lucia Ortega', contact_type: 'customer', company_name: 'Cafe Azul' },
      ...{ email: 'lucia@cafeazul.example', phone: '510-555-0177' },
    });
    expect(rowIn(reply, 'salesorder').customer_id).toBe(contact_id);
  });

  test('a deal is ordered once: again it answers the order that stands and writes nothing, also without the CRM', async () => {
    const world = demoWorld();
    const first = rowIn(await place(world, { deal_id: opening }), 'salesorder');
    const before = await written(world, opening);
    const calls = world.callsSent();
    const plan = await world.plan(job, { deal_id: opening });
    expect(world.callsSent() - calls).toBe(2);
    for (const error of [new MissingScope('ZohoCRM.modules.deals.READ'), new NotFound('No such deal.')]) {
      const api = interrupt(world.apiOf(job), { get_crm_deal: () => Promise.reject(error) });
      expect((await planOver(api, { deal_id: opening })).summary).toBe(plan.summary);
    }
    expect(plan).toMatchObject({ nothingToDo: true, documents: 0 });
    expect(await world.run(job, plan)).toMatchObject({
      message: `Deal ${opening} is ordered already: SO-00020 (confirmed). Nothing was written.`,
      salesorder: { salesorder_id: first.salesorder_id, salesorder_number: 'SO-00020' },
    });
    expect(await written(world, opening)).toEqual(before);
  });

  describe('of which the CRM was never told', () => {
    /** The order stands; writing it into the deal was refused. */
    async function untold(input: Input = { deal_id: terrace }) {
      const world = demoWorld();
      const api = interrupt(world.apiOf(job), { update_crm_deal: () => Promise.reject(new Rejected('Not today.')) });
      await errorOf(world.run(job, await world.plan(job, input), api));
      const before = await written(world, terrace);
      return { world, before };
    }

    test('is found by its reference: what is missing is offered and written, and nothing is ordered again', async () => {
      const { world, before } = await untold();
      const calls = world.callsSent();
      const plan = await world.plan(job, { deal_id: terrace });
      expect(world.callsSent() - calls).toBe(2);
      expect(plan.nothingToDo).toBeUndefined();
      expect(plan).toMatchObject({
        summary: `Write SO-00020 into deal ${terrace} of the CRM, which does not name it; nothing is ordered`,
        documents: 1,
        amountMinor: 0,
      });
      expect(plan.preview.slice(0, 2)).toEqual([
        `Deal ${terrace} is ordered already: SO-00020 (confirmed). Nothing is ordered again.`,
        'The deal in the CRM names no order.',
      ]);
      const reply = await world.run(job, plan);
      const id = rowIn(reply, 'salesorder').salesorder_id;
      expect(reply.message).toContain(`Nothing was ordered. Deal ${terrace} in the CRM names SO-00020 now.`);
      expect(rowIn(reply, 'deal')).toEqual({
        ...{ deal_id: terrace, Inventory_SO_ID: id, Inventory_Status: 'Sales Order Created' },
      });
      expect(await written(world, terrace)).toEqual([...before.slice(0, 2), id]);
      expect(await world.plan(job, { deal_id: terrace })).toMatchObject({ nothingToDo: true });
    });

    test('is told, and no more than that, where the deal is given as an argument', async () => {
      const { world } = await untold();
      expect(await world.plan(job, { deal: given({ id: terrace }) })).toMatchObject({ nothingToDo: true });
    });

    test('waits where the CRM cannot be asked now', async () => {
      const { world } = await untold();
      const api = interrupt(world.apiOf(job), { get_crm_deal: () => Promise.reject(new Unavailable('down')) });
      expect(await errorOf(planOver(api, { deal_id: terrace }))).toBeInstanceOf(Unavailable);
    });

    test('is the first of two, and the other one stays as it is', async () => {
      const { world } = await untold({ deal_id: foyer, if_short: 'split' });
      const reply = await place(world, { deal_id: foyer, if_short: 'split' });
      expect(reply).toMatchObject({
        salesorder: { salesorder_number: 'SO-00020' },
        others: [{ salesorder_number: 'SO-00021' }],
      });
      expect((await written(world, foyer)).at(-1)).toBe(rowIn(reply, 'salesorder').salesorder_id);
    });
  });

  test('that the deal names stands for it under whatever reference, until it is void', async () => {
    const world = demoWorld();
    const [other] = await list(world, 'list_sales_orders', 'salesorders');
    const { salesorder_id = '', salesorder_number } = other ?? {};
    await world.call('update_crm_deal', {
      ...{ deal_id: terrace, Inventory_SO_ID: String(salesorder_id), Inventory_Status: 'By hand' },
    });
    const plan = await world.plan(job, { deal_id: terrace });
    expect(plan).toMatchObject({ nothingToDo: true, summary: expect.stringContaining(String(salesorder_number)) });
  });

  test('a draft of the deal counts as ordered and is told as what it is; a void order does not', async () => {
    const world = demoWorld();
    const customer = (await list(world, 'list_contacts', 'contacts')).find((row) => row.contact_type === 'customer');
    const [item] = await list(world, 'list_items', 'items');
    const draft = await world.call('create_sales_order', {
      ...{ customer_id: customer?.contact_id, reference_number: `CRM-DEAL-${terrace}` },
      line_items: [{ item_id: item?.item_id, quantity: 1 }],
    });
    expect((await world.plan(job, { deal_id: terrace })).summary).toContain('A draft reserves nothing until');
    await world.call('void_sales_order', { salesorder_id: rowIn(draft, 'salesorder').salesorder_id });
    expect((await world.plan(job, { deal_id: terrace })).nothingToDo).toBeUndefined();
  });
});

describe('when a deal does not fit', () => {
  test('nothing is ordered while a code is unknown or a line short; both are told at once', async () => {
    const world = demoWorld();
    const before = await written(world, foyer);
    const error = await errorOf(world.plan(job, { deal_id: foyer }));
    expect(error).toBeInstanceOf(Rejected);
    expect(error).toMatchObject({
      nothingSent: true,
      message: expect.stringMatching(
        /2 x MIC-XLR-9 Stage Microphone: no item has this code[\s\S]*DMAT Desk Mat: wanted 10, can be promised 4/,
      ),
      facts: {
        unmatched: [
          { asked: 'MIC-XLR-9', quantity: 2, reason: 'no item has this code', candidates: expect.any(Array) },
        ],
        short: [{ sku: 'DMAT', wanted: 10, can_be_promised: 4, short: 6 }],
      },
    });
    expect(await written(world, foyer)).toEqual(before);
  });

  const rest: readonly [string, number, number][] = [
    ['partial', 4, 24],
    ['backorder', 10, 30],
  ];
  test.each(rest)(
    'with if_short %s the rest is ordered, and what was left out is told',
    async (if_short, mats, units) => {
      const world = demoWorld();
      const plan = await world.plan(job, { deal_id: foyer, if_short });
      expect(plan.summary).toContain(`2 lines, ${units} units`);
      expect(plan.preview).toContain('Left out: 2 x MIC-XLR-9 Stage Microphone: no item has this code');
      const reply = await world.run(job, plan);
      expect(rowsIn(rowIn(reply, 'salesorder'), 'line_items')).toMatchObject([
        { sku: 'DMAT', quantity: mats },
        { sku: 'UCC-1M', quantity: 20 },
      ]);
      expect(reply.message).toContain('1 product of the deal could not be matched, see left_out.');
      expect(rowsIn(reply, 'left_out').at(-1)).toEqual({
        ...{ sku: 'MIC-XLR-9', item: 'Stage Microphone', wanted: 2, left_out: 2, reason: 'no item has this code' },
      });
    },
  );

  test('split makes two orders of the new customer, and the deal names the first', async () => {
    const world = demoWorld();
    const deal = given({ contact: { name: 'Ada Wren' }, products: [{ code: 'DMAT', quantity: 10 }] });
    const reply = await place(world, { deal, if_short: 'split' });
    const contact_id = rowIn(reply, 'contact').contact_id;
    const orders = rowsIn(await world.call('list_sales_orders', { reference_number: 'CRM-DEAL-4711' }), 'salesorders');
    expect(orders.map((row) => [row.customer_id, row.quantity])).toEqual([
      [contact_id, 6],
      [contact_id, 4],
    ]);
    const again = await place(world, { deal, if_short: 'split' });
    expect(again.message).toContain('is ordered already');
    expect(rowsIn(again, 'others')).toHaveLength(1);
  });

  test('where no code is known nothing can be ordered, whatever if_short says', async () => {
    const deal = given({ products: [{ code: 'NOPE', quantity: 1 }] });
    const error = await errorOf(demoWorld().plan(job, { deal, if_short: 'partial' }));
    expect(error).toMatchObject({ kind: 'rejected', message: expect.stringContaining('No product can be ordered') });
  });

  test('an inactive item is not ordered, whatever its description says', async () => {
    const deal = given({
      products: [
        { code: 'CARD-H', quantity: 1 },
        { code: 'MUG', quantity: 1 },
      ],
    });
    expect(await errorOf(demoWorld().plan(job, { deal }))).toMatchObject({
      facts: { unmatched: [{ asked: 'CARD-H', reason: 'the item is inactive' }] },
    });
  });

  test('barcodes name an item where no SKU does', async () => {
    const world = demoWorld();
    const [found] = rowsIn(await world.call('list_items', { sku: 'WBH-001' }), 'items');
    const plan = await world.plan(job, {
      deal: given({ products: [{ code: textIn(found ?? {}, 'upc'), quantity: 1 }] }),
    });
    expect(plan.preview.join('\n')).toContain('1 x WBH-001');
  });
});

describe('what it spends', () => {
  const tenProducts = async (world: World) => {
    const items = await list(world, 'list_items', 'items');
    const plenty = items.filter((row) => row.track_inventory === true && Number(row.available_stock) > 1).slice(0, 10);
    return plenty.map(({ sku }) => ({ code: String(sku), quantity: 1 }));
  };

  test.each([
    ['of a customer who stands', { name: 'Nora', email: 'nora@bluebirdcafe.example' }, 1],
    ['of one who is new', { name: 'Ada Wren', email: 'ada@wren.example', company: 'Wren' }, 2],
  ])('an order %s costs at most two calls more than place_sales_order', async (_, contact, more) => {
    const spent = async (tool: string, input: (codes: { code: string; quantity: number }[]) => Input) => {
      const world = demoWorld();
      const products = await tenProducts(world);
      expect(products).toHaveLength(10);
      const before = world.callsSent();
      await world.run(tool, await world.plan(tool, input(products)));
      return world.callsSent() - before;
    };
    const plain = await spent('place_sales_order', (products) => ({
      customer: 'Bluebird Cafe',
      items: products.map(({ code, quantity }) => ({ item: code, quantity })),
      confirm: true,
    }));
    const calls = await spent(job, (products) => ({ deal: given({ contact, products }) }));
    expect(calls).toBe(plain + more);
    expect(calls).toBeLessThanOrEqual(15);
  });

  test('with the id of a deal three readings and one write more', async () => {
    const world = demoWorld();
    const calls = world.callsSent();
    await place(world, { deal_id: terrace });
    const other = demoWorld();
    const before = other.callsSent();
    await place(other, { deal: given() });
    expect(world.callsSent() - calls).toBe(other.callsSent() - before + 4);
  });
});
