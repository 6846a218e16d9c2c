import { describe, expect, onTestFinished, test } from 'vitest';
import { connectors } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';

const names = ['morning-check', 'take-order', 'stock-count', 'month-end', 'reorder'];

async function connected(era: 'v1' | 'v2', env: Record<string, string> = {}) {
  const client = await connectors[era]({
    env: { INVENTORY_DATA_DIR: temporaryDirectory(), INVENTORY_LOG_LEVEL: 'warn', ...env },
  });
  onTestFinished(() => client.close());
  return client;
}

describe.each(['v1', 'v2'] as const)('prompts for a %s client', (era) => {
  test('the five are listed with what a person fills in', async () => {
    const client = await connected(era);
    const prompts = await client.prompts();
    expect(prompts.map(({ name }) => name)).toEqual(names);
    const takeOrder = prompts.find(({ name }) => name === 'take-order');
    expect(takeOrder?.arguments?.map(({ name, required }) => [name, required === true])).toEqual([
      ['customer', true],
      ['items', true],
      ['reference', false],
    ]);
  });

  test('one is filled in, with names that the inventory completes', async () => {
    const client = await connected(era);
    expect(await client.completePrompt('take-order', 'customer', 'Bluebird')).toEqual([
      'Bluebird Cafe',
      'Bluebird Cafes Ltd',
    ]);
    expect(await client.completePrompt('stock-count', 'warehouse', 'New')).toEqual(['Newark']);
    expect(await client.completePrompt('take-order', 'items', 'x')).toEqual([]);
    const text = await client.prompt('take-order', { customer: 'Bluebird Cafe', items: '3 mugs' });
    expect(text).toContain('Customer, as said: Bluebird Cafe');
    expect(text).toContain('place_sales_order');
  });

  test('one without what it needs is refused in words', async () => {
    const client = await connected(era);
    await expect(client.prompt('take-order', { customer: 'Bluebird Cafe' })).rejects.toThrow(/items/);
    await expect(client.prompt('no-such')).rejects.toThrow(/./);
  });

  test('those that send to tools which are not listed are not served', async () => {
    const client = await connected(era, { INVENTORY_READ_ONLY: '1' });
    expect((await client.prompts()).map(({ name }) => name)).toEqual(['month-end']);
  });
});

test('the same five are skills, whole and as their digests say', async () => {
  const client = await connected('v2');
  const skills = (await client.skills?.()) ?? [];
  expect(skills.map(({ name }) => name)).toEqual(names);
  const prompts = await client.prompts();
  for (const { name, description, text } of skills) {
    expect(prompts.find((prompt) => prompt.name === name)?.description).toBe(description);
    expect(text).toMatch(/^---\nname: /);
  }
});
