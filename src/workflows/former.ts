import type { Input, Operation } from '../operations/define.ts';
import { sameValue } from './changes.ts';
import { asNamed, hasParts, unnamedIn } from './former-parts.ts';
import { type Row, rowsIn } from './rows.ts';
import { sentLines } from './sent-line.ts';

/** What stood in the fields that an update changes. Plain JSON. */
export interface Former {
  readonly fields: Row;
  /** Changed too, and not to be put back by a value that was read. */
  readonly unkept: string[];
}

const mostBytes = 100_000;
/** Opening stock is a booking, a status has calls of its own, and by the others the service sets money and addresses. */
const bound: ReadonlySet<string> = new Set(
  'initial_stock initial_stock_rate status adjustment_type customer_id vendor_id currency_id pricebook_id exchange_rate'.split(
    ' ',
  ),
);

/** Which kind of order an operation changes, if any. */
export const orderKind = ({ path }: Operation): 'sales' | 'purchase' | undefined =>
  path.startsWith('/salesorders') ? 'sales' : path.startsWith('/purchaseorders') ? 'purchase' : undefined;

/** The key of the record in the path. */
export const idKeyOf = ({ path }: Operation): string => /\{(\w+)\}/.exec(path)?.[1] ?? '';

/** Of exactly the fields that change. What the update itself would not take is not kept as if it could be sent. */
export function formerOf(operation: Operation, input: Input, record: Row): Former {
  const kind = orderKind(operation);
  const fields: Record<string, unknown> = {};
  const unkept: string[] = [];
  for (const [key, after] of Object.entries(input)) {
    if (key === idKeyOf(operation) || after === undefined) continue;
    // Records leave out what is empty.
    const before = asNamed(key, record[key] ?? '');
    if (key === 'line_items' && kind && rowsIn(record, key).length > 0) fields[key] = sentLines(record);
    else if (sameValue(before, asNamed(key, after))) continue;
    else if (!bound.has(key) && (isPlain(before) || hasParts(key)) && operation.input[key]?.safeParse(before).success) {
      fields[key] = before;
      unkept.push(...unnamedIn(key, record[key]).map((part) => `${part} in ${key}`));
    } else unkept.push(key);
  }
  if (Buffer.byteLength(JSON.stringify(fields)) <= mostBytes) return { fields, unkept };
  return { fields: {}, unkept: [...Object.keys(fields), ...unkept] };
}

const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
