import * as z from 'zod';
import { sameValue } from '../changes.ts';
import { linesOf } from '../order-lines.ts';
import { listed } from '../order-rules.ts';
import { isTaxIncluded, lineOffMinor, orderOff } from '../order-worth.ts';
import type { AnyOrder } from '../resolve-order.ts';
import { type Row, rowsIn, textIn } from '../rows.ts';
import { undocumentedOf } from '../sent-line.ts';
import { plainText } from '../text.ts';

// An update that replaces a list may drop what the list does not name, and a service may take a field and leave it as it
// was. Nobody can know before; so what cannot be vouched for is said before the yes, and the answer is compared after it.

/** Of the order itself: what a change of its lines must leave alone. */
const headKeys = [
  ...['customer_id', 'vendor_id', 'currency_code', 'exchange_rate', 'date', 'reference_number', 'notes', 'terms'],
  ...['is_inclusive_tax', 'discount', 'discount_type', 'is_discount_before_tax', 'shipping_charge', 'adjustment'],
  ...['adjustment_description', 'shipment_date', 'expected_delivery_date', 'delivery_date', 'delivery_method'],
  ...['payment_terms', 'payment_terms_label', 'salesperson_name', 'custom_fields', 'attention', 'pricebook_id'],
  ...['billing_address', 'shipping_address', 'delivery_address'],
];
/** Of a line, beside its figures. */
const lineKeys = ['name', 'description', 'tax_id', 'custom_fields', 'item_custom_fields'];
/** Of a line: set by people, and in no update that is documented anywhere. */
const unsentKeys = ['header_name', 'project_id', 'tags'];

export const keeps = z.object({
  head: z.record(z.string(), z.unknown()),
  /** By line_item_id: what cannot be sent. */
  unsent: z.record(z.string(), z.record(z.string(), z.unknown())),
});
export type Keeps = z.infer<typeof keeps>;

const isSet = (value: unknown): boolean => !sameValue(value, undefined);

/** What must be found in the answer to the update. */
export function keepsOf({ row }: AnyOrder, update: Row): Keeps {
  const unsent = rowsIn(row, 'line_items').map(
    (line) => [textIn(line, 'line_item_id'), pick(line, unsentKeys)] as const,
  );
  return {
    head: {
      ...pick(
        row,
        headKeys.filter((key) => update[key] === undefined),
      ),
      ...pick(update, headKeys),
    },
    unsent: Object.fromEntries(unsent.filter(([, kept]) => Object.keys(kept).length > 0)),
  };
}

const pick = (row: Row, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(keys.filter((key) => isSet(row[key])).map((key) => [key, row[key]]));

/** A line of the preview where something may not be carried. */
export function notVouchedFor({ kind, row }: AnyOrder, sent: readonly Row[]): string[] {
  const labels = new Map(linesOf(row).map(({ lineId, label }) => [lineId, label]));
  const rows = new Map(rowsIn(row, 'line_items').map((line) => [textIn(line, 'line_item_id'), line]));
  const words = sent.flatMap((line) => {
    const id = textIn(line, 'line_item_id');
    const unsent = unsentKeys.filter((key) => isSet(rows.get(id)?.[key]));
    const keys = [...undocumentedOf(line, kind), ...unsent];
    return keys.length > 0 ? [`${keys.join(', ')} of ${labels.get(id) ?? id}`] : [];
  });
  const off = orderOff(row, linesOf(row), textIn(row, 'currency_code'));
  const ofOrder = [...(isTaxIncluded(row) ? ['is_inclusive_tax'] : []), ...(off ? ['discount'] : [])];
  const all = [...(ofOrder.length > 0 ? [`${ofOrder.join(', ')} of the order`] : []), ...words];
  if (all.length === 0) return [];
  return [`The documented update does not name ${listed(all)}: it may be lost. The answer will be compared.`];
}

/** What the answer to an update with these lines shows otherwise than it was meant; none where it shows no lines at all. */
export function lostOf({ head, unsent }: Keeps, sent: readonly Row[], after: Row): string[] {
  const [read, rows] = [linesOf(after), rowsIn(after, 'line_items')];
  if (read.length === 0) return [];
  const currency = textIn(after, 'currency_code');
  const lost = sent.flatMap((line) => {
    const id = textIn(line, 'line_item_id');
    if (id === '') return []; // a new one has no id to be found by
    const index = read.findIndex(({ lineId }) => lineId === id);
    const [is, row = {}, [was]] = [read[index], rows[index], linesOf({ line_items: [line] })];
    if (!is || !was) return [`the line ${id}`];
    const isOther = {
      quantity: is.quantity !== was.quantity,
      rate: was.rate !== undefined && is.rate !== was.rate,
      // Both of the same figures, so that a percentage of another quantity is no other discount.
      discount: lineOffMinor({ ...was, off: is.off }, currency) !== lineOffMinor(was, currency),
      warehouse: was.warehouseId !== '' && is.warehouseId !== was.warehouseId,
    };
    const meant: Row = { ...unsent[id], ...line };
    const keys = [...lineKeys, ...unsentKeys].filter(
      (key) => meant[key] !== undefined && !sameValue(meant[key], row[key]),
    );
    const figures = Object.entries(isOther).flatMap(([key, other]) => (other ? [key] : []));
    return [...figures, ...keys].map((key) => `${key} of ${is.label}`);
  });
  const heads = Object.keys(head).filter((key) => !sameValue(head[key], after[key]));
  return [...heads.map((key) => plainText(key, 40)), ...lost];
}
