import { type WarehouseFigures, warehousesOf } from '../availability.ts';
import type { Api, WorkflowContext } from '../define.ts';
import { formatMicro, microToNumber, sumOf } from '../numbers.ts';
import { type Row, textIn } from '../rows.ts';
import { buildableTogether, buildsOf, type Part, readKits } from '../supply.ts';
import { counted, named, plainText } from '../text.ts';
import { claimRow, readClaims } from './explain-stock-claims.ts';

const mostRows = 15;

/** A kit has no stock: what its parts make, which part runs out first where, and which orders wait for it. */
export async function explainKit(
  api: Api,
  kit: Row,
  about: {
    readonly words: string;
    readonly place: WarehouseFigures | undefined;
    readonly context: WorkflowContext;
  },
) {
  const { words, place, context } = about;
  const itemId = textIn(kit, 'item_id');
  const rows = new Map([[itemId, kit]]);
  context.progress('Reading its parts');
  const parts = (await readKits(api, [itemId], rows, { split: true })).get(itemId) ?? [];
  const builds = buildsOf(parts, rows).filter(({ warehouseId }) => !place || warehouseId === place.warehouseId);
  context.progress('Reading who it is promised to');
  const { claims, truncated } = await readClaims(api, itemId, undefined);
  const here = claims.filter(({ line }) => !place || line.warehouseId === place.warehouseId);
  const buildable = sumOf(builds.map((build) => build.buildable));
  const promised = sumOf(here.map(({ quantity }) => quantity));
  const limits = builds.map(
    ({ warehouseName, limit, has, buildable: made }) =>
      `${named(warehouseName)} makes ${formatMicro(made)}: ${limit.name} ${formatMicro(has)}, ${formatMicro(limit.needed)} a kit`,
  );
  const together = place ? '' : ` With all parts in one warehouse: ${formatMicro(buildableTogether(parts, rows))}.`;
  const orders =
    here.length === 0
      ? 'No open order is waiting for it'
      : `${formatMicro(promised)} in open orders, whose parts are held already`;
  return {
    message: `${words} is a kit and has no stock of its own: ${formatMicro(buildable)} more can be built${place ? ` in ${named(place.warehouseName)}` : ''} of what its parts have free (${limits.join('; ')}).${together} ${orders}. Its parts have the movements: explain each of them.`,
    buildable: microToNumber(buildable),
    parts: parts.map((part) => partRow(part, rows.get(part.itemId) ?? {}, place)),
    promised: here.slice(0, mostRows).map((claim) => claimRow(claim, itemId)),
    ...(truncated || here.length > mostRows
      ? {
          note: `${Math.min(mostRows, here.length)} of at least ${counted(here.length, 'promise')} shown${truncated ? '; not all open orders were read' : ''}.`,
        }
      : {}),
  };
}

function partRow({ itemId, name, needed }: Part, row: Row, place: WarehouseFigures | undefined) {
  const split = warehousesOf(row).filter(({ warehouseId }) => !place || warehouseId === place.warehouseId);
  return {
    item: plainText(row.name ?? name),
    sku: plainText(row.sku, 60),
    item_id: itemId,
    needed: microToNumber(needed),
    available: microToNumber(sumOf(split.map(({ available }) => available ?? 0n))),
  };
}
