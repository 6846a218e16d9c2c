import { microToNumber, parseMicro } from './numbers.ts';
import { linesOf, type OrderLine, rulingOf } from './order-lines.ts';
import { microIn, type Row, rowsIn, textIn } from './rows.ts';

/** All that the record says of the line: what a list that replaces another leaves out may be lost. */
export function sentLine(
  row: Row,
  line: OrderLine,
  quantity: bigint,
  rate: bigint | undefined,
  { kind }: { readonly kind: 'sales' | 'purchase' },
): Row {
  const percent = row.discount;
  const hasPercent = (parseMicro(typeof percent === 'string' ? percent.replace('%', '') : percent) ?? 0n) > 0n;
  const amount = kind === 'sales' ? (microIn(row, 'discount_amount') ?? 0n) : 0n;
  const texts = ['name', 'description', 'tax_id'].filter((key) => textIn(row, key) !== '');
  return {
    line_item_id: line.lineId,
    item_id: line.itemId,
    quantity: microToNumber(quantity),
    ...(rate === undefined && line.rate === undefined ? {} : { rate: microToNumber(rate ?? line.rate ?? 0n) }),
    ...(amount > 0n ? { discount_amount: microToNumber(amount) } : hasPercent ? { discount: percent } : {}),
    ...Object.fromEntries(texts.map((key) => [key, textIn(row, key)])),
    ...(line.warehouseId === '' ? {} : { warehouse_id: line.warehouseId }),
  };
}

/** The lines of an order as an update would send them to change nothing. */
export function sentLines(order: Row, kind: 'sales' | 'purchase'): Row[] {
  const rows = rowsIn(order, 'line_items').map(rulingOf);
  return linesOf(order).map((line, index) => sentLine(rows[index] ?? {}, line, line.quantity, undefined, { kind }));
}
