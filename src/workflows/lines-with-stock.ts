import { lineText, type OrderLine } from './order-lines.ts';
import { counted, plainText } from './text.ts';

/** What a call does to the stock of one item, in one warehouse or in all. */
export interface StockChange {
  readonly itemId: string;
  /** Empty: all warehouses together. */
  readonly warehouseId: string;
  /** `Desk Mat (DMAT) in Oakland`. */
  readonly label: string;
  /** `committed 30 -> 0 pcs, available 30 -> 60 pcs`. */
  readonly words: string;
}

/** Lines of an order shown with figures; of a longer one the rest is only named, so that a preview is read to its end. */
const mostLines = 10;

/**
 * The lines of an order, each with what it does to stock. What is not one line's alone follows: parts of kits, and an item
 * that stands on two lines.
 */
export function linesWithStock(
  lines: readonly OrderLine[],
  changes: readonly StockChange[],
  currency: string,
): string[] {
  const changeOf = (line: OrderLine): StockChange | undefined => {
    const own = changes.filter((change) => isOf(change, line));
    const [change] = own;
    const alone = change && lines.filter((other) => isOf(change, other)).length === 1;
    return own.length === 1 && alone ? change : undefined;
  };
  const words = lines.slice(0, mostLines).map((line) => {
    const change = changeOf(line);
    return change ? `${lineText(line, currency)}: ${change.words}` : lineText(line, currency);
  });
  const rest = lines.slice(mostLines);
  const told = new Set(lines.map(changeOf));
  return [
    ...words,
    ...(rest.length === 0 ? [] : [`and ${counted(rest.length, 'more line')}: ${labelsOf(rest)}`]),
    ...changes.filter((change) => !told.has(change)).map(({ label, words: what }) => `${label}: ${what}`),
  ];
}

// A line without a warehouse, and a change without one, stand for any.
const isOf = (change: StockChange, line: OrderLine): boolean =>
  change.itemId === line.itemId &&
  (change.warehouseId === '' || line.warehouseId === '' || change.warehouseId === line.warehouseId);

const labelsOf = (lines: readonly OrderLine[]): string => plainText(lines.map(({ label }) => label).join(', '), 400);
