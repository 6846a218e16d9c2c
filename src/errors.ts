/**
 * The one family of errors that may reach a model. Each says what happened, why, and what to do next; none
 * carries third-party exception text, a stack or a secret. Thrown where the fact is known, caught once in `mcp/call.ts`.
 */
export type ErrorKind =
  | 'invalid_arguments'
  | 'denied'
  | 'confirmation_invalid'
  | 'unauthorized'
  | 'missing_scope'
  | 'not_found'
  | 'rejected'
  | 'rate_limited'
  | 'unavailable'
  | 'outcome_unknown'
  | 'partly_done'
  | 'cancelled';

/** Facts a program may read from an error: ids, codes, candidates. Plain JSON. */
export type ErrorFacts = Record<string, unknown>;

export interface ErrorDetails extends ErrorOptions {
  readonly facts?: ErrorFacts;
  /** True when nothing of this call reached the API, so that a confirmation may be given back. */
  readonly nothingSent?: boolean;
}

export abstract class InventoryError extends Error {
  abstract readonly kind: ErrorKind;
  readonly facts: ErrorFacts;
  readonly nothingSent: boolean;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details);
    this.name = new.target.name;
    this.facts = details.facts ?? {};
    this.nothingSent = details.nothingSent ?? false;
  }
}

/** The arguments cannot be acted on; the message names the field and what would be right. */
export class InvalidArguments extends InventoryError {
  readonly kind = 'invalid_arguments';
}

/** A setting or the guard forbids this; nothing was sent. */
export class Denied extends InventoryError {
  readonly kind = 'denied';
}

/** The confirmation cannot be used: unknown, expired, of another caller, with another summary, or out of date. */
export class ConfirmationInvalid extends InventoryError {
  readonly kind = 'confirmation_invalid';
}

/** Credentials were refused. */
export class Unauthorized extends InventoryError {
  readonly kind = 'unauthorized';
}

/** The token lacks the named OAuth scope. */
export class MissingScope extends InventoryError {
  readonly kind = 'missing_scope';
  constructor(
    readonly scope: string,
    details: ErrorDetails & { readonly message?: string } = {},
  ) {
    super(
      details.message ??
        `The credentials lack the scope ${scope}. Grant it in the API console, make a new refresh token and restart.`,
      { ...details, facts: { scope, ...details.facts } },
    );
  }
}

/** The record does not exist (any more). */
export class NotFound extends InventoryError {
  readonly kind = 'not_found';
}

/** The API understood the request and refused it; the message carries the API's reason in its own short words. */
export class Rejected extends InventoryError {
  readonly kind = 'rejected';
}

/** The organization's call limit is used up, or the wait would be longer than the caller's patience. */
export class RateLimited extends InventoryError {
  readonly kind = 'rate_limited';
  constructor(
    readonly retryAfterSeconds: number,
    details: ErrorDetails & { readonly message?: string } = {},
  ) {
    super(
      details.message ??
        `The organization's call limit is used up. Try again in ${retryAfterSeconds} s. This says nothing about stock.`,
      {
        ...details,
        facts: { retry_after_seconds: retryAfterSeconds, ...details.facts },
      },
    );
  }
}

/** The API could not be reached or failed on its side; a read may be tried again. */
export class Unavailable extends InventoryError {
  readonly kind = 'unavailable';
}

/** A write was sent and its answer never came: it may or may not have happened. */
export class OutcomeUnknown extends InventoryError {
  readonly kind = 'outcome_unknown';
}

/** A job of several steps stopped in the middle; the facts list what is done, failed and not started. */
export class PartlyDone extends InventoryError {
  readonly kind = 'partly_done';
}

/** The caller took the call back before anything was written. */
export class Cancelled extends InventoryError {
  readonly kind = 'cancelled';
}
