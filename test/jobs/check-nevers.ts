import { expect } from 'vitest';
import { allCards } from '../../src/mcp/cards.ts';
import type { Workflow } from '../../src/workflows/define.ts';
import { workflowEffect } from '../../src/workflows/define.ts';
import { workflowByName } from '../../src/workflows/index.ts';
import type { Never } from './row.ts';

/** Arguments by which a record is looked up; a search text finds what it finds. */
const names = new Set(
  'deal deal_id customer vendor default_vendor party item items order sales_order purchase_order record warehouse from to text csv sku'.split(
    ' ',
  ),
);

/** Operations after which less can be promised than before, or elsewhere. */
const takesStock =
  /^(create|update)_sales_order$|^(confirm|open)_sales_order$|mark_sales_order|package$|^create_shipment|^(create|send|receive)_transfer$|^create_stock_adjustment$/;

function argumentsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties, items } = schema as { properties?: Record<string, unknown>; items?: unknown }; // parse boundary: a JSON Schema
  const own = Object.entries(properties ?? {}).flatMap(([name, inner]) => [name, ...argumentsIn(inner)]);
  return [...own, ...argumentsIn(items)];
}

function workflowOf(tool: string): Workflow {
  const found = workflowByName.get(tool);
  if (!found) throw new Error(`${tool} is no workflow`);
  return found;
}

const checks: Record<Never['never'], (tool: string) => void> = {
  takes_no_name: (tool) => {
    const card = allCards().find(({ name }) => name === tool);
    expect(card, tool).toBeDefined();
    // `from` of an export is a row.
    const taken = argumentsIn(card?.inputSchema).filter(
      (name) => names.has(name) && !(tool === 'export_items' && name === 'from'),
    );
    expect(taken).toEqual([]);
  },
  takes_no_stock: (tool) =>
    expect(workflowOf(tool).uses.filter(({ name, effect }) => effect !== 'read' && takesStock.test(name))).toEqual([]),
  never_asks: (tool) => expect(workflowEffect(workflowOf(tool))).toBe('read'),
  writes_nothing: (tool) => expect(workflowEffect(workflowOf(tool))).toBe('read'),
};

/** That the reason holds for the tool. */
export const checkNever = ({ never }: Never, tool: string): void => checks[never](tool);
