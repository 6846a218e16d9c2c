import { isKit, isTracked } from '../availability.ts';
import type { Exchange } from '../currency.ts';
import type { Raise } from '../define.ts';
import { divideRounded, parseMicro } from '../numbers.ts';
import { listed } from '../order-rules.ts';
import { rateText } from '../record-words.ts';
import { microIn, type Row } from '../rows.ts';
import { partsOf } from '../supply.ts';

const one = 1_000_000n;
const nanoOne = 1_000_000_000n;

/**
 * What a unit costs, base currency, in 1e-6: the purchase rate, else the average of what is in stock, where the row tells its
 * value; of a kit what its parts cost. Undefined where nothing tells it. No call.
 */
function costOf(row: Row, rows: ReadonlyMap<string, Row>): bigint | undefined {
  if (isKit(row)) {
    const costs = partsOf(row).map(({ itemId, needed }) => {
      const cost = costOf(rows.get(itemId) ?? {}, rows);
      return cost === undefined ? undefined : divideRounded(cost * needed, one);
    });
    let sum = 0n;
    for (const cost of costs) {
      if (cost === undefined) return undefined;
      sum += cost;
    }
    return costs.length > 0 ? sum : undefined;
  }
  const bought = microIn(row, 'purchase_rate') ?? 0n;
  if (bought > 0n) return bought;
  const [value, onHand] = [parseMicro(row.asset_value) ?? 0n, microIn(row, 'stock_on_hand') ?? 0n];
  return isTracked(row) && value > 0n && onHand > 0n ? divideRounded(value * one, onHand) : undefined;
}

/** What is sold, at which price. */
export interface Sold {
  readonly itemId: string;
  readonly label: string;
  /** Of one unit, after every discount and without tax; 1e-6 of the order's currency. */
  readonly price: bigint;
}

/** Asks where a price is below what the goods cost. An order whose currency has no known rate is not judged. */
export function belowCost(
  sold: readonly Sold[],
  rows: ReadonlyMap<string, Row>,
  { currency, nano }: Pick<Exchange, 'currency' | 'nano'>,
  base: string,
): Raise[] {
  if (nano === undefined) return [];
  const words = sold.flatMap(({ itemId, label, price }) => {
    const cost = costOf(rows.get(itemId) ?? {}, rows);
    const inBase = divideRounded(price * nano, nanoOne);
    if (cost === undefined || inBase >= cost) return [];
    const own = currency === base ? '' : `${rateText(price, currency)} = `;
    return [`${label} at ${own}${rateText(inBase, base)}, cost ${rateText(cost, base)}`];
  });
  const reason = `Sold below cost: ${listed([...new Set(words)])}.`;
  return words.length === 0 ? [] : [{ rule: 'below_cost', reason }];
}
