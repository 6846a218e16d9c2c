import { sameValue } from './changes.ts';
import { isRow, type Row, textIn } from './rows.ts';

/** Fields of an update that hold more than one value, each with the keys that it can name. A PUT replaces them whole. */
const address = 'address street2 city state zip country phone fax'.split(' ');
const custom = ['label', 'value'];
const partsOf: Readonly<Record<string, readonly string[]>> = {
  billing_address: address,
  shipping_address: address,
  delivery_address: address,
  dimensions: ['length', 'width', 'height', 'unit'],
  custom_fields: custom,
  package_custom_fields: custom,
  contact_persons: 'contact_person_id first_name last_name email phone mobile is_primary_contact'.split(' '),
  mapped_items: ['item_id', 'quantity', 'warehouse_id'],
};
/** What a person typed into them, and the update cannot name. */
const typed = ['attention', 'salutation', 'designation', 'department'];

export const hasParts = (key: string): boolean => partsOf[key] !== undefined;
const isList = (key: string) => /_fields$|_persons$|_items$/.test(key);

/** The value of a record as the update would name it: without what the service writes beside it. */
export function asNamed(key: string, value: unknown): unknown {
  const parts = partsOf[key];
  if (!parts) return value;
  const cut = (entry: Row): Row =>
    Object.fromEntries(parts.flatMap((part) => (isSaid(entry[part]) ? [[part, entry[part]]] : [])));
  if (!isList(key)) return isRow(value) ? cut(value) : {};
  const entries = rowsOf(value).map(cut);
  return partsOf[key] === custom ? entries.filter((entry) => isSaid(entry.value)) : entries;
}

const isSaid = (value: unknown) => value !== undefined && value !== null && value !== '';

/** Words of persons that stand in the value beside what the update can name: these do not come back with it. */
export function unnamedIn(key: string, value: unknown): string[] {
  if (!hasParts(key)) return [];
  const entries = (Array.isArray(value) ? value : [value]).filter(isRow);
  return typed.filter((part) => entries.some((entry) => isSaid(entry[part])));
}

/** `was` as it has to be sent for nothing of `now` to be left, also where what is not named is kept. */
export function overwriting(key: string, was: unknown, now: unknown): unknown {
  const [former, latest] = [rowsOf(was), rowsOf(now)];
  if (partsOf[key] === custom) {
    const labels = new Set(former.map(({ label }) => label));
    return [...former, ...latest.flatMap(({ label }) => (labels.has(label) ? [] : [{ label, value: '' }]))];
  }
  if (key === 'contact_persons') {
    const byId = new Map(latest.map((person) => [textIn(person, 'contact_person_id'), person]));
    // A person who is gone is written anew.
    return former.map(({ contact_person_id, ...person }) => {
      const today = byId.get(String(contact_person_id));
      return today ? { ...cleared(today, { contact_person_id, ...person }), contact_person_id, ...person } : person;
    });
  }
  if (!hasParts(key) || isList(key)) return was;
  return isRow(was) && isRow(now) ? { ...cleared(now, was), ...was } : was;
}

const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? value.filter(isRow) : []);

/** What stands in the one and not in the other, as none. */
const cleared = (now: Row, was: Row): Row =>
  Object.fromEntries(
    Object.entries(now).flatMap(([part, value]) =>
      was[part] === undefined ? [[part, typeof value === 'string' ? '' : typeof value === 'number' ? 0 : false]] : [],
    ),
  );

/** Whether the record shows what was sent, empty parts aside. */
export const isTaken = (key: string, shown: unknown, sent: unknown): boolean =>
  sameValue(asNamed(key, shown), asNamed(key, sent));
