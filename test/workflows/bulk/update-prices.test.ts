import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PartlyDone, Rejected } from '../../../src/errors.ts';
import { updatePrices } from '../../../src/workflows/bulk/update-prices.ts';
import { changedBy, changePercent, marginPercent, roundingOf } from '../../../src/workflows/bulk/update-prices-rule.ts';
import { rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { demoWorld } from '../demo-world.ts';
import { anItem, fakeApi, quiet } from '../fake-api.ts';
import { interrupt } from '../interrupt.ts';
import { describeReplay } from '../replayed.ts';

const tool = 'update_prices';
type World = ReturnType<typeof demoWorld>;

async function itemOf(world: World, sku: string) {
  const [row] = rowsIn(await world.call('list_items', { sku, filter_by: 'Status.All' }), 'items');
  return row ?? {};
}

const list = {
  prices: [
    { item: 'WBH-001', rate: 84.99 },
    { item: 'USB-C Cable 1 m', rate: 12.99 },
    { item: 'UCC-2M', rate: 3.5 },
  ],
};

describe('prices by a list', () => {
  test('show old, new, change and margin, mark what falls below cost, and change only what differs', async () => {
    const world = demoWorld();
    const plan = await world.plan(tool, list);
    expect(plan.summary).toBe('Update prices: 2 selling prices, 1 below cost, 1 by more than 25 %');
    expect(plan.preview).toEqual([
      'rate in USD: 2 items to change, 1 already so.',
      '- UCC-2M USB-C Cable 2 m: 12.99 -> 3.50 (-73.06 %), margin -17.14 %, below cost',
      '- WBH-001 Wireless Bluetooth Headphones: 79.99 -> 84.99 (+6.25 %), margin 47.05 %',
      'Takes 2 calls. Orders already written keep their prices; each old price is told after a failure.',
    ]);
    expect(plan.raises.map(({ rule }) => rule)).toEqual(['below_cost', 'price_change']);
    expect(plan.raises[1]?.reason).toBe(
      '1 price changed by more than 25 %: UCC-2M USB-C Cable 2 m 12.99 -> 3.50 (-73.06 %).',
    );
    const calls = world.callsSent();
    const reply = await world.run(tool, plan);
    expect(world.callsSent() - calls).toBe(2);
    expect(reply).toMatchObject({ message: '2 prices changed (rate), 1 as before.', changed: 2, unchanged: 1 });
    expect(await itemOf(world, 'WBH-001')).toMatchObject({ rate: 84.99, purchase_rate: 45 });
    expect(await itemOf(world, 'UCC-2M')).toMatchObject({ rate: 3.5 });

    const again = await world.plan(tool, list);
    expect(again).toMatchObject({ nothingToDo: true, documents: 0 });
    expect((await world.run(tool, again)).message).toBe('Nothing to change: 3 prices are so already.');
  });

  test('may be costs instead', async () => {
    const world = demoWorld();
    const plan = await world.plan(tool, { field: 'purchase_rate', prices: [{ item: 'WBH-001', rate: 85 }] });
    expect(plan.preview).toContain(
      '- WBH-001 Wireless Bluetooth Headphones: 45.00 -> 85.00 (+88.89 %), margin -6.26 %, below cost',
    );
    await world.run(tool, plan);
    expect(await itemOf(world, 'WBH-001')).toMatchObject({ rate: 79.99, purchase_rate: 85 });
  });

  test.each([
    ['an item that is not there', { prices: [{ item: 'Wireless', rate: 1 }] }, 'No item is called exactly'],
    [
      'an item twice',
      {
        prices: [
          { item: 'DMAT', rate: 1 },
          { item: 'Desk Mat', rate: 2 },
        ],
      },
      'Desk Mat stands in prices twice',
    ],
    ['a list and a search', { prices: [{ item: 'DMAT', rate: 1 }], percent: 5 }, 'Give either prices'],
    ['a search without a percentage', { search_text: 'cable' }, 'Give either prices'],
    ['a search that finds nothing', { search_text: 'no such thing', percent: 5 }, 'No active item is found'],
  ])('refuse %s', async (_, input, words) => {
    await expect(demoWorld().plan(tool, input)).rejects.toMatchObject({
      kind: 'invalid_arguments',
      nothingSent: true,
      message: expect.stringContaining(words),
    });
  });
});

describe('prices by a long list', () => {
  const shelf = () => {
    const items = Array.from({ length: 450 }, (_, index) =>
      anItem({ sku: `S-${index}`, name: `Shelf ${index}`, rate: 10 }),
    );
    return fakeApi({ items: [...items, anItem({ name: 'Twin', sku: 'T-1' }), anItem({ name: 'Twin', sku: 'T-2' })] });
  };
  const planOf = (api: ReturnType<typeof shelf>, items: readonly string[]) =>
    updatePrices.plan(api, { field: 'rate', prices: items.map((item) => ({ item, rate: 11 })) }, quiet);

  test('are found in the pages of the catalog, by SKU, name or id, without a search for each', async () => {
    const api = shelf();
    const items = Array.from({ length: 200 }, (_, index) =>
      index % 2 === 0 ? `s-${index * 2}` : `SHELF  ${index * 2}`,
    );
    const plan = await planOf(api, items);
    expect(plan.facts).toMatchObject({ changed: 200 });
    expect(api.names()).toEqual(['list_organizations', 'list_items', 'list_items', 'list_items']);
  });

  test('are searched for where the catalog has more pages than there are prices', async () => {
    const items = Array.from({ length: 4_000 }, (_, index) => anItem({ sku: `L-${index}`, name: `Long ${index}` }));
    const api = fakeApi({ items, counts: true });
    const wanted = Array.from({ length: 12 }, (_, index) => `L-${index * 300 + 299}`);
    expect((await planOf(api, wanted)).facts).toMatchObject({ changed: 12 });
    // The currency, the page that shows how many there are, and a search each.
    expect(api.calls).toHaveLength(14);
  });

  test('are found by barcode and part number as those of a short list are', async () => {
    const coded = anItem({ sku: 'S-9', upc: '012345678905', part_number: 'PN 7' });
    const items = Array.from({ length: 20 }, (_, index) => anItem({ sku: `L-${index}`, name: `Long ${index}` }));
    const api = () => fakeApi({ items: [...items, coded] });
    const rest = items.slice(0, 10).map(({ sku }) => String(sku));
    for (const code of ['012345678905', '12345678905', 'pn 7']) {
      expect((await planOf(api(), [...rest, code])).restsOn).toContainEqual(expect.arrayContaining([coded.item_id]));
    }
  });

  test('are refused with what comes near where one is not there or not one', async () => {
    const items = [...Array.from({ length: 10 }, (_, index) => `S-${index}`), 'Twin', 'Shelf 9999', 'Shelf'];
    await expect(planOf(shelf(), items)).rejects.toMatchObject({
      kind: 'invalid_arguments',
      facts: { problems: [{ reason: 'ambiguous', asked: 'Twin' }, { asked: 'Shelf 9999' }, { reason: 'not found' }] },
    });
  });
});

describe('prices by a percentage', () => {
  test('change what a search finds, in whole cents', async () => {
    const world = demoWorld();
    const calls = world.callsSent();
    const plan = await world.plan(tool, { search_text: 'USB-C Cable', percent: 3.5 });
    // The currency, and a page of items.
    expect(world.callsSent() - calls).toBe(2);
    expect(plan.preview).toContain('- UCC-1M USB-C Cable 1 m: 12.99 -> 13.44 (+3.46 %), margin 69.49 %');
    await world.run(tool, plan);
    expect(await itemOf(world, 'UCC-2M')).toMatchObject({ rate: 13.44 });
  });

  test('of all active items leave those without a price, and inactive ones, as they are', async () => {
    const world = demoWorld();
    const plan = await world.plan(tool, { search_text: '*', percent: 10, round_to: 0.99 });
    const { changes } = plan.steps as { changes: { sku: string; before: string; after: string }[] }; // parse boundary: our own plan
    expect(changes.length).toBeGreaterThan(20);
    for (const { after } of changes) expect(after).toMatch(/\.99$/);
    expect(changes.map(({ sku }) => sku)).not.toContain('CARD-H');
    expect(changes.find(({ sku }) => sku === 'WBH-001')).toMatchObject({ before: '79.99', after: '87.99' });
    expect(plan.preview.length).toBeLessThan(56);
  });

  test('of less than a cent rise by it too, instead of falling to a whole cent', async () => {
    const plan = await demoWorld().plan(tool, { search_text: 'SCREW-M3', percent: 8 });
    expect(plan.preview[1]).toContain('0.0125 -> 0.0135 (+8 %)');
    expect(plan.raises).toEqual([]);
  });

  test('are refused where a step coarser than a price would make it nothing', async () => {
    const plan = demoWorld().plan(tool, { search_text: 'SCREW-M3', percent: 3, round_to: 5 });
    await expect(plan).rejects.toMatchObject({
      ...{ kind: 'invalid_arguments', nothingSent: true },
      message: expect.stringContaining('1 price would be 0: SCREW-M3.'),
    });
    const free = await demoWorld().plan(tool, { search_text: 'SCREW-M3', percent: -100 });
    expect(free.preview[1]).toContain('0.0125 -> 0.00 (-100 %)');
  });

  test('rest on the prices of before', async () => {
    const world = demoWorld();
    const input = { search_text: 'USB-C Cable', percent: 3.5 };
    const first = await world.plan(tool, input);
    expect((await world.plan(tool, input)).restsOn).toEqual(first.restsOn);
    await world.call('update_item', { item_id: textIn(await itemOf(world, 'UCC-1M'), 'item_id'), rate: 13 });
    expect((await world.plan(tool, input)).restsOn).not.toEqual(first.restsOn);
  });

  test('that stop half way tell each old price', async () => {
    const world = demoWorld();
    const plan = await world.plan(tool, { search_text: 'USB-C Cable', percent: 3.5 });
    let updates = 0;
    const api = interrupt(world.apiOf(tool), {
      update_item: (go) => {
        updates += 1;
        return updates === 2 ? Promise.reject(new Rejected('Locked.')) : go();
      },
    });
    const error: unknown = await world.run(tool, plan, api).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartlyDone);
    expect(error).toMatchObject({
      message: expect.stringContaining('A percentage must not be: it would count twice.'),
      facts: { undo: [expect.stringMatching(/^update_item \(item_id \d+, rate 12\.99\)$/)] },
    });
  });

  test('write nothing once called off', async () => {
    const world = demoWorld();
    const plan = await world.plan(tool, list);
    const calls = world.callsSent();
    await expect(world.run(tool, plan, undefined, AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
    expect(world.callsSent()).toBe(calls);
  });
});

describe('the arithmetic of prices', () => {
  const micro = (text: string) => BigInt(Math.round(Number(text) * 1e6));

  test.each([
    ['12.99', '3.5', undefined, '13.44'],
    ['10', '-12.5', undefined, '8.75'],
    ['1.005', '0', undefined, '1.01'],
    ['9.99', '10', '0.05', '11'],
    ['9.99', '7', '0.99', '10.99'],
    ['10.49', '0', '0.99', '10.99'],
    ['10.48', '0', '0.99', '9.99'],
    ['0.3', '0', '0.99', '0.99'],
    ['0', '50', '0.99', '0'],
    ['19.99', '-100', undefined, '0'],
    ['0.0125', '7', undefined, '0.0134'],
    ['0.004', '50', undefined, '0.006'],
    ['0.995', '10', undefined, '1.095'],
    ['0.5', '1', undefined, '0.51'],
    ['0.0125', '7', '0.01', '0.01'],
  ])('%s changed by %s percent, rounded to %s, is %s', (before, percent, roundTo, after) => {
    const rounding = roundingOf(roundTo === undefined ? undefined : micro(roundTo), 'USD');
    expect(changedBy(micro(before), micro(percent), rounding)).toBe(micro(after));
  });

  test('knows currencies without a minor unit', () => {
    expect(changedBy(micro('1980'), micro('3.3'), roundingOf(undefined, 'JPY'))).toBe(micro('2045'));
  });

  test('is never further than half a step from the exact price', () => {
    const figure = fc.bigInt({ min: 1n, max: 10_000_000_000n });
    fc.assert(
      fc.property(
        figure,
        fc.bigInt({ min: -100_000_000n, max: 1_000_000_000n }),
        fc.constantFrom(10_000n, 50_000n, 250_000n, 1_000_000n),
        (rate, percent, multiple) => {
          const after = changedBy(rate, percent, { multiple });
          const exact = rate * (100_000_000n + percent);
          const distance = after * 100_000_000n - exact;
          expect(after % multiple).toBe(0n);
          expect((distance < 0n ? -distance : distance) * 2n <= multiple * 100_000_000n).toBe(true);
        },
      ),
    );
  });

  test('knows no change from nothing, and no margin without a cost', () => {
    expect(changePercent(0n, 5n)).toBeUndefined();
    expect(marginPercent(micro('10'), 0n)).toBeUndefined();
    expect(marginPercent(micro('80'), micro('45'))).toBe(4375n);
  });
});

describeReplay(tool, list, ['update_item', 'update_item']);
