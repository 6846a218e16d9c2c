import { isTracked, readPlaces } from '../availability.ts';
import type { Api } from '../define.ts';
import { formatMicro, minOf, sumOf } from '../numbers.ts';
import { noneGiven } from '../record-words.ts';
import type { Row } from '../rows.ts';
import { shortWords } from './purchase-lines.ts';
import type { Arrival } from './receive-delivery-count.ts';
import type { Stood } from './receive-delivery-preview.ts';
import { readWaiting } from './waiting-orders.ts';

/**
 * What lies where the goods come to, by arrival, and who waits for them: one call a warehouse or an item, whichever is
 * less, and one more an item that is promised beyond stock there, for two of them at most.
 */
export async function readArrivalStock(
  api: Api,
  arrivals: readonly Arrival[],
  warehouse: { readonly id: string; readonly name: string } | undefined,
): Promise<{ stood: Stood[]; waiting: string[]; tracked: string[] }> {
  const places = arrivals.map(({ line }) => ({
    itemId: line.itemId,
    warehouseId: warehouse?.id ?? line.warehouseId,
    warehouseName: warehouse?.name ?? line.warehouseName,
  }));
  const rows = new Map<string, Row>();
  const place = await readPlaces(
    api,
    places.filter(({ warehouseId }) => warehouseId !== ''),
    rows,
  );
  const stood = places.map((one): Stood => {
    const row = rows.get(one.itemId);
    // An order that names no warehouse goes into one nobody can tell; of untracked goods there is no stock to tell.
    if (one.warehouseId === '' || (row && !isTracked(row))) return { ...one, onHand: undefined };
    // What a whole list of the warehouse does not name, it does not hold.
    return { ...one, onHand: place(one.itemId, one.warehouseId)?.onHand ?? 0n };
  });
  const short = new Map<string, { readonly arrival: Arrival; readonly missing: bigint; readonly now: bigint }>();
  for (const [index, arrival] of arrivals.entries()) {
    const { itemId = '', warehouseId = '' } = places[index] ?? {};
    const missing = -(place(itemId, warehouseId)?.available ?? 0n);
    const before = short.get(itemId);
    if (missing > 0n) short.set(itemId, { arrival, missing, now: sumOf([before?.now ?? 0n, arrival.now]) });
  }
  const orders = await readWaiting(api, [...short.keys()]);
  const waiting = [...short].map(([itemId, { arrival, missing, now }]) => {
    const numbers = orders.get(itemId);
    const covered = `${formatMicro(minOf(missing, now))} of the ${formatMicro(missing)} ${shortWords(arrival.line)} promised beyond stock`;
    return `Serves ${covered}${numbers === undefined ? '' : `: ${numbers}`}.`;
  });
  const most = waiting.slice(0, 5);
  return {
    stood,
    tracked: [...rows.values()].flatMap(noneGiven),
    waiting:
      waiting.length > most.length
        ? [...most, `${waiting.length - most.length} more items were promised beyond stock too.`]
        : most,
  };
}
