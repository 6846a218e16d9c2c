import type { Operation } from '../operations/define.ts';
import type { Api, ChartFigures, WorkflowContext } from '../workflows/define.ts';

export type Row = Readonly<Record<string, unknown>>;

/** What a report can be asked for. */
export const parameterNames = ['warehouse_id', 'from_date', 'to_date', 'item'] as const;
export type ParameterName = (typeof parameterNames)[number];
export type Parameters = Readonly<Partial<Record<ParameterName, string>>>;

export interface ReportContext extends WorkflowContext {
  /** API calls a report may spend at most; what it then leaves out it says. Default 60, of 100 a minute. */
  readonly mostCalls?: number;
  /** Rows read at most. Default 200. */
  readonly mostRows?: number;
}

export interface ReportResult {
  /** name, generated_at, time_zone, currency, from_date and to_date or as_of, filter, row_count, truncated, basis. */
  readonly header: Row;
  readonly rows: readonly Row[];
  /** Over all rows, those left out too, as far as the API tells. */
  readonly totals?: Row;
  /** Further tables beside the rows, by name. */
  readonly sections?: Readonly<Record<string, readonly Row[]>>;
  /** What a chart is drawn from, where a table has no room for it. */
  readonly chart?: ChartFigures;
  readonly truncated: boolean;
  /** API calls it cost. */
  readonly calls: number;
}

/** A pure function over reads. Without `uses` of writes: it can change nothing. */
export interface Report {
  readonly name: string;
  readonly title: string;
  /** What it shows, what it costs in calls, where it stops. */
  readonly description: string;
  readonly columns: readonly string[];
  readonly sectionColumns?: Readonly<Record<string, readonly string[]>>;
  readonly uses: readonly Operation[];
  readonly parameters: readonly ParameterName[];
  readonly read: (api: Api, parameters: Parameters, context: ReportContext) => Promise<ReportResult>;
}

/** The columns of a row, in their order; keys that the row lacks stay out. */
export const onlyColumns = (row: Row, columns: readonly string[]): Row =>
  Object.fromEntries(columns.flatMap((column) => (row[column] === undefined ? [] : [[column, row[column]]])));
