import type { Reply } from '../client/client.ts';
import type { Input, Operation } from '../operations/define.ts';

/** One write that was answered: which record, and what it was before and after, as far as this call read it. */
export interface Written {
  readonly operation: string;
  /** Ids and numbers of the record. */
  readonly record: Readonly<Record<string, unknown>>;
  /** The fields the answer shows to differ from what was read before. */
  readonly changed?: Readonly<Record<string, Change>>;
  /** What was read of the record before, where the answer shows no record: figures that tell what is gone. */
  readonly before?: Readonly<Record<string, unknown>>;
}

export interface Change {
  readonly before: unknown;
  readonly after: unknown;
}

type Row = Readonly<Record<string, unknown>>;

const mostChanges = 50;

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar = (value: unknown) => value === null || typeof value !== 'object';

/** Told twice, or changed by every write. */
const unspoken = /_formatted$|^(last_modified|created)_time$|^last_modified_by/;
const figures = /^(status|total|sku|rate|purchase_rate)$|_(status|number)$|^name$|_name$|stock|quantity/;
const lineFigures = /quantity|^rate$/;

/** `item_id 123`: kits are items, and both are told by the same key. */
function identityOf({ path }: Operation, input: Input): { key: string; identity: string } | undefined {
  const [, key] = /\{(\w+)\}/.exec(path) ?? [];
  return key === undefined ? undefined : { key, identity: `${key} ${String(input[key])}` };
}

const recordIn = ({ reply: key, accept }: Operation, reply: Reply): Row | undefined => {
  const record = key === undefined || accept ? undefined : reply[key];
  return isRow(record) ? record : undefined;
};

/** Remembers what is read of records during one call, and says what writes made of them. No call is made for it. */
export function createChanges() {
  const readings = new Map<string, { readonly kind: string; readonly record: Row }>();

  function note(operation: Operation, input: Input, reply: Reply): void {
    const identity = identityOf(operation, input)?.identity;
    const record = recordIn(operation, reply);
    // A part of a record, such as its stock, is not the record.
    if (identity === undefined || !record || !operation.path.endsWith('}')) return;
    readings.set(identity, { kind: operation.reply ?? '', record });
  }

  function written(operation: Operation, input: Input, reply: Reply): Written {
    const at = identityOf(operation, input);
    const after = recordIn(operation, reply);
    const reading = at ? readings.get(at.identity) : undefined;
    const own = at ? { [at.key]: input[at.key] } : {};
    const told = { operation: operation.name, record: { ...own, ...namesOf(operation, after ?? {}) } };
    if (!reading || !at) return told;
    if (!after || reading.kind !== operation.reply) return { ...told, before: figuresOf(reading.record) };
    readings.set(at.identity, { kind: reading.kind, record: after });
    const changed = changesOf(reading.record, after);
    return Object.keys(changed).length > 0 ? { ...told, changed } : told;
  }

  return { note, written };
}

/** What a person and the API call a record by. */
function namesOf({ reply = '' }: Operation, record: Row): Record<string, unknown> {
  const own = Object.keys(record).find((key) => key.endsWith('_id'));
  const wanted = (key: string) =>
    key === own || key === `${reply}_id` || /^(name|status|sku|contact_name)$/.test(key) || /_number$/.test(key);
  const pairs = Object.entries(record).filter(([key, value]) => wanted(key) && isScalar(value) && value !== '');
  return Object.fromEntries(pairs);
}

const linesOf = (record: Row): [string, Row][] => {
  const lines: unknown[] = Array.isArray(record.line_items) ? record.line_items : [];
  return lines.filter(isRow).map((line) => [String(line.line_item_id ?? line.item_id), line]);
};

function figuresOf(record: Row): Record<string, unknown> {
  const pairs = Object.entries(record).filter(([key, value]) => figures.test(key) && isScalar(value) && value !== '');
  const lines = linesOf(record).map(([id, { quantity }]) => [`line ${id} quantity`, quantity] as const);
  return Object.fromEntries([...pairs.filter(([key]) => !unspoken.test(key)), ...lines].slice(0, mostChanges));
}

function changesOf(before: Row, after: Row): Record<string, Change> {
  const fields = Object.keys(after).filter((key) => !unspoken.test(key));
  const changes = fields.flatMap((key) => changeOf(key, before[key], after[key]));
  const earlier = new Map(linesOf(before));
  const later = new Map(linesOf(after));
  for (const id of new Set([...earlier.keys(), ...later.keys()])) {
    const [was = {}, is = {}] = [earlier.get(id), later.get(id)];
    const keys = new Set([...Object.keys(was), ...Object.keys(is)].filter((key) => lineFigures.test(key)));
    for (const key of keys) if (!unspoken.test(key)) changes.push(...changeOf(`line ${id} ${key}`, was[key], is[key]));
  }
  return Object.fromEntries(changes.slice(0, mostChanges));
}

/** A field that was not told counts as empty. */
function changeOf(name: string, before: unknown = null, after: unknown = null): [string, Change][] {
  if (!isScalar(before) || !isScalar(after) || before === after) return [];
  const isEmpty = (value: unknown) => value === null || value === '';
  return isEmpty(before) && isEmpty(after) ? [] : [[name, { before, after }]];
}
