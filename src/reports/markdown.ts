import { markdownText } from '../text.ts';
import { isRow } from '../workflows/rows.ts';
import type { Report, ReportResult, Row } from './define.ts';

/** `{ pcs: 12, m: 3.5 }` is `12 pcs, 3.5 m`. What somebody typed stays in its cell, as text. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (isRow(value))
    return Object.entries(value)
      .map(([unit, quantity]) => `${quantity} ${markdownText(unit)}`)
      .join(', ');
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : markdownText(value);
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** A column stands only where some row has it, so that ids of no use cost no width. */
function table(rows: readonly Row[], columns: readonly string[]): string[] {
  if (rows.length === 0) return ['No rows.'];
  const shown = columns.filter((column) => rows.some((row) => row[column] !== undefined && row[column] !== null));
  return [line(shown), line(shown.map(() => '---')), ...rows.map((row) => line(shown.map((key) => cell(row[key]))))];
}

function about({ header, rows, truncated }: ReportResult): string {
  const { from_date, to_date, as_of, row_count } = header;
  const days = from_date === undefined ? as_of : `${from_date} to ${to_date}`;
  const count = `${rows.length} of ${row_count ?? rows.length} rows${truncated ? ', truncated' : ''}`;
  const words = [header.generated_at, header.time_zone, header.currency, days, count];
  return words.filter((word) => word !== undefined && word !== '').join(' · ');
}

/** A report as Markdown: title, time, zone, currency, days and row count, the table, totals, further tables. */
export function toMarkdown(report: Report, result: ReportResult): string {
  const { totals, sections = {}, header } = result;
  const filter = isRow(header.filter) ? Object.values(header.filter).map(cell).join(' ') : '';
  return [
    `# ${report.title}${filter === '' ? '' : `: ${filter}`}`,
    about(result),
    '',
    ...table(result.rows, report.columns),
    ...(totals
      ? [
          '',
          `Totals: ${Object.entries(totals)
            .map(([key, value]) => `${key} ${cell(value)}`)
            .join(', ')}`,
        ]
      : []),
    ...Object.entries(sections).flatMap(([name, rows]) => [
      '',
      `## ${name.replaceAll('_', ' ')}`,
      ...table(rows, report.sectionColumns?.[name] ?? Object.keys(rows[0] ?? {})),
    ]),
    ...[header.basis, header.note].filter(Boolean).flatMap((words) => ['', cell(words)]),
  ].join('\n');
}
