/** What each kind of fault takes beside the fields of every rule. Keys as they stand in a file. */
export interface FaultParameters {
  /** The connection is reset; nothing was carried out. */
  reset_before: object;
  /** The request is carried out, then the connection is reset; `in_body`: after the first half of the answer. */
  reset_after: { in_body?: boolean };
  /** No answer comes until the caller leaves; nothing was carried out. */
  no_answer_before: object;
  /** Carried out, and no answer comes until the caller leaves. */
  no_answer_after: object;
  /**
   * 429 with `code`, default 48. Headers only where given: Retry-After in seconds, or so many seconds ahead as a date, and
   * X-Rate-Limit-Reset.
   */
  rate_limited: { code?: number; retry_after?: number; retry_after_date?: number; reset?: number };
  /** 500 or `status`, default before anything was carried out. */
  server_error: { status?: number; commit?: 'before' | 'after' };
  /** HTTP 200 with this code in the envelope; nothing was carried out. */
  code: { code: number; message?: string };
  /** A page instead of JSON, as a proxy sends it; 200 or `status`, default before anything was carried out. */
  html: { status?: number; commit?: 'before' | 'after' };
  /** Carried out; the answer stops in its middle as if it were whole. */
  cut_json: object;
  /** Carried out; headers at once, the body in `pieces` (default 10) over `ms`. */
  slow_body: { ms: number; pieces?: number };
  /** 401 with `code`, default 57; the access token of the request is good no more. */
  token_expired: { code?: number };
  /** The token endpoint answers 200 with this `error`, which Zoho spells `invalid_code` or `Access Denied`. */
  token_error: { error: string; description?: string };
  /** The sandbox's clock is off by `ms` as long as the rule stands. */
  clock_skew: { ms: number };
}

export type FaultName = keyof FaultParameters;

export interface FaultMatch {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/inventory/v1`, or whole: `/oauth/v2/token`, `/crm/v2/...`; `*` and `{item_id}` stand for one segment, `**` for any number. */
  readonly path?: string;
  /** The same as the text of a regular expression. */
  readonly path_matches?: string;
  /** Only the nth request that fits, counted from 1. */
  readonly nth?: number;
}

/** When a rule fires. */
export interface Occasion {
  /** Without a path: requests of the API, and for `token_error` those of the token endpoint. */
  readonly match?: FaultMatch;
  /** 0 to 1; default 1. */
  readonly probability?: number;
  /** At most so often; default without end, for `token_expired` once. */
  readonly count?: number;
  /** Leaves the first n requests that fit alone. */
  readonly after?: number;
}

export type RuleOf<Name extends FaultName> = { readonly fault: Name } & Occasion & Readonly<FaultParameters[Name]>;
export type FaultRule = { [Name in FaultName]: RuleOf<Name> }[FaultName];

/** The first rule that fits a request and fires decides. The same plan and requests make the same faults. */
export interface FaultPlan {
  /** Of the chances; default 1. */
  readonly seed?: number;
  readonly rules: readonly FaultRule[];
}
