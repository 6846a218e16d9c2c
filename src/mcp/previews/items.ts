import {
  figuresOf,
  isKit,
  isTracked,
  onOrderOf,
  type WarehouseFigures,
  warehousesOf,
} from '../../workflows/availability.ts';
import { formatMicro, formatMoney } from '../../workflows/numbers.ts';
import { type Row, rowIn } from '../../workflows/rows.ts';
import { named } from '../../workflows/text.ts';
import type { Planner, Planning } from './planner.ts';
import { itemLabel, minorIn, quantityText, refusal, unitOf } from './words.ts';

/** One call. */
export const readItemRow = async ({ api, input }: Planning): Promise<Row> =>
  rowIn(await api.call('get_item', { item_id: input.item_id }), 'item');

/** Status, age and stock of an item, as plain JSON. */
export const restsOnItem = (item: Row) => {
  const { onHand, committed } = figuresOf(item);
  return {
    item_id: item.item_id,
    status: item.status ?? null,
    last_modified_time: item.last_modified_time ?? null,
    on_hand: formatMicro(onHand),
    committed: formatMicro(committed),
    on_order: formatMicro(onOrderOf(item)),
    asset_value: item.asset_value ?? null,
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
  `${named(place.warehouseName, 60)}: ${quantityText(place.onHand, unit)} on hand, ${quantityText(place.committed, unit)} committed`;

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
