import { Rejected } from '../../errors.ts';
import { figuresOf, isKit, isTracked, readItem, type WarehouseFigures, warehousesOf } from '../availability.ts';
import type { Api } from '../define.ts';
import { formatMicro, maxOf, microToNumber, sumOf } from '../numbers.ts';
import type { Row } from '../rows.ts';
import { named } from '../text.ts';
import type { Choice } from './fulfil-sales-order-choice.ts';
import { type Line, type OpenPackage, type Packed, packedOf } from './fulfil-sales-order-lines.ts';

const one = 1_000_000n;

/** What the job takes of one item in one warehouse, parts instead of kits; in 1e-6 units. */
export interface Need {
  readonly itemId: string;
  readonly label: string;
  readonly unit: string;
  readonly warehouseId: string;
  readonly warehouseName: string;
  /** Set aside by new packages. */
  readonly pack: bigint;
  /** Leaves stock. */
  readonly ship: bigint;
  /** Set aside before, by packages of this order that are still here. */
  readonly held: bigint;
  /** Promised to this very order, what is held included. */
  readonly own: bigint;
}

/** A need of goods whose stock is kept, with what there is. */
export interface Stood extends Need {
  readonly onHand: bigint;
  /** May be packed: on hand less what packages hold, as far as it can be told. */
  readonly free: bigint;
  /** What other orders are promised of the goods packed. */
  readonly ofOthers: bigint;
}

interface Asked {
  readonly lines: readonly Line[];
  readonly open: readonly OpenPackage[];
  readonly choice: Choice;
  readonly isShipped: boolean;
  /** The order holds stock already: it is confirmed or open. */
  readonly isPromised: boolean;
}

/** Needs per item and warehouse, in the order of the lines. */
export function needsOf({ lines, open, choice, isShipped, isPromised }: Asked): Need[] {
  const needs = new Map<string, Need>();
  type Figure = 'pack' | 'ship' | 'held' | 'own';
  const add = ({ line, quantity, warehouseId, warehouseName }: Packed, figure: Figure): void => {
    const itself = {
      itemId: line.itemId,
      name: `${named(line.name)} (${named(line.sku, 40) || `id ${line.itemId}`})`,
      needed: one,
    };
    for (const part of line.parts.length > 0 ? line.parts : [itself]) {
      const key = `${part.itemId} ${warehouseId}`;
      const label = line.parts.length > 0 ? `${part.name}, part of ${named(line.sku) || named(line.name)}` : part.name;
      const unit = line.parts.length > 0 ? '' : line.unit;
      const none = {
        itemId: part.itemId,
        label,
        unit,
        warehouseId,
        warehouseName,
        pack: 0n,
        ship: 0n,
        held: 0n,
        own: 0n,
      };
      const before = needs.get(key) ?? none;
      needs.set(key, { ...before, [figure]: before[figure] + (quantity * part.needed) / one });
    }
  };
  const anew = choice.pack.flat();
  for (const packed of anew) add(packed, 'pack');
  for (const packed of [...choice.ship.flatMap(({ contents }) => contents), ...(isShipped ? anew : [])])
    add(packed, 'ship');
  for (const packed of open.flatMap(({ contents }) => contents)) add(packed, 'held');
  for (const line of isPromised ? lines.filter(({ isCarried }) => isCarried) : [])
    add(packedOf(line, maxOf(0n, line.quantity - line.shipped)), 'own');
  return [...needs.values()].filter(({ pack, ship }) => pack > 0n || ship > 0n);
}

type Place = (itemId: string, warehouseId: string) => WarehouseFigures | undefined;

/**
 * What there is of each need; goods whose stock is not kept are left out. `place` knows what was read already; an item is
 * read once more, one call, only where that does not show that there is enough. Throws Rejected with a table of what is
 * short.
 */
export async function readStood(api: Api, needs: readonly Need[], place: Place, rows: Map<string, Row>) {
  const stood: Stood[] = [];
  for (const need of needs) {
    const known = rows.get(need.itemId);
    if (known && isUncounted(known)) continue;
    let figures = place(need.itemId, need.warehouseId) ?? placeIn(known, need.warehouseId);
    if (!isPlain(need, figures) && warehousesOf(known ?? {}).length === 0) {
      const row = await readItem(api, need.itemId);
      if (row) rows.set(need.itemId, row);
      if (row && isUncounted(row)) continue;
      figures = placeIn(row, need.warehouseId);
    }
    const { onHand, available, packed } = figures ?? { onHand: 0n, available: 0n, packed: 0n };
    const others = need.pack - maxOf(0n, (available ?? onHand) + need.own - need.held);
    stood.push({
      ...need,
      onHand,
      free: onHand - maxOf(packed ?? 0n, need.held),
      ofOthers: maxOf(0n, others),
    });
  }
  refuseShort(stood, rows);
  return stood;
}

// A kit whose parts the order does not tell has no stock of its own that could be compared: the API decides.
const isUncounted = (row: Row): boolean => !isTracked(row) || isKit(row);

// With all that is promised taken off there is enough, so that what others packed need not be known.
const isPlain = ({ pack, held, own }: Need, figures: WarehouseFigures | undefined): boolean =>
  figures !== undefined && (figures.packed !== undefined || (figures.available ?? 0n) + own >= pack + held);

/** Of an item's row; all warehouses together where the order does not say which. */
function placeIn(row: Row | undefined, warehouseId: string): WarehouseFigures | undefined {
  const split = warehousesOf(row ?? {});
  if (warehouseId !== '') return split.find((figures) => figures.warehouseId === warehouseId);
  return (
    row && { ...figuresOf(row), warehouseId, warehouseName: '', packed: sumOf(split.map(({ packed }) => packed ?? 0n)) }
  );
}

const shortOf = ({ pack, ship, free, onHand }: Stood): bigint => maxOf(0n, maxOf(pack - free, ship - onHand));

function refuseShort(stood: readonly Stood[], rows: ReadonlyMap<string, Row>): void {
  const short = stood.filter((one) => shortOf(one) > 0n);
  if (short.length === 0) return;
  const words = short.map((need) => {
    const where = need.warehouseName === '' ? '' : ` in ${named(need.warehouseName)}`;
    const wanted = need.pack > 0n ? `${formatMicro(need.pack)} to pack` : `${formatMicro(need.ship)} to ship`;
    const there = `${formatMicro(maxOf(0n, need.pack > 0n ? need.free : need.onHand))} free`;
    return `${need.label}: ${wanted}, ${there}${where}, short ${formatMicro(shortOf(need))}${elsewhere(need, rows)}`;
  });
  throw new Rejected(
    `Not enough stock to pack. Nothing was written.\n${words.join('\n')}\nPack less with lines, move stock there, or wait: check_stock tells what is on its way.`,
    {
      nothingSent: true,
      facts: {
        short: short.map((need) => ({
          item_id: need.itemId,
          ...(need.warehouseId === '' ? {} : { warehouse_id: need.warehouseId }),
          wanted: microToNumber(maxOf(need.pack, need.ship)),
          free: microToNumber(maxOf(0n, need.free)),
          short: microToNumber(shortOf(need)),
        })),
      },
    },
  );
}

/** `; 15 in Newark, 5 in Portland`: where else it lies. */
function elsewhere({ itemId, warehouseId }: Need, rows: ReadonlyMap<string, Row>): string {
  const others = warehousesOf(rows.get(itemId) ?? {}).filter(
    (split) => split.warehouseId !== warehouseId && (split.available ?? 0n) > 0n,
  );
  const words = others.map(
    ({ warehouseName, available }) => `${formatMicro(available ?? 0n)} in ${named(warehouseName)}`,
  );
  return words.length === 0 ? '' : `; ${words.join(', ')}`;
}

/** `2 Subwoofer (SUB-8)`: goods that other orders are promised; empty where there are none. */
export const takenFromOthers = (stood: readonly Stood[]): string =>
  stood
    .filter(({ ofOthers }) => ofOthers > 0n)
    .map(({ ofOthers, label }) => `${formatMicro(ofOthers)} ${label}`)
    .join(', ');

export const restsOnStock = (stood: readonly Stood[]) =>
  stood.map(({ itemId, warehouseId, onHand, free, ofOthers }) => [
    itemId,
    warehouseId,
    formatMicro(onHand),
    formatMicro(free),
    formatMicro(ofOthers),
  ]);
