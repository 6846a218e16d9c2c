import { Denied } from '../errors.ts';
import { effectOf, type Input, type Operation, toRequest } from '../operations/define.ts';
import { createApiClock } from './api-clock.ts';
import { createAuth } from './auth.ts';
import { createCache } from './cache.ts';
import { compose, type Send } from './compose.ts';
import type { CallOptions, Client } from './contract.ts';
import { readCrmReply } from './crm-envelope.ts';
import { dataCenters, isKnownApiDomain } from './data-centers.ts';
import { createDayCount } from './day-count.ts';
import { readEnvelope } from './envelope.ts';
import { createHttp } from './http.ts';
import { createKeptToken } from './kept-token.ts';
import { type Claims, createClaims } from './lost/attempt.ts';
import { createElsewhere } from './lost/elsewhere.ts';
import type { MarkPlace } from './lost/mark.ts';
import { createSharedClaims } from './lost/shared-claims.ts';
import { createSure } from './lost/sure.ts';
import { walkPages } from './pages.ts';
import { type Limits, planLimits } from './plans.ts';
import { type ApiUsage, type CallsLeft, createLimiter } from './rate-limit.ts';
import { createRetry } from './retry.ts';
import { createShare } from './share.ts';
import { createShared, type Shared, type SharedStore } from './shared-store.ts';
import { createTokenSource, fixedToken, type PostForm, type TokenSource } from './token.ts';
import { createTransport, type Exchange } from './transport.ts';
import type { Every, Sleep } from './wait.ts';

export type { CallOptions, Client, Reply } from './contract.ts';
export type { ApiUsage, CallsLeft } from './rate-limit.ts';
export type { SharedStore } from './shared-store.ts';

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

/** Operations over a Send: the request is made, sent, and its envelope read. A lost write is only said to be lost. */
export function createClient({ send, callsSent, tokenRenewable, now, readFile }: ClientOptions): Client {
  const call: Client['call'] = async (operation, input, options: CallOptions = {}) => {
    const { signal, onWait, onSent, fresh, deadlineMs } = options;
    const request = {
      ...toRequest(operation, await withFile(operation, input, readFile)),
      operation: operation.name,
      effect: effectOf(operation, input),
      scope: operation.scope,
      ...(onWait ? { onWait } : {}),
      ...(onSent ? { onSent } : {}),
      ...(fresh ? { fresh } : {}),
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    };
    const response = await send(request, signal);
    if (operation.service === 'crm') return readCrmReply(operation, request, response, now());
    return readEnvelope(request, response, { tokenRenewable, now });
  };
  return {
    call,
    callsSent,
    pages: (operation, input, options) => walkPages(call, operation, input, options),
    trace: async () => ({ kind: 'unclear', why: 'this client looks for nothing', facts: {} }),
    claim: async () => true,
  };
}

interface InventoryClientBase {
  /** Host of the API. Absent: the one that the token reply names, if it is one of Zoho's, else that of `accountsUrl`. */
  readonly apiDomain?: string | undefined;
  /** Every operation but those of organizations needs it. */
  readonly organizationId?: string | undefined;
  /** Default: the reference's professional plan. */
  readonly limits?: Limits | undefined;
  /** Where several processes count their calls together; default: this process counts alone. */
  readonly sharedStore?: SharedStore | undefined;
  /** A server in this process instead of the network; it is asked for tokens too. */
  readonly dispatch?: ((request: Request) => Promise<Response>) | undefined;
  readonly now: () => number;
  readonly sleep: Sleep;
  /** Renews what is told to other processes while a write is under way; default: a timer of this process. */
  readonly every?: Every | undefined;
  /** 0 to 1, as Math.random. */
  readonly random: () => number;
  /** Url-safe, for marks; default: made of `random`. */
  readonly randomId?: (() => string) | undefined;
  /** Which records are known as whose work; default: of this process alone. */
  readonly claims?: Claims | undefined;
  /** Where a mark of ours may be written into new records, so that a lost one is found beyond doubt. */
  readonly mark?: MarkPlace | undefined;
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
  /** Of this day (UTC), as far as this process knows; asks nobody. */
  readonly callsLeft: () => CallsLeft;
  /** Where the organization stands; spends no call. */
  readonly usage: () => Promise<ApiUsage>;
  /** Closes the connections; calls in flight fail. */
  readonly close: () => Promise<void>;
}

/** The whole stack, wired: sure(cache(share(retry(limit(auth(http)))))). Loads undici and the queues at the first call. */
export function createInventoryClient(options: InventoryClientOptions): InventoryClient {
  const { now, sleep, random, dispatch, patienceMs = 20_000, timeoutMs = 15_000 } = options;
  const transport = createTransport({ sleep, ...(dispatch ? { dispatch } : {}) });
  const limits: Limits = options.limits ?? planLimits.professional;
  const randomId = options.randomId ?? (() => random().toString(36).slice(2));
  const shared =
    options.sharedStore &&
    createShared({
      store: options.sharedStore,
      organizationId: options.organizationId ?? 'none',
      now,
      warn: (message) => options.log?.(message),
    });
  const tokens = tokenSource(options, postForm(transport.exchange, timeoutMs), shared);
  const limiter = createLimiter({
    limits,
    day: createDayCount({ perDay: limits.perDay, now, shared }),
    shared,
    randomId,
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
  const clock = createApiClock(now);
  const send = compose(
    http,
    createCache({ now, shared, randomId }),
    createShare(),
    createRetry({ now, sleep, random, patienceMs }),
    limiter.layer,
    createAuth({ tokens, ticket: limiter.ticket }),
    clock.layer,
  );
  const client = createClient({
    send,
    callsSent: () => sent,
    tokenRenewable: tokens.renewable,
    now,
    readFile: options.readFile,
  });
  return {
    ...createSure({
      client,
      claims: options.claims ?? (shared ? createSharedClaims(shared, now) : createClaims()),
      elsewhere: shared && createElsewhere(shared, { sleep, every: options.every }),
      skewMs: clock.skewMs,
      now,
      sleep,
      randomId,
      mark: options.mark,
    }),
    callsLeft: limiter.callsLeft,
    usage: limiter.usage,
    close: transport.close,
  };
}

function tokenSource(options: InventoryClientOptions, post: PostForm, shared: Shared | undefined): TokenSource {
  if ('accessToken' in options) return fixedToken(options.accessToken);
  const { credentials, accountsUrl, now } = options;
  const { clientId, clientSecret, refreshToken } = credentials;
  const kept = shared && createKeptToken(shared, [accountsUrl, clientId, clientSecret, refreshToken]);
  return createTokenSource({ ...credentials, accountsUrl, now, post, kept });
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
