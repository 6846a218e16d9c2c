import { createInventoryClient } from '../../src/client/client.ts';
import { sleep } from '../../src/client/wait.ts';
import { audited } from '../../src/mcp/audit.ts';
import { createCalls } from '../../src/mcp/call.ts';
import { createSandbox, sandboxOrganizationId } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { openAudit } from '../../src/state/audit.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import { noon } from '../helpers/reads.ts';
import { createClock, temporaryDirectory } from '../helpers/world.ts';
import { caller } from './guarded.ts';

export type Row = Record<string, unknown>;

export const secrets = ['planted-access-token', 'planted refresh token'];

/** The demo company behind audited calls, without a transport. `between` stands between the client and the API. */
export function auditedCompany() {
  const clock = createClock(noon);
  const directory = temporaryDirectory();
  const limits = { perMinute: 100_000, perDay: 1_000_000, atOnce: 10 };
  const database = openDatabase(':memory:');
  const sandbox = createSandbox({
    database,
    now: clock.now,
    seed: 'demo',
    accessToken: 'planted-access-token',
    limits,
  });
  const world = {
    between: (_request: Request, next: () => Promise<Response>): Promise<Response> => next(),
    append: undefined as (() => void) | undefined,
  };
  const client = createInventoryClient({
    apiDomain: 'http://sandbox.test',
    accessToken: 'planted-access-token',
    organizationId: sandboxOrganizationId,
    limits,
    dispatch: (request) => world.between(request, () => sandbox.handle(request)),
    now: clock.now,
    sleep,
    random: () => 0.5,
  });
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const lines: Row[] = [];
  const kept = openAudit({ directory: `${directory}/audit`, maxBytes: 1_000_000, now: clock.now, warn });
  const trail = {
    ...kept,
    append: (entry: Row) => {
      world.append?.();
      lines.push(JSON.parse(JSON.stringify(entry)));
      kept.append(entry);
    },
  };
  let ids = 0;
  const calls = audited(
    createCalls({
      client,
      state: openEmbeddedState({ directory, now: clock.now }),
      settings: { organization: sandboxOrganizationId, confirm: 'auto', readOnly: false },
      now: clock.now,
      randomId: () => `Cnf7rm4t10n-0f-Th15-4ct10n-${++ids}`,
      warn,
      organization: async () => ({ timeZone: 'PST', currency: 'USD' }),
    }),
    { trail, now: clock.now, warn, secrets },
  );
  const ask = async (tool: string, args: unknown = {}, context = caller()) => {
    const result = await calls(tool, args, context);
    if (!('content' in result))
      return { facts: { form: result.state, message: result.message } as Row, isError: false };
    return { facts: (result.structuredContent ?? {}) as Row, isError: result.isError === true };
  };
  return {
    ask,
    clock,
    /** Of the sandbox. */
    database,
    directory,
    world,
    warnings,
    lines,
    last: () => lines.at(-1) ?? {},
    /** Requests that reached the API. */
    requests: () => sandbox.log.length,
    idOf: async (tool: string, key: string, id: string, wanted: Row): Promise<string> => {
      const { facts } = await ask(tool, { per_page: 200, fields: [id, ...Object.keys(wanted)] });
      const rows = facts[key] as Row[];
      const found = rows.find((row) => Object.entries(wanted).every(([field, value]) => row[field] === value));
      return String(found?.[id]);
    },
  };
}

export const yes = (facts: Row) => ({ confirmation: facts.confirmation, summary: facts.summary });
