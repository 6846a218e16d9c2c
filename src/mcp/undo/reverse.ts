import { NotFound } from '../../errors.ts';
import type { Input } from '../../operations/define.ts';
import { readAvailability } from '../../workflows/availability.ts';
import type { Api, WorkflowContext } from '../../workflows/define.ts';
import { formatMicro, microToNumber } from '../../workflows/numbers.ts';
import { microIn, type Row, rowIn, rowsIn, textIn } from '../../workflows/rows.ts';
import { named, plainText } from '../../workflows/text.ts';
import { operationNamed } from '../actions.ts';
import { fingerprintOf } from '../canonical.ts';
import { planOperation } from '../plan.ts';
import { isRefusal, itemLabel, quantityText, unitOf } from '../previews/words.ts';
import { type Touched, touchedName } from './done.ts';
import { type Kind, kinds } from './reversals.ts';
import type { Write } from './write.ts';

/** What would reverse what a run did to one record, or why nothing does. */
export interface Reversing {
  readonly writes: readonly Write[];
  readonly lines: readonly string[];
  readonly restsOn: unknown;
  /** What stays as it is, and why. */
  readonly stays?: string;
  /** Nothing to do: it is so already. */
  readonly already?: string;
}

export interface Around {
  readonly api: Api;
  readonly context: WorkflowContext;
  /** Fingerprints of writes that were tried before and refused. */
  readonly refused: ReadonlySet<string>;
  /** Packages that this plan deletes before; a packed order cannot end, and then it is not packed any more. */
  readonly unpacked: ReadonlySet<string>;
}

const stay = (why: string, restsOn: unknown): Reversing => ({ writes: [], lines: [], restsOn, stays: why });
const already = (why: string, restsOn: unknown): Reversing => ({ writes: [], lines: [], restsOn, already: why });

/** One write, previewed as if it were called by itself: what that preview finds likely to be refused is not tried. */
export async function single(
  operation: string,
  input: Input,
  title: string,
  { api, context }: Around,
): Promise<Reversing> {
  const reads = { call: (name: string, given: Input) => api.call(name, given) };
  const { today, currency } = context;
  const about = { reads, today, ...(currency ? { currency } : {}) };
  const plan = await planOperation(operationNamed(operation), input, about);
  const refusals = plan.preview.filter(isRefusal);
  const restsOn = [operation, plan.restsOn, refusals];
  if (refusals.length > 0) return stay(`${plan.summary}: ${refusals.join(' ')}`, restsOn);
  return { writes: [{ operation, input, title }], lines: plan.preview, restsOn };
}

/** By the record as it is now. */
export async function reverse(touched: Touched, around: Around): Promise<Reversing> {
  const { kind, id, operations, reversal } = touched;
  const { get, reply, id: idKey, path: key = idKey }: Kind = kinds[kind];
  const name = touchedName(touched);
  let record: Row;
  try {
    record = rowIn(await around.api.call(get, { [key]: id }), reply);
  } catch (error) {
    if (error instanceof NotFound) return already(`${name} does not exist any more.`, [id, 'gone']);
    throw error;
  }
  const status = plainText(record.status, 40);
  const seen = kind === 'sale' ? withoutPackages(record, around) : around;
  const by = (operation: string, verb: string) => single(operation, { [key]: id }, `${verb} ${name}`, seen);
  const [first = ''] = reversal.by;
  switch (kind) {
    case 'adjustment':
      return adjustment(record, name, around);
    case 'transfer':
      return transfer(record, touched, around);
    case 'sale':
      if (status === 'void') return already(`${name} is void already.`, [id, status]);
      return status === 'draft' && !reversal.stays
        ? by('delete_sales_order', 'deleting')
        : status === 'draft'
          ? already(`${name} is a draft.`, [id, status])
          : by('void_sales_order', 'voiding');
    case 'purchase':
      if (status === 'cancelled') return already(`${name} is cancelled already.`, [id, status]);
      return status === 'draft' && !reversal.stays
        ? by('delete_purchase_order', 'deleting')
        : status === 'draft'
          ? already(`${name} is a draft.`, [id, status])
          : by('cancel_purchase_order', 'cancelling');
    default:
      if (!reversal.stays) return by(first, 'deleting');
      return switchBack(record, { status, name, last: operations.at(-1) ?? '', first }, by);
  }
}

/** Newest first: what one takes away before is known to the next. */
export async function reverseEach(touched: readonly Touched[], around: Around): Promise<Reversing[]> {
  const found: Reversing[] = [];
  const unpacked = new Set(around.unpacked);
  for (const one of touched) {
    const reversing = await reverse(one, { ...around, unpacked });
    if (one.kind === 'package' && reversing.writes.length > 0) unpacked.add(one.id);
    found.push(reversing);
  }
  return found;
}

/** The order is previewed as it will stand when its turn comes. */
function withoutPackages(order: Row, around: Around): Around {
  const packages = rowsIn(order, 'packages').map((row) => textIn(row, 'package_id'));
  if (packages.length === 0 || !packages.every((id) => around.unpacked.has(id))) return around;
  const line_items = rowsIn(order, 'line_items').map((row) => ({ ...row, quantity_packed: 0 }));
  const call: Api['call'] = async (name, input, options) =>
    name === 'get_sales_order' && textIn(input, 'salesorder_id') === textIn(order, 'salesorder_id')
      ? { salesorder: { ...order, line_items, packages: [] } }
      : around.api.call(name, input, options);
  return { ...around, api: { ...around.api, call } };
}

/** Activated or deactivated: whoever put it back since has done it. */
async function switchBack(
  record: Row,
  { status, name, last, first }: { status: string; name: string; last: string; first: string },
  by: (operation: string, verb: string) => Promise<Reversing>,
): Promise<Reversing> {
  const wasMade = last.startsWith('activate_') ? 'active' : 'inactive';
  if (status !== wasMade) return already(`${name} is ${status} already.`, [name, status]);
  const found = await by(first, wasMade === 'active' ? 'deactivating' : 'activating');
  const line = `Status ${status} -> ${wasMade === 'active' ? 'inactive' : 'active'}: ${name}.`;
  return {
    ...found,
    lines: [line, ...found.lines],
    restsOn: [found.restsOn, status, record.last_modified_time ?? null],
  };
}

/** Deleted; where that was refused before because goods moved on, countered by one that takes back what it changed. */
async function adjustment(record: Row, name: string, around: Around): Promise<Reversing> {
  const input = { inventory_adjustment_id: textIn(record, 'inventory_adjustment_id') };
  if (!around.refused.has(fingerprintOf('delete_stock_adjustment', input)))
    return single('delete_stock_adjustment', input, `deleting ${name}`, around);
  const lines = rowsIn(record, 'line_items').map((row) => ({
    item_id: textIn(row, 'item_id'),
    warehouse_id: textIn(row, 'warehouse_id'),
    quantity_adjusted: microToNumber(-(microIn(row, 'quantity_change', 'quantity_adjusted') ?? 0n)),
  }));
  const changing = lines.filter(({ quantity_adjusted }) => quantity_adjusted !== 0);
  const at = [input, record.last_modified_time ?? null];
  if (changing.length < lines.length)
    return stay(
      `${name}: deleting was refused, and a change of value alone is countered by hand (create_stock_adjustment).`,
      at,
    );
  const counter = { adjustment_type: 'quantity', reason: `Reverses ${name}`, line_items: changing };
  const found = await single('create_stock_adjustment', counter, `countering ${name}`, around);
  const why = `Deleting ${name} was refused before, so it stays and a second adjustment takes it back.`;
  return { ...found, lines: [why, ...found.lines], restsOn: [found.restsOn, at] };
}

/** A draft is deleted; what was received goes back by a second transfer; what is on its way must arrive first. */
async function transfer(record: Row, { id, reversal, ...touched }: Touched, around: Around): Promise<Reversing> {
  const name = touchedName({ id, reversal, ...touched });
  const status = plainText(record.status, 40);
  const at = [id, status, record.last_modified_time ?? null];
  if (status === 'draft' && reversal.stays) return already(`${name} is a draft.`, at);
  if (status === 'draft' || (status === 'cancelled' && !reversal.stays))
    return single('delete_transfer', { transfer_id: id }, `deleting ${name}`, around);
  if (status === 'cancelled') return already(`${name} is cancelled.`, at);
  if (status !== 'received')
    return stay(
      `${name} is ${status}: goods on their way cannot turn round; receive_transfer first, then undo it.`,
      at,
    );
  const [from, to] = [textIn(record, 'to_warehouse_id'), textIn(record, 'from_warehouse_id')];
  const [here, there] = [named(record.to_warehouse_name, 60), named(record.from_warehouse_name, 60)];
  const rows = rowsIn(record, 'line_items');
  const wanted = new Map<string, bigint>();
  for (const row of rows) {
    const item = textIn(row, 'item_id');
    wanted.set(item, (wanted.get(item) ?? 0n) + (microIn(row, 'quantity_received', 'quantity') ?? 0n));
  }
  const asked = [...wanted].map(([item_id, quantity]) => ({ item_id, quantity }));
  const source = await readAvailability(
    around.api,
    asked.map((one) => ({ ...one, warehouse_id: from })),
  );
  const target = await readAvailability(
    around.api,
    asked.map((one) => ({ ...one, warehouse_id: to })),
  );
  const lines = asked.map(({ quantity }, index) => {
    const row = source[index]?.row ?? {};
    const [out, into] = [source[index]?.onHand ?? 0n, target[index]?.onHand ?? 0n];
    return {
      isShort: out < quantity,
      words: `${quantityText(quantity, unitOf(row))} ${itemLabel(row)}: ${here} ${formatMicro(out)} -> ${formatMicro(out - quantity)}, ${there} ${formatMicro(into)} -> ${formatMicro(into + quantity)}`,
    };
  });
  const restsOn = [at, lines.map(({ words }) => words)];
  const short = lines.filter(({ isShort }) => isShort);
  if (short.length > 0)
    return stay(
      `${name}: the goods are not all in ${here} any more (${short.map(({ words }) => words).join('; ')}).`,
      restsOn,
    );
  const create = {
    from_warehouse_id: from,
    to_warehouse_id: to,
    line_items: asked.map(({ item_id, quantity }) => ({ item_id, quantity: microToNumber(quantity) })),
    notes: `Reverses ${name}`,
  };
  return {
    writes: [
      { operation: 'create_transfer', input: create, title: `creating the transfer back of ${name}` },
      { operation: 'send_transfer', input: {}, title: `sending the goods of ${name} back`, ofNew: true },
      { operation: 'receive_transfer', input: {}, title: `receiving the goods of ${name} back`, ofNew: true },
    ],
    lines: [
      `Transfer back of ${name}, ${here} -> ${there}; ${name} stays as a record:`,
      ...lines.map(({ words }) => words),
    ],
    restsOn,
  };
}
