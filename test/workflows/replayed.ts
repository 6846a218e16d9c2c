import { describe, expect, test } from 'vitest';
import type { Input } from '../../src/operations/define.ts';
import type { Plan, WorkflowContext, WriteWorkflow } from '../../src/workflows/define.ts';
import { workflowByName } from '../../src/workflows/index.ts';
import { demoWorld } from './demo-world.ts';
import { quiet } from './fake-api.ts';
import { Crash, emptyJournal, isWrite, journaled } from './journaled.ts';

const tomorrow: WorkflowContext = { ...quiet, today: '2026-11-24', nowMs: Date.UTC(2026, 10, 24) };

const writing = (name: string): WriteWorkflow => {
  const found = workflowByName.get(name);
  if (!found || !('run' in found)) throw new Error(`${name} does not write.`);
  return found;
};
const stored = (plan: Plan) => JSON.parse(JSON.stringify(plan)) as Plan; // parse boundary: written on this line

type World = ReturnType<typeof demoWorld>;

/**
 * A job that died is run again from its start; its journal answers what was written. It must then ask for the very same.
 * `writes` are the operations it calls, in their order; `given` tells its input in a fresh demo company.
 */
export function describeReplay(name: string, given: Input | ((world: World) => Promise<Input>), writes: string[]) {
  const inputIn = async (world: World) => (typeof given === 'function' ? given(world) : given);

  describe(`${name} run again after a crash`, () => {
    test.each(writes.map((_, index) => index))('with %i writes done, does the others once', async (done) => {
      const world = demoWorld();
      const plan = stored(await world.plan(name, await inputIn(world)));
      const { run } = writing(name);
      const journal = emptyJournal();
      await expect(run(journaled(world.apiOf(name), journal, done), plan, quiet)).rejects.toThrow(Crash);
      expect(journal.done).toHaveLength(done);
      const reply = await run(journaled(world.apiOf(name), journal), plan, tomorrow);
      expect(journal.done.map((write) => write.name)).toEqual(writes);
      // Run once more with nothing left to write, it answers the same.
      const calls = world.callsSent();
      expect(await run(journaled(world.apiOf(name), journal), plan, tomorrow)).toEqual(reply);
      expect(world.callsSent() - calls).toBe(journal.calls.filter((call) => !isWrite(call)).length);
    });

    test('reads nothing before its last write', async () => {
      const world = demoWorld();
      const plan = stored(await world.plan(name, await inputIn(world)));
      const journal = emptyJournal();
      await writing(name).run(journaled(world.apiOf(name), journal), plan, quiet);
      expect(journal.calls.slice(0, writes.length)).toEqual(writes);
    });
  });
}
