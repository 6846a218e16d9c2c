import { formatMicro, formatMoney, formatRate, formatScaled } from '../numbers.ts';
import { microIn } from '../rows.ts';
import { counted, itemWords, named, plainText } from '../text.ts';
import type { Found, LeftOut, Need, Priced, VendorOrder } from './reorder-found.ts';
import type { VendorTerms } from './reorder-vendors.ts';

/** Low goods that a warehouse has nothing to do with. */
export function notCarriedWords({ warehouse, notCarried }: Found): string[] {
  if (!warehouse || notCarried === 0) return [];
  const what = `${counted(notCarried, 'more item')} below the reorder level`;
  return [
    `${what} that ${named(warehouse.name)} neither holds, promises nor awaits: name them in items to stock them there.`,
  ];
}

/** Left out items that a preview gives reasons for; of more only the SKUs, or nobody reads what is ordered. */
const mostReasons = 8;

export function leftOutWords(leftOut: readonly LeftOut[]): string[] {
  const rest = leftOut.slice(mostReasons).map(({ sku, item }) => named(sku) || named(item));
  return [
    ...leftOut.slice(0, mostReasons).map((row) => `Left out: ${itemWords(row)}: ${row.reason}`),
    ...(rest.length === 0 ? [] : [`Left out too, reasons in the result: ${plainText(rest.join(', '), 300)}`]),
  ];
}

/** The reference's formula is blind to what is coming: whoever says yes should not be. */
export function uncounted(needs: readonly Need[]): string[] {
  const coming = needs.flatMap(({ sku, name, stock }) => {
    const quantity = stock.onOrder + stock.inDrafts + stock.inTransit;
    return quantity > 0n ? [`${formatMicro(quantity)} ${named(sku) || named(name)}`] : [];
  });
  return coming.length === 0
    ? []
    : [`This rule does not count what is coming already: ${plainText(coming.join(', '), 300)}.`];
}

function priceSource({ need }: Priced, { exchange }: VendorTerms, base: string): string {
  if (exchange.source === '') return "the item's purchase rate";
  const own = `the item's purchase rate ${formatRate(microIn(need.row, 'purchase_rate') ?? 0n)} ${base}`;
  return `${own} at ${formatScaled(exchange.nano ?? 0n, 9)} ${base} a ${exchange.currency} (${exchange.source})`;
}

/** A vendor's order: its lines with what stands against each, why so many, and where the price comes from. */
export function previewOf({ vendor, lines, subtotal, subtotalBase }: VendorOrder, base: string): string[] {
  const { currency } = vendor.exchange;
  const inBase = currency === base ? '' : ` (${formatMoney(subtotalBase, base)})`;
  return [
    `${named(vendor.name)}: ${counted(lines.length, 'line')}, ${formatMoney(subtotal, currency)}${inBase}`,
    ...lines.map((line) => {
      const { need, rate, cost } = line;
      const { stock, reorder } = need;
      const counts = [
        `on hand ${formatMicro(stock.onHand)}`,
        `committed ${formatMicro(stock.committed)}`,
        `on order ${formatMicro(stock.onOrder)}`,
        `in drafts ${formatMicro(stock.inDrafts)}`,
        ...(stock.inTransit === 0n ? [] : [`in transit ${formatMicro(stock.inTransit)}`]),
      ];
      const what = itemWords({ sku: need.sku, item: need.name });
      const free =
        need.elsewhere > 0n ? `; ${formatMicro(need.elsewhere)} free in other warehouses, a transfer may do` : '';
      return `- ${formatMicro(reorder.quantity)} x ${what} at ${formatRate(rate)} = ${formatMoney(cost, currency)}; ${counts.join(', ')}; ${reorder.why}; price: ${priceSource(line, vendor, base)}${free}`;
    }),
  ];
}
