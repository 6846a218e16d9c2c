import { stockChart } from '../charts/names.ts';
import type { Reply } from '../client/client.ts';
import type { Input } from '../operations/define.ts';

const scheme = 'inventory://charts/';

/** What the address of a chart may ask, besides its name. */
export const chartParameters = ['item', 'warehouse', 'warehouse_id', 'from_date', 'to_date', 'limit'] as const;

/** The address under which the same chart is drawn again, by any replica: all it needs stands in it. */
export function chartUri(tool: string, input: Input, reply: Reply): string {
  const name = tool === 'explain_stock' ? stockChart : String(input.name);
  const query = new URLSearchParams();
  for (const key of chartParameters) {
    const value = key === 'item' && typeof reply.item_id === 'string' ? reply.item_id : input[key];
    if (value !== undefined) query.set(key, String(value));
  }
  const asked = query.toString().replaceAll('+', '%20');
  return `${scheme}${name}${asked === '' ? '' : `?${asked}`}`;
}
