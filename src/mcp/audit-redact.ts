import { createHash } from 'node:crypto';
import { visible } from '../workflows/text.ts';

/** Longest free text in a line of the audit. */
const mostText = 160;
/** What is looked through for what must not be shown; the rest is cut off unseen. */
const mostSearched = 1000;
/** Of one list, and of all that is in one value. */
const mostEntries = 100;
const mostValues = 1000;
const mostDepth = 8;

const hidden = '[hidden]';

const secretKey = /token|secret|passw|authorization|api[-_ ]?key|credential|cookie|^confirmation$/i;
const phoneKey = /phone|mobile|fax/i;
/** Digits and signs there are no telephone number. */
const figureKey = /(^|_)(ids?|number|sku|upc|ean|isbn|code|date|time|quantity|rate)$/i;

const secretShapes: readonly RegExp[] = [
  /\b(bearer|basic|zoho-oauthtoken)\s+[\w.~+/=-]{8,}/gi,
  // Zoho's tokens and client ids.
  /\b1000\.(?=[\w.-]*[A-Za-z])[\w.-]{5,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}(\.[\w-]*)?/g,
];

/** What names and numbers are joined of: `Pallet`, `EURO`, `long`, `1200x800`, `SO00012`. */
const plainPart = /^([A-Za-z]?[a-z]*|[A-Z]*|[A-Z]{0,6}\d+[A-Z]{0,3}|[A-Za-z]?[a-z]{0,5}\d+[a-z]{0,3}|\d+(x\d+)+)$/;

/** Letters and digits in no order, such as a confirmation or a key. Rather a strange name hidden than a key shown. */
const isRandom = (word: string): boolean => !word.split(/[-_]/).every((part) => plainPart.test(part));

/** Letters and digits in a row that hold a telephone number as people write it; a date and a plain number are none. */
function maskPhone(found: string): string {
  const digits = found.replace(/\D/g, '');
  const isDate = /^\(?\d{4}-\d{2}-\d{2}|^\d{1,2}[./]\d{1,2}[./]\d{2,4}$/.test(found);
  const isWritten = /^\+/.test(found) || /\d[\s()/-]+\d/.test(found);
  return digits.length < 7 || digits.length > 15 || isDate || !isWritten ? found : maskDigits(found);
}

/** The last two digits stay, to tell one number from another. */
function maskDigits(text: string): string {
  const digits = text.replace(/\D/g, '');
  return digits.length < 5 ? '***' : `***${digits.slice(-2)}`;
}

// At most the 64 characters that mail allows before the sign: without a bound a long word would be searched again and again.
const emails = /([^\s@<>"'(),;:])[^\s@<>"'(),;:]{0,63}@([^\s@<>"'(),;:]+\.[^\s@<>"'(),;:]+)/gu;
const phones = /(?<![\w.-])(?:\+|\()?\d[\d\s()./-]{5,20}\d(?![\w-])/g;
/** What stands behind such a word is one, however it is written. */
const toldPhones = /\b(phone|mobile|fax|tel)\b[^;\n]{0,120}/gi;
const words = /[\w-]{24,}/g;

/** Base64 of some length, alone or as a `data:` address. */
const fileText = /^(data:[\w/+.;=-]{0,100},)?[A-Za-z0-9+/_\r\n-]{200,}={0,2}\s{0,2}$/;

function fileWords(text: string): string {
  const bytes = Buffer.from(text.slice(text.startsWith('data:') ? text.indexOf(',') + 1 : 0), 'base64');
  return `[file: ${bytes.length} bytes, sha256 ${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}]`;
}

function cut(text: string, length: number, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most).join('')}… (${length} characters)`;
}

/**
 * Makes values fit to be kept: secrets hidden, e-mail addresses and telephone numbers masked, files named by size and
 * hash, long texts and lists cut. `secrets` are hidden wherever they stand, whatever they look like.
 */
export function createRedact(secrets: readonly string[]) {
  const known = secrets.filter((secret) => secret.length >= 6);

  function text(given: string, key = '', most = mostText): string {
    if (fileText.test(given)) return fileWords(given);
    let shown = visible(given.slice(0, mostSearched));
    for (const secret of known) shown = shown.replaceAll(secret, hidden);
    for (const shape of secretShapes) shown = shown.replace(shape, hidden);
    shown = shown.replace(words, (word) => (isRandom(word) ? hidden : word));
    if (shown.includes('@')) shown = shown.replace(emails, '$1***@$2');
    if (phoneKey.test(key)) shown = maskDigits(shown);
    else if (!figureKey.test(key)) {
      shown = shown.replace(phones, maskPhone);
      shown = shown.replace(toldPhones, (told) => told.replace(/\d[\d\s()./-]{3,20}\d/g, maskDigits));
    }
    return cut(shown, given.length, most);
  }

  function entries(value: object, depth: number, budget: Budget): unknown {
    const pairs = Object.entries(value).slice(0, mostEntries);
    // A custom field says in another key what its value is.
    const isSecret = pairs.some(([key, said]) => /label|placeholder|name/.test(key) && secretKey.test(String(said)));
    return Object.fromEntries(
      pairs.map(([key, entry]) => [
        text(key),
        isSecret && key === 'value' ? hidden : redacted(entry, key, depth + 1, budget),
      ]),
    );
  }

  function redacted(value: unknown, key: string, depth: number, budget: Budget): unknown {
    if (value === null || value === undefined || value === '') return value ?? null;
    if (secretKey.test(key)) return hidden;
    budget.left -= 1;
    if (budget.left < 0 || depth >= mostDepth) return '[more]';
    if (typeof value === 'string') return text(value, key);
    if (typeof value === 'number') return phoneKey.test(key) ? maskDigits(String(value)) : value;
    if (typeof value !== 'object') return typeof value === 'boolean' ? value : String(value);
    if (!Array.isArray(value)) return entries(value, depth, budget);
    const kept = value.slice(0, mostEntries).map((entry) => redacted(entry, key, depth + 1, budget));
    return value.length > mostEntries ? [...kept, `[${value.length - mostEntries} more]`] : kept;
  }

  /** `key` says what the value is of: a telephone number is masked whatever it looks like. */
  const value = (given: unknown, key = ''): unknown => redacted(given, key, 0, { left: mostValues });

  return { text, value };
}

interface Budget {
  left: number;
}

export type Redact = ReturnType<typeof createRedact>;
