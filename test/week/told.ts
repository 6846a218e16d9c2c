import { expect } from 'vitest';
import type { Answered, InProcess } from '../../scripts/in-process.ts';
import { type Row, rowIn, rowsIn, textIn } from '../../src/workflows/rows.ts';
import type { Act } from './acts.ts';

/** What a job says of stock after its writes is what a look at it says then. */
export async function expectTold(world: InProcess, { tool, input }: Act, { facts, isError }: Answered): Promise<void> {
  if (isError) return;
  const look = async (item: unknown, warehouse: unknown, key: string): Promise<unknown> => {
    const asked = { item, ...(warehouse === undefined ? {} : { warehouse }) };
    const { facts: seen } = await world.call('check_stock', { items: [asked] });
    return rowsIn(seen, 'items')[0]?.[key];
  };
  if (tool === 'place_sales_order') {
    const ordered = rowIn(facts, 'salesorder');
    if (ordered.status !== 'confirmed') return;
    for (const { item_id, sku, warehouse_name, can_be_promised_now: now } of rowsIn(ordered, 'line_items'))
      if (now !== undefined && sku !== 'AUDIO-SET')
        expect(await look(item_id, warehouse_name, 'can_be_promised'), `${sku} ${warehouse_name} promised`).toBe(now);
  }
  if (tool === 'move_stock')
    for (const line of rowsIn(facts, 'line_items')) {
      expect(await look(line.item_id, input.from, 'on_hand'), 'source').toBe(line.source_on_hand);
      if (line.destination_on_hand !== undefined)
        expect(await look(line.item_id, input.to, 'on_hand'), 'destination').toBe(line.destination_on_hand);
    }
  if (tool === 'record_return')
    for (const line of rowsIn(facts, 'lines'))
      expect(await look(line.item_id, line.warehouse, 'on_hand'), 'put back').toBe(line.on_hand);
  if (tool === 'set_stock_levels') {
    const last = new Map<string, Row>();
    // Rows stand with the largest difference first; of one level the last row of the sheet counts.
    const sheet = [...rowsIn(facts, 'count_sheet')].sort((a, b) => Number(a.row) - Number(b.row));
    for (const row of sheet) last.set(`${textIn(row, 'item_id')} ${textIn(row, 'warehouse')}`, row);
    for (const row of last.values())
      expect(await look(row.item_id, row.warehouse, 'on_hand'), 'counted').toBe(row.counted ?? row.after);
  }
}
