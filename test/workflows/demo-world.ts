import { createInventoryClient, type Reply } from '../../src/client/client.ts';
import { sleep } from '../../src/client/wait.ts';
import type { Input, Operation } from '../../src/operations/define.ts';
import { anyOperationByName } from '../../src/operations/index.ts';
import { createSandbox, sandboxOrganizationId } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { apiFor } from '../../src/workflows/api.ts';
import type { Api, Plan, Workflow, WorkflowContext } from '../../src/workflows/define.ts';
import { workflowByName } from '../../src/workflows/index.ts';

const nowMs = Date.UTC(2026, 10, 23, 18, 0, 0);
const accessToken = 'token-of-the-test';

/** The demo company in memory, behind the real client and the sandbox's HTTP shapes. */
export function demoWorld(seed: 'demo' | 'empty' = 'demo', { perMinute = 1000 } = {}) {
  const limits = { perMinute, perDay: 10 * perMinute, atOnce: 10 };
  const sandbox = createSandbox({ database: openDatabase(':memory:'), now: () => nowMs, seed, accessToken, limits });
  const client = createInventoryClient({
    accessToken,
    apiDomain: 'http://sandbox.test',
    organizationId: sandboxOrganizationId,
    dispatch: (request) => sandbox.handle(request),
    limits,
    now: () => nowMs,
    sleep,
    random: () => 0.5,
  });
  const context: WorkflowContext = { today: '2026-11-23', progress: () => {} };

  const workflow = (name: string): Workflow => {
    const found = workflowByName.get(name);
    if (!found) throw new Error(`There is no workflow ${name}.`);
    return found;
  };
  const apiOf = (name: string): Api => apiFor(client, workflow(name).uses);
  const operation = (name: string): Operation => {
    const found = anyOperationByName.get(name);
    if (!found) throw new Error(`There is no operation ${name}.`);
    return found;
  };
  const call = (name: string, input: Input): Promise<Reply> => client.call(operation(name), input);

  return {
    call,
    apiOf,
    /** API calls the sandbox has seen. */
    callsSent: () => sandbox.callsSeen(),
    read: (name: string, input: Input): Promise<Reply> => {
      const found = workflow(name);
      if (!('read' in found)) throw new Error(`${name} writes.`);
      return found.read(apiOf(name), input, context);
    },
    plan: (name: string, input: Input): Promise<Plan> => {
      const found = workflow(name);
      if (!('plan' in found)) throw new Error(`${name} only reads.`);
      return found.plan(apiOf(name), input, context);
    },
    /** Runs a plan as it comes out of a store: as JSON. */
    run: (name: string, plan: Plan, api: Api = apiOf(name), signal?: AbortSignal): Promise<Reply> => {
      const found = workflow(name);
      if (!('run' in found)) throw new Error(`${name} only reads.`);
      const stored = JSON.parse(JSON.stringify(plan)) as Plan; // parse boundary: written one line above
      return found.run(api, stored, signal ? { ...context, signal } : context);
    },
  };
}
