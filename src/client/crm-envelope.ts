import { type ErrorFacts, MissingScope, NotFound, RateLimited, Rejected, Unauthorized } from '../errors.ts';
import type { Operation } from '../operations/define.ts';
import { waitAskedFor } from './call-limit.ts';
import type { ApiRequest, ApiResponse } from './compose.ts';
import type { Reply } from './contract.ts';
import { failed, reasonOf } from './envelope.ts';
import { isObject, type JsonObject, readObject } from './json.ts';

/** What says that a token is good and may not do this: another token of the same credentials may not either. */
export const scopeMismatch = 'OAUTH_SCOPE_MISMATCH';

/**
 * The CRM's envelope as the inventory's callers know theirs: one record or a list under the operation's `reply` key. It answers
 * `{ data: [...] }`, 204 without a body where there is nothing, and words for codes (CRM API v2, read 2026-11-27).
 */
export function readCrmReply(operation: Operation, request: ApiRequest, response: ApiResponse, nowMs: number): Reply {
  const { status, text } = response;
  const { reply: key = 'data', paged = false, effect } = operation;
  const isRead = effect === 'read';
  const isSuccess = status >= 200 && status < 300;
  const envelope = readObject(text);
  const data = status === 204 ? [] : envelope?.data;
  const rows = Array.isArray(data) ? data.filter(isObject) : [];
  const [row] = rows;
  if (isSuccess && isRead && Array.isArray(data)) {
    const info = isObject(envelope?.info) ? envelope.info : {};
    if (paged) return { [key]: rows, page_context: { has_more_page: info.more_records === true } };
    if (!row) throw noRecord(operation.name, status);
    return { [key]: row };
  }
  if (isSuccess && row?.code === 'SUCCESS') return { [key]: isObject(row.details) ? row.details : {} };
  // A write is answered by a row, whose own verdict stands even under HTTP 200.
  const said = (isRead ? undefined : row) ?? envelope;
  if (said && typeof said.code === 'string' && (status < 500 || said !== envelope))
    throw refusal(operation, response, said, nowMs);
  if (status >= 400 && status < 500) throw refusal(operation, response, said ?? {}, nowMs);
  throw failed(request, `the CRM answered HTTP ${status} without a usable record`, { http_status: status });
}

const noRecord = (name: string, status: number, reason = ''): NotFound =>
  new NotFound(`${name} found no such record in the CRM${reason}. Check the id there.`, {
    facts: { http_status: status },
  });

function refusal({ name, scope, effect }: Operation, response: ApiResponse, said: JsonObject, nowMs: number): Error {
  const { status } = response;
  const code = typeof said.code === 'string' && /^[A-Z_]{1,60}$/.test(said.code) ? said.code : undefined;
  const facts: ErrorFacts = { ...(code === undefined ? {} : { code }), http_status: status };
  const reason = reasonOf(said);
  const words = `${reason === '' ? ` (HTTP ${status})` : `: ${reason}`}${code === undefined ? '' : ` (${code})`}`;
  if (status === 429) {
    const waitMs = waitAskedFor(response, nowMs) ?? 60_000;
    return new RateLimited(Math.max(1, Math.ceil(waitMs / 1000)), { facts, nothingSent: true });
  }
  if (code === scopeMismatch) return new MissingScope(scope, { facts });
  if (status === 401)
    return new Unauthorized(
      `The CRM refused the credentials${words}. Check the token settings and the scope ${scope}.`,
      {
        facts,
      },
    );
  if (status === 403 || code === 'NO_PERMISSION')
    return new Unauthorized(
      `The CRM refused ${name}${words}. The user behind these credentials may not do this: the CRM's administrator can allow it.`,
      { facts },
    );
  // An id that is none of the module's: the CRM calls it invalid, where it does not answer 204.
  if (code === 'INVALID_DATA' && (effect === 'read' || /\bid\b/i.test(String(said.message ?? ''))))
    return noRecord(name, status, words);
  return new Rejected(`The CRM refused ${name}${words}.`, { facts });
}
