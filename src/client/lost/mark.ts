import type { Input, Operation } from '../../operations/define.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Attempt } from './attempt.ts';

/** Where the operator lets a mark of ours be written: `reference_number`, or a custom field by its label. */
export type MarkPlace = 'reference_number' | `custom_field:${string}`;

const customLabel = (field: string): string | undefined =>
  field.startsWith('custom_field:') ? field.slice('custom_field:'.length) : undefined;

const fieldsOf = (input: JsonObject): JsonObject[] =>
  Array.isArray(input.custom_fields) ? input.custom_fields.filter(isObject) : [];

const isLabelled = (field: JsonObject, label: string) => field.label === label || field.api_name === label;

/** A new mark where the operation has the field and the caller left it empty; else none. */
export function markFor(
  operation: Operation,
  input: Input,
  place: MarkPlace | undefined,
  randomId: () => string,
): Attempt['mark'] {
  if (place === undefined || operation.trace?.kind !== 'created') return undefined;
  const label = customLabel(place);
  const key = label === undefined ? place : 'custom_fields';
  if (!(key in operation.input)) return undefined;
  const isTaken = label === undefined ? Boolean(input[key]) : fieldsOf(input).some((field) => isLabelled(field, label));
  return isTaken ? undefined : { field: place, value: `zim-${randomId().slice(0, 16)}` };
}

/** The input with its mark. */
export function marked(input: Input, { mark }: Attempt): Input {
  if (!mark) return input;
  const label = customLabel(mark.field);
  if (label === undefined) return { ...input, [mark.field]: mark.value };
  return { ...input, custom_fields: [...fieldsOf(input), { label, value: mark.value }] };
}

/**
 * Whose mark a record bears: `untold` where it does not print the field, and where a custom field is missing or empty,
 * for the organization may not have it.
 */
export function bears(record: JsonObject, mark: NonNullable<Attempt['mark']>): 'ours' | 'another' | 'untold' {
  const label = customLabel(mark.field);
  const shown = label === undefined ? record : fieldsOf(record).find((field) => isLabelled(field, label));
  const value = shown?.[label === undefined ? mark.field : 'value'];
  if (value === mark.value) return 'ours';
  return value === undefined || value === null || (value === '' && label !== undefined) ? 'untold' : 'another';
}
