import { Rejected } from '../../errors.ts';
import { decide, itemNaming } from '../match.ts';
import { formatMicro, maxOf, microToNumber, minOf, parseMicro, sumOf } from '../numbers.ts';
import { refuseProblems } from '../resolve.ts';
import { itemWords, named } from '../text.ts';
import { type Line, type OpenPackage, type Packed, packedOf, unpackedOf } from './fulfil-sales-order-lines.ts';

/** What is to be packed anew and which packages are to leave. */
export interface Choice {
  /** One list a package: goods of one warehouse. */
  readonly pack: readonly (readonly Packed[])[];
  /** Packages that are there already and leave now. */
  readonly ship: readonly OpenPackage[];
}

export interface Ask {
  readonly lines: readonly Line[];
  readonly open: readonly OpenPackage[];
  /** Undefined: all that is left. */
  readonly wanted: readonly { readonly item: string; readonly quantity: number }[] | undefined;
  readonly isShipped: boolean;
}

/**
 * All that is left, or what `wanted` names. Packages that are there already are not packed again: without `wanted` all of
 * them leave, with it those that hold exactly what is wanted.
 */
export function choose({ lines, open, wanted, isShipped }: Ask): Choice {
  if (!wanted) {
    const rest = lines.flatMap((line) => (unpackedOf(line) > 0n ? [packedOf(line, unpackedOf(line))] : []));
    return { pack: byWarehouse(rest), ship: isShipped ? open : [] };
  }
  const asked = askedByItem(lines, wanted);
  const ready = isShipped ? [open, ...open.map((one) => [one])].find((some) => holdsExactly(some, asked)) : undefined;
  return ready ? { pack: [], ship: ready } : { pack: byWarehouse(taken(lines, open, asked)), ship: [] };
}

/** Quantities by item_id; names are looked for among the order's own lines. */
function askedByItem(lines: readonly Line[], wanted: NonNullable<Ask['wanted']>): ReadonlyMap<string, bigint> {
  const rows = lines
    .filter(({ isCarried }) => isCarried)
    .map(({ itemId, name, sku }) => ({ item_id: itemId, name, sku }));
  const byItem = new Map<string, bigint>();
  const choices = wanted.map(({ item }) => decide(rows, item, itemNaming, { forWrite: true, near: rows }));
  refuseProblems(choices.flatMap((choice) => ('problem' in choice ? [choice.problem] : [])));
  for (const [index, choice] of choices.entries()) {
    if (!('row' in choice)) continue;
    const itemId = String(choice.row.item_id);
    byItem.set(itemId, (byItem.get(itemId) ?? 0n) + (parseMicro(wanted[index]?.quantity) ?? 0n));
  }
  return byItem;
}

const heldOf = (packages: readonly OpenPackage[], itemId: string): bigint =>
  sumOf(
    packages.flatMap(({ contents }) =>
      contents.filter(({ line }) => line.itemId === itemId).map(({ quantity }) => quantity),
    ),
  );

function holdsExactly(packages: readonly OpenPackage[], asked: ReadonlyMap<string, bigint>): boolean {
  const items = new Set(packages.flatMap(({ contents }) => contents.map(({ line }) => line.itemId)));
  return items.size === asked.size && [...asked].every(([itemId, quantity]) => heldOf(packages, itemId) === quantity);
}

/** Takes what is asked from the lines in their order; throws Rejected with every item of which less is left to pack. */
function taken(
  lines: readonly Line[],
  open: readonly OpenPackage[],
  asked: ReadonlyMap<string, bigint>,
): readonly Packed[] {
  const beyond: { line: Line; quantity: bigint; left: bigint }[] = [];
  const packed: Packed[] = [];
  for (const [itemId, quantity] of asked) {
    const own = lines.filter((line) => line.itemId === itemId);
    const left = sumOf(own.map(unpackedOf));
    const [first] = own;
    if (first && quantity > left) beyond.push({ line: first, quantity, left });
    let still = quantity;
    for (const line of own) {
      const part = minOf(still, unpackedOf(line));
      if (part > 0n) packed.push(packedOf(line, part));
      still = maxOf(0n, still - part);
    }
  }
  if (beyond.length > 0) throw tooMuch(beyond, open);
  return packed;
}

function tooMuch(beyond: readonly { line: Line; quantity: bigint; left: bigint }[], open: readonly OpenPackage[]) {
  const rows = beyond.map(({ line, quantity, left }) => ({
    sku: line.sku,
    item_id: line.itemId,
    wanted: microToNumber(quantity),
    left_to_pack: microToNumber(left),
    packed_not_shipped: microToNumber(heldOf(open, line.itemId)),
  }));
  const words = beyond.map(
    ({ line, quantity, left }) =>
      `${itemWords({ sku: line.sku, item: line.name })}: ${formatMicro(quantity)} wanted, ${formatMicro(left)} left to pack, ${formatMicro(heldOf(open, line.itemId))} packed and not shipped`,
  );
  const numbers = open.map(({ number }) => named(number, 40)).join(', ');
  return new Rejected(
    `More is wanted than is left to pack. Nothing was written.\n${words.join('\n')}${numbers === '' ? '' : `\nNot shipped yet: ${numbers}; name exactly what such a package holds to ship it, or leave lines out to ship all.`}`,
    { nothingSent: true, facts: { too_much: rows } },
  );
}

/** Goods of one warehouse go into one package: nobody packs one box in two places. */
function byWarehouse(packed: readonly Packed[]): Packed[][] {
  const places = [...new Set(packed.map(({ warehouseId }) => warehouseId))];
  return places.map((place) => packed.filter(({ warehouseId }) => warehouseId === place));
}
