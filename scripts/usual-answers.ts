import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { startInProcess } from './in-process.ts';
import { examples } from './workflow-examples.ts';

/** What agents ask for beside the whole jobs: lists and records as they come without any option. */
const reads: readonly (readonly [string, Record<string, unknown>])[] = [
  ['list_items', {}],
  ['list_sales_orders', {}],
  ['list_purchase_orders', {}],
  ['list_contacts', {}],
  ['list_warehouses', {}],
  ['get_low_stock_report', {}],
];

/** Tokens of the text of each usual answer, the longest first; of a job that asks, of the question and of the answer. */
export async function usualAnswers(): Promise<readonly (readonly [string, number])[]> {
  const sizes: [string, number][] = [];
  for (const [tool, args] of [...Object.entries(examples), ...reads]) {
    const { call, close } = startInProcess();
    const { text, facts } = await call(tool, args);
    sizes.push([tool, encode(text).length]);
    const { status, confirmation, summary } = facts;
    if (status === 'confirmation_required') {
      const done = await call('confirm_action', { confirmation, summary });
      sizes.push([`${tool}, after the yes`, encode(done.text).length]);
    }
    close();
  }
  return sizes.sort((a, b) => b[1] - a[1]);
}
