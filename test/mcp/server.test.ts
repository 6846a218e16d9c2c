import { InMemoryTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { expect, onTestFinished, test } from 'vitest';
import type { Calls } from '../../src/mcp/call.ts';
import type { CallContext } from '../../src/mcp/caller.ts';
import { allCards } from '../../src/mcp/cards.ts';
import { toResult } from '../../src/mcp/result.ts';
import { createServerFactory } from '../../src/mcp/server.ts';

// The real wiring between a 2025-era client and the path of a call; the path itself is played by the test.

async function connected(open: () => Promise<Calls>, capabilities: object = { elicitation: {} }) {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const handle = serveStdio(
    createServerFactory({
      name: 'test',
      version: '1',
      title: 'Test',
      instructions: 'Test',
      cards: allCards(),
      calls: open,
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
  const client = new LegacyClient({ name: 'v1', version: '1' }, { capabilities });
  // Both SDKs' transports have one shape; only their types differ.
  await client.connect(near as never);
  onTestFinished(async () => {
    await client.close();
    await handle.close();
  });
  return client;
}

const answering = (calls: Calls, capabilities?: object) => connected(async () => calls, capabilities);

const asking =
  (timeLimitMs: number): Calls =>
  async (_tool, _args, context) => {
    const answer = await context.askByForm?.('Delete item Desk Mat (DMAT)', timeLimitMs);
    return toResult({ answer });
  };

test('a pushed form that the client never answers is silence after its time limit', async () => {
  const client = await answering(asking(30));
  client.setRequestHandler(ElicitRequestSchema, () => new Promise(() => undefined));
  const { structuredContent } = await client.callTool({ name: 'delete_item', arguments: {} });
  expect(structuredContent).toEqual({ answer: 'silent' });
});

test.each([
  [{ action: 'accept', content: { confirm: true } }, 'accepted'],
  [{ action: 'accept', content: { confirm: false } }, 'declined'],
  [{ action: 'decline' }, 'declined'],
  [{ action: 'cancel' }, 'cancelled'],
  // A form that came back without its box is no yes.
  [{ action: 'accept', content: {} }, 'silent'],
] as const)('a pushed form that comes back as %o is %s', async (reply, answer) => {
  const client = await answering(asking(5_000));
  client.setRequestHandler(ElicitRequestSchema, async () => reply as never);
  const { structuredContent } = await client.callTool({ name: 'delete_item', arguments: {} });
  expect(structuredContent).toEqual({ answer });
});

test('a call that is cancelled while its form is open takes the form back', async () => {
  let ended: (answer: unknown) => void = () => undefined;
  const answered = new Promise((resolve) => {
    ended = resolve;
  });
  const client = await answering(async (_tool, _args, context) => {
    ended(await context.askByForm?.('Delete item Desk Mat (DMAT)', 60_000));
    return toResult({});
  });
  const abort = new AbortController();
  client.setRequestHandler(ElicitRequestSchema, () => {
    abort.abort();
    return new Promise(() => undefined);
  });
  await expect(client.callTool({ name: 'delete_item', arguments: {} }, undefined, abort)).rejects.toThrow();
  expect(await answered).toBe('silent');
});

test.each([
  [{}, false],
  [{ elicitation: {} }, true],
  [{ elicitation: { form: {} } }, true],
  [{ elicitation: { url: {} } }, false],
])('a client with the capabilities %o declares forms: %s', async (capabilities, declaresForms) => {
  const seen: CallContext[] = [];
  const client = await answering(async (_tool, _args, context) => {
    seen.push(context);
    return toResult({});
  }, capabilities);
  await client.callTool({ name: 'list_items', arguments: {} });
  expect(seen).toMatchObject([{ caller: 'local:test', era: 'legacy', clientName: 'v1', declaresForms }]);
});

test('the state of a form means nothing in a 2025-era call, which has no such forms', async () => {
  const seen: CallContext[] = [];
  const client = await answering(async (_tool, _args, context) => {
    seen.push(context);
    return toResult({});
  });
  const inputResponses = { confirm: { action: 'accept', content: { confirm: true } } };
  await client.callTool({ name: 'delete_item', arguments: {}, requestState: 'abc', inputResponses } as never);
  expect(seen).toHaveLength(1);
  expect(seen[0]).not.toHaveProperty('formReply');
});

test('an inventory that cannot be opened is told without the words of what went wrong', async () => {
  const client = await connected(async () => {
    throw new Error('SQLITE_CANTOPEN /home/ann/secret');
  });
  const result = await client.callTool({ name: 'list_items', arguments: {} });
  expect(result).toMatchObject({ isError: true, structuredContent: { error: { kind: 'unavailable' } } });
  expect(JSON.stringify(result)).not.toMatch(/secret|SQLITE/);
});
