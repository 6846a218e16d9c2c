import type { Input } from '../../operations/define.ts';
import { promisableMicro } from '../../workflows/availability.ts';
import {
  changeLine,
  changesOf,
  givenLines,
  inShort,
  type ShortChange,
  updateSummary,
} from '../../workflows/changes.ts';
import { formatMicro } from '../../workflows/numbers.ts';
import { microIn, type Row, rowIn, rowsIn, textIn } from '../../workflows/rows.ts';
import { counted, named } from '../../workflows/text.ts';
import { raisesOf } from '../rules.ts';
import type { Planner, Planning } from './planner.ts';
import { itemLabel, notUndone, quantityText, unitOf } from './words.ts';

const readKit = async ({ api, input }: Planning): Promise<Row> =>
  rowIn(await api.call('get_composite_item', { item_id: input.item_id }), 'composite_item');

const perKit = (part: Row): string => formatMicro(microIn(part, 'quantity') ?? 0n);
const partLabel = (part: Row): string =>
  part.name === undefined ? `item ${textIn(part, 'item_id')}` : itemLabel(part);
const partWords = (part: Row): string => `${perKit(part)} ${partLabel(part)}`;

const buildable = (kit: Row): string => `${quantityText(promisableMicro(kit) ?? 0n, unitOf(kit))} can be built now`;

const restsOnKit = (kit: Row) => ({
  item_id: kit.item_id ?? null,
  status: kit.status ?? null,
  last_modified_time: kit.last_modified_time ?? null,
});

export const createCompositeItem: Planner = async ({ input }) => ({
  summary: `Create kit ${named(input.name, 60)}${input.sku ? ` (${named(input.sku, 40)})` : ''}: ${counted(rowsIn(input, 'mapped_items').length, 'part')}`,
  lines: [...rowsIn(input, 'mapped_items').map(partWords), ...givenLines(input, ['mapped_items'])],
  restsOn: null,
});

/** What an update does to the recipe, in words; a part is known again by its item. */
function recipeChanges(kit: Row, input: Input): string[] {
  if (input.mapped_items === undefined) return [];
  const [before, after] = [rowsIn(kit, 'mapped_items'), rowsIn(input, 'mapped_items')];
  const byItem = new Map(before.map((part) => [textIn(part, 'item_id'), part]));
  const kept = new Set(after.map((part) => textIn(part, 'item_id')));
  return [
    ...before.filter((part) => !kept.has(textIn(part, 'item_id'))).map((part) => `drops ${partWords(part)}`),
    ...after.flatMap((part) => {
      const old = byItem.get(textIn(part, 'item_id'));
      if (!old) return [`adds ${partWords(part)}`];
      return perKit(old) === perKit(part) ? [] : [`${partLabel(old)} ${perKit(old)} -> ${perKit(part)} per kit`];
    }),
  ];
}

export const updateCompositeItem: Planner = async (planning) => {
  const { operation, input } = planning;
  if (!planning.mayRaise) {
    const fields = Object.keys(input).filter((key) => key !== 'item_id');
    return {
      summary: `Update kit ${String(input.item_id)}${fields.length > 0 ? `: ${fields.join(', ')}` : ''}`,
      lines: givenLines(input, ['item_id']),
      restsOn: null,
    };
  }
  const kit = await readKit(planning);
  const raises = raisesOf({ operation, input, before: kit });
  const currency = raises.length > 0 ? await planning.base() : '';
  const changes = changesOf(kit, input, { skip: ['item_id', 'mapped_items'], currency });
  const parts = recipeChanges(kit, input);
  const short: ShortChange[] = [...parts.map((whole) => ({ whole, name: 'parts' })), ...inShort(changes)];
  return {
    summary: updateSummary(`Update kit ${itemLabel(kit)}`, short),
    lines: [
      ...changes.map(changeLine),
      ...parts.map((words) => `Part: ${words}`),
      ...(parts.length > 0 ? ['Orders keep the parts they were written with.'] : []),
    ],
    restsOn: { ...restsOnKit(kit), changed: [...changes.map(changeLine), ...parts] },
    raises,
  };
};

export const deleteCompositeItem: Planner = async (planning) => {
  const kit = await readKit(planning);
  const parts = rowsIn(kit, 'mapped_items');
  return {
    summary: `Delete kit ${itemLabel(kit)}: ${counted(parts.length, 'part')}, ${buildable(kit)}`,
    lines: [
      ...parts.map(partWords),
      `The kit is gone from the catalog for good; its parts and their stock stay. ${notUndone}`,
      'It is refused if the kit was ever ordered; deactivate_item takes it out of use then.',
    ],
    restsOn: restsOnKit(kit),
  };
};
