import type { Effect, Operation, Shape, Toolset } from '../operations/define.ts';
import { type Hints, hintsOf } from './hints.ts';
import { type JsonSchema, publishSchema } from './schema.ts';

/** What an answer may hold: names and words only, no value types. */
export type OutputSchema = {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, { readonly description: string }>>;
  readonly additionalProperties: true;
};

/** What clients are shown of a tool. */
export type ToolCard = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: OutputSchema;
  readonly annotations: Hints & { readonly title: string };
  /** Which group an operator switches it on with; the server's own tools have none. Not sent to clients. */
  readonly toolset?: Toolset;
};

/** What any tool must say of itself: an operation, a workflow, or one of the server's own. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Shape;
  readonly effect: Effect;
  readonly toolset?: Toolset;
}

/**
 * The card of a tool; `replies` are the keys its answer may have. The output schema is loose on purpose, nothing required
 * and other keys open: a strict one makes clients throw away confirmations, errors and the answers of writes that are
 * already done. The title is also among the hints, where clients of before 2025-06-18 look for it.
 */
export function describeTool(tool: Tool, replies: OutputSchema['properties'] = {}): ToolCard {
  const { name, title, description, input, effect, toolset } = tool;
  return {
    name,
    title,
    description,
    inputSchema: publishSchema(input),
    outputSchema: { type: 'object', properties: replies, additionalProperties: true },
    annotations: { title, ...hintsOf(effect) },
    ...(toolset ? { toolset } : {}),
  };
}

// Without a type: an API that answers a list where a record was announced must not lose a done write.
const row = { description: 'One record' };
const rows = { description: 'Rows' };

/** Reply keys are Zoho's: the plural is a list of rows (`items`), the singular one record (`item`). */
export function describeOperation(operation: Operation): ToolCard {
  const { reply, paged } = operation;
  return describeTool(operation, {
    ...(reply ? { [reply]: reply.endsWith('s') ? rows : row } : { message: { description: 'What was done' } }),
    ...(paged ? { page_context: { description: 'Which page this is' } } : {}),
  });
}
