import * as z from 'zod';
import { getLowStockReport } from '../../operations/reports.ts';
import { bindApi } from '../api.ts';
import type { ReadWorkflow } from '../define.ts';
import { parseBy } from '../rows.ts';
import { alertPage, lowWords, readLowStock } from './low-stock-rows.ts';
import { renderPage } from './page.ts';

export const formatInput = { format: z.enum(['text', 'markdown', 'html']).default('text') };
const schema = z.strictObject(formatInput);

/** Answers `{ message, text | markdown | html }`: the alert line by line, under the name of its format. */
export const lowStockAlert: ReadWorkflow = {
  name: 'low_stock_alert',
  title: 'Low stock alert',
  description:
    'What is low or promised beyond stock, as a message: on hand, available, level, suggested order, on order, vendor. 1 call. To send it: send_low_stock_alert.',
  toolset: 'reports',
  input: formatInput,
  uses: [getLowStockReport],
  read: async (given, raw, context) => {
    const { format } = parseBy(schema, raw);
    const stock = await readLowStock(bindApi(given, context));
    return { message: `${lowWords(stock)}.`, [format]: renderPage(alertPage(stock, context.today), format) };
  },
};
