import { aging } from './aging.ts';
import type { Report } from './define.ts';
import * as endpoints from './endpoints.ts';
import { purchasesByVendor } from './purchases-by-vendor.ts';
import { warehouseSummary } from './warehouse-summary.ts';

export type { Parameters, Report, ReportContext, ReportResult } from './define.ts';
export { toMarkdown } from './markdown.ts';

/** The ten reports the reference names, in its order. */
export const reports: readonly Report[] = [
  endpoints.inventorySummary,
  endpoints.inventoryValuation,
  endpoints.stockOnHand,
  endpoints.lowStock,
  endpoints.salesByItem,
  endpoints.salesByCustomer,
  purchasesByVendor,
  warehouseSummary,
  endpoints.itemTransactions,
  aging,
];

export const reportByName: ReadonlyMap<string, Report> = new Map(reports.map((report) => [report.name, report]));
