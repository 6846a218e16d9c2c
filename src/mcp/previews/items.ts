import {
  figuresOf,
  isKit,
  isTracked,
  onOrderOf,
  type WarehouseFigures,
  warehousesOf,
} from '../../workflows/availability.ts';
import { amountMinor, formatMicro, formatMoney } from '../../workflows/numbers.ts';
import { microIn, type Row, rowIn, rowsIn } from '../../workflows/rows.ts';
import { plainText } from '../../workflows/text.ts';
import { raisesOf } from '../rules.ts';
import { changeLine, changesInShort, changesOf, givenLines } from './changes.ts';
import type { Draft, Planner, Planning } from './planner.ts';
import { beforeAfter, itemLabel, minorIn, quantityText, rateText, refusal, unitOf } from './words.ts';

const readItemRow = async ({ api, input }: Planning): Promise<Row> =>
  rowIn(await api.call('get_item', { item_id: input.item_id }), 'item');

const restsOnItem = (item: Row) => {
  const { onHand, committed } = figuresOf(item);
  return {
    item_id: item.item_id,
    status: item.status ?? null,
    last_modified_time: item.last_modified_time ?? null,
    on_hand: formatMicro(onHand),
    committed: formatMicro(committed),
    on_order: formatMicro(onOrderOf(item)),
  };
};

/** `4 on hand, 2 committed, 40 on order`; on hand is always said. */
function figuresInWords(item: Row): string {
  if (isKit(item)) return 'a kit, no stock of its own';
  if (!isTracked(item)) return 'stock not kept';
  const { onHand, committed } = figuresOf(item);
  const others = [
    [committed, 'committed'],
    [onOrderOf(item), 'on order'],
  ] as const;
  const shown = others.filter(([micro]) => micro !== 0n).map(([micro, word]) => `${formatMicro(micro)} ${word}`);
  return [`${formatMicro(onHand)} on hand`, ...shown].join(', ');
}

const placeLine = (place: WarehouseFigures, unit: string): string =>
  `${plainText(place.warehouseName, 60)}: ${quantityText(place.onHand, unit)} on hand, ${quantityText(place.committed, unit)} committed`;

async function stockLines(item: Row, { base }: Planning): Promise<string[]> {
  const places = warehousesOf(item).filter(({ onHand, committed }) => onHand !== 0n || committed !== 0n);
  const lines = places.map((place) => placeLine(place, unitOf(item)));
  if (item.asset_value === undefined || figuresOf(item).onHand === 0n) return lines;
  const currency = await base();
  return [...lines, `Value of its stock: ${formatMoney(minorIn(item, 'asset_value', currency), currency)}`];
}

export const deleteItem: Planner = async (planning) => {
  const item = await readItemRow(planning);
  const { onHand, committed } = figuresOf(item);
  const uses = [
    ...(onHand === 0n ? [] : [`${quantityText(onHand, unitOf(item))} are on hand`]),
    ...(committed === 0n ? [] : ['sales orders wait for it']),
    ...(onOrderOf(item) === 0n ? [] : ['purchase orders bring more']),
  ];
  return {
    summary: `Delete item ${itemLabel(item)}: ${figuresInWords(item)}`,
    lines: [
      ...(await stockLines(item, planning)),
      'The item is gone from the catalog for good. This cannot be undone; deactivate_item can.',
      uses.length > 0
        ? refusal(`it has history (${uses.join(', ')}); deactivate it instead`)
        : 'It is refused if the item was ever moved or ordered.',
    ],
    restsOn: restsOnItem(item),
  };
};

export const deactivateItem: Planner = async (planning) => {
  const item = await readItemRow(planning);
  const { onHand, committed } = figuresOf(item);
  const unit = unitOf(item);
  return {
    summary: `Deactivate item ${itemLabel(item)}: ${figuresInWords(item)}`,
    lines: [
      ...(await stockLines(item, planning)),
      item.status === 'inactive'
        ? 'It is inactive already; nothing changes.'
        : 'Status active -> inactive: no new order can name it.',
      ...(onHand > 0n ? [`${quantityText(onHand, unit)} stay on hand and can no longer be sold.`] : []),
      ...(committed > 0n ? [`${quantityText(committed, unit)} stay promised on open sales orders.`] : []),
      ...(onOrderOf(item) > 0n ? [`${quantityText(onOrderOf(item), unit)} are still on order.`] : []),
      'activate_item brings it back.',
    ],
    restsOn: restsOnItem(item),
  };
};

const unread = async ({ operation, input }: Planning): Promise<Draft> => ({
  summary: `${operation.title} ${String(input.item_id)}: ${
    Object.keys(input)
      .filter((key) => key !== 'item_id')
      .join(', ') || operation.description
  }`,
  lines: givenLines(input, ['item_id']),
  restsOn: null,
});

export const activateItem: Planner = unread;

/** Opening stock, where it would lie, and what it is worth. */
async function openingLines(item: Row, { input, api, base }: Planning): Promise<{ lines: string[]; words: string }> {
  const quantity = microIn(input, 'initial_stock') ?? 0n;
  const unit = unitOf(item);
  const rate = microIn(input, 'initial_stock_rate') ?? microIn(item, 'purchase_rate') ?? 0n;
  const currency = await base();
  const rows = rowsIn(await api.call('list_warehouses', { page: 1, per_page: 200 }), 'warehouses');
  const primary = rows.find(({ is_primary }) => is_primary === true);
  const place = primary ? plainText(primary.warehouse_name, 60) : 'the primary warehouse';
  const worth = formatMoney(amountMinor(quantity, rate, currency), currency);
  return {
    words: `opening stock ${quantityText(quantity, unit)}, worth ${worth}`,
    lines: [
      `${place}: ${beforeAfter('opening stock', microIn(item, 'opening_stock') ?? 0n, quantity, unit)} at ${rateText(rate, currency)} each, worth ${worth}`,
      'Stock and its value appear from nowhere by this. It cannot be undone by this server; only an adjustment corrects it.',
    ],
  };
}

export const createItem: Planner = async (planning) => {
  const { input } = planning;
  const label = `${plainText(input.name, 60)}${input.sku ? ` (${plainText(input.sku, 40)})` : ''}`;
  const opens = (microIn(input, 'initial_stock') ?? 0n) > 0n;
  const opening = opens ? await openingLines(input, planning) : { lines: [], words: 'no opening stock' };
  return {
    summary: `Create item ${label}: ${opening.words}`,
    lines: [...givenLines(input, ['initial_stock', 'initial_stock_rate']), ...opening.lines],
    restsOn: null,
  };
};

export const updateItem: Planner = async (planning) => {
  const { operation, input } = planning;
  const opens = input.initial_stock !== undefined;
  if (!planning.mayRaise && !opens) return unread(planning);
  const item = await readItemRow(planning);
  const raises = raisesOf({ operation, input, before: item });
  const currency = raises.length > 0 || opens ? await planning.base() : '';
  const skip = ['item_id', 'initial_stock', 'initial_stock_rate'];
  const changes = changesOf(item, input, { skip, currency });
  // The unit that is asked for is the one the opening stock would be counted in.
  const opening = opens ? await openingLines({ ...item, ...input }, planning) : { lines: [], words: '' };
  const moved = opens && (figuresOf(item).onHand !== 0n || figuresOf(item).committed !== 0n);
  const label = itemLabel(item);
  const words = [opening.words, changes.length > 0 || !opens ? changesInShort(changes, 90) : ''].filter(Boolean);
  return {
    summary: `Update item ${label}: ${words.join('; ')}`,
    lines: [
      ...changes.map(changeLine),
      ...opening.lines,
      ...(moved ? [refusal('its stock has moved already; an adjustment corrects it')] : []),
    ],
    restsOn: { ...restsOnItem(item), rate: item.rate ?? null, purchase_rate: item.purchase_rate ?? null },
    raises,
  };
};
