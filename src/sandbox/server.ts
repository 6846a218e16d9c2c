import type { Database } from '../sqlite.ts';
import { type FormFile, readBytes, readFiles } from './body.ts';
import { sandboxCredentials, sandboxOrganizationId } from './credentials.ts';
import { answerCrm, invalidToken, scopeMismatch } from './crm.ts';
import { createWorld, organization } from './engine/directory.ts';
import type { Faults } from './faults.ts';
import { createLimiter } from './limits.ts';
import { createTokens } from './oauth.ts';
import { type AnsweredFile, ApiError, type World } from './route.ts';
import { createRouter } from './router.ts';
import { routes } from './routes/index.ts';
import { isObject, type JsonObject } from './row.ts';
import { prepareDatabase } from './seed.ts';
import { answerText, type LongText } from './spool.ts';

export { sandboxCredentials, sandboxOrganizationId };

export interface SandboxOptions {
  readonly database: Database;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly seed: 'demo' | 'empty';
  /** Calls a minute, a day and at once; beyond them 429. Defaults: 100, 10,000, 10. */
  readonly limits?: { readonly perMinute?: number; readonly perDay?: number; readonly atOnce?: number };
  /** Refuse to confirm an order that promises more than there is. Default false: the order waits. */
  readonly refuseBeyondStock?: boolean;
  /** An access token that is good from the start and does not expire by itself. */
  readonly accessToken?: string;
  /** What goes wrong on purpose. Default: nothing. */
  readonly faults?: Faults;
}

/**
 * A request as it was answered, before a fault spoilt the answer; status 0: none was given. `fault` is the text of an
 * unexpected exception, which the answer does not carry.
 */
export interface LoggedCall {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly fault?: string;
}

/** An embedded Zoho Inventory over real HTTP shapes, and a little of the CRM beside it. `/oauth/v2/token`, `/inventory/v1/...` and `/crm/v2/...` on one origin. */
export interface Sandbox {
  /** Rejects only where a fault resets the connection. */
  handle(request: Request): Promise<Response>;
  /** Requests below `/inventory/v1` and `/crm/v2` so far, refused ones too; token requests are not counted. */
  callsSeen(): number;
  /** The newest 10,000 requests, token requests too, oldest first. */
  readonly log: readonly LoggedCall[];
  /** Schema and seed are in place once this was read or a request was answered. */
  readonly database: Database;
  readonly world: World;
}

const apiRoot = '/inventory/v1';
const crmRoot = '/crm/v2';
const isApi = (path: string) => path.startsWith(`${apiRoot}/`) || path.startsWith(`${crmRoot}/`);
const mostBytes = 16 * 1024 * 1024;
const logLength = 10_000;

const invalidArguments = (details: string) => new ApiError(400, 1, 'Invalid arguments', undefined, details);

function parseBody(text: string | undefined): JsonObject {
  if (text === undefined) throw invalidArguments('The request body is longer than 16 MB.');
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    // Half of a surrogate pair, which JSON can hold, is no character: SQLite would hand it back as text that is no UTF-8.
    const whole = (_: string, part: unknown) => (typeof part === 'string' ? part.replace(/\p{Cs}/gu, '\ufffd') : part);
    value = JSON.parse(text, /\\ud[89a-f]/i.test(text) ? whole : undefined);
  } catch {
    throw invalidArguments('The request body is not JSON.');
  }
  if (!isObject(value)) throw invalidArguments('The request body must be a JSON object.');
  return value;
}

const tokenOf = (request: Request) => /^Zoho-oauthtoken (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];

/** `database` must be open; its schema and seed are put in place by the first request, unless they are there already. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { database, limits, accessToken, faults } = options;
  const now = () => options.now() + (faults?.skewMs() ?? 0);
  const world = createWorld({ database, now, refuseBeyondStock: options.refuseBeyondStock ?? false });
  const tokens = createTokens({ now, credentials: sandboxCredentials, accessToken });
  const limiter = createLimiter(
    { perMinute: limits?.perMinute ?? 100, perDay: limits?.perDay ?? 10_000, atOnce: limits?.atOnce ?? 10 },
    now,
  );
  const route = createRouter(routes);
  const log: LoggedCall[] = [];
  let calls = 0;
  let prepared = false;

  const prepare = () => {
    if (!prepared) prepareDatabase(world, options.seed);
    prepared = true;
  };

  const note = (request: Request, status: number, fault?: string) => {
    const path = new URL(request.url).pathname;
    if (log.push({ method: request.method, path, status, ...(fault ? { fault } : {}) }) > logLength) log.shift();
  };

  const replyText = (request: Request, status: number, text: LongText, headers: object, fault?: string): Response => {
    note(request, status, fault);
    const type = { 'Content-Type': 'application/json;charset=UTF-8' };
    return new Response(text, { status, headers: { ...type, ...headers } });
  };

  const reply = (request: Request, status: number, body: unknown, headers: object, fault?: string): Response =>
    replyText(request, status, JSON.stringify(body), headers, fault);

  const replyFile = async (request: Request, { mediaType, make }: AnsweredFile): Promise<Response> => {
    const bytes = await make();
    note(request, 200);
    return new Response(bytes, { status: 200, headers: { 'Content-Type': mediaType, ...limiter.headers() } });
  };

  const run = (
    request: Request,
    url: URL,
    text: string | undefined,
    files: ReadonlyMap<string, FormFile> | undefined,
  ): { status: number; text: LongText; file?: AnsweredFile } => {
    const { route: found, params } = route(request.method, url.pathname.slice(apiRoot.length));
    prepare();
    if (found.path !== '/organizations') {
      const given = url.searchParams.get('organization_id');
      if (given !== organization(database).organization_id)
        throw new ApiError(
          400,
          2,
          'Invalid organization ID',
          'organization_id',
          'Missing or not yours: see /organizations.',
        );
    }
    const body = request.method === 'GET' || request.method === 'DELETE' || files ? {} : parseBody(text);
    const accept = request.headers.get('accept') ?? '';
    const call = { world, params, query: url.searchParams, body, accept, ...(files ? { files } : {}) };
    return database.transaction(() => {
      const { status = 200, message, file, ...answer } = found.handle(call);
      const text = answerText(database, { code: 0, message, ...answer.body });
      return { status, text, ...(file ? { file } : {}) };
    });
  };

  const refuse = (request: Request, error: unknown): Response => {
    if (!(error instanceof ApiError)) {
      const fault = error instanceof Error ? (error.stack ?? error.message) : 'unknown';
      return reply(request, 500, { code: 6, message: 'Internal error' }, limiter.headers(), fault);
    }
    const { status, code, message, field, details } = error;
    return reply(request, status, { code, message, field, details }, limiter.headers());
  };

  const api = async (request: Request, url: URL): Promise<Response> => {
    calls += 1;
    const token = tokenOf(request);
    if (!token || !tokens.accepts(token))
      return refuse(request, new ApiError(401, 57, 'Invalid authentication token', undefined, 'Refresh the token.'));
    const refusal = limiter.enter();
    if (refusal) {
      const body = { code: 48, message: 'Rate limit exceeded', details: refusal.details };
      return reply(request, 429, body, limiter.headers(refusal));
    }
    let text: string | undefined;
    let files: ReadonlyMap<string, FormFile> | undefined;
    try {
      const bytes = await readBytes(request, mostBytes);
      files = bytes && (await readFiles(request.headers.get('content-type') ?? '', bytes));
      text = files ? '' : bytes && new TextDecoder().decode(bytes);
    } catch {
      throw invalidArguments('The request body broke off.');
    } finally {
      // The work itself never pauses, so only while its request is being read can a call overlap another.
      limiter.leave();
    }
    const answered = run(request, url, text, files);
    if (answered.file) return replyFile(request, answered.file);
    return replyText(request, answered.status, answered.text, limiter.headers());
  };

  /** The CRM has an envelope and limits of its own: none here. */
  const crm = async (request: Request, url: URL): Promise<Response> => {
    calls += 1;
    const answered = async () => {
      const token = tokenOf(request);
      if (!token || !tokens.accepts(token)) return invalidToken;
      if (!tokens.mayUseCrm(token)) return scopeMismatch;
      prepare();
      const bytes = request.method === 'GET' ? new Uint8Array() : await readBytes(request, mostBytes);
      const asked = { method: request.method, path: url.pathname.slice(crmRoot.length), query: url.searchParams };
      const body = parseBody(bytes && new TextDecoder().decode(bytes));
      return database.transaction(() => answerCrm(world, { ...asked, body }));
    };
    const { status, body } = await answered();
    if (body) return reply(request, status, body, {});
    note(request, status);
    return new Response(null, { status });
  };

  const answer = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    try {
      if (url.pathname.startsWith(`${apiRoot}/`)) return await api(request, url);
      if (url.pathname.startsWith(`${crmRoot}/`)) return await crm(request, url);
      if (url.pathname === '/oauth/v2/token') {
        const { status, body } = await tokens.answer(request);
        return reply(request, status, body, {});
      }
      throw new ApiError(404, 41, 'Resource not found', undefined, `The API begins at ${apiRoot}.`);
    } catch (error) {
      return refuse(request, error);
    }
  };

  const turnAway = (request: Request, status: number) => {
    if (isApi(new URL(request.url).pathname)) calls += 1;
    note(request, status);
  };

  return {
    handle: async (request) => {
      const disturbed = faults?.disturb(request, { answer, turnAway, now, expireToken: tokens.expire });
      const response = await (disturbed ?? answer(request));
      // By the sandbox's own clock: it is what tells a client how far its clock is off.
      response.headers.set('Date', new Date(now()).toUTCString());
      return response;
    },
    callsSeen: () => calls,
    log,
    get database() {
      prepare();
      return database;
    },
    get world() {
      prepare();
      return world;
    },
  };
}
