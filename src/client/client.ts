import { Denied } from '../errors.ts';
import { effectOf, type Input, type Operation, toRequest } from '../operations/define.ts';
import { createAuth } from './auth.ts';
import { compose, type Send } from './compose.ts';
import type { Client } from './contract.ts';
import { dataCenters, isKnownApiDomain } from './data-centers.ts';
import { createDayCount, type DayCount } from './day-count.ts';
import { readEnvelope } from './envelope.ts';
import { createHttp } from './http.ts';
import { walkPages } from './pages.ts';
import { type Limits, planLimits } from './plans.ts';
import { createLimiter } from './rate-limit.ts';
import { createRetry } from './retry.ts';
import { createShare } from './share.ts';
import { createTokenSource, fixedToken, type PostForm, type TokenSource } from './token.ts';
import { createTransport, type Exchange } from './transport.ts';
import type { Sleep } from './wait.ts';

export type { CallOptions, Client, Reply } from './contract.ts';

export interface ClientOptions {
  /** The whole stack of layers. */
  readonly send: Send;
  readonly callsSent: () => number;
  /** Whether a 401 that comes this far was answered to a renewed token. */
  readonly tokenRenewable: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Reads a file that may be sent instead of an `image` argument. Absent: no `path` is read. */
  readonly readFile?: ReadFile | undefined;
}

export type ReadFile = (path: string) => Promise<{ readonly name: string; readonly bytes: Uint8Array }>;

/** An upload that names a file by `path` gets the file's bytes in place of it. */
async function withFile(operation: Operation, input: Input, readFile: ReadFile | undefined): Promise<Input> {
  const { path, ...rest } = input;
  if (!operation.upload || typeof path !== 'string') return input;
  if (!readFile)
    throw new Denied('Files can be read only where the operator allowed a folder, and never over HTTP. Send image.', {
      nothingSent: true,
    });
  const { name, bytes } = await readFile(path);
  return { file_name: name, ...rest, image: Buffer.from(bytes).toString('base64') };
}

/** Operations over a Send: the request is made, sent, and its envelope read. */
export function createClient({ send, callsSent, tokenRenewable, now, readFile }: ClientOptions): Client {
  const call: Client['call'] = async (operation, input, { signal, onWait } = {}) => {
    const request = {
      ...toRequest(operation, await withFile(operation, input, readFile)),
      operation: operation.name,
      effect: effectOf(operation, input),
      scope: operation.scope,
      ...(onWait ? { onWait } : {}),
    };
    return readEnvelope(request, await send(request, signal), { tokenRenewable, now });
  };
  return { call, callsSent, pages: (operation, input, options) => walkPages(call, operation, input, options) };
}

interface InventoryClientBase {
  /** Host of the API. Absent: the one that the token reply names, if it is one of Zoho's, else that of `accountsUrl`. */
  readonly apiDomain?: string | undefined;
  /** Every operation but those of organizations needs it. */
  readonly organizationId?: string | undefined;
  /** Default: the reference's professional plan. */
  readonly limits?: Limits | undefined;
  /** Calls of the day so far, where they are shared or kept; default: counted in this process. */
  readonly dayCount?: DayCount | undefined;
  /** A server in this process instead of the network; it is asked for tokens too. */
  readonly dispatch?: ((request: Request) => Promise<Response>) | undefined;
  readonly now: () => number;
  readonly sleep: Sleep;
  /** 0 to 1, as Math.random. */
  readonly random: () => number;
  /** All waits of one call together; default 20 s, because clients give up at 60. */
  readonly patienceMs?: number | undefined;
  /** Longest wait for the answer to a read; a write is given twice that. Default 15 s. */
  readonly timeoutMs?: number | undefined;
  readonly log?: ((message: string) => void) | undefined;
  /** Reads a file of the folder that the operator allowed; never given to a server that others reach over HTTP. */
  readonly readFile?: ReadFile | undefined;
}

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

/** Either credentials with the accounts host, or an access token that nobody renews. */
export type InventoryClientOptions = InventoryClientBase &
  ({ readonly credentials: Credentials; readonly accountsUrl: string } | { readonly accessToken: string });

export interface InventoryClient extends Client {
  /** API calls left of this day (UTC), by our own count. */
  readonly dayLeft: () => number;
  /** Closes the connections; calls in flight fail. */
  readonly close: () => Promise<void>;
}

/** The whole stack, wired: share(retry(limit(auth(http)))). Loads undici and the queues at the first call. */
export function createInventoryClient(options: InventoryClientOptions): InventoryClient {
  const { now, sleep, random, dispatch, patienceMs = 20_000, timeoutMs = 15_000 } = options;
  const transport = createTransport({ sleep, ...(dispatch ? { dispatch } : {}) });
  const tokens = tokenSource(options, postForm(transport.exchange, timeoutMs));
  const limiter = createLimiter({
    limits: options.limits ?? planLimits.professional,
    day: options.dayCount ?? createDayCount(now),
    patienceMs,
    now,
    sleep,
    prepare: tokens.get,
  });
  let sent = 0;
  const http = createHttp({
    apiDomain: domainChooser(options, tokens),
    organizationId: options.organizationId,
    timeoutMs,
    exchange: transport.exchange,
    onSent: () => {
      sent += 1;
    },
  });
  const send = compose(
    http,
    createShare(),
    createRetry({ now, sleep, random, patienceMs }),
    limiter.layer,
    createAuth({ tokens, ticket: limiter.ticket }),
  );
  return {
    ...createClient({ send, callsSent: () => sent, tokenRenewable: tokens.renewable, now, readFile: options.readFile }),
    dayLeft: limiter.dayLeft,
    close: transport.close,
  };
}

function tokenSource(options: InventoryClientOptions, post: PostForm): TokenSource {
  if ('accessToken' in options) return fixedToken(options.accessToken);
  return createTokenSource({ ...options.credentials, accountsUrl: options.accountsUrl, now: options.now, post });
}

function postForm(exchange: Exchange, timeoutMs: number): PostForm {
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  return (url, form) =>
    exchange(
      { method: 'POST', url, headers, body: new URLSearchParams(form).toString() },
      { timeoutMs, cancellable: true },
    );
}

/**
 * A host that was set is always used: a token goes nowhere its owner did not name. A reply that names another one is
 * logged, because it mostly means a wrong data center. Without a setting the reply's host is followed if it is Zoho's.
 */
function domainChooser(options: InventoryClientOptions, tokens: TokenSource): () => string {
  const { apiDomain, log } = options;
  const accountsUrl = 'accountsUrl' in options ? options.accountsUrl : undefined;
  const home = Object.values(dataCenters).find((center) => center.accountsUrl === accountsUrl) ?? dataCenters.US;
  let isTold = false;
  return () => {
    const named = tokens.apiDomain();
    if (apiDomain === undefined) return named !== undefined && isKnownApiDomain(named) ? named : home.apiDomain;
    if (!isTold && named !== undefined && named.replace(/\/+$/, '') !== apiDomain.replace(/\/+$/, '')) {
      isTold = true;
      log?.('The token reply names another API host than the one that is set; the one that is set is used.');
    }
    return apiDomain;
  };
}
