import { join } from 'node:path';
import { InMemoryTransport } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { onTestFinished } from 'vitest';
import { createOutbox, withOutbox } from '../../src/alerts/outbox.ts';
import { createWebhook } from '../../src/alerts/webhook.ts';
import { createInventoryClient } from '../../src/client/client.ts';
import { sleep } from '../../src/client/wait.ts';
import { createCalls } from '../../src/mcp/call.ts';
import { allCards } from '../../src/mcp/cards.ts';
import { createServerFactory } from '../../src/mcp/server.ts';
import type { Input } from '../../src/operations/define.ts';
import { environmentLines, listenSandbox } from '../../src/sandbox/listen.ts';
import { createSandbox, sandboxOrganizationId } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import { createSharedClock } from '../chaos/kill-clock.ts';
import { connectV1, type ToolResult } from '../helpers/clients.ts';
import { dumpOf } from '../helpers/dump.ts';
import { operationNamed } from '../helpers/reads.ts';
import { temporaryDirectory } from '../helpers/world.ts';
import { createGate } from './gate.ts';

/** Noon in Oakland on a Monday: far from midnight, so that every world of this table has one day. */
const noon = Date.UTC(2026, 10, 23, 20);
const limits = { perMinute: 100_000, perDay: 1_000_000, atOnce: 10 };
const accessToken = 'token-of-the-jobs';
const alertPath = '/alert';
/** A client in this process waits so many times shorter before it asks again. */
const hurry = 20;

/** A call of a tool by an MCP client. */
export type Call = (tool: string, args?: Input, signal?: AbortSignal) => Promise<ToolResult>;

/** The demo company behind a gate, and servers on one folder of state: in this process, or built ones that can be killed. */
export function jobsWorld() {
  const directory = temporaryDirectory();
  const clock = createSharedClock(directory);
  clock.advance(noon - clock.now());
  const database = openDatabase(':memory:');
  const sandbox = createSandbox({ database, now: clock.now, seed: 'demo', accessToken, limits });
  /** Ids of the alerts that reached the operator's webhook. */
  const alerts: string[] = [];
  const gate = createGate(async (request) => {
    if (new URL(request.url).pathname !== alertPath) return sandbox.handle(request);
    alerts.push(request.headers.get('idempotency-key') ?? '');
    return new Response();
  });
  const plain = createInventoryClient({
    ...{ accessToken, apiDomain: 'http://sandbox.test', organizationId: sandboxOrganizationId },
    ...{ dispatch: sandbox.handle, limits, now: clock.now, sleep, random: () => 0.5 },
  });
  const stateFolder = join(directory, 'state');
  const working = new Set<Promise<unknown>>();
  const warnings: string[] = [];

  /** In this process. */
  async function start(): Promise<Call> {
    let ids = 0;
    const randomId = () => {
      ids += 1;
      return `id-${String(ids).padStart(20, '0')}`;
    };
    const state = openEmbeddedState({ directory: stateFolder, now: clock.now });
    const toWebhook: typeof fetch = async (url, init) => gate.handle(new Request(String(url), init));
    const outbox = createOutbox({
      ways: [createWebhook({ url: `http://127.0.0.1${alertPath}`, fetch: toWebhook })],
      ...{ state, now: clock.now, randomId, organization: sandboxOrganizationId, demo: false },
    });
    const client = withOutbox(
      createInventoryClient({
        ...{ accessToken, apiDomain: 'http://sandbox.test', organizationId: sandboxOrganizationId },
        ...{ dispatch: gate.handle, limits, now: clock.now, random: () => 0.5 },
        sleep: (ms, signal) => sleep(ms / hurry, signal),
      }),
      outbox,
    );
    const calls = createCalls({
      ...{ client, state, now: clock.now, sleep, randomId },
      settings: { organization: sandboxOrganizationId, confirm: 'auto', readOnly: false },
      warn: (message) => void warnings.push(message),
      organization: async () => ({ timeZone: 'PST', currency: 'USD' }),
    });
    const [near, far] = InMemoryTransport.createLinkedPair();
    const handle = serveStdio(
      createServerFactory({
        ...{ name: 'jobs', version: '1', title: 'Jobs', instructions: 'Jobs', guides: [], reports: [] },
        ...{ cards: allCards(), calls: async () => calls, caller: 'local:jobs', canPush: true },
        resources: async () => {
          throw new Error('no resource is read here');
        },
        track: (work) => {
          working.add(work);
          void work.finally(() => working.delete(work)).catch(() => undefined);
          return work;
        },
      }),
      { transport: far },
    );
    const protocol = new Client({ name: 'jobs', version: '1' });
    await protocol.connect(near as never); // both SDKs' transports have one shape; only their types differ
    onTestFinished(async () => {
      await protocol.close();
      await handle.close();
      state.close();
    });
    return async (name, args = {}, signal) => {
      const result = await protocol.callTool({ name, arguments: args }, undefined, signal ? { signal } : {});
      const [content] = result.content as { text?: string }[]; // parse boundary: what the wire brought
      const facts = (result.structuredContent ?? {}) as ToolResult['facts']; // parse boundary: as above
      return { text: content?.text ?? '', facts, isError: result.isError === true, files: [], pictures: [], links: [] };
    };
  }

  let listening: Promise<string> | undefined;
  const listen = async () => {
    const { url, close } = await listenSandbox({ sandbox: gate, port: 0 });
    onTestFinished(close);
    return url;
  };

  /** The built server in a process of its own; `kill` ends it without notice and resolves when it is gone. */
  async function startBuilt(): Promise<{ call: Call; kill: () => Promise<void> }> {
    listening ??= listen();
    const url = await listening;
    const account = Object.fromEntries(environmentLines(url).map((line) => line.split('=')));
    const env = {
      ...{ ...account, ...clock.env, INVENTORY_DATA_DIR: stateFolder, INVENTORY_LOG_LEVEL: 'warn' },
      INVENTORY_ALERT_WEBHOOK: `${url}${alertPath}`,
    };
    const server = await connectV1({ env, stderr: (text) => void warnings.push(text) });
    onTestFinished(() => server.close());
    return {
      call: (tool, args) => server.call(tool, args),
      kill: async () => {
        if (server.pid === null) throw new Error('the server is not running');
        process.kill(server.pid, 'SIGKILL');
        await server.close();
      },
    };
  }

  return {
    ...{ clock, gate, alerts, warnings, start, startBuilt },
    /** All that the company's books and the webhook's inbox hold, but for clocks. */
    books: () => `${dumpOf(sandbox.database)}\nalerts: ${alerts.length}`,
    /** By the client alone: what others do meanwhile. */
    others: (name: string, input: Input) => plain.call(operationNamed(name), input),
    /** Until the server in this process is at nothing any more. */
    atRest: async () => {
      while (working.size > 0) await Promise.allSettled([...working]);
    },
  };
}

export type JobsWorld = ReturnType<typeof jobsWorld>;
