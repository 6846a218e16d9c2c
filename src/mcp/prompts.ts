import { completable, type McpServer, type StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { type Completion, type Guide, type GuideArgument, promptText } from './guides/define.ts';
import type { Resources } from './resources.ts';

type Arguments = Record<string, string | undefined>;

/** The part of a schema that the SDK asks for completions. */
type Completable = StandardSchemaWithJSON<string | undefined, string | undefined>;

const anyText = (): Completable => ({
  '~standard': {
    version: 1,
    vendor: 'zoho-inventory-mcp',
    validate: (value) =>
      value === undefined || typeof value === 'string'
        ? { value }
        : { issues: [{ message: 'must be text', path: [] }] },
    jsonSchema: { input: () => ({ type: 'string' }), output: () => ({ type: 'string' }) },
  },
});

/** A schema made by hand, so that listing prompts loads no validator. */
function schemaOf(wanted: readonly GuideArgument[], complete: (kind: Completion, typed: string) => Promise<string[]>) {
  const required = wanted.filter((one) => one.required).map(({ name }) => name);
  const json = {
    type: 'object',
    properties: Object.fromEntries(wanted.map(({ name, description }) => [name, { type: 'string', description }])),
    required,
  };
  const shape = Object.fromEntries(
    wanted.map(({ name, complete: kind }) => [
      name,
      kind ? completable(anyText(), (typed) => complete(kind, typed ?? '')) : anyText(),
    ]),
  );
  const schema: StandardSchemaWithJSON<Arguments, Arguments> = {
    '~standard': {
      version: 1,
      vendor: 'zoho-inventory-mcp',
      validate: (value) => {
        const given = (value ?? {}) as Record<string, unknown>; // parse boundary: what a client filled in
        const missing = required.filter((name) => typeof given[name] !== 'string' || given[name].trim() === '');
        if (missing.length > 0)
          return { issues: missing.map((name) => ({ message: `${name} must be filled in`, path: [name] })) };
        const known = wanted.map(({ name }) => [name, typeof given[name] === 'string' ? given[name] : undefined]);
        return { value: Object.fromEntries(known) };
      },
      jsonSchema: { input: () => json, output: () => json },
    },
  };
  return { ...schema, shape };
}

/** The guides as prompts. Completion is a convenience: one that cannot be had is an empty list. */
export function registerPrompts(
  server: McpServer,
  guides: readonly Guide[],
  resources: () => Promise<Resources>,
): void {
  const complete = async (kind: Completion, typed: string) => {
    try {
      return await (await resources()).completeNames(kind, typed);
    } catch {
      return [];
    }
  };
  for (const guide of guides) {
    const { name, title, description, arguments: wanted } = guide;
    server.registerPrompt(name, { title, description, argsSchema: schemaOf(wanted, complete) }, (given: Arguments) => ({
      description,
      messages: [{ role: 'user' as const, content: { type: 'text' as const, text: promptText(guide, given) } }],
    }));
  }
}
