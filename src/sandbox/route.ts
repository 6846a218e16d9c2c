import type { Database } from '../sqlite.ts';

/** What every handler of the sandbox works on. One world = one organization. */
export interface World {
  readonly db: Database;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calendar day of the organization, yyyy-mm-dd. */
  readonly today: () => string;
  /** Now as the API writes it: `2025-01-15T10:30:00-0800`, in the organization's zone. */
  readonly timestamp: () => string;
  /** The next record id: digits, never reused, the same for the same sequence of calls. */
  readonly nextId: () => string;
  /** Refuse to confirm an order that promises more than there is. */
  readonly refuseBeyondStock: boolean;
}

export interface Call {
  readonly world: World;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** Files of a multipart request, by the name of their part. */
  readonly files?: ReadonlyMap<string, { readonly name: string; readonly bytes: Uint8Array }>;
  /** The Accept header; absent where it does not matter. */
  readonly accept?: string;
}

/** A document instead of JSON. It is drawn after the call's transaction, from what `make` has read in it. */
export interface AnsweredFile {
  readonly mediaType: string;
  readonly make: () => Promise<Uint8Array>;
}

export interface Answer {
  /** 201 for what was created; else 200. */
  readonly status?: number;
  readonly message: string;
  /** Keys beside `code` and `message`: `{ item: {...} }`, `{ items: [...], page_context: {...} }`. Long lists are row streams. */
  readonly body?: Record<string, unknown>;
  /** Answered instead of message and body. */
  readonly file?: AnsweredFile;
}

/** One endpoint; the handler runs inside one transaction, so a document posts whole or not at all. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/inventory/v1`, parameters as `{item_id}`. */
  readonly path: string;
  readonly handle: (call: Call) => Answer;
}

/** A refusal as the API words it: HTTP status, code of the reference's table, message, field and details. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
    readonly field?: string,
    readonly details?: string,
  ) {
    super(message);
  }
}

export const missing = (field: string) =>
  new ApiError(400, 1001, 'Mandatory field missing', field, `The ${field} field is required.`);

export const invalid = (field: string, details: string) =>
  new ApiError(400, 1002, 'Invalid field value', field, details);

export const notFound = (what: string, id: string) =>
  new ApiError(404, 41, 'Resource not found', undefined, `There is no ${what} ${id}.`);
