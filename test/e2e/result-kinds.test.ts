import { InMemoryTransport, Client as ModernClient } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { expect, onTestFinished, test } from 'vitest';
import * as errors from '../../src/errors.ts';
import { allCards } from '../../src/mcp/cards.ts';
import { toErrorResult, toResult } from '../../src/mcp/result.ts';
import { createServerFactory } from '../../src/mcp/server.ts';

// After listing, a client checks every result against the output schema it was shown, and throws away what does not fit.
// The server here answers each tool with each kind of result there is; the real wiring is between it and the client.

const cards = allCards();
const nothing = { nothingSent: true };

const results = {
  'a record': toResult({
    item: { item_id: '1', name: 'Desk Mat' },
    items: [{ item_id: '1' }, { item_id: '2' }],
    message: 'ok',
  }),
  'an empty list': toResult({ items: [], page_context: { page: 1, per_page: 25, has_more_page: false } }),
  'an empty reply': toResult({}),
  'a confirmation': toResult(
    { status: 'confirmation_required', summary: 'Delete', preview: ['Delete'], confirmation: 'x' },
    { before: 'Nothing has been done yet.' },
  ),
  'a recorded outcome': toResult({ status: 'already_done', outcome: { item: { item_id: '1' } } }),
  'a list where a record was announced': toResult({ item: [], items: {}, page_context: 'none', salesorder: 1 }),
};

const failures = {
  invalid_arguments: new errors.InvalidArguments('Wrong.', nothing),
  denied: new errors.Denied('No.', nothing),
  confirmation_invalid: new errors.ConfirmationInvalid('Used.', nothing),
  unauthorized: new errors.Unauthorized('No token.'),
  missing_scope: new errors.MissingScope('ZohoInventory.items.READ'),
  not_found: new errors.NotFound('Gone.'),
  rejected: new errors.Rejected('No stock.', { facts: { code: 1003 } }),
  rate_limited: new errors.RateLimited(30),
  unavailable: new errors.Unavailable('Down.'),
  outcome_unknown: new errors.OutcomeUnknown('No answer.'),
  partly_done: new errors.PartlyDone('Half.', { facts: { done: [{ id: '1' }] } }),
  cancelled: new errors.Cancelled('Called off.'),
} satisfies Record<errors.ErrorKind, errors.InventoryError>;

async function connected(era: 'v1' | 'v2') {
  let next = toResult({});
  const [near, far] = InMemoryTransport.createLinkedPair();
  const handle = serveStdio(
    createServerFactory({
      name: 'test',
      version: '1',
      title: 'Test',
      instructions: 'Test',
      cards,
      calls: async () => async () => next,
      guides: [],
      reports: [],
      resources: async () => {
        throw new Error('no resource is read here');
      },
      caller: 'local:test',
      canPush: true,
      track: (work) => work,
    }),
    { transport: far },
  );
  const client =
    era === 'v1'
      ? new LegacyClient({ name: 'v1', version: '1' })
      : new ModernClient({ name: 'v2', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  // Both SDKs' transports have one shape; only their types differ.
  await client.connect(near as never);
  onTestFinished(async () => {
    await client.close();
    await handle.close();
  });
  return {
    tools: (await client.listTools()).tools.map(({ name }) => name),
    call: async (name: string, answer: typeof next) => {
      next = answer;
      return client.callTool({ name, arguments: {} });
    },
  };
}

test.each(['v1', 'v2'] as const)(
  'a %s client that has listed the tools accepts every kind of result of every tool',
  async (era) => {
    const client = await connected(era);
    expect(client.tools).toEqual(cards.map(({ name }) => name));
    let accepted = 0;
    for (const tool of client.tools) {
      for (const [kind, answer] of Object.entries(results)) {
        const got = await client.call(tool, answer);
        expect(got.structuredContent, `${kind} of ${tool}`).toEqual(answer.structuredContent);
        accepted += 1;
      }
      for (const [kind, error] of Object.entries(failures)) {
        const got = await client.call(tool, toErrorResult(error));
        expect(got, `${kind} of ${tool}`).toMatchObject({
          isError: true,
          structuredContent: { error: { kind, message: error.message } },
        });
        accepted += 1;
      }
    }
    expect(accepted).toBe(cards.length * 18);
  },
);
