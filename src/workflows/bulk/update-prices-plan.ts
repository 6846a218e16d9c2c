import type { Plan, Raise } from '../define.ts';
import { formatRate, formatScaled } from '../numbers.ts';
import { isPriceJump } from '../order-rules.ts';
import { microIn, type Row, textIn } from '../rows.ts';
import { counted, itemWords, plainText } from '../text.ts';
import { changePercent, marginPercent } from './update-prices-rule.ts';
import type { PriceSteps } from './update-prices-run.ts';

export type PriceField = PriceSteps['field'];

/** An item and the price it shall have, in 1e-6. */
export interface NewPrice {
  readonly row: Row;
  readonly after: bigint;
}

interface Line {
  readonly itemId: string;
  readonly sku: string;
  readonly name: string;
  readonly before: bigint;
  readonly after: bigint;
  readonly margin: bigint | undefined;
  readonly isBelowCost: boolean;
  readonly isInactive: boolean;
}

const mostLines = 50;
const mostReasons = 5;

function lineOf({ row, after }: NewPrice, field: PriceField): Line {
  const before = microIn(row, field) ?? 0n;
  const other = microIn(row, field === 'rate' ? 'purchase_rate' : 'rate') ?? 0n;
  const [rate, cost] = field === 'rate' ? [after, other] : [other, after];
  return {
    itemId: textIn(row, 'item_id'),
    sku: plainText(row.sku, 60),
    name: plainText(row.name),
    before,
    after,
    margin: marginPercent(rate, cost),
    isBelowCost: rate < cost && !(field === 'purchase_rate' && rate === 0n),
    isInactive: textIn(row, 'status') === 'inactive',
  };
}

/** Old and new, what changes most first: below cost, then more than a quarter, then the rest. */
export function pricePlan(prices: readonly NewPrice[], field: PriceField, currency: string): Plan<PriceSteps> {
  const lines = prices.map((price) => lineOf(price, field));
  const changed = lines.filter(({ before, after }) => before !== after);
  const jumps = changed.filter(({ before, after }) => isPriceJump(before, after));
  const below = changed.filter(({ isBelowCost }) => isBelowCost);
  const told = [...new Set([...below, ...jumps, ...changed])];
  const unchanged = lines.length - changed.length;
  const what = field === 'rate' ? 'selling price' : 'purchase price';
  const warned = [
    ...(below.length > 0 ? [`${below.length} below cost`] : []),
    ...(jumps.length > 0 ? [`${jumps.length} by more than 25 %`] : []),
  ];
  const summary = `Update prices: ${[`${counted(changed.length, what)}`, ...warned].join(', ')}`;
  return {
    summary,
    preview: [
      `${field} in ${currency || 'the base currency'}: ${counted(changed.length, 'item')} to change, ${unchanged} already so.`,
      ...told.slice(0, mostLines).map((line) => `- ${lineWords(line)}`),
      ...(told.length > mostLines
        ? [`and ${told.length - mostLines} more like these (${mostLines} of ${told.length} shown).`]
        : []),
      ...(changed.length === 0
        ? []
        : [
            `Takes ${counted(changed.length, 'call')}. Orders already written keep their prices; each old price is told after a failure.`,
          ]),
    ],
    restsOn: lines.map(({ itemId, before, isBelowCost, margin }) => [
      itemId,
      String(before),
      isBelowCost,
      String(margin),
    ]),
    steps: {
      field,
      changes: changed.map(({ itemId, sku, name, before, after }) => ({
        item_id: itemId,
        sku,
        name,
        before: formatRate(before),
        after: formatRate(after),
      })),
      unchanged,
    },
    documents: changed.length,
    raises: [...raise('below_cost', below, 'below cost'), ...raise('price_change', jumps, 'changed by more than 25 %')],
    amountMinor: 0,
    facts: { field, changed: changed.length, unchanged, below_cost: below.length, over_25_percent: jumps.length },
    ...(changed.length === 0 ? { nothingToDo: true } : {}),
  };
}

const percentWords = (hundredths: bigint): string => `${formatScaled(hundredths, 2)} %`;

function figuresOf({ before, after }: Line): string {
  const change = changePercent(before, after);
  const words = change === undefined ? '' : ` (${change > 0n ? '+' : ''}${percentWords(change)})`;
  return `${formatRate(before)} -> ${formatRate(after)}${words}`;
}

function lineWords(line: Line): string {
  const margin = line.margin === undefined ? 'margin not known' : `margin ${percentWords(line.margin)}`;
  const marks = [...(line.isBelowCost ? ['below cost'] : []), ...(line.isInactive ? ['inactive'] : [])];
  return [`${itemWords({ sku: line.sku, item: line.name })}: ${figuresOf(line)}`, margin, ...marks].join(', ');
}

function raise(rule: string, lines: readonly Line[], words: string): Raise[] {
  if (lines.length === 0) return [];
  const shown = lines
    .slice(0, mostReasons)
    .map((line) => `${itemWords({ sku: line.sku, item: line.name })} ${figuresOf(line)}`);
  const more = lines.length > mostReasons ? ` and ${lines.length - mostReasons} more` : '';
  return [{ rule, reason: `${counted(lines.length, 'price')} ${words}: ${shown.join('; ')}${more}.` }];
}
