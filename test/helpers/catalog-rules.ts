import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describeOperation, type ToolCard } from '../../src/mcp/describe.ts';
import { type Effect, effectOf, type Operation } from '../../src/operations/define.ts';
import { selfEvidentNames } from '../../src/operations/fields.ts';

export interface CatalogFacts {
  /** Endpoints of the sandbox; parameter names do not matter. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  /** Tokens of name, description and input schema that all cards together may cost. */
  readonly budget: number;
  /** Tools that are no operations and may be named in a description. */
  readonly otherTools: readonly string[];
  readonly describe?: (operation: Operation) => ToolCard;
}

const forbidden = new Set(
  (
    '$schema $ref $defs definitions anyOf oneOf allOf not const format exclusiveMinimum exclusiveMaximum propertyNames ' +
    'patternProperties if then else'
  ).split(' '),
);

// Said here once more, and not taken from the catalog, so that a wrong effect is noticed.
const effectOfVerb: Readonly<Record<string, Effect>> = {
  list: 'read',
  get: 'read',
  create: 'create',
  update: 'update',
  activate: 'update',
  open: 'update',
  confirm: 'update',
  delete: 'destroy',
  void: 'destroy',
  cancel: 'destroy',
  deactivate: 'destroy',
  issue: 'commit',
  receive: 'stock',
  send: 'stock',
  ship: 'stock',
  deliver: 'update',
  email: 'outward',
};
// Documents that are posted the moment they are made.
const movesStock: ReadonlySet<string> = new Set([
  'create_stock_adjustment',
  'update_stock_adjustment',
  'create_shipment_order',
]);
const asksFirst: ReadonlySet<Effect> = new Set<Effect>(['stock', 'commit', 'destroy', 'outward']);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Tokens a client pays for a tool, by the encoding the budgets are measured with. */
export const tokensOf = ({ name, description, inputSchema }: ToolCard) =>
  encode(name + description + JSON.stringify(inputSchema)).length;

/** Faults of one published schema node and all below it. */
function schemaFaults(node: unknown, path: string): string[] {
  if (!isRecord(node)) return [`${path} is no schema`];
  const faults: string[] = [];
  const say = (fault: string) => faults.push(`${path} ${fault}`);
  for (const key of Object.keys(node)) if (forbidden.has(key)) say(`uses ${key}`);
  if (typeof node.type !== 'string') say('has no single type');
  if (typeof node.pattern === 'string' && node.pattern.length > 30) say('has a long pattern');
  for (const bound of [node.minimum, node.maximum])
    if (typeof bound === 'number' && Math.abs(bound) >= Number.MAX_SAFE_INTEGER) say('has a 2^53 bound');
  if (node.type === 'array') faults.push(...schemaFaults(node.items, `${path}[]`));
  if (node.type === 'object') {
    const fields = Object.entries(isRecord(node.properties) ? node.properties : {});
    if (fields.length === 0) say('has no properties');
    for (const [key, field] of fields) {
      const described = isRecord(field) && typeof field.description === 'string' && field.description.length > 0;
      if (!described && !selfEvidentNames.has(key)) say(`does not describe ${key}`);
      faults.push(...schemaFaults(field, `${path}.${key}`));
    }
  }
  return faults;
}

function hintFaults({ effect }: Operation, { annotations }: ToolCard): string[] {
  const faults: string[] = [];
  const want = (hint: keyof typeof annotations, value: boolean) => {
    if (annotations[hint] !== value) faults.push(`${hint} of a ${effect} must be ${value}`);
  };
  want('readOnlyHint', effect === 'read');
  want('destructiveHint', asksFirst.has(effect));
  want('openWorldHint', effect === 'outward');
  if (typeof annotations.idempotentHint !== 'boolean') faults.push('idempotentHint is missing');
  return faults;
}

function cardFaults({ inputSchema, title, annotations }: ToolCard): string[] {
  const faults: string[] = [];
  if (inputSchema.type !== 'object') faults.push('input is not an object');
  const isEmpty = Object.keys(inputSchema.properties ?? {}).length === 0;
  if (inputSchema.additionalProperties !== (isEmpty ? false : undefined)) faults.push('input is open at the root');
  if (annotations.title !== title) faults.push('title is missing among the hints');
  return faults;
}

function wordFaults({ name, title, description }: Operation, known: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  if (!/^[a-z]+(_[a-z]+)+$/.test(name) || name.length > 32)
    faults.push('name is not verb_noun of at most 32 characters');
  if (title.trim() === '') faults.push('has no title');
  if (description.length < 20 || description.length > 300) faults.push('description is not 20 to 300 characters');
  if (/\b[A-Z]{4,}\b|!/.test(description)) faults.push('description shouts');
  if (/use this tool/i.test(description)) faults.push('description says "use this tool"');
  for (const [word] of description.matchAll(/\b[a-z]+(?:_[a-z]+)+\b/g))
    if (!known.has(word)) faults.push(`description names ${word}, which is no tool and no field`);
  return faults;
}

function safetyFaults(operation: Operation): string[] {
  const { name, method, path, effect, input, scope, source } = operation;
  const faults: string[] = [];
  if ((method === 'GET') !== (effect === 'read')) faults.push(`${method} and ${effect} do not agree`);
  if (method === 'DELETE' && effect !== 'destroy') faults.push(`DELETE and ${effect} do not agree`);
  const verb = movesStock.has(name) ? 'stock' : effectOfVerb[name.split('_')[0] ?? ''];
  if (verb && verb !== effect) faults.push(`its verb is a ${verb}, its effect ${effect}`);
  if (effectOf(operation, {}) !== effect) faults.push('effect differs from effectOf an empty input');
  if (!/^ZohoInventory\.[a-z]+\.(CREATE|READ|UPDATE|DELETE)$/.test(scope)) faults.push(`scope ${scope} is none`);
  if (!/^https:\/\/www\.zoho\.com\/inventory\//.test(source)) faults.push('has no source link');
  for (const [, key = ''] of path.matchAll(/\{(\w+)\}/g)) {
    if (!(key in input)) faults.push(`path key ${key} is no input`);
    else if (input[key]?.safeParse('..').success) faults.push(`path key ${key} accepts more than digits`);
  }
  if (operation.paged && !('page' in input && 'per_page' in input)) faults.push('is paged without page and per_page');
  return faults;
}

/** Names of all fields of a published schema, at any depth. */
function fieldNames(node: unknown): string[] {
  if (!isRecord(node)) return [];
  const own = isRecord(node.properties) ? Object.keys(node.properties) : [];
  const below = isRecord(node.properties) ? Object.values(node.properties) : [node.items];
  return [...own, ...below.flatMap(fieldNames)];
}

const bare = (method: string, path: string) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`;

/** Every rule of the catalog that does not hold, as `tool: fault`; empty when all do. */
export function violations(operations: readonly Operation[], facts: CatalogFacts): string[] {
  const describe = facts.describe ?? describeOperation;
  const routes = new Set(facts.routes.map(({ method, path }) => bare(method, path)));
  const names = operations.map(({ name }) => name);
  const cards = new Map<string, ToolCard>();
  const found: string[] = [];
  for (const operation of operations) {
    try {
      cards.set(operation.name, describe(operation));
    } catch (error) {
      found.push(`${operation.name}: cannot be published: ${error instanceof Error ? error.message : 'unknown'}`);
    }
  }
  const fields = [...cards.values()].flatMap(({ inputSchema }) => fieldNames(inputSchema));
  const known = new Set([...names, ...facts.otherTools, ...fields]);
  for (const operation of operations) {
    const { name, method, path } = operation;
    const card = cards.get(name);
    const faults = [
      ...wordFaults(operation, known),
      ...safetyFaults(operation),
      ...(routes.has(bare(method, path)) ? [] : ['has no sandbox route']),
      ...(names.filter((other) => other === name).length > 1 ? ['name is not unique'] : []),
      ...(card
        ? [...schemaFaults(card.inputSchema, 'input'), ...hintFaults(operation, card), ...cardFaults(card)]
        : []),
    ];
    found.push(...faults.map((fault) => `${name}: ${fault}`));
  }
  const tokens = [...cards.values()].reduce((sum, card) => sum + tokensOf(card), 0);
  return tokens > facts.budget ? [...found, `all: ${tokens} tokens are over the budget of ${facts.budget}`] : found;
}
