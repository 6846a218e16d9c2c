import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  ResourceTemplate,
  UriTemplate,
} from '@modelcontextprotocol/server';
import { chartedReports, stockChart } from '../charts/names.ts';
import { InventoryError } from '../errors.ts';
import { visible } from '../text.ts';
import { chartParameters } from './chart-address.ts';
import { recordKinds } from './records.ts';
import type { Resources, ResourceText } from './resources.ts';
import { factsOf } from './result.ts';

/** A report as it is listed, prepared at build time. */
export interface ReportCard {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

const scheme = 'inventory://';

const chartNames: readonly string[] = [...chartedReports, stockChart];

/**
 * Reports and records as resources. Listing needs no network: the reports are ten, and records are templates with
 * completions. `resources` is asked for at the first read.
 */
export function registerResources(
  server: McpServer,
  reports: readonly ReportCard[],
  resources: () => Promise<Resources>,
): void {
  for (const { name, title, description } of reports) {
    server.registerResource(
      `report-${name}`,
      `${scheme}reports/${name}`,
      { title, description, mimeType: 'application/json' },
      (uri, context) => answer(uri, async () => (await resources()).report(name, {}, context.mcpReq.signal)),
    );
  }
  const names = reports.map(({ name }) => name);
  server.registerResource(
    'report',
    new ResourceTemplate(queryTemplate('reports', 'warehouse_id,from_date,to_date,item,format'), {
      list: undefined,
      complete: {
        name: (typed) => names.filter((name) => name.startsWith(typed)),
        format: (typed) => ['json', 'markdown'].filter((name) => name.startsWith(typed)),
        warehouse_id: (typed) => completed(resources, 'warehouses', typed),
      },
    }),
    {
      title: 'Report',
      description: `One of ${names.join(', ')}; dates yyyy-mm-dd; format json or markdown.`,
      mimeType: 'application/json',
    },
    (uri, variables, context) =>
      answer(uri, async () => (await resources()).report(String(variables.name), variables, context.mcpReq.signal)),
  );
  server.registerResource(
    'chart',
    new ResourceTemplate(queryTemplate('charts', chartParameters.join(',')), {
      list: undefined,
      complete: { name: (typed) => chartNames.filter((name) => name.startsWith(typed)) },
    }),
    {
      title: 'Chart',
      description: `A picture of ${chartNames.join(', ')}; ${stockChart} needs item.`,
      mimeType: 'image/svg+xml',
    },
    (uri, variables, context) =>
      answer(uri, async () => (await resources()).chart(String(variables.name), variables, context.mcpReq.signal)),
  );
  for (const kind of recordKinds) {
    server.registerResource(
      kind.kind,
      new ResourceTemplate(`${scheme}${kind.kind}/{${kind.idKey}}`, {
        list: undefined,
        complete: { [kind.idKey]: (typed) => completed(resources, kind.kind, typed) },
      }),
      { title: kind.title, mimeType: 'application/json' },
      (uri, variables, context) =>
        answer(uri, async () => (await resources()).record(kind, String(variables[kind.idKey]), context.mcpReq.signal)),
    );
  }
}

/**
 * The SDK's own matching wants every variable of a query, in its order; here any of them may be left out. What is not a
 * variable goes through as well, so that the report can refuse it by name.
 */
function queryTemplate(folder: 'reports' | 'charts', keys: string): UriTemplate {
  const template = new UriTemplate(`${scheme}${folder}/{name}{?${keys}}`);
  template.match = (uri) => {
    const [address = '', query = ''] = uri.split('?', 2);
    const [, place, name] = /^inventory:\/\/(\w+)\/([\w-]+)$/.exec(address) ?? [];
    return name === undefined || place !== folder ? null : { ...Object.fromEntries(new URLSearchParams(query)), name };
  };
  return template;
}

/** Completion is a convenience: one that cannot be had is an empty list, never an error in the middle of typing. */
async function completed(resources: () => Promise<Resources>, kindName: string, typed: string): Promise<string[]> {
  const kind = recordKinds.find(({ kind }) => kind === kindName);
  if (!kind) return [];
  return (await resources()).complete(kind, typed).catch(() => []);
}

async function answer(uri: URL, read: () => Promise<ResourceText>) {
  try {
    return { contents: [{ uri: uri.href, ...(await read()) }] };
  } catch (error) {
    if (!(error instanceof InventoryError))
      throw new ProtocolError(
        ProtocolErrorCode.InternalError,
        'The server failed on this resource; the log on the host says why.',
      );
    if (error.kind === 'not_found') throw new ResourceNotFoundError(uri.href, visible(error.message));
    const code = error.kind === 'invalid_arguments' ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
    throw new ProtocolError(code, `${error.kind}: ${visible(error.message)}`, factsOf(error.facts));
  }
}
