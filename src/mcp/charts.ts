import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Chart } from '../charts/chart.ts';
import { chartedReports } from '../charts/names.ts';
import { chartOf, hasChart } from '../charts/of-report.ts';
import { Unavailable } from '../errors.ts';
import type { ChartFigures } from '../workflows/define.ts';

/** Where a job leaves what its chart is drawn from. */
export function createSlot() {
  let kept: { name: string; figures: ChartFigures } | undefined;
  return {
    charted: (name: string, figures: ChartFigures) => {
      kept = { name, figures };
    },
    /** The chart, or why there is none. */
    chart: (): Chart | string => {
      if (!kept) return 'No chart: nothing is kept in stock of this by itself.';
      if (!hasChart(kept.name))
        return `The report ${kept.name} has no chart. These have: ${chartedReports.join(', ')}; explain_stock has the stock of an item over time.`;
      return chartOf(kept.name, kept.figures) ?? 'No chart: there is nothing to draw.';
    },
  };
}

export const notDrawn = 'The chart could not be drawn; the log on the host says why. The figures are whole.';

export interface Drawn {
  readonly png: string;
  readonly uri: string;
  readonly title: string;
}

/** The picture in base64 and the address of its SVG, or the word that says why not: a chart never costs the answer. */
export async function drawn(
  chart: Chart | string,
  uri: string,
  warn: (message: string) => void,
): Promise<Drawn | string> {
  if (typeof chart === 'string') return chart;
  try {
    const { drawPng } = await import('../charts/draw.ts');
    return { png: Buffer.from(await drawPng(chart)).toString('base64'), uri, title: chart.title };
  } catch (error) {
    warn(`a chart failed: ${error instanceof Error ? (error.stack ?? error.message) : 'not an error'}`);
    return notDrawn;
  }
}

/** For a resource. */
export async function svgOf(chart: Chart): Promise<string> {
  try {
    return (await import('../charts/draw.ts')).drawSvg(chart);
  } catch (error) {
    throw new Unavailable(notDrawn, { cause: error });
  }
}

/** A picture for models, which show PNG and JPEG only; the SVG as a link, because its text would cost thousands of tokens. */
export const withChart = (result: CallToolResult, { png, uri, title }: Drawn): CallToolResult => ({
  ...result,
  content: [
    ...result.content,
    { type: 'image', data: png, mimeType: 'image/png' },
    { type: 'resource_link', uri, name: `${uri.split(/[/?]/)[3]}.svg`, title, mimeType: 'image/svg+xml' },
  ],
});
