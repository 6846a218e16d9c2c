import { expect, test } from 'vitest';
import { createInventoryClient, type Reply } from '../../src/client/client.ts';
import { sleep } from '../../src/client/wait.ts';
import { Denied, RateLimited } from '../../src/errors.ts';
import type { Action } from '../../src/mcp/action.ts';
import { createActions } from '../../src/mcp/actions.ts';
import { type CallParts, createCalls } from '../../src/mcp/call.ts';
import { createContact, listContacts } from '../../src/operations/contacts.ts';
import { createSandbox, sandboxOrganizationId } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import type { Plan, WriteWorkflow } from '../../src/workflows/define.ts';
import { noon } from '../helpers/reads.ts';
import { createClock, temporaryDirectory } from '../helpers/world.ts';
import { aPlan, caller } from './guarded.ts';

type Row = Record<string, unknown>;

/** The whole path of a call on the demo company, without a transport. */
function company(settings: Partial<CallParts['settings']> = {}) {
  const clock = createClock(noon);
  const directory = temporaryDirectory();
  const limits = { perMinute: 100_000, perDay: 1_000_000, atOnce: 10 };
  const sandbox = createSandbox({
    database: openDatabase(':memory:'),
    now: clock.now,
    seed: 'demo',
    accessToken: 'good',
    limits,
  });
  const client = createInventoryClient({
    apiDomain: 'http://sandbox.test',
    accessToken: 'good',
    organizationId: sandboxOrganizationId,
    limits,
    dispatch: sandbox.handle,
    now: clock.now,
    sleep,
    random: () => 0.5,
  });
  const warnings: string[] = [];
  let ids = 0;
  const parts = (): CallParts => ({
    client,
    state: openEmbeddedState({ directory, now: clock.now }),
    settings: { organization: sandboxOrganizationId, confirm: 'auto', readOnly: false, ...settings },
    now: clock.now,
    randomId: () => `confirmation-${++ids}`,
    warn: (message) => void warnings.push(message),
    organization: async () => ({ timeZone: 'PST', currency: 'USD' }),
  });
  let calls = createCalls(parts());
  const ask = async (tool: string, args: unknown = {}, context = caller()) => {
    const result = await calls(tool, args, context);
    if (!('content' in result)) throw new Error('a form came instead of an answer');
    const [block] = result.content as { text: string }[];
    return {
      text: block?.text ?? '',
      facts: (result.structuredContent ?? {}) as Row,
      isError: result.isError === true,
    };
  };
  return {
    ask,
    clock,
    client,
    warnings,
    parts,
    restart: () => {
      calls = createCalls(parts());
    },
    writes: () => sandbox.log.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`),
    idOf: async (tool: string, key: string, id: string, wanted: Row) => {
      const { facts } = await ask(tool, { per_page: 200 });
      const rows = facts[key] as Row[];
      const found = rows.find((row) => Object.entries(wanted).every(([field, value]) => row[field] === value));
      return String(found?.[id]);
    },
  };
}

const yes = (facts: Row) => ({ confirmation: facts.confirmation, summary: facts.summary });

test('a delete is stopped, confirmed after a restart, and done once', async () => {
  const { ask, restart, writes, idOf } = company();
  const contact_id = await idOf('list_contacts', 'contacts', 'contact_id', { contact_name: 'Test Customer' });
  const asked = await ask('delete_contact', { contact_id });
  expect(asked.text.split('\n')[0]).toBe('Nothing has been done yet.');
  expect(asked.isError).toBe(false);
  expect(writes()).toEqual([]);
  restart();
  expect((await ask('confirm_action', yes(asked.facts))).isError).toBe(false);
  restart();
  const again = await ask('confirm_action', yes(asked.facts));
  expect(again.facts).toMatchObject({ status: 'already_done' });
  expect(writes()).toEqual([`DELETE /inventory/v1/contacts/${contact_id}`]);
});

test("a job's plan runs out of the store as it was shown: the reorder, through two restarts", async () => {
  const { ask, restart, writes } = company();
  const asked = await ask('reorder_low_stock');
  expect(asked.facts).toMatchObject({ status: 'confirmation_required' });
  expect(asked.text).toContain('Nordklang');
  restart();
  const done = await ask('confirm_action', yes(asked.facts));
  expect(done.facts).toMatchObject({ purchaseorders: [{ vendor_name: expect.stringContaining('Nordklang') }] });
  restart();
  expect((await ask('confirm_action', yes(asked.facts))).facts).toMatchObject({ status: 'already_done' });
  expect(writes()).toEqual(['POST /inventory/v1/purchaseorders']);
});

test('two orders side by side that together pass the limit of the day: one is written, one is asked about', async () => {
  const { ask, writes } = company({ confirmAbove: 1000 });
  const order = (quantity: number) =>
    ask('place_sales_order', { customer: 'Marble Hotel', items: [{ item: 'MUG', quantity, rate: 300 }] });
  const answers = await Promise.all([order(2), order(3)]);
  const asked = answers.filter(({ facts }) => facts.status === 'confirmation_required');
  expect(asked).toHaveLength(1);
  expect(asked[0]?.text).toContain("operator's limit of 1000.00 USD");
  expect(writes().filter((line) => line === 'POST /inventory/v1/salesorders')).toHaveLength(1);
});

test('a call that was cancelled before it began reads and writes nothing', async () => {
  const { ask, writes } = company();
  const signal = AbortSignal.abort();
  const answer = await ask('create_contact', { contact_name: 'Late', contact_type: 'customer' }, caller({ signal }));
  expect(answer.facts).toMatchObject({ error: { kind: 'cancelled' } });
  expect(writes()).toEqual([]);
});

test('an exception of ours is logged with its stack and told without a word of it', async () => {
  const { parts, warnings } = company();
  const calls = createCalls({
    ...parts(),
    client: {
      ...parts().client,
      call: async () => {
        throw new TypeError("Cannot read properties of undefined (reading 'token') at /home/ann/secret");
      },
    },
  });
  const result = await calls('list_items', {}, caller());
  expect(result).toMatchObject({ isError: true, structuredContent: { error: { kind: 'unavailable' } } });
  expect(JSON.stringify(result)).not.toMatch(/secret|undefined|TypeError/);
  expect(warnings.join()).toContain('/home/ann/secret');
});

test('a field that no row has is named, instead of rows that look empty', async () => {
  const { ask } = company();
  const { facts } = await ask('list_items', { per_page: 2, fields: ['sku', 'nmae'] });
  expect(facts).toMatchObject({ items: [{ sku: expect.any(String) }, {}], fields_in_no_row: ['nmae'] });
  const good = await ask('list_items', { per_page: 2, fields: ['sku', 'name'] });
  expect(good.facts).not.toHaveProperty('fields_in_no_row');
});

/** A job on two operations, one that reads and one that writes. */
function job(more: Partial<WriteWorkflow>): WriteWorkflow {
  return {
    name: 'invite_customers',
    title: 'Invite customers',
    description: 'Creates contacts.',
    toolset: 'contacts',
    input: {},
    uses: [listContacts, createContact],
    plan: async () => aPlan(),
    run: async () => ({}),
    ...more,
  };
}

const newContact = { contact_name: 'Invited', contact_type: 'customer' };

async function runOf(run: WriteWorkflow['run'], plan: Plan = aPlan()) {
  const { parts, writes } = company();
  const action: Action = createActions(parts()).ofWorkflow(job({ run }), {}, caller());
  const outcome = await action.run(plan).then(
    (reply: Reply) => reply,
    (error: unknown) => error,
  );
  return { outcome, writes: writes() };
}

test('the plan of a job cannot write, even if it tries', async () => {
  const { parts, writes } = company();
  const plan: WriteWorkflow['plan'] = async (api) => {
    await api.call('list_contacts', {});
    await api.call('create_contact', newContact);
    return aPlan();
  };
  const action = createActions(parts()).ofWorkflow(job({ plan }), {}, caller());
  await expect(action.plan()).rejects.toBeInstanceOf(Denied);
  expect(writes()).toEqual([]);
});

test('a job whose plan says that nothing is left to do cannot write', async () => {
  const { outcome, writes } = await runOf(async (api) => api.call('create_contact', newContact), {
    ...aPlan(),
    nothingToDo: true,
  });
  expect(outcome).toBeInstanceOf(Denied);
  expect(writes).toEqual([]);
});

test('a job that could not send its first write has done nothing', async () => {
  const { outcome } = await runOf(async (api) => {
    await api.call('list_contacts', {});
    throw new RateLimited(30, { nothingSent: true });
  });
  expect(outcome).toMatchObject({ kind: 'rate_limited', nothingSent: true });
});
