import { Rejected } from '../../errors.ts';
import type { Exchange } from '../currency.ts';
import type { Api } from '../define.ts';
import { microToNumber, parseMicro, rateFromBase } from '../numbers.ts';
import { lookUpItems } from '../resolve.ts';
import { itemWords, plainText, quoted } from '../text.ts';
import type { Deal, DealProduct } from './place-order-from-deal-read.ts';
import { type Prepared, wantedLines } from './place-sales-order-prepare.ts';

/** A product of the deal that no line can be made of. */
export interface Unmatched {
  /** Its code, as the deal has it. */
  readonly asked: string;
  readonly name: string;
  readonly quantity: number;
  readonly reason: string;
  readonly candidates?: readonly Readonly<Record<string, string>>[];
}

export interface Matched {
  readonly lines: Prepared['lines'];
  readonly rows: Prepared['rows'];
  readonly onePage: boolean;
  readonly unmatched: readonly Unmatched[];
}

/** How a price of the deal becomes one of the order. */
export interface Pricing {
  readonly convert: (rate: number) => number;
  /** A line of the preview; empty where both are of one currency. */
  readonly words: string;
}

/** Prices of the deal in the customer's currency. Without a known rate between the two it is refused. */
export function pricingOf({ currency }: Deal, { currency: own, nano, source }: Exchange, base: string): Pricing {
  const from = currency || base;
  if (from === own || from === '') return { convert: (rate) => rate, words: '' };
  if (from !== base || nano === undefined)
    throw new Rejected(
      `The deal is in ${from}, the customer pays in ${own}, and no exchange rate between the two is known. Give the deal as an argument with its rates in ${own} and currency ${own}. Nothing was written.`,
      { nothingSent: true, facts: { deal_currency: from, customer_currency: own } },
    );
  return {
    convert: (rate) => microToNumber(rateFromBase(parseMicro(rate) ?? 0n, nano)),
    words: `The deal is in ${from}, the customer pays in ${own}: prices are converted by ${source}.`,
  };
}

const missingIn = ({ code, quantity }: DealProduct): string | undefined => {
  if (code === '') return 'the CRM gives no product code';
  return quantity === undefined || quantity <= 0
    ? 'the CRM gives no quantity; give the deal as an argument'
    : undefined;
};

/** Finds each product by its code: SKU, else barcode or part number. What is not one active item is told, not guessed. */
export async function matchProducts(
  api: Api,
  { products }: Deal,
  { exchange, pricing }: { readonly exchange: Exchange; readonly pricing: Pricing },
): Promise<Matched> {
  const whole = products.filter((one) => missingIn(one) === undefined);
  const lookup = await lookUpItems(
    api,
    whole.map(({ code }) => code),
    { forWrite: true },
  );
  const reasons = new Map(lookup.problems.map((problem) => [problem.asked, problem]));
  const unmatched = products.flatMap((one): Unmatched[] => {
    const missing = missingIn(one);
    if (missing === undefined && lookup.found.has(one.code)) return [];
    const problem = reasons.get(plainText(one.code));
    const candidates = problem?.candidates ?? [];
    return [
      {
        ...{ asked: plainText(one.code, 60), name: one.name, quantity: one.quantity ?? 0 },
        reason: missing ?? reasonWords[problem?.reason ?? 'not found'],
        ...(candidates.length === 0 ? {} : { candidates }),
      },
    ];
  });
  const wishes = whole
    .filter(({ code }) => lookup.found.has(code))
    .map(({ code, quantity = 0, rate }) => ({
      item: code,
      quantity,
      ...(rate === undefined ? {} : { rate: pricing.convert(rate) }),
    }));
  const lines = wantedLines(wishes, lookup.found, new Map(), exchange);
  return { lines, rows: lookup.rows, onePage: lookup.onePage, unmatched };
}

const reasonWords = {
  'not found': 'no item has this code',
  ambiguous: 'several items have this code',
  inactive: 'the item is inactive',
} as const;

/** `2 x MIC-XLR-9 Stage Microphone: no item has this code`. */
export const unmatchedWords = ({ asked, name, quantity, reason }: Unmatched): string => {
  const what = itemWords({ sku: asked, item: name === asked ? '' : name }) || quoted('no name');
  return `${quantity > 0 ? `${quantity} x ` : ''}${what}: ${reason}`;
};

/** Nothing is ordered while a product has no item, unless the caller lets the rest be ordered. `short` is what else is wrong. */
export function unmatchedRefusal(unmatched: readonly Unmatched[], isAll: boolean, short?: Rejected): Rejected {
  const way = isAll
    ? 'No product can be ordered. Correct the codes in the deal, or give the items these SKUs.'
    : 'Correct the codes, or set if_short (partial, backorder or split) to order the rest without them.';
  const told = short ? [short.message] : [];
  return new Rejected(
    [
      'Products of the deal that cannot be matched, nothing was written.',
      ...unmatched.map(unmatchedWords),
      way,
      ...told,
    ].join('\n'),
    {
      nothingSent: true,
      facts: {
        unmatched: unmatched.map(({ name: _, ...row }) => row),
        ...short?.facts,
      },
      ...(short ? { cause: short } : {}),
    },
  );
}
