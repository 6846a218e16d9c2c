import { stockChart } from '../charts/names.ts';
import type { Client } from '../client/client.ts';
import { InvalidArguments, NotFound } from '../errors.ts';
import { operationByName } from '../operations/index.ts';
import { parameterNames } from '../reports/define.ts';
import { getReport } from '../reports/get-report.ts';
import { reportByName, toMarkdown } from '../reports/index.ts';
import { plainText } from '../text.ts';
import { apiFor } from '../workflows/api.ts';
import type { WorkflowContext } from '../workflows/define.ts';
import { explainStock } from '../workflows/stock/explain-stock.ts';
import { calendarDay } from './calendar.ts';
import { chartParameters } from './chart-address.ts';
import { createSlot, svgOf } from './charts.ts';
import { type RecordKind, recordKinds } from './records.ts';
import { factsOf } from './result.ts';

export interface ResourceParts {
  readonly client: Client;
  readonly now: () => number;
  /** Of the organization, read once and kept; empty when it cannot be told. */
  readonly organization: () => Promise<{ readonly timeZone?: string; readonly currency?: string }>;
}

export interface ResourceText {
  readonly mimeType: string;
  readonly text: string;
}

export type Variables = Readonly<Record<string, string | string[] | undefined>>;

/** Reads what the addresses of `inventory://` name. Throws the typed errors of the reads. */
export function createResources({ client, now, organization }: ResourceParts) {
  async function report(name: string, variables: Variables, signal?: AbortSignal): Promise<ResourceText> {
    const found = reportByName.get(name);
    if (!found) throw new NotFound(`There is no report ${name}. There are ${[...reportByName.keys()].join(', ')}.`);
    const known: readonly string[] = [...parameterNames, 'format', 'name'];
    const stranger = Object.keys(variables).find((key) => !known.includes(key));
    if (stranger)
      throw new InvalidArguments(
        `A report takes no ${stranger.slice(0, 40)}. It takes ${known.slice(0, -1).join(', ')}.`,
      );
    const parameters: Record<string, string> = {};
    for (const parameter of parameterNames) {
      const value = one(variables[parameter]);
      if (value === undefined) continue;
      if (!found.parameters.includes(parameter))
        throw new InvalidArguments(`The report ${name} takes no ${parameter}.`);
      parameters[parameter] = value;
    }
    const format = one(variables.format) ?? 'json';
    if (format !== 'json' && format !== 'markdown') throw new InvalidArguments('format is json or markdown.');
    const context = await contextOf(signal);
    const result = await found.read(apiFor(client, found.uses, signal ? { signal } : {}), parameters, context);
    if (format === 'markdown') return { mimeType: 'text/markdown', text: toMarkdown(found, result) };
    const { header, rows, totals, sections, calls } = result;
    return json({ report: { ...header, ...(totals ? { totals } : {}), calls }, rows, ...sections });
  }

  async function contextOf(signal: AbortSignal | undefined): Promise<WorkflowContext> {
    const { timeZone, currency } = await organization();
    return {
      today: calendarDay(now(), timeZone).day,
      nowMs: now(),
      ...(timeZone ? { timeZone } : {}),
      progress: () => undefined,
      ...(signal ? { signal } : {}),
      ...(currency ? { currency } : {}),
    };
  }

  /** Reads what the chart's report or job reads, and draws it anew: nothing is kept between two requests. */
  async function chart(name: string, variables: Variables, signal?: AbortSignal): Promise<ResourceText> {
    const known: readonly string[] = [...chartParameters, 'name'];
    const stranger = Object.keys(variables).find((key) => !known.includes(key));
    if (stranger)
      throw new InvalidArguments(`A chart takes no ${stranger.slice(0, 40)}. It takes ${chartParameters.join(', ')}.`);
    const job = name === stockChart ? explainStock : getReport;
    const input: Record<string, string | number> = job === getReport ? { name } : {};
    for (const parameter of chartParameters) {
      const value = one(variables[parameter]);
      if (value !== undefined) input[parameter] = parameter === 'limit' ? Number(value) : value;
    }
    const slot = createSlot();
    const context = { ...(await contextOf(signal)), charted: slot.charted };
    await job.read(apiFor(client, job.uses, signal ? { signal } : {}), input, context);
    const found = slot.chart();
    if (typeof found === 'string') throw new NotFound(found);
    return { mimeType: 'image/svg+xml', text: await svgOf(found) };
  }

  async function record(kind: RecordKind, id: string, signal?: AbortSignal): Promise<ResourceText> {
    if (!/^\d{1,19}$/.test(id)) throw new InvalidArguments(`${kind.idKey} is digits only.`);
    const reply = await client.call(operation(kind.getOperation), { [kind.idKey]: id }, signal ? { signal } : {});
    const { message: _, ...facts } = reply;
    return json(facts);
  }

  /** Records whose name or number holds what was typed so far; those with one that begins with it come first. */
  async function near(kind: RecordKind, typed: string): Promise<Record<string, unknown>[]> {
    const listing = operation(kind.listOperation);
    const reply = await client.call(listing, { search_text: typed, per_page: 50, page: 1 });
    const rows = Array.isArray(reply[kind.listKey]) ? (reply[kind.listKey] as Record<string, unknown>[]) : []; // parse boundary: rows of a list
    const begins = (row: Record<string, unknown>) =>
      kind.names.some((name) =>
        String(row[name] ?? '')
          .toLowerCase()
          .startsWith(typed.toLowerCase()),
      );
    return [...rows.filter(begins), ...rows.filter((row) => !begins(row))];
  }

  /** Ids of the records whose name or number holds what was typed so far. */
  async function complete(kind: RecordKind, typed: string): Promise<string[]> {
    const ids = (await near(kind, typed)).map((row) => String(row[kind.idKey]));
    return ids.filter((id) => /^\d{1,19}$/.test(id)).slice(0, 100);
  }

  /** Names of the records of a kind that hold what was typed so far. */
  async function completeNames(kindName: string, typed: string): Promise<string[]> {
    const kind = kindNamed(kindName);
    if (!kind) return [];
    const key = kind.names.at(kind.kind === 'items' ? -1 : 0) ?? '';
    const names = (await near(kind, typed)).map((row) => plainText(row[key], 100));
    return [...new Set(names)].filter((name) => name !== '').slice(0, 100);
  }

  return { report, chart, record, complete, completeNames };
}

export type Resources = ReturnType<typeof createResources>;

export const kindNamed = (kind: string): RecordKind | undefined => recordKinds.find((known) => known.kind === kind);

const json = (facts: Record<string, unknown>): ResourceText => ({
  mimeType: 'application/json',
  text: JSON.stringify(factsOf(facts)),
});

const one = (value: string | string[] | undefined): string | undefined => {
  const first = Array.isArray(value) ? value[0] : value;
  return first === '' ? undefined : first;
};

function operation(name: string) {
  const found = operationByName.get(name);
  if (found?.effect !== 'read') throw new Error(`a resource may only read, and ${name} is no read`);
  return found;
}
