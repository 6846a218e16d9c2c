import * as z from 'zod';
import { flag, someText, wholeNumber } from '../../operations/fields.ts';
import { getItem, listItems } from '../../operations/items.ts';
import { bindApi } from '../api.ts';
import { figuresOf, isKit, isTracked } from '../availability.ts';
import type { Api, ReadWorkflow, WorkflowContext } from '../define.ts';
import { formatMicro, microToNumber } from '../numbers.ts';
import { microIn, parseBy, type Row, textIn } from '../rows.ts';
import { itemWords, named, plainText } from '../text.ts';
import { findRecords } from './find.ts';
import type { Ranked } from './find-rank.ts';
import { isInactive } from './find-settled.ts';
import { answerOf, foundWords, type Shown, shownOf } from './find-words.ts';
import { itemFinder } from './finders.ts';

const input = {
  text: z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(someText(200)).min(1).max(25)),
  inactive: flag().optional(),
  limit: wholeNumber(1, 50).optional(),
};
const schema = z.strictObject(input);

/** Rows in all, unless a limit is asked for. */
const usualRows = 20;

async function read(given: Api, raw: unknown, context: WorkflowContext) {
  const { text, inactive = false, limit } = parseBy(schema, raw);
  const api = bindApi(given, context);
  const terms = [...new Set(text)];
  context.progress('Finding the items');
  const found = await findRecords(api, itemFinder, terms);
  const most = limit ?? Math.max(3, Math.floor(usualRows / terms.length));
  const shown = found.map((one) => shownOf(one, { most, inactive, onlyExact: terms.length > 1 }));
  return answerOf(
    'items',
    shown,
    (entry, { term }) => ({
      ...(terms.length > 1 ? { asked: plainText(term) } : {}),
      ...itemRow(entry),
    }),
    words,
  );
}

const words = (shown: Shown): string => foundWords(shown, 'item', inWords);

const nameOf = (row: Row): string => itemWords({ sku: textIn(row, 'sku'), item: textIn(row, 'name') });

/** `MUG Logo Mug: 50 pcs on hand, 50 available`. */
function inWords({ row }: Ranked): string {
  const { onHand, available } = figuresOf(row);
  const unit = textIn(row, 'unit') === '' ? '' : ` ${named(row.unit, 20)}`;
  if (!isTracked(row) || available === undefined) return `${nameOf(row)}, whose stock is not counted`;
  if (isKit(row)) return `${nameOf(row)}, a kit: ${formatMicro(available)}${unit} can be built`;
  return `${nameOf(row)}: ${formatMicro(onHand)}${unit} on hand, ${formatMicro(available)} available`;
}

/** Quantities in the item's unit. A kit has no stock of its own: what is available can be built. */
function itemRow(entry: Ranked) {
  const { row } = entry;
  const { onHand, available } = figuresOf(row);
  const rate = microIn(row, 'rate');
  return {
    item_id: textIn(row, 'item_id'),
    name: plainText(row.name),
    ...(textIn(row, 'sku') === '' ? {} : { sku: plainText(row.sku, 60) }),
    ...(textIn(row, 'unit') === '' ? {} : { unit: plainText(row.unit, 20) }),
    ...(isTracked(row) && !isKit(row) ? { on_hand: microToNumber(onHand) } : {}),
    ...(available === undefined ? {} : { available: microToNumber(available) }),
    ...(rate === undefined ? {} : { rate: microToNumber(rate) }),
    status: isInactive(entry) ? 'inactive' : 'active',
    ...(isKit(row) ? { kit: true } : {}),
    matched: entry.matched,
  };
}

export const findItems: ReadWorkflow = {
  name: 'find_items',
  title: 'Find items',
  description:
    'Items by name, SKU, barcode, part number or id, misspelt too, nearest first, with stock and price. Spends 1 call a term or per 200 items, up to 3 for spelling. What can be promised: check_stock.',
  toolset: 'catalog',
  input,
  uses: [listItems, getItem],
  read,
};
