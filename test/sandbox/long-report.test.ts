import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { type Listening, listenSandbox } from '../../src/sandbox/listen.ts';
import { reportRoutes } from '../../src/sandbox/routes/reports.ts';
import { organizationId, rowsAt, startSandbox } from './calls.ts';
import { caller } from './engine/caller.ts';
import { createTestWorld, ids, stocked } from './engine/world.ts';
import { fill } from './filled.ts';

let listening: Listening | undefined;
afterEach(async () => {
  await listening?.close();
  listening = undefined;
});

const available = (row: Record<string, unknown>) => Number(row.available_stock) / Number(row.reorder_level);

describe('a low-stock report of hundreds of rows', () => {
  test('is the same over a port, where it comes in parts, and while others write', async () => {
    const { sandbox, call } = startSandbox();
    await fill(sandbox, 1_000);
    const west = rowsAt(await call('GET', '/warehouses?warehouse_name=West'), 'warehouses')[0]?.warehouse_id;
    const path = `/reports/lowstockitems?warehouse_id=${west}`;
    const whole = await call('GET', path);
    const items = rowsAt(whole, 'items');
    expect(items.length).toBeGreaterThan(600);
    expect(whole.body.report).toMatchObject({ row_count: items.length, truncated: false });
    expect(items.map(available)).toEqual(items.map(available).sort((a, b) => a - b));

    listening = await listenSandbox({ sandbox, port: 0 });
    const url = `${listening.url}/inventory/v1${path}&organization_id=${organizationId}`;
    const response = await fetch(url, { headers: { Authorization: 'Zoho-oauthtoken good' } });
    const decoder = new TextDecoder();
    let text = '';
    for await (const part of response.body ?? []) {
      text += decoder.decode(part, { stream: true });
      await call('POST', '/contacts', { contact_name: `Contact ${text.length}` });
    }
    expect(JSON.parse(text)).toEqual(whole.body);
  });
});

describe('the order of a low-stock report', () => {
  test('compares shares exactly, where a division of floating point numbers sees no difference', () => {
    const world = createTestWorld();
    const report = caller(world, reportRoutes);
    const item = (sku: string, quantity: number, reorder_level: number) =>
      stocked(world, { [ids.main]: quantity }, { sku, reorder_level });
    // 1 - 1e-15 and 1 - 1.000000000000001e-15: SKU alone would have them the other way round.
    item('A', 999_999_999.999_999, 1_000_000_000);
    item('B', 999_999_999.999_998, 999_999_999.999_999);
    expect(999_999_999_999_999 / 1_000_000_000_000_000).toBe(999_999_999_999_998 / 999_999_999_999_999);
    expect(report('GET /reports/lowstockitems').items).toMatchObject([{ sku: 'B' }, { sku: 'A' }]);
  });

  test('is by share, then SKU, then id, for any stock and level', () => {
    const goods = fc.array(fc.tuple(fc.nat({ max: 40 }), fc.integer({ min: 1, max: 40 }), fc.constantFrom('', 'X')), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(goods, (rows) => {
        const world = createTestWorld();
        const made = rows.map(([quantity, level, sku], index) => ({
          item_id: stocked(
            world,
            { [ids.east]: quantity },
            { reorder_level: level, sku: sku && `${sku}${index % 7}-${index}` },
          ),
          share: { quantity: BigInt(quantity), level: BigInt(level) },
          sku: sku && `${sku}${index % 7}-${index}`,
        }));
        const expected = made
          .filter(({ share }) => share.quantity <= share.level)
          .sort((a, b) => {
            const difference = a.share.quantity * b.share.level - b.share.quantity * a.share.level;
            if (difference !== 0n) return difference < 0n ? -1 : 1;
            return a.sku === b.sku ? (a.item_id < b.item_id ? -1 : 1) : a.sku < b.sku ? -1 : 1;
          })
          .map(({ item_id }) => item_id);
        for (const query of [{}, { warehouse_id: ids.east }]) {
          const { items } = caller(world, reportRoutes)('GET /reports/lowstockitems', { query });
          expect(Array.isArray(items) && items.map(({ item_id }) => item_id)).toEqual(expected);
        }
        world.db.close();
      }),
      { numRuns: 30, seed: 9 },
    );
  });
});
