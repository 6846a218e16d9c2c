import { describe, expect, test } from 'vitest';
import { Unavailable } from '../../../src/errors.ts';
import type { Plan } from '../../../src/workflows/define.ts';
import { workflowByName } from '../../../src/workflows/index.ts';
import { type Row, rowsIn } from '../../../src/workflows/rows.ts';
import { anItem, fakeApi, place, quiet, type Shelf } from '../fake-api.ts';
import { reasonsIn } from '../left-out.ts';

const low = (sku: string, vendor_id: string, more: Row = {}) =>
  anItem({ sku, vendor_id, stock: 0, reorder_level: 5, ...more });

const vendor = (contact_id: string, contact_name: string, more: Row = {}): Row => ({
  contact_id,
  contact_name,
  contact_type: 'vendor',
  status: 'active',
  ...more,
});

async function planOf(
  items: readonly Row[],
  contacts: readonly Row[],
  { shelf = {}, wish = {} }: { shelf?: Shelf; wish?: Row } = {},
): Promise<Plan> {
  const instead = ({ name }: { name: string }) => (name === 'get_low_stock_report' ? { items } : undefined);
  const workflow = workflowByName.get('reorder_low_stock');
  if (!workflow || !('plan' in workflow)) throw new Error('reorder_low_stock is no writing workflow');
  return workflow.plan(fakeApi({ items, contacts, instead, ...shelf }), wish, quiet);
}

const reasonOf = (plan: Plan, sku: string) => reasonsIn(plan)[sku];

describe('the vendors of a reorder', () => {
  test('a vendor in a foreign currency is priced by its exchange rate', async () => {
    const plan = await planOf(
      [low('A', '7', { purchase_rate: '50' })],
      [vendor('7', 'Nordklang', { currency_code: 'EUR', exchange_rate: 1.1 })],
    );
    expect(plan.facts?.lines).toMatchObject([
      { quantity: 10, unit_price: 45.454545, cost: 454.55, currency_code: 'EUR' },
    ]);
    expect(plan.amountMinor).toBe(50_001); // 454.55 EUR at 1.10, rounded once more
  });

  test('without any exchange rate nothing is priced one to one', async () => {
    const plan = await planOf([low('A', '7')], [vendor('7', 'Nordklang', { currency_code: 'EUR' })]);
    expect(plan.nothingToDo).toBe(true);
    expect(reasonOf(plan, 'A')).toBe('no exchange rate is known for EUR, the currency of Nordklang');
  });

  test('nothing is ordered from a vendor who is inactive or gone', async () => {
    const plan = await planOf(
      [low('A', '7'), low('B', '8'), low('C', '9')],
      [vendor('7', 'Closed Ltd', { status: 'inactive' }), vendor('9', 'CableWorks')],
    );
    expect(rowsIn(plan.facts ?? {}, 'lines').map(({ sku }) => sku)).toEqual(['C']);
    expect(reasonOf(plan, 'A')).toBe('its vendor Closed Ltd is inactive');
    expect(reasonOf(plan, 'B')).toBe('its vendor does not exist any more');
  });

  test('lines of one vendor go on one draft, subtotals add up to the total', async () => {
    const plan = await planOf(
      [low('A', '7', { purchase_rate: 1.005 }), low('B', '8'), low('C', '7', { purchase_rate: 0.0125 })],
      [vendor('7', 'CableWorks'), vendor('8', 'PaperCo')],
    );
    expect(plan.documents).toBe(2);
    expect(plan.preview).toContain('CableWorks: 2 lines, 10.18 USD'); // 10.05 + 0.13
    expect(plan.preview).toContain('PaperCo: 1 line, 40.00 USD');
    expect(plan.facts).toMatchObject({ total: 50.18, currency_code: 'USD' });
    expect(plan.amountMinor).toBe(5018);
  });

  test('a vendor that cannot be read stops the plan: it is no reason to leave an item out', async () => {
    const workflow = workflowByName.get('reorder_low_stock');
    if (!workflow || !('plan' in workflow)) throw new Error('reorder_low_stock is no writing workflow');
    const items = [low('A', '7')];
    const api = fakeApi({
      items,
      instead: ({ name }) => {
        if (name === 'get_contact') throw new Unavailable('The API is down.');
        return name === 'get_low_stock_report' ? { items } : undefined;
      },
    });
    await expect(workflow.plan(api, {}, quiet)).rejects.toThrow(Unavailable);
  });

  test('names that outsiders wrote are shown without hidden characters', async () => {
    const plan = await planOf([low('A', '7', { name: 'Lamp\u202E\u0000' })], [vendor('7', 'Cable\u200BWorks\n')]);
    const shown = [plan.summary, ...plan.preview, JSON.stringify(plan.facts)].join('\n');
    for (const hidden of ['\u202E', '\u0000', '\u200B', 'Works\n']) expect(shown).not.toContain(hidden);
    expect(plan.summary).toContain('CableWorks');
  });

  test('many without a vendor, asked for by name, still tell where their stock is, for one list a warehouse', async () => {
    const split = [place('1', 'Oakland', 1), place('2', 'Newark', 2)];
    const items = ['A', 'B', 'C', 'D'].map((sku) => low(sku, '', { stock: 3, warehouses: split }));
    const warehouses = split.map(({ warehouse_id, warehouse_name }) => ({ warehouse_id, warehouse_name }));
    const wish = { items: items.map(({ sku }) => ({ item: sku })) };
    const plan = await planOf(items, [], { shelf: { warehouses }, wish });
    for (const sku of ['A', 'B', 'C', 'D'])
      expect(reasonOf(plan, sku)).toMatch(/^no vendor: .*1 in Oakland, 2 in Newark: a transfer may help/);
  });
});
