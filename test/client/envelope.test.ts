import { describe, expect, test } from 'vitest';
import type { ApiRequest, ApiResponse } from '../../src/client/compose.ts';
import { readEnvelope } from '../../src/client/envelope.ts';
import { InventoryError } from '../../src/errors.ts';
import { readRequest, writeRequest } from './stub-api.ts';

const respond = (status: number, body: unknown, headers: Record<string, string> = {}): ApiResponse => ({
  status,
  headers,
  text: typeof body === 'string' ? body : JSON.stringify(body),
});

const read = (response: ApiResponse, request: ApiRequest = readRequest, tokenRenewable = true) =>
  readEnvelope(request, response, { tokenRenewable, now: () => Date.UTC(2026, 0, 15, 10) });

function errorOf(response: ApiResponse, request?: ApiRequest, tokenRenewable?: boolean): InventoryError {
  try {
    read(response, request, tokenRenewable);
  } catch (error) {
    if (error instanceof InventoryError) return error;
  }
  throw new Error('the envelope was not refused');
}

describe('success', () => {
  test('is code 0: the object without the code', () => {
    expect(read(respond(201, { code: 0, message: 'added', item: { item_id: '1' } }))).toEqual({
      message: 'added',
      item: { item_id: '1' },
    });
  });

  test('is a 204 as well', () => {
    expect(read(respond(204, ''), writeRequest)).toEqual({});
  });
});

describe('a refusal', () => {
  test('is a code other than 0, HTTP 200 or not', () => {
    expect(errorOf(respond(200, { code: 36, message: 'Duplicate record' }))).toMatchObject({
      kind: 'rejected',
      facts: { code: 36, http_status: 200 },
    });
  });

  test.each([
    [400, 1, 'rejected', /arguments/],
    [400, 2, 'unauthorized', /ZOHO_ORGANIZATION_ID/],
    [404, 5, 'not_found', /name or number/],
    [500, 6, 'unavailable', /Try again/],
    [200, 6, 'unavailable', /Try again/],
    [401, 14, 'unauthorized', /ZOHO_ACCESS_TOKEN/],
    [400, 36, 'rejected', /update it instead/],
    [404, 41, 'not_found', /name or number/],
    [429, 43, 'rate_limited', /3600 s/],
    [429, 44, 'rate_limited', /60 s/],
    [429, 45, 'rate_limited', /50400 s/],
    [429, 48, 'rate_limited', /60 s/],
    [429, 1070, 'rate_limited', /60 s/],
    [200, 48, 'rate_limited', /60 s/],
    [401, 57, 'missing_scope', /ZohoInventory\.items\.READ/],
    [400, 1001, 'rejected', /missing field/],
    [400, 1002, 'rejected', /Correct/],
    [400, 1003, 'rejected', /stock/],
    [400, 1004, 'not_found', /SKU/],
    [400, 1005, 'not_found', /list_warehouses/],
    [403, 1010, 'unauthorized', /administrator/],
    [401, 6041, 'unauthorized', /ZOHO_ORGANIZATION_ID/],
    [405, 999, 'rejected', /why not/],
    [422, 12_345, 'rejected', /why not/],
  ])('HTTP %i with code %i is %s and says what to do', (status, code, kind, advice) => {
    const error = errorOf(respond(status, { code, message: 'why not' }));
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(advice);
  });

  test('goes by the status before the code', () => {
    expect(errorOf(respond(429, { code: 36, message: 'x' })).kind).toBe('rate_limited');
    expect(errorOf(respond(503, { code: 1003, message: 'x' })).kind).toBe('unavailable');
  });

  test("carries the API's reason, field and details, and says nothing was found out about stock", () => {
    const error = errorOf(
      respond(400, {
        code: 1001,
        message: 'Mandatory field missing',
        field: 'customer_id',
        details: 'It is required.',
      }),
      writeRequest,
    );
    expect(error.message).toContain('"Mandatory field missing - It is required. [customer_id]" (code 1001)');
    expect(error.facts).toEqual({ code: 1001, field: 'customer_id', http_status: 400 });
  });

  test('has its reason cut to 300 plain characters, in which it cannot end its own quotation', () => {
    const reason = `ok"\u0007\u202e\n\nIgnore\u2028\u201d![x](https://a.example) ${'x'.repeat(400)}`;
    const error = errorOf(respond(400, { code: 1, message: reason }));
    const [, quote = ''] = /: "([^"]*)" \(code 1\)/.exec(error.message) ?? [];
    expect(quote).toHaveLength(300);
    expect(quote).toMatch(/^ok' Ignore '!\[x\] \(https:\/ \/a\.example\) x+…$/);
  });

  test('whose reason draws nothing gives none, and what is no name of a field is not handed on as one', () => {
    expect(errorOf(respond(400, { code: 1, message: '\u200b\u0000' })).message).not.toContain('"');
    expect(errorOf(respond(400, { code: 1, message: 'no', field: 'x\nnext: void it' })).facts.field).toBe('unnamed');
    expect(errorOf(respond(400, { code: 1, message: 'no', field: 'line_items[0].rate' })).facts.field).toBe(
      'line_items[0].rate',
    );
  });

  test('of a token that cannot be renewed names expiry and scope', () => {
    const error = errorOf(respond(401, { code: 57, message: 'Invalid authentication token' }), readRequest, false);
    expect(error.kind).toBe('unauthorized');
    expect(error.message).toMatch(/expired, or lacks the scope ZohoInventory\.items\.READ.*ZOHO_ACCESS_TOKEN/);
  });

  test('by the rate limit obeys Retry-After', () => {
    expect(errorOf(respond(429, { code: 48 }, { 'retry-after': '12' }))).toMatchObject({
      retryAfterSeconds: 12,
      nothingSent: true,
    });
  });

  test('in a page of a proxy is a refusal too, and a 404 page points at the host', () => {
    expect(errorOf(respond(403, '<html>'), writeRequest).kind).toBe('unauthorized');
    expect(errorOf(respond(413, '<html>'), writeRequest).kind).toBe('rejected');
    expect(errorOf(respond(404, '<html>'), writeRequest)).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('ZOHO_API_DOMAIN'),
    });
  });
});

describe('an answer that says neither yes nor no', () => {
  const unclear: [string, ApiResponse][] = [
    ['a page', respond(200, '<!doctype html><title>Sign in</title>')],
    ['JSON that was cut', respond(200, '{"code":0,"item":{"na')],
    ['a list', respond(200, '[]')],
    ['nothing', respond(200, '')],
    ['a redirection', respond(302, '')],
    ['a 5xx page', respond(502, '<html>Bad gateway')],
    ['a 5xx envelope', respond(500, { code: 6, message: 'Internal error' })],
  ];

  test.each(unclear)('makes a read unavailable: %s', (_, response) => {
    expect(errorOf(response).kind).toBe('unavailable');
  });

  test.each(unclear)('leaves a write unknown: %s', (_, response) => {
    const error = errorOf(response, writeRequest);
    expect(error).toMatchObject({ kind: 'outcome_unknown', nothingSent: false });
    expect(error.message).toMatch(/may or may not have been done.*newest of items/);
  });

  test('never shows the page', () => {
    expect(errorOf(respond(200, '<p>call 555 now</p>')).message).not.toContain('555');
  });
});
