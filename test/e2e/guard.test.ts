import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { connectV1, connectV2, type FormReply, type TestClient } from '../helpers/clients.ts';
import { spawnRaw } from '../helpers/raw.ts';
import { startHttp } from '../helpers/servers.ts';
import { temporaryDirectory } from '../helpers/world.ts';

type Row = Record<string, unknown>;

const env = (more: Record<string, string> = {}) => ({
  INVENTORY_LOG_LEVEL: 'warn',
  INVENTORY_DATA_DIR: temporaryDirectory(),
  ...more,
});
const accept = (confirm: boolean): FormReply => ({ action: 'accept', content: { confirm } });

async function contactId({ call }: Pick<TestClient, 'call'>, contact_name = 'Test Customer'): Promise<string> {
  const { facts } = await call('list_contacts', { contact_name });
  const [contact] = facts.contacts as Row[];
  return String(contact?.contact_id);
}

const isThere = async (client: Pick<TestClient, 'call'>, contact_id: string) =>
  !(await client.call('get_contact', { contact_id })).isError;

describe('a 2026-07-28 client that shows forms', () => {
  test('is asked with the preview, and a ticked box carries it out once', async () => {
    const client = await connectV2({ env: env() }, { onForm: () => accept(true) });
    const contact_id = await contactId(client);
    const { isError, text } = await client.call('delete_contact', { contact_id });
    expect(isError).toBe(false);
    expect(text).not.toContain('confirmation');
    expect(client.forms).toHaveLength(1);
    expect(client.forms[0]).toMatch(/^Delete customer Test Customer/);
    expect(client.forms[0]).toMatch(/cannot be undone/i);
    expect(await isThere(client, contact_id)).toBe(false);
    await client.close();
  });

  test.each<[string, FormReply, RegExp]>([
    ['declines', { action: 'decline' }, /said no/],
    ['closes the form', { action: 'cancel' }, /closed without an answer/],
    ['accepts with the box unticked', accept(false), /said no/],
  ])('and whose person %s: nothing is written, and no token comes instead', async (_, reply, words) => {
    const client = await connectV2({ env: env() }, { onForm: () => reply });
    const contact_id = await contactId(client);
    const { facts, isError, text } = await client.call('delete_contact', { contact_id });
    expect(isError).toBe(true);
    expect(facts).toMatchObject({ status: 'error', error: { kind: 'denied' } });
    expect(text).toMatch(words);
    expect(text).toContain('Nothing was written');
    expect(JSON.stringify(facts)).not.toContain('"confirmation"');
    expect(await isThere(client, contact_id)).toBe(true);
    await client.close();
  });

  test('is asked again, with the new state of things, when they changed while the form was open', async () => {
    const asked: string[] = [];
    let change: (() => Promise<unknown>) | undefined;
    const client = await connectV2(
      { env: env() },
      {
        onForm: async (message) => {
          asked.push(message);
          await change?.();
          change = undefined;
          return accept(true);
        },
      },
    );
    const contact_id = await contactId(client);
    change = () => client.call('update_contact', { contact_id, contact_name: 'Renamed Customer' });
    const { isError } = await client.call('delete_contact', { contact_id });
    expect(isError).toBe(false);
    expect(asked).toHaveLength(2);
    expect(asked[1]).toContain('Renamed Customer');
    expect(asked[1]).toContain('has changed since');
    await client.close();
  });
});

describe('a client that shows no forms', () => {
  test.each([
    ['v1', connectV1],
    ['v2', connectV2],
  ] as const)('(%s) gets a preview that has done nothing, and confirms by the tool', async (_, connect) => {
    const client = await connect({ env: env() });
    const contact_id = await contactId(client);
    const { facts, isError, text } = await client.call('delete_contact', { contact_id });
    expect(isError).toBe(false);
    expect(text.split('\n')[0]).toBe('Nothing has been done yet.');
    expect(facts).toMatchObject({ status: 'confirmation_required', expires_in_seconds: 300 });
    expect(await isThere(client, contact_id)).toBe(true);
    const { confirmation, summary } = facts;
    const other = await client.call('confirm_action', { confirmation, summary: 'Delete item Mug (MUG)' });
    expect(other.facts).toMatchObject({ error: { kind: 'confirmation_invalid' } });
    expect(await isThere(client, contact_id)).toBe(true);
    expect((await client.call('confirm_action', { confirmation, summary })).isError).toBe(false);
    expect(await isThere(client, contact_id)).toBe(false);
    expect((await client.call('confirm_action', { confirmation, summary })).facts).toMatchObject({
      status: 'already_done',
    });
    await client.close();
  });

  test('(known to declare forms and never to show them) gets a preview too', async () => {
    const client = await connectV2({ env: env() }, { name: 'claude-ai', onForm: () => accept(true) });
    const { facts } = await client.call('delete_contact', { contact_id: await contactId(client) });
    expect(facts.status).toBe('confirmation_required');
    expect(client.forms).toEqual([]);
    await client.close();
  });
});

describe('a 2025-era client', () => {
  const onForm = () => accept(true);

  test('that declares forms is not asked by one unless the operator set it', async () => {
    const client = await connectV1({ env: env() }, { onForm });
    const { facts } = await client.call('delete_contact', { contact_id: await contactId(client) });
    expect(facts.status).toBe('confirmation_required');
    expect(client.forms).toEqual([]);
    await client.close();
  });

  test('is asked by a pushed form under INVENTORY_CONFIRM=elicitation, and the yes carries it out', async () => {
    const client = await connectV1({ env: env({ INVENTORY_CONFIRM: 'elicitation' }) }, { onForm });
    const contact_id = await contactId(client);
    expect((await client.call('delete_contact', { contact_id })).isError).toBe(false);
    expect(client.forms).toEqual([expect.stringMatching(/^Delete customer Test Customer/)]);
    expect(await isThere(client, contact_id)).toBe(false);
    await client.close();
  });

  test.each<[string, FormReply]>([
    ['declines', { action: 'decline' }],
    ['cancels', { action: 'cancel' }],
    ['leaves the box unticked', accept(false)],
  ])('whose person %s has written nothing', async (_, reply) => {
    const client = await connectV1({ env: env({ INVENTORY_CONFIRM: 'elicitation' }) }, { onForm: () => reply });
    const contact_id = await contactId(client);
    const { facts } = await client.call('delete_contact', { contact_id });
    expect(facts).toMatchObject({ error: { kind: 'denied' } });
    expect(await isThere(client, contact_id)).toBe(true);
    await client.close();
  });

  test('that cannot ask is refused under INVENTORY_CONFIRM=elicitation, by the name of setting and client', async () => {
    const client = await connectV1({ env: env({ INVENTORY_CONFIRM: 'elicitation' }) }, { name: 'plain-shell' });
    const contact_id = await contactId(client);
    const { facts, text } = await client.call('delete_contact', { contact_id });
    expect(facts).toMatchObject({ error: { kind: 'denied', setting: 'INVENTORY_CONFIRM', client: 'plain-shell' } });
    expect(text).toMatch(/INVENTORY_CONFIRM=elicitation.*plain-shell/);
    expect((await client.tools()).map(({ name }) => name)).not.toContain('confirm_action');
    expect(await isThere(client, contact_id)).toBe(true);
    await client.close();
  });
});

/** Bare messages of 2026-07-28: every request says anew who calls and what they can show. */
function modern(server: ReturnType<typeof spawnRaw>) {
  const meta = (capabilities: object) => ({
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  });
  return async (name: string, args: Row, capabilities: object = {}, more: Row = {}): Promise<Row> => {
    const reply = await server.request('tools/call', { name, arguments: args, _meta: meta(capabilities), ...more });
    if (!reply.result) throw new Error(`no result: ${JSON.stringify(reply.error)}`);
    return reply.result;
  };
}

const forms = { elicitation: { form: {} } };
const factsOf = (result: Row) => (result.structuredContent ?? {}) as Row;

describe('what a 2026-07-28 request says of its client counts for this request', () => {
  test('with forms declared the answer asks by a form, without it by a token, over one connection', async () => {
    const call = modern(spawnRaw());
    const { contacts } = factsOf(await call('list_contacts', { contact_name: 'Test Customer' }));
    const [{ contact_id } = {}] = contacts as Row[];
    const asked = await call('delete_contact', { contact_id }, forms);
    expect(asked.resultType).toBe('input_required');
    expect(asked).not.toHaveProperty('structuredContent');
    for (const none of [{}, { elicitation: { url: {} } }, { sampling: {} }]) {
      expect(factsOf(await call('delete_contact', { contact_id }, none)).status).toBe('confirmation_required');
    }
    expect((await call('delete_contact', { contact_id }, { elicitation: {} })).resultType).toBe('input_required');
  });

  test('the state of a form works for the call it was given out for, once, and is no token', async () => {
    const server = spawnRaw();
    const call = modern(server);
    const { contacts } = factsOf(await call('list_contacts', { per_page: 50, contact_type: 'customer' }));
    const rows = contacts as Row[];
    const of = (name: string) => rows.find((row) => row.contact_name === name)?.contact_id;
    const contact_id = of('Test Customer');
    const asked = await call('delete_contact', { contact_id }, forms);
    const requestState = asked.requestState;
    const inputResponses = { confirm: { action: 'accept', content: { confirm: true } } };
    const invalid = { status: 'error', error: { kind: 'confirmation_invalid' } };

    const asToken = { confirmation: requestState, summary: 'Delete customer Test Customer' };
    expect(factsOf(await call('confirm_action', asToken))).toMatchObject(invalid);
    const elsewhere = await call('delete_contact', { contact_id: of('Marble Hotel') }, forms, {
      requestState,
      inputResponses,
    });
    expect(factsOf(elsewhere)).toMatchObject(invalid);
    const madeUp = await call('delete_contact', { contact_id }, forms, { requestState: 'made-up', inputResponses });
    expect(factsOf(madeUp)).toMatchObject(invalid);
    // Answers without a yes in them, whatever they look like.
    for (const none of [
      {},
      { confirm: { action: 'accept' } },
      { confirm: { action: 'accept', content: { confirm: 'true' } } },
    ]) {
      const answer = await call('delete_contact', { contact_id }, forms, { requestState, inputResponses: none });
      expect(answer.isError).toBe(true);
      expect(factsOf(await call('get_contact', { contact_id }))).toHaveProperty('contact');
    }
    const again = await call('delete_contact', { contact_id }, forms);
    const yes = { requestState: again.requestState, inputResponses };
    expect((await call('delete_contact', { contact_id }, forms, yes)).isError ?? false).toBe(false);
    expect(factsOf(await call('delete_contact', { contact_id }, forms, yes))).toMatchObject({ status: 'already_done' });
    expect(server.strayLines).toEqual([]);
  });
});

describe('a yes of another', () => {
  test('process of the same user on the same state folder is good, and counts once for both', async () => {
    const directory = temporaryDirectory();
    const data = { INVENTORY_SANDBOX_DATA: `${directory}/sandbox.sqlite`, INVENTORY_DATA_DIR: directory };
    const first = await connectV1({ env: env(data) });
    const contact_id = await contactId(first);
    const { facts } = await first.call('delete_contact', { contact_id });
    const second = await connectV1({ env: env(data) });
    const { confirmation, summary } = facts;
    expect((await second.call('confirm_action', { confirmation, summary })).isError).toBe(false);
    expect((await first.call('confirm_action', { confirmation, summary })).facts).toMatchObject({
      status: 'already_done',
    });
    await first.close();
    await second.close();
  });

  test('state folder is none', async () => {
    const first = await connectV1({ env: env() });
    const { facts } = await first.call('delete_contact', { contact_id: await contactId(first) });
    const second = await connectV1({ env: env() });
    const { confirmation, summary } = facts;
    expect((await second.call('confirm_action', { confirmation, summary })).facts).toMatchObject({
      error: { kind: 'confirmation_invalid' },
    });
    await first.close();
    await second.close();
  });
});

test('with a state folder that cannot be written every write is refused, naming the setting, and reads go on', async () => {
  const client = await connectV1({ env: env({ INVENTORY_DATA_DIR: '/proc/version/state' }) });
  const contact_id = await contactId(client);
  const writes: [string, Row][] = [
    ['delete_contact', { contact_id }],
    ['create_contact', { contact_name: 'New', contact_type: 'customer' }],
    ['update_contact', { contact_id, contact_name: 'Renamed' }],
    ['place_sales_order', { customer: 'Bluebird Cafe', items: [{ item: 'MUG', quantity: 1 }] }],
    ['reorder_low_stock', {}],
  ];
  for (const [tool, args] of writes) {
    const { facts, text } = await client.call(tool, args);
    expect(facts, tool).toMatchObject({ error: { kind: 'unavailable' } });
    expect(text).toContain('INVENTORY_DATA_DIR');
  }
  expect(await isThere(client, contact_id)).toBe(true);
  expect((await client.call('list_contacts', { contact_name: 'New' })).facts.contacts).toEqual([]);
  await client.close();
});

test('a request for a path that is no address does not end the HTTP server', async () => {
  const url = await startHttp();
  const { port } = new URL(url);
  for (const path of ['//', '/\\', '//[', '/mcp/..//', '*']) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request({ port, host: '127.0.0.1', path, method: 'POST' }, (reply) => resolve(reply.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status, path).toBe(404);
  }
  const client = await connectV1({ url });
  expect((await client.tools()).length).toBeGreaterThan(0);
  await client.close();
});
