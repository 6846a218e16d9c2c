import { Rejected } from '../../errors.ts';
import { isKit } from '../availability.ts';
import type { Api } from '../define.ts';
import { formatMicro, microToNumber, minOf, parseMicro, rateFromBase } from '../numbers.ts';
import { exchangeOf, floorOf, linesOf, type OrderLine, rulingOf } from '../order-lines.ts';
import { quantityText } from '../record-words.ts';
import { lookUpItems, lookUpWarehouses, refuseProblems } from '../resolve.ts';
import type { AnyOrder } from '../resolve-order.ts';
import { microIn, type Row, rowsIn, textIn } from '../rows.ts';
import { sentLine } from '../sent-line.ts';
import { named, plainText } from '../text.ts';
import { type Held, type LineWish, lineNamed, unclear, type Wished } from './amend-order-names.ts';

/** The whole list as the update will send it, and the catalog's rows of the lines that are new. */
export interface Amended {
  readonly sent: readonly Row[];
  readonly rows: ReadonlyMap<string, Row>;
}

/** Applies the wishes to the order's lines. Reads only names: one call for warehouses, one or two for new items. */
export async function amendLines(
  api: Api,
  order: AnyOrder,
  { lines, closeShort }: { readonly lines: readonly LineWish[]; readonly closeShort: boolean },
): Promise<Amended> {
  const ruled = rowsIn(order.row, 'line_items').map(rulingOf);
  const held = linesOf(order.row).map((line, index) => ({ line, row: ruled[index] ?? {} }));
  const places = await lookUpWarehouses(
    api,
    lines.flatMap(({ warehouse }) => (warehouse === undefined ? [] : [warehouse])),
    { forWrite: true },
  );
  const wished = lines.map((wish): Wished => {
    const place = wish.warehouse === undefined ? undefined : places.found.get(wish.warehouse);
    return { ...wish, placeId: textIn(place ?? {}, 'warehouse_id'), placeName: plainText(place?.warehouse_name, 60) };
  });
  const found = wished.map((wish) => lineNamed(held, wish));
  const problems = found.flatMap((one) => ('problem' in one ? [one.problem] : []));
  const strange = wished.filter((_, index) => 'isNew' in (found[index] ?? {}));
  const lookup = await lookUpItems(
    api,
    strange.map(({ item }) => item),
    { forWrite: true },
  );
  refuseProblems([...places.problems, ...problems, ...lookup.problems]);
  const wishOf = new Map<OrderLine, Wished>();
  for (const [index, one] of found.entries()) {
    const wish = wished[index];
    if (!wish || !('held' in one)) continue;
    if (wishOf.has(one.held.line)) throw unclear(`${one.held.line.label} is named twice.`);
    wishOf.set(one.held.line, wish);
  }
  const added = strange.map((wish) => newLine(wish, lookup.found.get(wish.item) ?? {}, { ...order, held }));
  const twice = added.find((one, index) => added.findIndex((other) => isSamePlace(one, other)) !== index);
  if (twice) throw unclear(`${labelOf(lookup.rows.get(textIn(twice, 'item_id')) ?? {})} is named twice.`);
  const isShort = closing(wishOf, closeShort);
  const kept = held.flatMap((one) => keptLine(one, wishOf.get(one.line), isShort(one)));
  refuseBelow(held, wishOf, order);
  if (kept.length + added.length === 0) throw nothingLeft(order);
  return { sent: [...kept, ...added], rows: lookup.rows };
}

/** Which lines are closed short. */
function closing(wishOf: ReadonlyMap<OrderLine, Wished>, closeShort: boolean): (held: Held) => boolean {
  // Lines that are named and nothing else are meant to be closed short; where there is none, all are.
  const alone = new Set([...wishOf].flatMap(([line, wish]) => (isAlone(wish) ? [line] : [])));
  return ({ line, row }) => {
    if (alone.has(line) && !closeShort)
      throw unclear(`${line.label}: say what changes (quantity, 0 removes it; rate; or close_short).`);
    // A service is never packed, so that nothing tells how much of it is done.
    if (alone.has(line) && row.product_type === 'service')
      throw unclear(`${line.label} is a service, of which nothing is packed: give its quantity.`);
    if (alone.size > 0) return alone.has(line);
    return closeShort && wishOf.get(line)?.quantity === undefined && row.product_type !== 'service';
  };
}

const isAlone = ({ quantity, rate }: LineWish): boolean => quantity === undefined && rate === undefined;

/** The line as it will be sent; none where it goes. */
function keptLine({ row, line }: Held, wish: Wished | undefined, isShort: boolean): readonly Row[] {
  // More than was ordered can have come in; closed short, a line never grows.
  const wanted = isShort
    ? minOf(floorOf(line), line.quantity)
    : wish?.quantity === undefined
      ? line.quantity
      : parseMicro(wish.quantity);
  const quantity = wanted ?? line.quantity;
  return quantity === 0n && line.quantity > 0n ? [] : [sentLine(row, line, quantity, parseMicro(wish?.rate))];
}

const labelOf = (item: Row): string => named(item.sku, 40) || named(item.name);
const isSamePlace = (one: Row, other: Row): boolean =>
  one.item_id === other.item_id && one.warehouse_id === other.warehouse_id;

function newLine(wish: Wished, item: Row, order: AnyOrder & { readonly held: readonly Held[] }): Row {
  const label = labelOf(item);
  if (!wish.quantity) {
    const number = named(order.row.salesorder_number, 40) || named(order.row.purchaseorder_number, 40);
    const isElsewhere = order.held.some(({ line }) => line.itemId === textIn(item, 'item_id'));
    const moving = isElsewhere ? ', and to move the line give the old one quantity 0 as well' : '';
    throw unclear(
      `${label} is not on ${number}${wish.placeName === '' ? '' : ` from ${named(wish.placeName)}`}: to add it give a quantity${moving}.`,
    );
  }
  if (order.kind === 'purchase' && isKit(item))
    throw unclear(`${label} is a kit, which is not bought: order its parts.`);
  const own = microIn(item, order.kind === 'sales' ? 'rate' : 'purchase_rate') ?? 0n;
  if (wish.rate === undefined && own === 0n && order.kind === 'purchase')
    throw unclear(`${label} has no cost to order it at: give a rate.`);
  return {
    item_id: textIn(item, 'item_id'),
    quantity: wish.quantity,
    rate: wish.rate ?? microToNumber(rateFromBase(own, exchangeOf(order.row))),
    ...(wish.placeId === '' ? {} : { warehouse_id: wish.placeId }),
  };
}

/** Throws Rejected with a table where a line would fall below what is packed, shipped, received or invoiced. */
function refuseBelow(held: readonly Held[], wishOf: ReadonlyMap<OrderLine, Wished>, { kind }: AnyOrder): void {
  const below = held.flatMap(({ line }) => {
    const wanted = parseMicro(wishOf.get(line)?.quantity);
    return wanted !== undefined && wanted < line.quantity && wanted < floorOf(line) ? [{ line, wanted }] : [];
  });
  if (below.length === 0) return;
  const words = below.map(({ line, wanted }) => {
    const done =
      kind === 'sales'
        ? `${formatMicro(line.packed)} packed, ${formatMicro(line.done)} of them shipped`
        : `${formatMicro(line.done)} received`;
    const invoiced =
      line.invoiced > 0n ? `, ${formatMicro(line.invoiced)} ${kind === 'sales' ? 'invoiced' : 'billed'}` : '';
    return `${line.label}: ${quantityText(wanted, line.unit)} wanted, ${done}${invoiced}`;
  });
  const isInvoiced = below.some(({ line }) => line.invoiced > 0n);
  const next =
    kind === 'sales'
      ? `The least is what is packed${isInvoiced ? ' or invoiced' : ''}; delete_package takes an unshipped package back.`
      : `The least is what is received${isInvoiced ? ' or billed' : ''}.`;
  throw new Rejected(
    `A line cannot fall below what is done of it. Nothing was written.\n${words.join('\n')}\n${next}`,
    {
      nothingSent: true,
      facts: {
        too_low: below.map(({ line, wanted }) => ({
          line_item_id: line.lineId,
          item_id: line.itemId,
          wanted: microToNumber(wanted),
          least: microToNumber(floorOf(line)),
        })),
      },
    },
  );
}

const nothingLeft = ({ kind }: AnyOrder): Rejected =>
  new Rejected(
    `No line would be left, and an order needs one. Nothing was written. To end the whole order use ${kind === 'sales' ? 'void_sales_order' : 'cancel_purchase_order'}.`,
    { nothingSent: true },
  );
