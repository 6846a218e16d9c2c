// The whole server inside this process, on an empty state and the demo company of one fixed day: the same calls give the
// same answers, so that what is printed of them can be compared.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInventoryClient } from '../src/client/client.ts';
import { sleep } from '../src/client/wait.ts';
import { createCalls } from '../src/mcp/call.ts';
import { createResources } from '../src/mcp/resources.ts';
import { createSandbox, sandboxOrganizationId } from '../src/sandbox/server.ts';
import { openDatabase } from '../src/sqlite.ts';
import { openEmbeddedState } from '../src/state/embedded.ts';

const fixedDay = Date.UTC(2026, 10, 23, 18, 0, 0);
const limits = { perMinute: 100_000, perDay: 1_000_000, atOnce: 10 };

export interface InProcess {
  /** As a client that shows no forms: text, facts, and the API calls it cost. */
  readonly call: (tool: string, args: Record<string, unknown>) => Promise<Answered>;
  readonly svg: (name: string, variables: Record<string, string>) => Promise<string>;
  readonly close: () => void;
}

export interface Answered {
  readonly text: string;
  readonly facts: Record<string, unknown>;
  /** PNGs in base64. */
  readonly charts: readonly string[];
  readonly isError: boolean;
  readonly apiCalls: number;
}

export function startInProcess(): InProcess {
  const directory = mkdtempSync(join(tmpdir(), 'inventory-docs-'));
  const now = () => fixedDay;
  const sandbox = createSandbox({ database: openDatabase(':memory:'), now, seed: 'demo', accessToken: 'docs', limits });
  const client = createInventoryClient({
    ...{ accessToken: 'docs', apiDomain: 'http://sandbox.test', organizationId: sandboxOrganizationId },
    dispatch: (request) => sandbox.handle(request),
    ...{ limits, now, sleep, random: () => 0.5 },
  });
  const state = openEmbeddedState({ directory, now });
  const organization = async () => ({ timeZone: 'PST', currency: 'USD' });
  let ids = 0;
  const calls = createCalls({
    ...{ client, state, now, sleep },
    settings: { organization: sandboxOrganizationId, confirm: 'auto', readOnly: false },
    randomId: () => {
      ids += 1;
      return `confirmation-${ids}`;
    },
    warn: (message) => {
      throw new Error(message);
    },
    organization,
  });
  const resources = createResources({ client, now, organization });
  return {
    call: async (tool, args) => {
      const before = sandbox.callsSeen();
      const result = await calls(tool, args, {
        ...{ caller: 'local', era: 'legacy', clientName: 'docs', declaresForms: false },
        signal: new AbortController().signal,
        progress: () => {},
      });
      if (!('content' in result)) throw new Error(`${tool} asked by a form`);
      const { content, structuredContent, isError } = result;
      return {
        text: (content ?? []).flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n'),
        facts: (structuredContent ?? {}) as Record<string, unknown>, // parse boundary: our own result
        charts: (content ?? []).flatMap((block) => (block.type === 'image' ? [block.data] : [])),
        isError: isError === true,
        apiCalls: sandbox.callsSeen() - before,
      };
    },
    svg: async (name, variables) => (await resources.chart(name, variables)).text,
    close: () => {
      state.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
