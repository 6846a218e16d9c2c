import type { Effect, Method, Service } from '../operations/define.ts';

/** One request to the API, before a host, a token or a body encoding is chosen. */
export interface ApiRequest {
  readonly operation: string;
  readonly effect: Effect;
  /** Scope to name when the API says the token may not do this. */
  readonly scope: string;
  readonly method: Method;
  /** Absent: the inventory. */
  readonly service?: Service;
  /** Below the root of its service, segments already encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Sent as multipart/form-data instead of a JSON body. */
  readonly file?: { readonly part: string; readonly name: string; readonly type: string; readonly bytes: Uint8Array };
  readonly headers?: Readonly<Record<string, string>>;
  /** When the caller's patience for waiting ends, in ms since 1970; the outermost layer sets it for all attempts together. */
  readonly deadlineMs?: number;
  /** Told while the call waits for the rate limit, in words a person can read. */
  readonly onWait?: (message: string) => void;
  /** Told when it really leaves. */
  readonly onSent?: () => void;
  /** Its answer must not come from a cache. */
  readonly fresh?: boolean;
}

export interface ApiResponse {
  readonly status: number;
  /** Keys in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text; JSON is read by the envelope. */
  readonly text: string;
  /** The body of a reply of the media type that was asked for instead of JSON; its `text` is then empty. */
  readonly bytes?: Uint8Array;
}

/** Sends one request. `signal` takes the call back; a write that has left is awaited all the same. */
export type Send = (request: ApiRequest, signal?: AbortSignal) => Promise<ApiResponse>;

/** A concern wrapped around a Send: retry, rate limit, auth. */
export type Layer = (next: Send) => Send;

/** `compose(http, retry, limit, auth)` = retry(limit(auth(http))): the first layer is the outermost. */
export function compose(http: Send, ...layers: Layer[]): Send {
  return layers.reduceRight((next, layer) => layer(next), http);
}
