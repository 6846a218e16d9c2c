import { describe, expect, test } from 'vitest';
import { InvalidArguments } from '../../../src/errors.ts';
import type { Row } from '../../../src/workflows/rows.ts';
import { errorOf, given, job, mug, planned, written } from '../deals.ts';
import { demoWorld } from '../demo-world.ts';
import type { Shelf } from '../fake-api.ts';

describe('the customer of a deal', () => {
  const someone = (contact: Row) => ({ deal: given({ contact }) });

  test('is found by e-mail before a name, in any case of letters', async () => {
    const plan = await demoWorld().plan(job, someone({ name: 'Marble Hotel', email: 'Nora@BlueBirdCafe.example' }));
    expect(plan.preview[1]).toBe('Customer Bluebird Cafe found by e-mail.');
  });

  test('is found by name, and another e-mail is told', async () => {
    const plan = await demoWorld().plan(job, someone({ name: 'Marble Hotel', email: 'new@marble.example' }));
    expect(plan.preview[1]).toBe(
      'Customer Marble Hotel found by name. Its e-mail is "facilities@marblehotel.example", the deal\'s "new@marble.example".',
    );
  });

  test('is found by company where nobody bears the name', async () => {
    const plan = await demoWorld().plan(job, someone({ name: 'Leonard Voss', company: 'Marble Hotel Group' }));
    expect(plan.preview[1]).toBe('Customer Marble Hotel found by company.');
  });

  test('two of a company, or of one e-mail, are candidates and nothing is written', async () => {
    const world = demoWorld();
    const twin = { contact_type: 'customer', company_name: 'Twin Ltd', email: 'desk@twin.example' };
    for (const contact_name of ['Twin A', 'Twin B']) await world.call('create_contact', { contact_name, ...twin });
    const before = await written(world);
    const asked = [
      { name: 'Ann', company: 'Twin Ltd' },
      { name: 'Ann', email: 'desk@twin.example' },
    ];
    for (const contact of asked) {
      const error = await errorOf(world.plan(job, someone(contact)));
      expect(error).toBeInstanceOf(InvalidArguments);
      expect(error).toMatchObject({ facts: { candidates: [{ contact_name: 'Twin A' }, { contact_name: 'Twin B' }] } });
    }
    expect(await written(world)).toEqual(before);
    const told = await world.plan(job, someone({ name: 'Twin B', email: 'desk@twin.example' }));
    expect(told.preview[1]).toBe('Customer Twin B found by e-mail.');
  });

  test('that is a vendor only is not ordered for, and no second contact of its name is tried', async () => {
    const error = await errorOf(demoWorld().plan(job, someone({ name: 'PaperCo', email: 'new@paper.example' })));
    expect(error).toMatchObject({
      kind: 'invalid_arguments',
      message: expect.stringContaining('"PaperCo" is a vendor'),
    });
  });

  test('that is inactive is not ordered for', async () => {
    const contacts = [
      { contact_id: '7', contact_name: 'Ann', contact_type: 'customer', status: 'inactive', email: 'a@b.c' },
    ];
    const error = await errorOf(planned({ contacts }, { name: 'Ann', email: 'a@b.c' }));
    expect(error).toMatchObject({ kind: 'invalid_arguments', message: expect.stringContaining('inactive') });
  });

  test('of more contacts than a page holds is asked for by e-mail, name and company', async () => {
    const many = Array.from({ length: 7 }, (_, index) => ({
      ...{ contact_id: String(100 + index), contact_name: `Person ${index}`, company_name: `Firm ${index}` },
      ...{ contact_type: 'customer', status: 'active', email: `p${index}@firm.example`, currency_code: 'USD' },
    }));
    const shelf: Shelf = { contacts: many, mostRows: 2, items: [mug] };
    for (const [contact, by] of [
      [{ name: 'X', email: 'p5@firm.example' }, 'e-mail'],
      [{ name: 'Person 5', email: 'x@y.example' }, 'name'],
      [{ name: 'X', company: 'Firm 5' }, 'company'],
    ] as const) {
      const plan = await planned(shelf, contact);
      expect(plan.preview[1]).toContain(`Customer "Person 5" found by ${by}.`.replace(/"/g, ''));
    }
  });
});

describe('the currency of a deal', () => {
  const inEuros = (more: Row = {}) => ({
    contacts: [{ contact_id: '7', contact_name: 'Klangladen', status: 'active', currency_code: 'EUR', ...more }],
  });
  const who = { name: 'Klangladen' };

  test('is the base where it names none, and prices are converted for a customer with another', async () => {
    const plan = await planned(inEuros({ exchange_rate: 1.1 }), who);
    expect(plan.steps).toMatchObject({ order: { create: { line_items: [{ rate: 10 }] } } });
    expect(plan.preview).toContain(
      "The deal is in USD, the customer pays in EUR: prices are converted by the contact's exchange rate.",
    );
  });

  test("that is the customer's own needs no rate", async () => {
    const plan = await planned(inEuros(), who, { currency: 'EUR' });
    expect(plan.steps).toMatchObject({ order: { create: { line_items: [{ rate: 11 }] } } });
  });

  test('without a known rate to the customer is refused', async () => {
    const unknown = [planned(inEuros(), who), planned(inEuros({ exchange_rate: 1.1 }), who, { currency: 'GBP' })];
    for (const plan of unknown)
      expect(await errorOf(plan)).toMatchObject({
        kind: 'rejected',
        message: expect.stringContaining('no exchange rate'),
      });
    expect(await errorOf(planned({ contacts: [] }, { name: 'New' }, { currency: 'GBP' }))).toMatchObject({
      facts: { deal_currency: 'GBP', customer_currency: 'USD' },
    });
  });
});
