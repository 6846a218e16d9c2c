/** Reports that have a chart. Alone in a file, because they are listed before anything that draws is loaded. */
export const chartedReports = ['warehouse-summary', 'sales-by-item', 'aging', 'item-transactions'] as const;

/** The chart of a job that is no report: explain_stock's. */
export const stockChart = 'stock-over-time';

export type ChartName = (typeof chartedReports)[number] | typeof stockChart;
