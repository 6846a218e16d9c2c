import { changeLine, changesOf, givenLines, inShort, updateSummary } from '../../workflows/changes.ts';
import { formatMicro } from '../../workflows/numbers.ts';
import { hasMorePages, microIn, type Row, rowIn, rowsIn, textIn } from '../../workflows/rows.ts';
import { counted, named } from '../../workflows/text.ts';
import { raisesOf } from '../rules.ts';
import type { Draft, Planner, Planning } from './planner.ts';
import { itemLabel, notUndone, quantityText, refusal, unitOf } from './words.ts';

const readWarehouse = async ({ api, input }: Planning): Promise<Row> =>
  rowIn(await api.call('get_warehouse', { warehouse_id: input.warehouse_id }), 'warehouse');

const onHandIn = (row: Row): bigint => microIn(row, 'warehouse_stock_on_hand', 'stock_on_hand') ?? 0n;
const committedIn = (row: Row): bigint => microIn(row, 'warehouse_committed_stock', 'committed_stock') ?? 0n;
const shownItems = 10;

/** What lies in a warehouse and what is to be shipped from it. One call. */
async function contents({ api, input }: Planning) {
  const answer = await api.call('list_warehouse_items', { warehouse_id: input.warehouse_id, page: 1, per_page: 200 });
  const rows = rowsIn(answer, 'items').filter((row) => onHandIn(row) !== 0n || committedIn(row) !== 0n);
  const stocked = rows.filter((row) => onHandIn(row) !== 0n);
  const more = hasMorePages(answer);
  const lines = rows.slice(0, shownItems).map((row) => {
    const committed = committedIn(row);
    const held = committed === 0n ? '' : `, ${quantityText(committed, unitOf(row))} committed`;
    return `${itemLabel(row)}: ${quantityText(onHandIn(row), unitOf(row))} on hand${held}`;
  });
  const rest = rows.length - lines.length;
  return {
    stocked: stocked.length,
    committed: rows.some((row) => committedIn(row) !== 0n),
    words:
      stocked.length === 0 ? 'no stock in it' : `${counted(stocked.length, 'item')}${more ? ' or more' : ''} in stock`,
    lines: rest > 0 || more ? [...lines, `and ${rest > 0 ? rest : 'perhaps'} more items`] : lines,
    figures: rows.map((row) => [textIn(row, 'item_id'), formatMicro(onHandIn(row)), formatMicro(committedIn(row))]),
  };
}

const restsOn = (warehouse: Row) => ({
  warehouse_id: warehouse.warehouse_id,
  status: warehouse.status ?? null,
  is_primary: warehouse.is_primary ?? null,
  last_modified_time: warehouse.last_modified_time ?? null,
});

const ending =
  (verb: string, after: (warehouse: Row) => string[], instead: string): Planner =>
  async (planning) => {
    const warehouse = await readWarehouse(planning);
    const inside = await contents(planning);
    const name = named(warehouse.warehouse_name, 60);
    const primary = warehouse.is_primary === true;
    return {
      summary: `${verb} warehouse ${name} (id ${String(planning.input.warehouse_id)})${primary ? ', the primary one' : ''}: ${inside.words}`,
      lines: [
        ...inside.lines,
        ...after(warehouse),
        ...(primary ? [refusal('it is the primary warehouse')] : []),
        ...(inside.stocked > 0 ? [refusal(`goods lie in it; ${instead}`)] : []),
        ...(inside.committed ? ['Open sales orders are to be shipped from it.'] : []),
      ],
      restsOn: { warehouse: restsOn(warehouse), stock: inside.figures },
    };
  };

export const deleteWarehouse = ending(
  'Delete',
  () => ['The warehouse is gone for good.', notUndone, 'It is refused if stock ever moved through it.'],
  'deactivate_warehouse keeps its history, once it is empty',
);

export const deactivateWarehouse = ending(
  'Deactivate',
  ({ status }) => [
    status === 'inactive'
      ? 'It is inactive already; nothing changes.'
      : 'Status active -> inactive: nothing can be received in it or shipped from it. activate_warehouse brings it back.',
  ],
  'move them first',
);

const unread = async ({ operation, input }: Planning): Promise<Draft> => ({
  summary: `${operation.title} ${String(input.warehouse_id)}: ${
    Object.keys(input)
      .filter((key) => key !== 'warehouse_id')
      .join(', ') || operation.description
  }`,
  lines: givenLines(input, ['warehouse_id']),
  restsOn: null,
});

export const activateWarehouse: Planner = unread;

export const createWarehouse: Planner = async ({ input }) => ({
  summary: `Create warehouse ${named(input.warehouse_name, 80)}${input.is_primary === true ? ', the primary one' : ''}`,
  lines: givenLines(input, []),
  restsOn: null,
});

export const updateWarehouse: Planner = async (planning) => {
  const { operation, input } = planning;
  if (!planning.mayRaise) return unread(planning);
  const warehouse = await readWarehouse(planning);
  const changes = changesOf(warehouse, input, { skip: ['warehouse_id'], currency: '' });
  return {
    summary: updateSummary(`Update warehouse ${named(warehouse.warehouse_name, 60)}`, inShort(changes)),
    lines: changes.map(changeLine),
    restsOn: restsOn(warehouse),
    raises: raisesOf({ operation, input, before: warehouse }),
  };
};
