import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import { readConfig, toolsetNames } from '../../src/config.ts';
import { allCards } from '../../src/mcp/cards.ts';
import { core, listedCards } from '../../src/mcp/toolsets.ts';

const cards = allCards();
const plain = { readOnly: false, confirm: 'auto' as const };
const names = (choice: Parameters<typeof listedCards>[1]) => listedCards(cards, choice).map(({ name }) => name);
const settingsOf = (env: Record<string, string>, argv: string[] = []) =>
  readConfig({ env, argv, homeDirectory: '/home/ann', platform: 'linux' });

describe('toolsets', () => {
  test('without a choice every tool is listed', () => {
    expect(names(plain)).toEqual(cards.map(({ name }) => name));
  });

  test('all tools together cost at most 15,000 tokens', () => {
    const tokens = cards.map(
      ({ name, description, inputSchema }) => encode(JSON.stringify({ name, description, inputSchema })).length,
    );
    expect(tokens.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(15_000);
  });

  test('core is the 16 tools an agent needs most, the yes and going on with a job; at most 3,000 tokens together', () => {
    const listed = listedCards(cards, { ...plain, toolsets: ['core'] });
    expect(core.size).toBe(16);
    expect(listed.map(({ name }) => name).filter((name) => !core.has(name))).toEqual([
      'resume_workflow',
      'confirm_action',
    ]);
    const tokens = listed.map(
      ({ name, description, inputSchema }) => encode(JSON.stringify({ name, description, inputSchema })).length,
    );
    expect(tokens.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(3_000);
  });

  test('every tool named as core exists', () => {
    expect([...core].filter((name) => !cards.some((card) => card.name === name))).toEqual([]);
  });

  test('every group an operator can name holds a tool, and every tool stands in one', () => {
    for (const toolset of toolsetNames.filter((name) => name !== 'core'))
      expect(names({ ...plain, toolsets: [toolset] }).length, toolset).toBeGreaterThan(0);
    const loose = cards.filter(({ toolset }) => toolset === undefined).map(({ name }) => name);
    expect(loose).toEqual(['resume_workflow', 'undo_action', 'confirm_action']);
    const together = names({ ...plain, toolsets: toolsetNames });
    expect(together).toEqual(names(plain));
  });

  test('several groups are listed together, in the order of the cards', () => {
    const both = names({ ...plain, toolsets: ['contacts', 'reports'] });
    expect(both).toContain('create_contact');
    expect(both).toContain('get_low_stock_report');
    expect(both).not.toContain('create_item');
    expect(both).toEqual(cards.map(({ name }) => name).filter((name) => both.includes(name)));
  });

  test('the yes is offered only where something listed may ask for it', () => {
    expect(names({ ...plain, toolsets: ['reports'] })).not.toContain('confirm_action');
    expect(names({ ...plain, readOnly: true })).not.toContain('confirm_action');
    expect(names({ ...plain, confirm: 'elicitation' })).not.toContain('confirm_action');
  });

  test('read-only lists no tool that writes', () => {
    const listed = listedCards(cards, { ...plain, readOnly: true });
    expect(listed.length).toBeGreaterThan(10);
    expect(listed.filter(({ annotations }) => !annotations.readOnlyHint)).toEqual([]);
  });
});

describe('the setting', () => {
  test.each([
    ['core', ['core']],
    ['Sales, purchasing', ['sales', 'purchasing']],
    ['core stock', ['core', 'stock']],
    ['all', undefined],
    ['', undefined],
  ])('%j is understood', (INVENTORY_TOOLSETS, toolsets) => {
    expect(settingsOf({ INVENTORY_TOOLSETS }).toolsets).toEqual(toolsets);
  });

  test('the flag wins over the variable', () => {
    expect(settingsOf({ INVENTORY_TOOLSETS: 'core' }, ['--toolsets', 'reports']).toolsets).toEqual(['reports']);
  });

  test.each(['cores', 'sales,nothing', ','])(
    'an unknown name is an error that lists the names: %j',
    (INVENTORY_TOOLSETS) => {
      expect(() => settingsOf({ INVENTORY_TOOLSETS })).toThrow(/INVENTORY_TOOLSETS.*core.*purchasing/);
    },
  );
});
