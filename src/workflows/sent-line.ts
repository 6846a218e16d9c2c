import { microToNumber, parseMicro } from './numbers.ts';
import { linesOf, type OrderLine, rulingOf } from './order-lines.ts';
import { microIn, type Row, rowsIn, textIn } from './rows.ts';

/** Of a line: texts that the documented update takes. A tax that the record says is none is named as none. */
const texts = ['name', 'description'];

/**
 * What people set on a line beside that, in the spelling of one service or another. The documented update names none of
 * these; a key that a service does not know it ignores, and one that is left out it may take for emptied.
 */
const undocumented = [
  ...['custom_fields', 'item_custom_fields', 'unit', 'account_id', 'salesorder_item_id', 'tds_tax_id'],
  ...[
    'tax_exemption_id',
    'tax_exemption_code',
    'reverse_charge_tax_id',
    'hsn_or_sac',
    'sat_item_key_code',
    'unitkey_code',
  ],
];

const says = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== '';

const hasPercent = ({ discount }: Row): boolean =>
  (parseMicro(typeof discount === 'string' ? discount.replace('%', '') : discount) ?? 0n) > 0n;

/** All that the record says of the line: what a list that replaces another leaves out may be lost. */
export function sentLine(row: Row, line: OrderLine, quantity: bigint, rate: bigint | undefined): Row {
  const amount = microIn(row, 'discount_amount') ?? 0n;
  return {
    line_item_id: line.lineId,
    item_id: line.itemId,
    quantity: microToNumber(quantity),
    ...(rate === undefined && line.rate === undefined ? {} : { rate: microToNumber(rate ?? line.rate ?? 0n) }),
    ...(hasPercent(row) ? { discount: row.discount } : {}),
    ...(amount > 0n ? { discount_amount: microToNumber(amount) } : {}),
    ...Object.fromEntries(texts.filter((key) => textIn(row, key) !== '').map((key) => [key, textIn(row, key)])),
    ...(typeof row.tax_id === 'string' ? { tax_id: row.tax_id } : {}),
    ...Object.fromEntries(undocumented.filter((key) => says(row[key])).map((key) => [key, row[key]])),
    ...(line.warehouseId === '' ? {} : { warehouse_id: line.warehouseId }),
  };
}

/** What of a sent line the documented update of this kind of order does not name, as far as a person set it. */
export const undocumentedOf = (sent: Row, kind: 'sales' | 'purchase'): string[] => [
  ...undocumented.filter((key) => key !== 'unit' && sent[key] !== undefined),
  ...(kind === 'purchase' && sent.discount_amount !== undefined ? ['discount_amount'] : []),
];

/** The lines of an order as an update would send them to change nothing. */
export function sentLines(order: Row): Row[] {
  const rows = rowsIn(order, 'line_items').map(rulingOf);
  return linesOf(order).map((line, index) => sentLine(rows[index] ?? {}, line, line.quantity, undefined));
}
