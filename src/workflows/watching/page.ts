import { markdownText, named, plainText } from '../../text.ts';

export type Format = 'text' | 'markdown' | 'html';

/** A cell of ours, or `typed`: what other people may have written, which each format makes harmless in its own way. */
export type Cell = string | { readonly typed: string };

export interface Table {
  readonly title: string;
  /** The first two name a row: in text they stand before its figures. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Said instead of a table without rows. */
  readonly none: string;
}

/** What a person reads, before it has a format. Words are ours; names in them stand as `named`. */
export interface Page {
  readonly title: string;
  readonly words: readonly string[];
  readonly tables: readonly Table[];
}

const mostCell = 80;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign);

const cellText = (cell: Cell): string => (typeof cell === 'string' ? cell : named(cell.typed, mostCell));
const cellMarkdown = (cell: Cell): string =>
  markdownText(typeof cell === 'string' ? cell : plainText(cell.typed, mostCell));
// Mail programs make links of what looks like an address, so typed text stands as it does in a sentence.
const cellHtml = (cell: Cell): string => escaped(cellText(cell));

function textTable({ title, columns, rows, none }: Table): string[] {
  if (rows.length === 0) return ['', title, none];
  const line = (row: readonly Cell[]): string => {
    const [first = '', second = '', ...rest] = row.map(cellText);
    const figures = rest.flatMap((figure, at) =>
      figure === '' ? [] : [`${columns[at + 2]?.toLowerCase()} ${figure}`],
    );
    return `- ${[first, second].filter(Boolean).join(' ')}: ${figures.join(', ')}`;
  };
  return ['', title, ...rows.map(line)];
}

function markdownTable({ title, columns, rows, none }: Table): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const body = [line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(row.map(cellMarkdown)))];
  return ['', `## ${title}`, '', ...(rows.length === 0 ? [none] : body)];
}

// Mail programs drop style sheets and turn colours about in the dark: there are none here, and a grey border goes with both.
const tableTag = "<table border='1' cellpadding='6' style='border-collapse:collapse;border-color:#888'>";

function htmlTable({ title, columns, rows, none }: Table): string[] {
  const head = `<h3>${escaped(title)}</h3>`;
  if (rows.length === 0) return [head, `<p>${escaped(none)}</p>`];
  return [
    head,
    tableTag,
    `<tr align='left'>${columns.map((column) => `<th>${escaped(column)}</th>`).join('')}</tr>`,
    ...rows.map((row) => `<tr>${row.map((cell) => `<td>${cellHtml(cell)}</td>`).join('')}</tr>`),
    '</table>',
  ];
}

/** Lines of the page; with `html` a whole document that shows well in light and in dark mail programs. */
export function renderPage({ title, words, tables }: Page, format: Format): string[] {
  if (format === 'text') return [title, ...words, ...tables.flatMap(textTable)];
  if (format === 'markdown')
    return [
      `# ${markdownText(title)}`,
      '',
      ...words.map((line) => `- ${markdownText(line)}`),
      ...tables.flatMap(markdownTable),
    ];
  return [
    `<!doctype html><html lang='en'><head><meta charset='utf-8'><meta name='color-scheme' content='light dark'>`,
    `<meta name='supported-color-schemes' content='light dark'><title>${escaped(title)}</title></head>`,
    `<body style='font-family:sans-serif;font-size:14px'><h2>${escaped(title)}</h2>`,
    ...words.map((line) => `<p>${escaped(line)}</p>`),
    ...tables.flatMap(htmlTable),
    '</body></html>',
  ];
}
