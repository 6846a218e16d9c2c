import { describe, expect, test } from 'vitest';
import { planOperation } from '../../../src/mcp/plan.ts';
import type { Input } from '../../../src/operations/define.ts';
import { type DemoWorld, demoWorld, operationNamed } from '../../helpers/reads.ts';

const plan = (world: DemoWorld, name: string, input: Input) =>
  planOperation(operationNamed(name), input, { reads: world.reads, today: world.today });

async function open() {
  const world = demoWorld();
  const id = async (sku: string) => String((await world.item(sku)).item_id);
  return { world, kit: await id('AUDIO-SET'), amp: await id('AMP-10'), speaker: await id('SHELF-SPK') };
}

describe('a composite item', () => {
  test('is made, and changed in its words, without a reading', async () => {
    const { world, kit, amp } = await open();
    world.readsMade();
    const made = await plan(world, 'create_composite_item', {
      ...{ name: 'Desk Set', sku: 'SET-2', rate: 20, mapped_items: [{ item_id: amp, quantity: 2 }] },
    });
    expect(made.summary).toBe('Create kit Desk Set (SET-2): 1 part');
    expect(made.preview).toContain(`2 item ${amp}`);
    await plan(world, 'update_composite_item', { item_id: kit, description: 'New words' });
    expect(world.readsMade()).toEqual([]);
  });

  test('of which a part would be dropped asks first, and the part is named', async () => {
    const { world, kit, amp } = await open();
    const input = { item_id: kit, mapped_items: [{ item_id: amp, quantity: 2 }] };
    const { summary, preview, raises } = await plan(world, 'update_composite_item', input);
    expect(summary).toBe(
      'Update kit Audio Set (AUDIO-SET): drops 2 Shelf Speaker (SHELF-SPK); Mini Amplifier (AMP-10) 1 -> 2 per kit',
    );
    expect(preview).toContain('Part: drops 2 Shelf Speaker (SHELF-SPK)');
    expect(raises).toEqual([{ rule: 'drops_lines', reason: expect.stringContaining('would drop 2 Shelf Speaker') }]);
  });

  test('whose parts all stay is changed without asking; a price that jumps is not', async () => {
    const { world, kit, amp, speaker } = await open();
    const mapped_items = [
      { item_id: speaker, quantity: 3 },
      { item_id: amp, quantity: 1 },
    ];
    expect((await plan(world, 'update_composite_item', { item_id: kit, mapped_items })).raises).toEqual([]);
    const { raises, summary } = await plan(world, 'update_composite_item', { item_id: kit, rate: 99.99 });
    expect(raises.map(({ rule }) => rule)).toEqual(['price_change']);
    expect(summary).toBe('Update kit Audio Set (AUDIO-SET): rate 499.99 USD -> 99.99 USD');
  });

  test('is deleted with its parts shown, which stay', async () => {
    const { world, kit } = await open();
    const { summary, preview } = await plan(world, 'delete_composite_item', { item_id: kit });
    expect(summary).toBe('Delete kit Audio Set (AUDIO-SET): 2 parts, 0 set can be built now');
    expect(preview).toContain('2 Shelf Speaker (SHELF-SPK)');
    expect(preview.join('\n')).toContain('its parts and their stock stay');
  });
});
