import { type Availability, readAvailability } from '../../workflows/availability.ts';
import { changeLine, changesOf, givenLines, inShort, updateSummary } from '../../workflows/changes.ts';
import { formatMicro, formatMoney, sumOf } from '../../workflows/numbers.ts';
import { restsOnStock } from '../../workflows/promises.ts';
import { type Row, rowIn, rowsIn, textIn } from '../../workflows/rows.ts';
import { counted, named, plainText } from '../../workflows/text.ts';
import { type Places, readWarehouseNames } from './places.ts';
import type { Draft, Planner, Planning } from './planner.ts';
import { type Correction, correctionsOf, type Effect, effectsOf, isOfValue, signedText } from './stock-lines.ts';
import { beforeAfter, itemLabel, quoted, refusal, unitOf } from './words.ts';

const lineFields = ['line_items', 'inventory_adjustment_id', 'adjustment_type'];

function signedMoneyText(minor: bigint, currency: string, isExact: boolean): string {
  const words = `${minor > 0n ? '+' : ''}${formatMoney(minor, currency)}`;
  return isExact ? words : `about ${words}`;
}

/** Figures of each item and warehouse once. */
function readPlacesOf(planning: Planning, lines: readonly Correction[]): Promise<Availability[]> {
  const places = new Map(lines.map((line) => [`${line.itemId} ${line.warehouseId}`, line]));
  return readAvailability(
    planning.api,
    [...places.values()].map(({ itemId, warehouseId }) => ({
      item_id: itemId,
      quantity: 0n,
      ...(warehouseId === '' ? {} : { warehouse_id: warehouseId }),
    })),
  );
}

function effectWords({ figures, place, before, after, value, isExact }: Effect, currency: string): string {
  const unit = unitOf(figures.row);
  const change = after - before;
  const onHand = beforeAfter('on hand', before, after, unit);
  if (change === 0n)
    return `${itemLabel(figures.row)} in ${place}: ${onHand}, stock value ${signedMoneyText(value, currency, isExact)}`;
  const available =
    figures.available === undefined
      ? ''
      : `, available ${formatMicro(figures.available)} -> ${formatMicro(figures.available + change)}`;
  return `${itemLabel(figures.row)} in ${place}: ${onHand} (${signedText(change)})${available}, stock value ${signedMoneyText(value, currency, isExact)}`;
}

function effectInShort({ figures, place, before, after }: Effect): string {
  return `${itemLabel(figures.row)} in ${place} ${beforeAfter('on hand', before, after, unitOf(figures.row))}`;
}

/** Promised beyond what would be left: not refused, and worth knowing. */
function warnings(effects: readonly Effect[]): string[] {
  return effects.flatMap(({ figures, place, before, after }) => {
    const left = (figures.available ?? 0n) + after - before;
    if (after < 0n || after >= before || left >= 0n) return [];
    return [
      `${itemLabel(figures.row)} in ${place}: ${formatMicro(-left)} ${unitOf(figures.row)} more would be promised than there are.`,
    ];
  });
}

interface Change {
  readonly before: readonly Correction[];
  readonly after: readonly Correction[];
  readonly ofValue: boolean;
}

async function effects(planning: Planning, change: Change, places: Places, currency: string) {
  const availability = await readPlacesOf(planning, [...change.before, ...change.after]);
  const found = effectsOf(change.before, change.after, { ...change, availability, places, currency });
  const total = sumOf(found.map(({ value }) => value));
  const isExact = found.every((one) => one.isExact);
  const short = found.map(effectInShort).join('; ');
  const what = short.length <= 90 ? short : counted(found.length, 'stock level');
  return {
    words: `${what}, stock value ${signedMoneyText(total, currency, isExact)}`,
    lines: [...found.map((one) => effectWords(one, currency)), ...warnings(found)],
    refusals: found.flatMap((one) => one.refusals),
    restsOn: found.map(({ figures }) => ({
      ...restsOnStock([figures])[0],
      asset_value: figures.row.asset_value ?? null,
    })),
    amount: sumOf(found.map(({ value }) => (value < 0n ? -value : value))),
  };
}

const ahead = ({ input, today }: Planning): string[] => {
  const date = textIn(input, 'date');
  return date > today ? [refusal(`the date ${date} lies ahead`)] : [];
};

const lineNotes = (record: Row): string[] =>
  rowsIn(record, 'line_items').flatMap((row) =>
    textIn(row, 'description') === '' ? [] : [`Note of a line: ${quoted(row.description)}`],
  );

export const createStockAdjustment: Planner = async (planning) => {
  const { input } = planning;
  const [places, currency] = [await readWarehouseNames(planning), await planning.base()];
  const type = named(input.adjustment_type, 40) || 'quantity';
  const ofValue = isOfValue(type);
  const after = correctionsOf(input, places, currency);
  const found = await effects(planning, { before: [], after, ofValue }, places, currency);
  return {
    summary: `Adjust stock (${type}): ${found.words}`,
    lines: [
      ...found.lines,
      ...givenLines(input, lineFields),
      ...lineNotes(input),
      'It is posted at once; delete_stock_adjustment takes it back while the goods have not moved on.',
      ...found.refusals,
      ...ahead(planning),
    ],
    restsOn: { stock: found.restsOn, primary: places.primaryId, currency },
    amount: found.amount,
  };
};

const readAdjustment = async ({ api, input }: Planning): Promise<Row> =>
  rowIn(
    await api.call('get_stock_adjustment', { inventory_adjustment_id: input.inventory_adjustment_id }),
    'inventory_adjustment',
  );

const titleOf = (row: Row): string =>
  `stock adjustment ${named(row.adjustment_number, 40)} of ${plainText(row.date, 10)}`;

const restsOnRecord = (row: Row) => ({
  inventory_adjustment_id: row.inventory_adjustment_id ?? null,
  last_modified_time: row.last_modified_time ?? null,
  total: row.total ?? null,
});

const movedOn = 'It is refused if the goods of the old lines have moved on since.';

/** Of an update that names no lines: the words change, the stock does not. */
function wordsOnly(row: Row, planning: Planning): Draft {
  const changes = changesOf(row, planning.input, { skip: ['inventory_adjustment_id'], currency: '' });
  const reposts = changes.some(({ field }) => field === 'date' || field === 'adjustment_type');
  return {
    summary: updateSummary(`Update ${titleOf(row)}`, inShort(changes)),
    lines: [
      ...changes.map(changeLine),
      'No stock changes.',
      ...(reposts ? [refusal('to change date or type the line_items must be given as well')] : []),
    ],
    restsOn: { record: restsOnRecord(row), changed: changes.map(changeLine) },
  };
}

export const updateStockAdjustment: Planner = async (planning) => {
  const { input } = planning;
  const row = await readAdjustment(planning);
  if (input.line_items === undefined) return wordsOnly(row, planning);
  const [places, currency] = [await readWarehouseNames(planning), await planning.base()];
  const before = correctionsOf(row, places, currency);
  const after = correctionsOf(input, places, currency);
  const ofValue = isOfValue(input.adjustment_type ?? row.adjustment_type);
  const found = await effects(planning, { before, after, ofValue }, places, currency);
  const fields = changesOf(row, input, { skip: ['inventory_adjustment_id', 'line_items'], currency: '' });
  return {
    summary: `Update ${titleOf(row)}: ${found.words}`,
    lines: [
      `Undone: ${counted(before.length, 'line')} as posted before; posted anew: ${counted(after.length, 'line')}. Together:`,
      ...found.lines,
      ...fields.map(changeLine),
      ...lineNotes(input),
      movedOn,
      ...found.refusals,
      ...ahead(planning),
    ],
    restsOn: { record: restsOnRecord(row), stock: found.restsOn, primary: places.primaryId, currency },
    amount: found.amount,
  };
};

export const deleteStockAdjustment: Planner = async (planning) => {
  const row = await readAdjustment(planning);
  const [places, currency] = [await readWarehouseNames(planning), await planning.base()];
  const before = correctionsOf(row, places, currency);
  const wasOfValue = isOfValue(row.adjustment_type);
  const found = await effects(planning, { before, after: [], ofValue: wasOfValue }, places, currency);
  return {
    summary: `Delete ${titleOf(row)}: ${found.words}`,
    lines: [
      ...found.lines,
      'Its change of stock is undone and the record is gone for good; its number is not used again.',
      movedOn,
      ...found.refusals,
    ],
    restsOn: { record: restsOnRecord(row), stock: found.restsOn },
    amount: found.amount,
  };
};
