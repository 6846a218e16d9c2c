import type { Agent, Dispatcher } from 'undici';
import { Cancelled } from '../errors.ts';
import type { ApiResponse } from './compose.ts';
import { NetworkFailure } from './failures.ts';
import { cancelledUnsent, type Sleep } from './wait.ts';

export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface ExchangeOptions {
  readonly timeoutMs: number;
  /** False for a write: once it has left, its answer is awaited `graceMs` more after the caller has gone. */
  readonly cancellable: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Told when the request really leaves. */
  readonly onSent?: (() => void) | undefined;
}

/** One HTTP exchange: an answer, or NetworkFailure, or Cancelled. */
export type Exchange = (request: WireRequest, options: ExchangeOptions) => Promise<ApiResponse>;

export interface Transport {
  readonly exchange: Exchange;
  readonly close: () => Promise<void>;
}

export interface TransportOptions {
  readonly sleep: Sleep;
  /** Serves requests inside the process instead of over the network. */
  readonly dispatch?: (request: Request) => Promise<Response>;
}

/** Largest reply that is read; the API's longest pages are far below 1 MiB. */
const maxReplyBytes = 16 * 1024 * 1024;
/** How long a write that has left is awaited after its caller has gone. */
const graceMs = 10_000;

interface Flight {
  sent: () => void;
  succeed: (response: ApiResponse) => void;
  fail: (cause: unknown) => void;
  /** The answer is more than we read. */
  refuseSize: () => void;
  /** Set by the carrier: stops the exchange on the wire. */
  stop: () => void;
}

/** Runs one exchange with its timeout and the rule of who may cancel it; `carry` only moves bytes. */
function fly(
  carry: (flight: Flight) => void,
  sleep: Sleep,
  { timeoutMs, cancellable, signal, onSent }: ExchangeOptions,
): Promise<ApiResponse> {
  return new Promise((resolve, reject) => {
    const clock = new AbortController();
    let hasLeft = false;
    let isOver = false;
    const after = (ms: number, then: () => void) => void sleep(ms, clock.signal).then(then, () => {});
    const end = (settle: () => void) => {
      if (isOver) return;
      isOver = true;
      clock.abort();
      signal?.removeEventListener('abort', onAbort);
      settle();
      flight.stop();
    };
    const fail = (reason: string, cause?: unknown) =>
      end(() => reject(new NetworkFailure(hasLeft ? 'lost' : 'notSent', reason, { cause })));
    const onAbort = () => {
      if (!hasLeft) end(() => reject(cancelledUnsent()));
      else if (cancellable) end(() => reject(new Cancelled('The call was taken back; it only read.')));
      else after(graceMs, () => fail(`no answer came within ${graceMs / 1000} s of the caller leaving`));
    };
    const flight: Flight = {
      // Too late: the caller was told that nothing is sent, so the carrier must let go before the first byte.
      sent: () => {
        if (isOver) return flight.stop();
        hasLeft = true;
        onSent?.();
      },
      succeed: (response) => end(() => resolve(response)),
      fail: (cause) => fail(hasLeft ? 'the connection broke before the answer was whole' : unreachable(cause), cause),
      refuseSize: () =>
        end(() => reject(new NetworkFailure('unreadable', `its answer is larger than ${maxReplyBytes / 1048576} MiB`))),
      stop: () => {},
    };
    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    after(timeoutMs, () => fail(`no ${hasLeft ? 'answer' : 'connection'} came within ${timeoutMs / 1000} s`));
    carry(flight);
  });
}

function unreachable(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the name of the host was not found';
  if (code === 'ECONNREFUSED') return 'the host refused the connection';
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'the host did not take the connection';
  return 'no connection to the host could be made';
}

/** A file where one was asked for and came; anything else is text, the JSON of a refusal too. */
function bodyOf(request: WireRequest, type: string, body: Buffer): Pick<ApiResponse, 'text' | 'bytes'> {
  const wanted = request.headers.accept ?? 'application/json';
  const isFile = wanted !== 'application/json' && type.toLowerCase().startsWith(wanted);
  return isFile ? { text: '', bytes: body } : { text: body.toString('utf8') };
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [key, value] of Object.entries(headers)) {
    if (value !== undefined) flat[key.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/**
 * undici, one Agent for all calls, loaded when first used. Its dispatch is used directly, because only the handler is
 * told when a request starts on a socket: that is what proves whether a failed write was ever sent.
 */
export function overNetwork({ sleep }: TransportOptions): Transport {
  let agent: Promise<Agent> | undefined;
  const open = async () => {
    const undici = await import('undici');
    // Timeouts are ours, so that one clock decides; no pipelining, so that undici never sends a request twice.
    return new undici.Agent({ pipelining: 1, headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 } });
  };
  const exchange: Exchange = async (request, options) => {
    agent ??= open();
    const dispatcher = await agent;
    return fly((flight) => carryOverSocket(dispatcher, request, flight), sleep, options);
  };
  return { exchange, close: async () => void (await (await agent)?.destroy()) };
}

function carryOverSocket(agent: Agent, request: WireRequest, flight: Flight): void {
  const { method, url, headers, body } = request;
  const { origin, pathname, search } = new URL(url);
  const chunks: Buffer[] = [];
  let size = 0;
  let status = 0;
  let replyHeaders: Record<string, string> = {};
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: (controller) => {
      flight.stop = () => controller.abort(new Error('no longer wanted'));
      flight.sent();
    },
    onResponseStart: (_, statusCode, received) => {
      status = statusCode;
      replyHeaders = flatten(received);
    },
    onResponseData: (_, chunk) => {
      size += chunk.length;
      if (size > maxReplyBytes) flight.refuseSize();
      else chunks.push(chunk);
    },
    onResponseEnd: () => {
      flight.stop = () => {}; // the connection is kept for the next call
      const type = replyHeaders['content-type'] ?? '';
      flight.succeed({ status, headers: replyHeaders, ...bodyOf(request, type, Buffer.concat(chunks)) });
    },
    onResponseError: (_, error) => flight.fail(error),
  };
  try {
    agent.dispatch({ origin, path: pathname + search, method, headers: { ...headers }, body: body ?? null }, handler);
  } catch (error) {
    flight.fail(error);
  }
}

// The web platform's types want bytes that no other thread can change.
const webBody = (body: string | Uint8Array) => (typeof body === 'string' ? body : Uint8Array.from(body));

/** A server in the same process, such as the embedded inventory. */
export function inProcess(dispatch: (request: Request) => Promise<Response>, { sleep }: TransportOptions): Transport {
  const exchange: Exchange = (request, options) => {
    const { method, url, headers, body } = request;
    const carry = (flight: Flight) => {
      const left = new AbortController();
      flight.stop = () => left.abort();
      flight.sent();
      const answer = async () => {
        const response = await dispatch(
          new Request(url, {
            method,
            headers,
            signal: left.signal,
            ...(body === undefined ? {} : { body: webBody(body) }),
          }),
        );
        const bytes = Buffer.from(await response.arrayBuffer());
        const replyHeaders = Object.fromEntries(response.headers);
        if (bytes.length > maxReplyBytes) return flight.refuseSize();
        const type = replyHeaders['content-type'] ?? '';
        flight.succeed({ status: response.status, headers: replyHeaders, ...bodyOf(request, type, bytes) });
      };
      answer().catch(flight.fail);
    };
    return fly(carry, sleep, options);
  };
  return { exchange, close: async () => {} };
}

/** The network, or `dispatch` where it is given. */
export const createTransport = (options: TransportOptions): Transport =>
  options.dispatch ? inProcess(options.dispatch, options) : overNetwork(options);
