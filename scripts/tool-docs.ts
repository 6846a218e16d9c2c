import { allCards } from '../src/mcp/cards.ts';
import type { ToolCard } from '../src/mcp/describe.ts';
import { core } from '../src/mcp/toolsets.ts';
import { operationByName } from '../src/operations/index.ts';
import type { Trace } from '../src/operations/trace.ts';
import { workflowEffect } from '../src/workflows/define.ts';
import { workflowByName } from '../src/workflows/index.ts';

interface Property {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly items?: Property;
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
}

/** One row a field; fields of objects and of rows in lists stand under their parent's name. */
function inputRows(schema: Property, prefix = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = `${prefix}${name}`;
    const type = property.type === 'array' ? `list of ${property.items?.type ?? 'any'}` : (property.type ?? '');
    const words = [
      property.description,
      property.enum ? `one of ${property.enum.join(', ')}` : undefined,
      property.default === undefined ? undefined : `default ${JSON.stringify(property.default)}`,
    ];
    const row = `| \`${path}\`${schema.required?.includes(name) ? ' *' : ''} | ${type} | ${words.filter(Boolean).join('; ').replaceAll('|', '\\|')} |`;
    const below = property.type === 'array' ? property.items : property;
    return [row, ...(below?.properties ? inputRows(below, `${path}${property.type === 'array' ? '[]' : ''}.`) : [])];
  });
}

/** What is done when the answer of a write never came. */
function afterLoss(trace: Trace | undefined): string[] {
  if (!trace) return [];
  const words = {
    created: (list: string) => `looked for in \`${list}\` by its content; surely absent, it is sent once more`,
    reached: (get: string) => `told by what \`${get}\` shows; not done, it is sent once more`,
    grown: (get: string) => `told by the quantities of \`${get}\` before and after; unchanged, it is sent once more`,
    gone: (get: string) => `told by whether \`${get}\` finds it; there still, it is sent once more`,
  };
  const said = () => {
    if (trace.kind === 'created') return words.created(trace.list);
    if (trace.kind === 'again') return 'sent once more, which leaves the same';
    if (trace.kind === 'untraceable') return `never sent again; look at ${trace.look}`;
    return words[trace.kind === 'same' ? 'reached' : trace.kind](trace.get);
  };
  return ['', `When its answer is lost: ${said()}.`];
}

function facts({ name }: ToolCard): string[] {
  const operation = operationByName.get(name);
  if (operation) {
    return [
      `Effect \`${operation.effect}\` · \`${operation.method} ${operation.path}\` · scope \`${operation.scope}\` · [Zoho's page](${operation.source})`,
      ...afterLoss(operation.trace),
    ];
  }
  const workflow = workflowByName.get(name);
  if (!workflow) return ["The server's own; no endpoint."];
  return [
    `A whole job · effect \`${workflowEffect(workflow)}\` · uses ${workflow.uses.map((used) => `\`${used.name}\``).join(' ')}`,
  ];
}

function section(card: ToolCard): string {
  const rows = inputRows(card.inputSchema as Property);
  const table = rows.length > 0 ? ['', '| input | type | |', '|---|---|---|', ...rows] : ['', 'No input.'];
  return [
    `### \`${card.name}\`${core.has(card.name) ? ' (core)' : ''}`,
    '',
    card.description,
    '',
    ...facts(card),
    ...table,
  ].join('\n');
}

/** docs/tools.md: every tool with its effect, endpoint, scope and inputs. */
export function toolDocs(): string {
  const cards = allCards();
  const groups = [...new Set(cards.map(({ toolset }) => toolset ?? 'always there'))];
  return [
    '# Tools',
    '',
    'Generated from the catalog by `npm run generate`. A star marks what must be given. What an effect means for the guard is in the README.',
    ...groups.flatMap((group) => [
      '',
      `## ${group[0]?.toUpperCase()}${group.slice(1)}`,
      ...cards.filter(({ toolset }) => (toolset ?? 'always there') === group).flatMap((card) => ['', section(card)]),
    ]),
    '',
  ].join('\n');
}
