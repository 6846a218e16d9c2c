import type { Input } from '../../operations/define.ts';
import { figuresOf } from '../../workflows/availability.ts';
import {
  changeLine,
  changesOf,
  givenLines,
  inShort,
  type ShortChange,
  updateSummary,
} from '../../workflows/changes.ts';
import { amountMinor, formatMoney } from '../../workflows/numbers.ts';
import { microIn, type Row, rowsIn, textIn } from '../../workflows/rows.ts';
import { named } from '../../workflows/text.ts';
import { raisesOf } from '../rules.ts';
import { readItemRow, restsOnItem } from './items.ts';
import type { Draft, Planner, Planning } from './planner.ts';
import { beforeAfter, itemLabel, quantityText, rateText, refusal, unitOf } from './words.ts';

/** What the API keeps once stock has moved. */
const fixedOnceMoved: ReadonlySet<string> = new Set(['unit', 'track_inventory', 'item_type', 'product_type']);

const openingFields = ['initial_stock', 'initial_stock_rate'];

const unread = async ({ operation, input }: Planning): Promise<Draft> => ({
  summary: `${operation.title} ${String(input.item_id)}${fieldsIn(input)}`,
  lines: givenLines(input, ['item_id']),
  restsOn: null,
});

function fieldsIn(input: Input): string {
  const fields = Object.keys(input).filter((key) => key !== 'item_id');
  return fields.length > 0 ? `: ${fields.join(', ')}` : '';
}

export const activateItem: Planner = unread;

interface Opening {
  readonly words: string;
  readonly lines: readonly string[];
  readonly currency: string;
  readonly restsOn: unknown;
}

/** Opening stock: where it would lie and what it is worth. `item`: the item as it would be. Two calls at most. */
async function readOpening(item: Row, before: bigint, { input, api, base }: Planning): Promise<Opening> {
  const quantity = microIn(input, 'initial_stock') ?? 0n;
  const unit = unitOf(item);
  const rate = microIn(item, 'initial_stock_rate') ?? microIn(item, 'purchase_rate') ?? 0n;
  const currency = await base();
  const rows = rowsIn(await api.call('list_warehouses', { page: 1, per_page: 200 }), 'warehouses');
  const primary = rows.find(({ is_primary }) => is_primary === true);
  const place = named(primary?.warehouse_name, 60) || 'the primary warehouse';
  const worth = formatMoney(amountMinor(quantity, rate, currency), currency);
  return {
    words: `opening stock ${quantityText(quantity, unit)}, worth ${worth}`,
    lines: [
      `${place}: ${beforeAfter('opening stock', before, quantity, unit)} at ${rateText(rate, currency)} each, worth ${worth}`,
      'This stock and its value appear without a receipt. It cannot be undone by this server; only an adjustment corrects it.',
    ],
    currency,
    restsOn: { warehouse_id: primary ? textIn(primary, 'warehouse_id') : null, currency },
  };
}

export const createItem: Planner = async (planning) => {
  const { input } = planning;
  const label = `${named(input.name, 60)}${input.sku ? ` (${named(input.sku, 40)})` : ''}`;
  const opens = (microIn(input, 'initial_stock') ?? 0n) > 0n;
  const opening = opens ? await readOpening(input, 0n, planning) : undefined;
  return {
    summary: `Create item ${label}: ${opening?.words ?? 'no opening stock'}`,
    lines: [...givenLines(input, openingFields, opening?.currency), ...(opening?.lines ?? [])],
    restsOn: opening?.restsOn ?? null,
  };
};

export const updateItem: Planner = async (planning) => {
  const { operation, input } = planning;
  const opens = input.initial_stock !== undefined;
  if (!planning.mayRaise && !opens) return unread(planning);
  const item = await readItemRow(planning);
  const raises = raisesOf({ operation, input, before: item });
  // The unit that is asked for is the one in which opening stock would be counted.
  const opening = opens
    ? await readOpening({ ...item, ...input }, microIn(item, 'initial_stock') ?? 0n, planning)
    : undefined;
  // Money is shown with its currency where a person will read it; that may cost a call.
  const currency = raises.length > 0 || opens ? await planning.base() : '';
  const changes = changesOf(item, input, { skip: ['item_id', ...openingFields], currency });
  const { onHand, committed } = figuresOf(item);
  const moved = onHand !== 0n || committed !== 0n;
  const short: ShortChange[] = [
    ...(opening ? [{ whole: opening.words, name: 'initial_stock' }] : []),
    ...inShort(changes),
  ];
  return {
    summary: updateSummary(`Update item ${itemLabel(item)}`, short),
    lines: [
      ...changes.map(changeLine),
      ...(opening?.lines ?? []),
      ...(opens && moved ? [refusal('its stock has moved already; an adjustment corrects it')] : []),
      ...(onHand !== 0n && changes.some(({ field }) => fixedOnceMoved.has(field))
        ? [refusal('its stock has moved, so its unit and the way it is counted stay; make a new item instead')]
        : []),
    ],
    restsOn: {
      ...restsOnItem(item),
      changed: changes.map(changeLine),
      opening: opening?.restsOn ?? null,
    },
    raises,
  };
};
