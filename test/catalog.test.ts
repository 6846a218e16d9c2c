import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { describeOperation } from '../src/mcp/describe.ts';
import * as compositeItems from '../src/operations/composite-items.ts';
import * as contacts from '../src/operations/contacts.ts';
import type { Operation } from '../src/operations/define.ts';
import { operationByName, operations } from '../src/operations/index.ts';
import * as items from '../src/operations/items.ts';
import * as organizations from '../src/operations/organizations.ts';
import * as packages from '../src/operations/packages.ts';
import * as purchaseOrders from '../src/operations/purchase-orders.ts';
import * as reports from '../src/operations/reports.ts';
import * as salesOrders from '../src/operations/sales-orders.ts';
import * as shipments from '../src/operations/shipments.ts';
import * as stockAdjustments from '../src/operations/stock-adjustments.ts';
import * as transfers from '../src/operations/transfers.ts';
import * as warehouses from '../src/operations/warehouses.ts';
import { routes } from '../src/sandbox/routes/index.ts';
import { workflows } from '../src/workflows/index.ts';
import { type CatalogFacts, violations } from './helpers/catalog-rules.ts';

const otherTools = workflows.map(({ name }) => name);
const facts: CatalogFacts = { routes, budget: 11_100, otherTools };

describe('the catalog', () => {
  const found = violations(operations, facts);
  const unrouted = found.filter((violation) => violation.endsWith('has no sandbox route'));

  it('keeps every rule', () => {
    expect(found.filter((violation) => !unrouted.includes(violation))).toEqual([]);
  });

  it('has an endpoint in the sandbox for every operation', () => {
    expect(unrouted).toEqual([]);
  });

  it('lists every operation that a module declares', () => {
    const modules = [
      organizations,
      items,
      contacts,
      warehouses,
      stockAdjustments,
      compositeItems,
      transfers,
      salesOrders,
      purchaseOrders,
      packages,
      shipments,
      reports,
    ];
    const declared = modules.flatMap((module) =>
      Object.values(module).flatMap((value) => ('method' in value ? [value.name] : [])),
    );
    expect(operations.map(({ name }) => name).sort()).toEqual(declared.sort());
  });

  it('finds each operation by its name', () => {
    for (const operation of operations) expect(operationByName.get(operation.name)).toBe(operation);
  });

  it('holds the endpoints of the modules in the order of the reference', () => {
    const starts = [
      '/organizations',
      '/items',
      '/contacts',
      '/warehouses',
      '/inventoryadjustments',
      '/compositeitems',
      '/transfers',
      '/salesorders',
      '/purchaseorders',
      '/packages',
      '/shipmentorders',
      '/reports',
    ];
    const counts = starts.map((start) => operations.filter(({ path }) => path.startsWith(start)).length);
    expect(counts).toEqual([1, 11, 5, 8, 5, 5, 7, 10, 9, 8, 2, 6]);
    expect([...new Set(operations.map(({ path }) => `/${path.split('/')[1]}`))]).toEqual(starts);
  });
});

const good = items.getItem;
const bad = (change: Partial<Operation>): Operation => ({ ...good, ...change });

describe('the rules of the catalog', () => {
  const broken: readonly [string, Operation, string][] = [
    ['a short description', bad({ description: 'One item.' }), 'description is not 20 to 300'],
    ['a long description', bad({ description: 'One item. '.repeat(40) }), 'description is not 20 to 300'],
    ['shouting', bad({ description: 'NEVER forget what this returns.' }), 'description shouts'],
    ['a neighbour that is not there', bad({ description: 'One item; else use find_parcels.' }), 'names find_parcels'],
    ['a name too long for clients', bad({ name: `get_${'x'.repeat(30)}` }), 'name is not verb_noun'],
    ['no title', bad({ title: '' }), 'has no title'],
    ['a GET that writes', bad({ effect: 'update' }), 'GET and update do not agree'],
    ['a write called a read', bad({ method: 'POST' }), 'POST and read do not agree'],
    ['a DELETE that is a mere update', bad({ method: 'DELETE', effect: 'update' }), 'DELETE and update do not agree'],
    [
      'a delete by POST that is an update',
      bad({ name: 'delete_item', method: 'POST', effect: 'update' }),
      'its verb is',
    ],
    ['no source', bad({ source: '' }), 'has no source link'],
    ['an invented scope', bad({ scope: 'everything' }), 'scope everything is none'],
    ['no sandbox route', bad({ path: '/items/{item_id}/colour' }), 'has no sandbox route'],
    ['a path key that is no input', bad({ path: '/items/{item}' }), 'path key item is no input'],
    ['an id that climbs', bad({ input: { item_id: z.string().describe('Item') } }), 'accepts more than digits'],
    ['a page nobody can turn', bad({ paged: true }), 'is paged without'],
    ['a field nobody explains', bad({ input: { ...good.input, mode: z.string() } }), 'does not describe mode'],
    [
      'a nested field nobody explains',
      bad({ input: { ...good.input, lines: z.array(z.strictObject({ mode: z.string() })).describe('Lines') } }),
      'input.lines[] does not describe mode',
    ],
    ['an empty object', bad({ input: {}, path: '/items' }), 'input has no properties'],
    [
      'a union',
      bad({ input: { ...good.input, mode: z.union([z.string(), z.number()]).describe('Mode') } }),
      'cannot be published: input.mode has no single type',
    ],
    ['a nullable', bad({ input: { ...good.input, mode: z.string().nullable().describe('Mode') } }), 'no single type'],
    ['a value of any kind', bad({ input: { ...good.input, mode: z.unknown().describe('Mode') } }), 'no single type'],
    ['a date type', bad({ input: { ...good.input, mode: z.date().describe('Mode') } }), 'cannot be published'],
  ];

  it.each(broken)('refuse %s', (_, operation, fault) => {
    expect(violations([operation], facts).join('\n')).toContain(fault);
  });

  it('refuse two operations of one name', () => {
    expect(violations([good, good], facts)).toContain('get_item: name is not unique');
  });

  it('refuse a list that costs more than its budget', () => {
    expect(violations(operations, { ...facts, budget: 1_000 }).join('\n')).toMatch(/all: \d+ tokens are over/);
  });

  const card = describeOperation(good);
  const cards: readonly [string, object, string][] = [
    [
      'a hint that disagrees with the effect',
      { annotations: { ...card.annotations, readOnlyHint: false } },
      'readOnlyHint',
    ],
    [
      'a missing hint',
      { annotations: { ...card.annotations, idempotentHint: undefined } },
      'idempotentHint is missing',
    ],
    ['an open root', { inputSchema: { ...card.inputSchema, additionalProperties: true } }, 'open at the root'],
    ['a $schema', { inputSchema: { ...card.inputSchema, $schema: 'x' } }, 'input uses $schema'],
    ['a root combinator', { inputSchema: { ...card.inputSchema, anyOf: [] } }, 'input uses anyOf'],
    [
      'a 2^53 bound',
      { inputSchema: { ...card.inputSchema, properties: { item_id: { type: 'integer', maximum: 2 ** 53 - 1 } } } },
      'input.item_id has a 2^53 bound',
    ],
    [
      'an array without items',
      { inputSchema: { ...card.inputSchema, properties: { item_id: { type: 'array' } } } },
      'input.item_id[] is no schema',
    ],
    [
      'a long pattern',
      { inputSchema: { ...card.inputSchema, properties: { item_id: { type: 'string', pattern: 'x'.repeat(31) } } } },
      'input.item_id has a long pattern',
    ],
    [
      'a type array',
      { inputSchema: { ...card.inputSchema, properties: { item_id: { type: ['string', 'null'] } } } },
      'input.item_id has no single type',
    ],
  ];

  it.each(cards)('refuse a card with %s', (_, change, fault) => {
    const described = () => ({ ...card, ...change });
    expect(violations([good], { ...facts, describe: described }).join('\n')).toContain(fault);
  });
});
