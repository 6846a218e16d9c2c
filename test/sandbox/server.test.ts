import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/sqlite.ts';
import { noon, organizationId, rowsAt, startSandbox } from './calls.ts';

const authorized = { Authorization: 'Zoho-oauthtoken good' };

describe('the shell of the sandbox', () => {
  it('names the organization without being told which', async () => {
    const { send } = startSandbox();
    const reply = await send('/inventory/v1/organizations', { headers: authorized });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ code: 0, message: 'success' });
    expect(rowsAt(reply, 'organizations')[0]).toMatchObject({
      organization_id: organizationId,
      currency_code: 'USD',
      currency_symbol: '$',
      time_zone: 'America/Los_Angeles',
      date_format: 'dd MMM yyyy',
      fiscal_year_start_month: 1,
      is_default_org: true,
      language_code: 'en',
      field_separator: 'comma',
    });
  });

  it.each([
    ['no token', {}],
    ['an unknown token', { Authorization: 'Zoho-oauthtoken other' }],
    ['a Bearer header', { Authorization: 'Bearer good' }],
  ])('answers 401 with code 57 to %s', async (_, headers: Record<string, string>) => {
    const { send } = startSandbox();
    const reply = await send(`/inventory/v1/warehouses?organization_id=${organizationId}`, { headers });
    expect(reply.status).toBe(401);
    expect(reply.body.code).toBe(57);
  });

  it.each([
    ['no organization', ''],
    ['another organization', '?organization_id=7'],
  ])('answers 400 with code 2 to a call that names %s', async (_, query) => {
    const { send } = startSandbox();
    const reply = await send(`/inventory/v1/warehouses${query}`, { headers: authorized });
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ code: 2, message: 'Invalid organization ID' });
  });

  it.each(['/nothing', '/warehouses/1/2/3', '/warehouses/%E0%A4%A', '/warehouses//items'])(
    'says of the unknown path %s that there is no such path',
    async (path) => {
      const { call } = startSandbox();
      const reply = await call('GET', path);
      expect(reply.status).toBe(404);
      expect(reply.body).toMatchObject({ code: 41, details: 'There is no such path in this API.' });
    },
  );

  it('answers 404 outside the API too', async () => {
    const { send } = startSandbox();
    expect((await send('/books/v3/items')).body.code).toBe(41);
  });

  it('answers 405 to a known path with another method and names the right ones', async () => {
    const { call } = startSandbox();
    const reply = await call('PUT', '/warehouses', {});
    expect(reply.status).toBe(405);
    expect(reply.body.details).toBe('This path takes GET, POST.');
  });

  it.each([
    ['not JSON', '{"warehouse_name":'],
    ['a list', '[]'],
    ['a string', '"hello"'],
    ['null', 'null'],
  ])('answers 400 with code 1 to a body that is %s', async (_, body) => {
    const { send } = startSandbox();
    const reply = await send(`/inventory/v1/warehouses?organization_id=${organizationId}`, {
      method: 'POST',
      headers: authorized,
      body,
    });
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ code: 1, message: 'Invalid arguments' });
  });

  it('refuses a body of more than 16 MB and lives on', async () => {
    const { call } = startSandbox();
    const reply = await call('POST', '/warehouses', { warehouse_name: 'x'.repeat(17 * 1024 * 1024) });
    expect(reply.status).toBe(400);
    expect(reply.body.details).toBe('The request body is longer than 16 MB.');
    expect((await call('GET', '/warehouses')).status).toBe(200);
  });

  it('answers an unexpected failure with code 6 and keeps its text to itself', async () => {
    const { sandbox, call } = startSandbox();
    sandbox.database.exec('ALTER TABLE warehouse RENAME TO elsewhere');
    const reply = await call('GET', '/warehouses');
    expect(reply.status).toBe(500);
    expect(reply.body).toEqual({ code: 6, message: 'Internal error' });
    expect(sandbox.log.at(-1)).toMatchObject({ status: 500, fault: expect.stringContaining('no such table') });
  });

  it('leaves nothing behind of a call that was refused half way', async () => {
    const { sandbox, call } = startSandbox();
    const dump = () => JSON.stringify(sandbox.database.prepare('SELECT * FROM id_counter').all());
    const before = dump();
    const persons = [{ first_name: 'Ann' }, { first_name: 'Bo', email: 'not an address' }];
    const reply = await call('POST', '/contacts', { contact_name: 'Half', contact_persons: persons });
    expect(reply.body).toMatchObject({ code: 1002, field: 'email' });
    expect(dump()).toBe(before);
    expect(rowsAt(await call('GET', '/contacts'), 'contacts')).toEqual([]);
  });

  it('counts API calls and logs every request', async () => {
    const { sandbox, call, send } = startSandbox();
    await call('GET', '/warehouses');
    await send('/oauth/v2/token', { method: 'POST' });
    await send('/inventory/v1/warehouses');
    expect(sandbox.callsSeen()).toBe(2);
    expect(sandbox.log).toEqual([
      { method: 'GET', path: '/inventory/v1/warehouses', status: 200 },
      { method: 'POST', path: '/oauth/v2/token', status: 200 },
      { method: 'GET', path: '/inventory/v1/warehouses', status: 401 },
    ]);
  });

  it('leaves a database alone that was seeded before', async () => {
    const database = openDatabase(':memory:');
    const first = startSandbox({ database });
    await first.call('POST', '/contacts', { contact_name: 'Kept' });
    const second = startSandbox({ database, seed: 'demo', now: () => noon + 86_400_000 });
    expect(rowsAt(await second.call('GET', '/contacts'), 'contacts').map((row) => row.contact_name)).toEqual(['Kept']);
  });

  it('writes times in the zone of the organization', async () => {
    const { call } = startSandbox();
    const reply = await call('POST', '/warehouses', { warehouse_name: 'East' });
    expect(reply.body.warehouse).toMatchObject({ created_time: '2026-03-16T12:00:00-0700' });
  });

  it.each([
    ['page', '0'],
    ['page', '-1'],
    ['page', 'two'],
    ['per_page', '0'],
    ['per_page', '201'],
    ['per_page', '1.5'],
    ['sort_order', 'upward'],
    ['sort_column', 'moon'],
    ['filter_by', 'Status.Sleeping'],
  ])('answers 1002 to %s=%s', async (name, value) => {
    const { call } = startSandbox();
    const reply = await call('GET', `/warehouses?${name}=${value}`);
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ code: 1002, field: name });
  });
});
