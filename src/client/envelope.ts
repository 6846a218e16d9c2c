import {
  type ErrorFacts,
  MissingScope,
  NotFound,
  RateLimited,
  Rejected,
  Unauthorized,
  Unavailable,
} from '../errors.ts';
import { plainText, quoted } from '../text.ts';
import { waitAskedFor } from './call-limit.ts';
import { type CodeMeaning, meaningOf } from './codes.ts';
import type { ApiRequest, ApiResponse } from './compose.ts';
import type { Reply } from './contract.ts';
import { outcomeUnknown } from './failures.ts';
import { type JsonObject, readObject } from './json.ts';

export interface EnvelopeOptions {
  /** Whether the auth layer renewed the token before a 401 came this far; then it is the scope that is missing. */
  readonly tokenRenewable: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The reply's object without `code`, or the error that HTTP status, then code, then message tell. */
export function readEnvelope(request: ApiRequest, response: ApiResponse, options: EnvelopeOptions): Reply {
  const { status } = response;
  if (status === 204) return {};
  const wanted = request.headers?.accept;
  if (status >= 200 && status < 300 && response.bytes) return fileReply(request, wanted ?? '', response.bytes);
  const envelope = readObject(response.text);
  const code = envelope?.code === undefined ? undefined : Number(envelope.code);
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && envelope && (code === undefined || code === 0)) {
    if (wanted !== undefined) throw failed(request, `JSON came instead of ${wanted}`, { http_status: status });
    const { code: _, ...reply } = envelope;
    return reply;
  }
  // A refusal may come as a proxy's page; an answer that says neither yes nor no leaves a write open.
  const isRefusal = status >= 400 && status < 500;
  if (!envelope && !isRefusal)
    throw failed(request, `HTTP ${status} came without readable JSON`, { http_status: status });
  throw refusal(request, response, envelope ?? {}, code, options);
}

/** Most that is handed on, in bytes: as base64 in a message of the protocol, 7 MiB come near the 10 MiB clients read. */
export const mostFileBytes = 7 * 1024 * 1024;

const beginnings: Readonly<Record<string, string>> = { 'application/pdf': '%PDF-' };

/** A file as plain JSON: `{ file: { media_type, base64, bytes } }`. */
function fileReply(request: ApiRequest, media_type: string, content: Uint8Array): Reply {
  const file = Buffer.from(content);
  if (file.length > mostFileBytes) {
    const size = (file.length / 1_048_576).toFixed(1);
    throw new Rejected(
      `The file that ${request.operation} asks for has ${size} MiB; at most ${mostFileBytes / 1_048_576} MiB are handed on. Open it in the web application.`,
      { facts: { bytes: file.length } },
    );
  }
  if (!file.subarray(0, 1024).includes(beginnings[media_type] ?? ''))
    throw failed(request, `what came as ${media_type} is none`, { bytes: file.length });
  return { file: { media_type, base64: file.toString('base64'), bytes: file.length } };
}

function refusal(
  request: ApiRequest,
  response: ApiResponse,
  envelope: JsonObject,
  code: number | undefined,
  { tokenRenewable, now }: EnvelopeOptions,
): Error {
  const { status } = response;
  const meaning = code === undefined ? undefined : meaningOf(code);
  const kind = kindOf(status, meaning);
  const facts: ErrorFacts = {
    ...(code === undefined ? {} : { code }),
    ...(typeof envelope.field === 'string' ? { field: fieldOf(envelope.field) } : {}),
    http_status: status,
  };
  const reason = reasonOf(envelope);
  const said = reason === '' ? ` (HTTP ${status}).` : `: ${reason}${code === undefined ? '' : ` (code ${code})`}.`;
  const next = meaning?.next ? ` ${meaning.next}` : '';

  switch (kind) {
    case 'rate_limited': {
      const waitMs = waitAskedFor(response, now()) ?? 60_000;
      return new RateLimited(Math.max(1, Math.ceil(waitMs / 1000)), { facts, nothingSent: true });
    }
    case 'scope_or_token':
      if (tokenRenewable) return new MissingScope(request.scope, { facts });
      return new Unauthorized(
        `The access token was refused${said} It has expired, or lacks the scope ${request.scope}: set a new ZOHO_ACCESS_TOKEN, or the refresh token settings.`,
        { facts: { scope: request.scope, ...facts } },
      );
    case 'unauthorized':
      return new Unauthorized(
        `The API refused the credentials${said}${next || ` Check the token settings, the organization and the scope ${request.scope}.`}`,
        { facts },
      );
    case 'not_found':
      return new NotFound(`${request.operation} found no such record${said}${next}`, { facts });
    case 'unavailable':
      return failed(request, `the API failed on its side${said.replace(/\.$/, '')}`, facts);
    case 'rejected':
      return new Rejected(`The API refused ${request.operation}${said}${next || noReasonAdvice(status, reason)}`, {
        facts,
      });
  }
}

function kindOf(status: number, meaning: CodeMeaning | undefined): CodeMeaning['kind'] {
  if (status === 429) return 'rate_limited';
  if (status >= 500) return 'unavailable';
  if (status === 401 || status === 403) return meaning?.kind === 'scope_or_token' ? 'scope_or_token' : 'unauthorized';
  // A 404 without an envelope is a wrong address and says nothing about a record.
  if (status === 404 && meaning === undefined) return 'rejected';
  if (status === 404) return 'not_found';
  return meaning?.kind ?? 'rejected';
}

/** Most of the API's words that is handed on. */
const maxReasonLength = 300;

/** The API's own words about it, which may repeat what outsiders typed, between quotes: data, never advice of ours. */
export function reasonOf(envelope: JsonObject): string {
  const parts = [envelope.message, envelope.details].filter((part) => typeof part === 'string' && part !== '');
  const field = typeof envelope.field === 'string' && envelope.field !== '' ? ` [${envelope.field}]` : '';
  const words = parts.join(' - ') + field;
  return plainText(words) === '' ? '' : quoted(words, maxReasonLength);
}

/** The name of a field, for programs; what is none says nothing. */
const fieldOf = (text: string): string => (/^[\w.[\]-]{1,80}$/.test(text) ? text : 'unnamed');

const noReasonAdvice = (status: number, reason: string) =>
  status === 404
    ? ' The address is unknown there: check ZOHO_API_DOMAIN and ZOHO_DATA_CENTER.'
    : reason === ''
      ? ' No reason was given.'
      : '';

/** A read can be tried again; of a write nobody knows. */
export function failed(request: ApiRequest, reason: string, facts: ErrorFacts): Error {
  if (request.effect !== 'read') return outcomeUnknown(request, reason, { facts });
  return new Unavailable(
    `${request.operation} got no usable answer: ${reason}. Try again in a minute; if it stays so, check ZOHO_API_DOMAIN and ZOHO_DATA_CENTER.`,
    { facts },
  );
}
