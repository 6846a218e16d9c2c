import type { Reply } from '../../client/client.ts';
import { type Row, rowIn, textIn } from '../rows.ts';
import { named } from '../text.ts';
import type { FulfilSteps } from './fulfil-sales-order-steps.ts';
import { leftWords } from './fulfil-sales-order-words.ts';

/** A package as the result tells it. */
export interface Packaged {
  readonly package_id: string;
  readonly package_number: string;
  readonly warehouse: string;
  readonly contents: string;
  readonly status: string;
  /** What ship_package answered; absent where it is not shipped. */
  readonly shipped?: Row;
}

export const numberOf = (order: Row): string => textIn(order, 'salesorder_number') || 'the order';

/** What one reads aloud, then the ids for the next call. */
export function resultOf(todo: FulfilSteps, order: Row, packages: readonly Packaged[]): Reply {
  const { customer, left, staying, shipped } = todo;
  const numbers = packages.map((one) => `${named(one.package_number, 40)} (${one.contents})`).join(', ');
  return {
    message: [
      `${named(numberOf(order), 40)} for ${named(customer)} is ${doneWords(todo)}${numbers === '' ? '' : `: ${numbers}`}.`,
      leftWords(left),
      ...(staying.length > 0 ? [`Packed, not shipped: ${staying.join(', ')}.`] : []),
    ].join(' '),
    salesorder: { salesorder_id: textIn(order, 'salesorder_id'), salesorder_number: numberOf(order) },
    packages: packages.map(packageRow),
    ...(left.length > 0 ? { left_to_pack: left } : {}),
    next: shipped
      ? 'get_packing_slip prints the slip; deliver_package once it has arrived.'
      : 'get_packing_slip prints the slip; fulfil_sales_order with a carrier ships it.',
  };
}

/** `confirmed, packed in part and shipped by FedEx, 1Z999`. */
function doneWords({ create, confirm, pack, ready, left, shipped }: FulfilSteps): string {
  const tracking = named(shipped?.tracking_number, 60);
  const by = `shipped by ${named(shipped?.carrier, 60)}${tracking === '' ? '' : `, ${tracking}`}`;
  const done = [
    ...(create ? ['created'] : []),
    ...(confirm ? ['confirmed'] : []),
    ...(pack.length > 0 ? [left.length > 0 ? 'packed in part' : 'packed'] : []),
    ...(shipped && pack.length + ready.length > 0 ? [by] : []),
  ];
  const last = done.at(-1) ?? '';
  return done.length > 1 ? `${done.slice(0, -1).join(', ')} and ${last}` : last;
}

function packageRow({ package_id, package_number, warehouse, status, shipped }: Packaged): Row {
  const shipment = rowIn(shipped ?? {}, 'shipment_order');
  return {
    package_id,
    package_number,
    status: textIn(shipped ?? {}, 'status') || status,
    ...(warehouse === '' ? {} : { warehouse_name: warehouse }),
    ...(shipped
      ? {
          shipment_id: textIn(shipped, 'shipment_id') || textIn(shipment, 'shipment_id'),
          shipment_number: textIn(shipped, 'shipment_number') || textIn(shipment, 'shipment_number'),
        }
      : {}),
    packing_slip: `inventory://packing-slips/${package_id}`,
  };
}
