import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { describeOperation } from '../../src/mcp/describe.ts';
import { hintsOf } from '../../src/mcp/hints.ts';
import { publishSchema } from '../../src/mcp/schema.ts';
import { operations } from '../../src/operations/index.ts';
import { deleteItem, getItem, listItems } from '../../src/operations/items.ts';

describe('a published schema', () => {
  it('says type, meaning, choices and defaults, and leaves bounds to the strict parse', () => {
    const shape = {
      name: z.string().min(1).max(5).regex(/^a/).describe('Name'),
      count: z.number().min(0).max(9).default(3),
      sort_order: z.enum(['A', 'D']).optional(),
      lines: z
        .array(z.strictObject({ id: z.string() }))
        .min(1)
        .max(2)
        .describe('Lines'),
    };
    expect(publishSchema(shape)).toEqual({
      type: 'object',
      properties: {
        name: { type: 'string', description: 'Name' },
        count: { type: 'number', default: 3 },
        sort_order: { type: 'string', enum: ['A', 'D'] },
        lines: {
          type: 'array',
          description: 'Lines',
          items: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
        },
      },
      required: ['name', 'lines'],
    });
    expect(publishSchema({})).toEqual({ type: 'object', properties: {}, additionalProperties: false });
  });

  it('repeats a shared part in place instead of referring to it', () => {
    const part = z.strictObject({ city: z.string() });
    const text = JSON.stringify(publishSchema({ from: part, to: part }));
    expect(text).not.toContain('$ref');
    expect(text.match(/city/g)).toHaveLength(4);
  });

  it.each([
    ['a union', z.union([z.string(), z.number()])],
    ['a nullable', z.string().nullable()],
    ['anything', z.unknown()],
    ['a list of anything', z.array(z.unknown())],
  ])('cannot be made of %s', (_, field) => {
    expect(() => publishSchema({ field })).toThrow(/input\.field.* has no single type/);
  });
});

describe('the hints', () => {
  it.each([
    ['read', [true, false, true, false]],
    ['create', [false, false, false, false]],
    ['update', [false, false, true, false]],
    ['stock', [false, true, false, false]],
    ['commit', [false, true, false, false]],
    ['destroy', [false, true, true, false]],
    ['outward', [false, true, false, true]],
  ] as const)('of a %s are read-only, destructive, idempotent, open world: %j', (effect, expected) => {
    const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = hintsOf(effect);
    expect([readOnlyHint, destructiveHint, idempotentHint, openWorldHint]).toEqual(expected);
  });
});

describe('the card of an operation', () => {
  it('promises nothing about its output that an error or a confirmation would break', () => {
    for (const operation of operations) {
      const { outputSchema } = describeOperation(operation);
      expect(outputSchema).toMatchObject({ type: 'object', additionalProperties: true });
      expect(outputSchema).not.toHaveProperty('required');
      for (const property of Object.values(outputSchema.properties))
        expect(Object.keys(property)).toEqual(['description']);
    }
    expect(Object.keys(describeOperation(listItems).outputSchema.properties)).toEqual(['items', 'page_context']);
    expect(Object.keys(describeOperation(getItem).outputSchema.properties)).toEqual(['item']);
    expect(Object.keys(describeOperation(deleteItem).outputSchema.properties)).toEqual(['message']);
  });

  it('carries its title at both places clients look for it', () => {
    const card = describeOperation(getItem);
    expect([card.title, card.annotations.title]).toEqual(['Get item', 'Get item']);
  });
});
