import { parseMicro } from './numbers.ts';

// What spreadsheets take for the beginning of a formula, full-width signs included; a plain number is none.
const formula = /^[=+\-@\t\r\n＝＋－＠]/;
const plainNumber = /^-?\d+(\.\d+)?$/;
/** One that looks guarded already is guarded as well, so that its own apostrophe is not the one taken off. */
const mayBeGuarded = (cell: string): boolean => formula.test(cell.replace(/^'+/, ''));

/** The cell as text that no spreadsheet runs: an apostrophe before what could be a formula. */
export const guardCell = (cell: string): string => (mayBeGuarded(cell) && !plainNumber.test(cell) ? `'${cell}` : cell);

const isGuarded = (cell: string): boolean => cell.startsWith("'") && mayBeGuarded(cell.slice(1));

/** A guarded cell as it was before. */
export const unguardCell = (cell: string): string => (isGuarded(cell) ? cell.slice(1) : cell);

/** `="00123"` is how a spreadsheet is told that digits are text. */
const asText = /^="((?:[^"]|"")*)"$/;

/** What a cell says: without the guard of an export, or without the sign that keeps its zeros. */
export function cellText(cell: string): string {
  const trimmed = cell.trim();
  if (isGuarded(trimmed)) return trimmed.slice(1);
  return asText.exec(trimmed)?.[1]?.replaceAll('""', '"').trim() ?? trimmed;
}

/** 4901234567894 as a sheet shows it: which code it was cannot be told. */
const rounded = /^\d([.,]\d+)?e\+\d{2}$/i;
/** What a sheet shows where a formula found nothing. */
const sheetError = /^#(ref!|n\/a|name\?|value!|div\/0!|null!|num!|spill!|calc!)$/i;

/** What a sheet, or the way of its file, has made of a text, and nobody typed. Codes and ids must be whole, a text need not. */
export function sheetFault(text: string, { isCode }: { readonly isCode: boolean }): string | undefined {
  if (sheetError.test(text)) return 'is an error of the spreadsheet';
  if (text.includes('\ufffd')) return 'has lost a letter to another encoding; save the sheet as UTF-8';
  return isCode && rounded.test(text) ? 'was rounded by a spreadsheet; give it as text' : undefined;
}

/** A formula as it was typed, which nobody works out here; `cell` is as written. */
export const isFormula = (cell: string): boolean => cell.trim().startsWith('=') && cellText(cell).startsWith('=');

export type CellNumber =
  | { readonly micro: bigint }
  /** `unclear` names the two numbers it may be, each written so that it is the only one. */
  | { readonly fault: 'no number' | 'comma' | 'too fine' }
  | { readonly fault: 'unclear'; readonly either: string; readonly or: string };

const decimals = /^\d+([.,]\d+)?$/;
const oneGroup = /^[1-9]\d{0,2}[.,]\d{3}$/;
// Two signs, or one of them twice, leave no doubt which of them parts thousands; a space that breaks no line does so alone.
const grouped = [
  /^[1-9]\d{0,2}(\.\d{3})+,\d+$/,
  /^[1-9]\d{0,2}(,\d{3})+\.\d+$/,
  /^[1-9]\d{0,2}(\.\d{3}){2,}$/,
  /^[1-9]\d{0,2}(,\d{3}){2,}$/,
  /^[1-9]\d{0,2}([\u00a0\u202f'’]\d{3})+([.,]\d+)?$/,
];

/**
 * A number that a cell can mean in one way only, in 1e-6. Where commas part the cells a comma is no decimal sign; elsewhere
 * `12,5` is one, and neither `1.234` nor `1,234` is believed: in one country it is a thousand times what it is in the other.
 */
export function numberIn(cell: string, separator: string): CellNumber {
  const text = cellText(cell);
  const [sign = ''] = /^[+-]/.exec(text) ?? [];
  const size = text.slice(sign.length);
  if (grouped.some((pattern) => pattern.test(size))) return exact(sign + ungrouped(size));
  if (!decimals.test(size)) return { fault: isCommaed(size) ? 'comma' : 'no number' };
  const byComma = size.includes(',');
  if (byComma && separator === ',') return { fault: 'comma' };
  if (oneGroup.test(size) && separator !== ',') {
    const [whole, rest] = size.split(/[.,]/);
    return { fault: 'unclear', either: `${sign}${whole}${rest}`, or: `${sign}${whole}.${rest}0` };
  }
  return exact(sign + size.replace(',', '.'));
}

const isCommaed = (size: string): boolean => /^[\d.\s]*,[\d.,\s]*$/.test(size);

/** Without what parts its thousands; the decimal sign is the last, where it stands once. */
function ungrouped(size: string): string {
  const [last = ''] = /[^\d](?=\d*$)/.exec(size) ?? [];
  const isDecimal = /[.,]/.test(last) && size.indexOf(last) === size.lastIndexOf(last);
  if (!isDecimal) return size.replace(/\D/g, '');
  const at = size.lastIndexOf(last);
  return `${size.slice(0, at).replace(/\D/g, '')}.${size.slice(at + 1)}`;
}

function exact(text: string): CellNumber {
  if (/\.\d{6}\d*[1-9]/.test(text)) return { fault: 'too fine' };
  const micro = parseMicro(text);
  return micro === undefined ? { fault: 'no number' } : { micro };
}
