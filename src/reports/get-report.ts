import * as z from 'zod';
import { InvalidArguments } from '../errors.ts';
import { day, flag, id, someText, wholeNumber } from '../operations/fields.ts';
import type { ReadWorkflow } from '../workflows/define.ts';
import { parseBy } from '../workflows/rows.ts';
import { type Parameters, parameterNames, type Report } from './define.ts';
import { reportByName, reports, toMarkdown } from './index.ts';

const names = reports.map(({ name }) => name);

const input = {
  name: z.enum(names),
  warehouse_id: id().optional(),
  from_date: day('Default month start').optional(),
  to_date: day('Default today').optional(),
  item: someText(200, 'Id, SKU or exact name, for item-transactions').optional(),
  format: z.enum(['json', 'markdown']).default('json'),
  limit: wholeNumber(1, 1_000, 'Rows').default(50),
  chart: flag().optional(),
};
const schema = z.strictObject(input);

/** Those of the parameters that were given; one that the report does not take would be answered as if it had counted. */
function parametersOf(report: Report, asked: z.infer<typeof schema>): Parameters {
  const given = parameterNames.filter((name) => asked[name] !== undefined);
  const unknown = given.filter((name) => !report.parameters.includes(name));
  const [first] = unknown;
  if (first !== undefined) {
    const takes = report.parameters.length > 0 ? `It takes ${report.parameters.join(', ')}.` : 'It takes none.';
    throw new InvalidArguments(`The report ${report.name} takes no ${first}. ${takes}`, { nothingSent: true });
  }
  if (report.parameters.includes('item') && asked.item === undefined)
    throw new InvalidArguments(`The report ${report.name} needs item: an id, SKU or exact name.`, {
      nothingSent: true,
    });
  return Object.fromEntries(given.flatMap((name) => (asked[name] === undefined ? [] : [[name, asked[name]]])));
}

/** Any of the reports by name: `{ report, rows, totals?, <sections>? }`, or `{ markdown }` line by line. */
export const getReport: ReadWorkflow = {
  name: 'get_report',
  title: 'Get report',
  description:
    'A whole report with time, currency and totals. Spends 1 call; purchases-by-vendor, warehouse-summary and aging up to 60.',
  toolset: 'reports',
  input,
  uses: [...new Set(reports.flatMap(({ uses }) => uses))],
  read: async (api, raw, context) => {
    const asked = parseBy(schema, raw);
    const report = reportByName.get(asked.name);
    if (!report) throw new InvalidArguments(`There is no report ${asked.name}.`, { nothingSent: true });
    const parameters = parametersOf(report, asked);
    const result = await report.read(api, parameters, { ...context, mostRows: asked.limit });
    context.charted?.(report.name, result.chart ?? result);
    if (asked.format === 'markdown') return { markdown: toMarkdown(report, result).split('\n') };
    const { header, rows, totals, sections, calls } = result;
    return { report: { ...header, ...(totals ? { totals } : {}), calls }, rows, ...sections };
  },
};
