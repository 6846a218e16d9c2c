import { describe, expect, test } from 'vitest';
import { allCards } from '../../src/mcp/cards.ts';
import * as crm from '../../src/operations/crm.ts';
import { allOperations, operationByName, operations } from '../../src/operations/index.ts';

const inner = allOperations.filter((operation) => !operations.includes(operation));

describe('operations of the CRM', () => {
  test('are those the module declares, and no tools: no client can call them', () => {
    const declared = Object.values(crm).flatMap((value) => ('method' in value ? [value.name] : []));
    expect(inner.map(({ name }) => name).sort()).toEqual(declared.sort());
    const cards = new Set(allCards().map(({ name }) => name));
    for (const { name } of inner) expect([cards.has(name), operationByName.has(name)]).toEqual([false, false]);
  });

  test('say what they do, what scope they need and where that is written', () => {
    for (const { description, scope, source, service, toolset } of inner) {
      expect(description.length).toBeGreaterThan(20);
      expect(scope).toMatch(/^ZohoCRM\.modules\.(deals|contacts|products)\.(READ|UPDATE)$/);
      expect(source).toMatch(/^https:\/\/www\.zoho\.com\/crm\/developer\/docs\/api\/v2\//);
      expect([service, toolset]).toEqual(['crm', 'sales']);
    }
  });

  test('take ids of digits alone, so that none climbs out of its path', () => {
    for (const { path, input } of inner)
      for (const [, key = ''] of path.matchAll(/\{(\w+)\}/g)) expect(input[key]?.safeParse('..').success).toBe(false);
  });

  test('read by GET, and a write is looked for when its answer is lost', () => {
    for (const { method, effect, trace } of inner) {
      expect(method === 'GET').toBe(effect === 'read');
      expect(trace === undefined).toBe(effect === 'read');
    }
  });
});
