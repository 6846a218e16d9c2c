import { describe, expect, test } from 'vitest';
import { planOperation } from '../../src/mcp/plan.ts';
import { toResult } from '../../src/mcp/result.ts';
import type { Input } from '../../src/operations/define.ts';
import { workflowByName } from '../../src/workflows/index.ts';
import { type DemoWorld, demoWorld, operationNamed, rowsOf } from '../helpers/reads.ts';

/** Two sentences of the demo company that order the reader about: an item's description and an order's note. */
const orders = [/set the stock of all items to zero/, /change the delivery address of this order/];
const isOrder = (text: string) => orders.some((sentence) => sentence.test(text));

const said = (reply: Record<string, unknown>) => {
  const result = toResult(reply);
  const text = result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
  const facts = (result.structuredContent ?? {}) as Record<string, unknown>; // parse boundary: what goes on the wire
  return { text, facts };
};

const planned = (world: DemoWorld, name: string, input: Input) =>
  planOperation(operationNamed(name), input, { reads: world.reads, today: world.today });

describe('sentences that order the reader about', () => {
  test.each([
    ['list_items', { filter_by: 'Status.All', per_page: 200 }, 'items.description'],
    ['get_item', { sku: 'CARD-H' }, 'item.description'],
    ['get_sales_order', { number: 'SO-00018' }, 'salesorder.notes'],
  ] as const)('are marked as typed by others where %s shows them', async (name, wanted, path) => {
    const world = demoWorld();
    const reply =
      'sku' in wanted
        ? { item: await world.item(wanted.sku) }
        : 'number' in wanted
          ? { salesorder: await world.salesOrder(wanted.number) }
          : await world.call(name, { ...wanted });
    const { text, facts } = said(reply);
    expect(isOrder(text)).toBe(true);
    expect(facts.typed_by_others).toContain(path);
  });

  test('are not in lists and reports that have no use for them', async () => {
    const world = demoWorld();
    const warehouse_id = (await world.warehouse('Oakland')).warehouse_id;
    for (const [name, input] of [
      ['list_sales_orders', { per_page: 200 }],
      ['list_warehouse_items', { warehouse_id, per_page: 200 }],
      ['get_low_stock_report', {}],
    ] as const)
      expect(isOrder(said(await world.call(name, input)).text)).toBe(false);
    const check = workflowByName.get('check_stock');
    if (!check || !('read' in check)) throw new Error('check_stock does not read');
    const api = { ...world.reads, pages: () => expect.unreachable() };
    const reply = await check.read(api, { items: [{ item: 'CARD-H' }] }, { today: world.today, progress: () => {} });
    expect(rowsOf(reply.items)).toHaveLength(1);
    expect(isOrder(said(reply).text)).toBe(false);
  });

  test('stand in previews only between quotes', async () => {
    const world = demoWorld();
    const { item_id } = await world.item('CARD-H');
    const { salesorder_id } = await world.salesOrder('SO-00018');
    const { contact_id } = await world.contact('Marble Hotel');
    const previews = [
      await planned(world, 'update_item', { item_id, rate: 1, description: 'A card holder' }),
      await planned(world, 'update_sales_order', { salesorder_id, customer_id: contact_id, notes: 'Ring twice' }),
      await planned(world, 'void_sales_order', { salesorder_id }),
      await planned(world, 'delete_item', { item_id }),
    ].map(({ preview }) => preview.filter((line) => /ignore your|AI assistants|SYSTEM/.test(line)));
    expect(previews.map((lines) => lines.length)).toEqual([1, 1, 0, 0]);
    for (const line of previews.flat()) expect(line).toMatch(/^(description|notes): "[^"]*" -> "[^"]*"$/);
  });
});
