import type { FaultName, FaultRule, RuleOf } from './faults-rules.ts';

/** The connection is to be reset: a rejected promise in the process, an RST over a port. */
export class ConnectionReset extends Error {
  override readonly name = 'ConnectionReset';
  readonly code = 'ECONNRESET';
  constructor() {
    super('The connection was reset on purpose.');
  }
}

/** What the caller gets: an answer, a connection that is reset, or nothing until it leaves. */
export type Effect = Response | 'reset' | 'silence';

export interface EffectParts {
  readonly request: Request;
  /** By the sandbox's clock, milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly expireToken: (accessToken: string) => void;
}

const after: readonly FaultName[] = ['reset_after', 'no_answer_after', 'cut_json', 'slow_body'];

/** Whether the request is carried out before the fault shows. */
export const isCarriedOut = (rule: FaultRule): boolean =>
  'commit' in rule ? rule.commit === 'after' : after.includes(rule.fault);

const json = (status: number, body: object, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json;charset=UTF-8', ...headers },
  });

const page = (status: number) =>
  new Response('<!DOCTYPE html><html><head><title>Sorry</title></head><body>Please try again later.</body></html>', {
    status,
    headers: { 'Content-Type': 'text/html;charset=UTF-8' },
  });

function tooManyCalls({ code = 48, retry_after, retry_after_date, reset }: RuleOf<'rate_limited'>, nowMs: number) {
  const date = retry_after_date === undefined ? undefined : new Date(nowMs + retry_after_date * 1000).toUTCString();
  const retryAfter = date ?? retry_after;
  return json(
    429,
    { code, message: 'Rate limit exceeded' },
    {
      ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
      ...(reset === undefined ? {} : { 'X-Rate-Limit-Reset': String(reset) }),
    },
  );
}

/** The same status and headers over another body. */
const withBody = ({ status, headers }: Response, body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>) =>
  new Response(body, { status, headers });

async function firstHalf(answer: Response): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

/** Half of the body, then an error; pulled, because an error said at once would take the half back. */
async function broken(answer: Response): Promise<Response> {
  const pieces = [await firstHalf(answer)];
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const piece = pieces.shift();
      if (piece) controller.enqueue(piece);
      else controller.error(new ConnectionReset());
    },
  });
  return withBody(answer, body);
}

/** The first piece comes at once and the last after `ms`; the waits end with the caller. */
async function dripped(
  answer: Response,
  { ms, pieces = 10 }: RuleOf<'slow_body'>,
  { request, sleep }: EffectParts,
): Promise<Response> {
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  const waits = Math.ceil(bytes.length / size) - 1;
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      if (at > 0) await sleep(ms / waits, request.signal);
      controller.enqueue(bytes.subarray(at, at + size));
      at += size;
      if (at >= bytes.length) controller.close();
    },
  });
  return withBody(answer, body);
}

/** Shows the fault. `answer` is that of the request where it was carried out, else an empty one that no fault looks at. */
export async function effectOf(rule: FaultRule, answer: Response, parts: EffectParts): Promise<Effect> {
  switch (rule.fault) {
    case 'reset_before':
      return 'reset';
    case 'reset_after':
      return rule.in_body ? broken(answer) : 'reset';
    case 'no_answer_before':
    case 'no_answer_after':
      return 'silence';
    case 'rate_limited':
      return tooManyCalls(rule, parts.now());
    case 'server_error':
      return json(rule.status ?? 500, { code: 6, message: 'Internal error' });
    case 'code':
      return json(200, { code: rule.code, message: rule.message ?? 'The request was refused.' });
    case 'html':
      return page(rule.status ?? 200);
    case 'cut_json':
      return withBody(answer, await firstHalf(answer));
    case 'slow_body':
      return dripped(answer, rule, parts);
    case 'token_expired': {
      const token = /^Zoho-oauthtoken (\S+)$/i.exec(parts.request.headers.get('authorization') ?? '')?.[1];
      if (token) parts.expireToken(token);
      return json(401, { code: rule.code ?? 57, message: 'Invalid authentication token' });
    }
    case 'token_error':
      return json(200, {
        error: rule.error,
        ...(rule.description === undefined ? {} : { error_description: rule.description, status: 'failure' }),
      });
    case 'clock_skew':
      return answer;
  }
}
