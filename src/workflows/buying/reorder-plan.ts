import { aboutItems } from '../about.ts';
import type { Plan } from '../define.ts';
import {
  amountMinor,
  formatMicro,
  formatMoney,
  microToNumber,
  minorToBase,
  minorToNumber,
  rateFromBase,
  sumOf,
} from '../numbers.ts';
import { microIn, textIn } from '../rows.ts';
import { counted, named } from '../text.ts';
import type { Found, LeftOut, Need, Priced, VendorOrder } from './reorder-found.ts';
import type { ReorderSteps } from './reorder-run.ts';
import type { VendorTerms } from './reorder-vendors.ts';
import { leftOutWords, notCarriedWords, previewOf, uncounted } from './reorder-words.ts';

/** Prices the needs in their vendors' currencies and words the plan: one draft purchase order a vendor. */
export function reorderPlan(found: Found): Plan<ReorderSteps> {
  const { rule, base, truncated, warehouse, expected } = found;
  const { orders, tooSmall } = ordersOf(found);
  const leftOut = [...found.leftOut, ...tooSmall];
  const needs = orders.flatMap(({ lines }) => lines.map(({ need }) => need));
  const total = sumOf(orders.map(({ subtotalBase }) => subtotalBase));
  const units = formatMicro(sumOf(needs.map(({ reorder }) => reorder.quantity)));
  const caution = [
    ...(truncated ? ['Not all draft purchase orders were read: more may be in drafts than is shown.'] : []),
    ...notCarriedWords(found),
  ];
  const names = orders.map(({ vendor }) => named(vendor.name, 30));
  const to = names.length > 2 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(' and ');
  const drafts = counted(orders.length, 'draft purchase order');
  const summary =
    orders.length === 0
      ? 'Reorder low stock: nothing to order'
      : `Reorder${warehouse ? ` for ${named(warehouse.name, 30)}` : ''}: ${drafts} to ${to}: ${counted(needs.length, 'line')}, ${counted(units, 'unit')}, ${formatMoney(total, base)}`;
  // What a program needs; the preview says the rest in words, and a model pays for both.
  const facts = {
    rule,
    lines: orders.flatMap(({ vendor, lines }) => lines.map((line) => factsOf(line, vendor))),
    ...(orders.length === 0 ? {} : { total: minorToNumber(total, base), currency_code: base }),
    ...(truncated ? { truncated: true } : {}),
  };
  return {
    summary,
    preview: [
      ...(warehouse ? [`For ${named(warehouse.name)} only: its stock, promises, orders, drafts and transfers.`] : []),
      ...orders.flatMap((order) => previewOf(order, base)),
      ...(orders.length > 1 ? [`Total ${formatMoney(total, base)}`] : []),
      ...(expected === undefined || orders.length === 0 ? [] : [`Expected delivery of the drafts: ${expected}.`]),
      ...leftOutWords(leftOut),
      ...caution,
      ...(rule === 'reference' ? uncounted(needs) : []),
      ...(orders.length === 0 ? [] : ['The drafts bind nobody until they are issued, and can be deleted.']),
    ],
    facts,
    restsOn: {
      rule,
      ...(warehouse ? { warehouse_id: warehouse.id } : {}),
      lines: orders.flatMap(({ vendor, lines }) => lines.map((line) => restsOn(line, vendor))),
    },
    steps: {
      orders: orders.map((order) => stepOf(order, found)),
      rule,
      leftOut,
    },
    documents: orders.length,
    raises: [],
    amountMinor: Number(total),
    ...(orders.length === 0 ? { nothingToDo: true } : {}),
    about: aboutItems(needs.map(({ itemId }) => itemId)),
  };
}

/** One order a vendor; those that come to less than they must are left out whole, and say by how much. */
function ordersOf({ needs, vendors, base, leastMinor }: Found): { orders: VendorOrder[]; tooSmall: LeftOut[] } {
  const all = [...vendors.values()].flatMap((vendor) => {
    const own = needs.filter(({ vendorId }) => vendorId === vendor.vendorId);
    return own.length === 0 ? [] : [vendorOrder(vendor, own, base)];
  });
  const isEnough = ({ subtotalBase }: VendorOrder): boolean => subtotalBase >= leastMinor;
  const tooSmall = all
    .filter((order) => !isEnough(order))
    .flatMap(({ vendor, lines, subtotalBase }) => {
      const missing = `${formatMoney(leastMinor - subtotalBase, base)} short of min_order_value`;
      const reason = `all of ${named(vendor.name)} comes to ${formatMoney(subtotalBase, base)}, ${missing}`;
      return lines.map(({ need: { name, sku, itemId } }) => ({ item: name, sku, item_id: itemId, reason }));
    });
  return { orders: all.filter(isEnough), tooSmall };
}

function vendorOrder(vendor: VendorTerms, needs: readonly Need[], base: string): VendorOrder {
  const { currency, nano = 0n } = vendor.exchange;
  const lines = needs.map((need) => {
    const rate = rateFromBase(microIn(need.row, 'purchase_rate') ?? 0n, nano);
    return { need, rate, cost: amountMinor(need.reorder.quantity, rate, currency) };
  });
  const subtotal = sumOf(lines.map(({ cost }) => cost));
  return { vendor, lines, subtotal, subtotalBase: minorToBase(subtotal, nano, currency, base) };
}

const figures = ({ stock, reorder }: Need) => ({
  on_hand: microToNumber(stock.onHand),
  committed: microToNumber(stock.committed),
  on_order: microToNumber(stock.onOrder),
  in_drafts: microToNumber(stock.inDrafts),
  ...(stock.inTransit === 0n ? {} : { in_transit: microToNumber(stock.inTransit) }),
  position: microToNumber(reorder.position),
  reorder_level: microToNumber(stock.level),
});

function factsOf({ need, rate, cost }: Priced, { vendorId, exchange }: VendorTerms) {
  return {
    sku: need.sku,
    item_id: need.itemId,
    quantity: microToNumber(need.reorder.quantity),
    vendor_id: vendorId,
    unit_price: microToNumber(rate),
    currency_code: exchange.currency,
    cost: minorToNumber(cost, exchange.currency),
  };
}

const restsOn = ({ need, rate }: Priced, vendor: VendorTerms) => ({
  item_id: need.itemId,
  ...figures(need),
  quantity: microToNumber(need.reorder.quantity),
  vendor_id: vendor.vendorId,
  unit_price: microToNumber(rate),
  currency_code: vendor.exchange.currency,
});

function stepOf(
  { vendor, lines, subtotal }: VendorOrder,
  { warehouse, expected }: Found,
): ReorderSteps['orders'][number] {
  return {
    vendor: vendor.name,
    vendor_id: vendor.vendorId,
    currency_code: vendor.exchange.currency,
    subtotal: minorToNumber(subtotal, vendor.exchange.currency),
    create: {
      vendor_id: vendor.vendorId,
      ...(expected === undefined ? {} : { expected_delivery_date: expected }),
      line_items: lines.map(({ need, rate }) => ({
        item_id: textIn(need.row, 'item_id'),
        quantity: microToNumber(need.reorder.quantity),
        rate: microToNumber(rate),
        ...(warehouse ? { warehouse_id: warehouse.id } : {}),
      })),
    },
    lines: lines.map(({ need, rate, cost }) => ({
      item_id: need.itemId,
      name: need.name,
      sku: need.sku,
      quantity: microToNumber(need.reorder.quantity),
      rate: microToNumber(rate),
      item_total: minorToNumber(cost, vendor.exchange.currency),
    })),
  };
}
