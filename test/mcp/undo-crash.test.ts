import { expect, onTestFinished, test } from 'vitest';
import { fingerprintOf } from '../../src/mcp/canonical.ts';
import { createUndo } from '../../src/mcp/undo-action.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import type { Api, Plan } from '../../src/workflows/define.ts';
import { temporaryDirectory } from '../helpers/world.ts';
import { run as aRun } from '../state/samples.ts';
import { demoWorld } from '../workflows/demo-world.ts';
import { quiet } from '../workflows/fake-api.ts';
import { Crash, emptyJournal, journaled } from '../workflows/journaled.ts';

type Row = Record<string, unknown>;

const now = () => Date.UTC(2026, 10, 23, 18);
const organization = '460000000000001';

/** A draft, sent and received, as a run of `local` kept it; and the undoing of it. */
async function moved() {
  const world = demoWorld();
  const state = openEmbeddedState({ directory: temporaryDirectory(), now });
  onTestFinished(() => state.close());
  const items = (await world.call('list_items', { sku: 'MUG' })).items as Row[]; // parse boundary: the sandbox's reply
  const { warehouses } = await world.call('list_warehouses', {});
  const ids = (warehouses as Row[]).map(({ warehouse_id }) => String(warehouse_id)); // parse boundary: as above
  const { item_id } = items[0] ?? {};
  const lines = { from_warehouse_id: ids[0], to_warehouse_id: ids[1], line_items: [{ item_id, quantity: 4 }] };
  const run = aRun({ tool: 'move_stock', organization, arguments: {}, startedAtMs: now() });
  await state.begin(run);
  let transfer_id = '';
  for (const [index, operation] of ['create_transfer', 'send_transfer', 'receive_transfer'].entries()) {
    const input = index === 0 ? lines : { transfer_id };
    const reply = await world.call(operation, input);
    transfer_id = String((reply.transfer as Row).transfer_id); // parse boundary: as above
    const entry = { step: index + 1, operation, fingerprint: fingerprintOf(operation, input), status: 'done', reply };
    await state.append(run.id, entry, now());
  }
  await state.endRun(run.id, 'done', { outcome: 'Move 4 pcs MUG' }, now());
  const undo = createUndo({ state, settings: { organization, confirm: 'auto', readOnly: false }, now });
  const workflow = undo.workflowOf('local');
  const api: Api = {
    call: (name, input) => world.call(name, input),
    pages: () => {
      throw new Error('no list is read page by page');
    },
  };
  const plan = JSON.parse(JSON.stringify(await workflow.plan(api, { action_id: run.id }, quiet))) as Plan; // parse boundary: written on this line
  const onHand = async () => {
    const { item } = await world.call('get_item', { item_id });
    const places = (item as Row).warehouses as Row[]; // parse boundary: as above
    return places.slice(0, 2).map(({ warehouse_stock_on_hand }) => warehouse_stock_on_hand);
  };
  return { workflow, api, plan, onHand, state, run };
}

const writes = ['create_transfer', 'send_transfer', 'receive_transfer'];

test.each([0, 1, 2])('a way back that dies with %i of 3 writes done does the others once', async (done) => {
  const { workflow, api, plan, onHand } = await moved();
  expect(await onHand()).toEqual([46, 4]);
  const journal = emptyJournal();
  await expect(workflow.run(journaled(api, journal, done), plan, quiet)).rejects.toThrow(Crash);
  expect(journal.done).toHaveLength(done);
  const reply = await workflow.run(journaled(api, journal), plan, quiet);
  expect(journal.done.map(({ name }) => name)).toEqual(writes);
  // It reads nothing between its writes, nor before or after them.
  expect(new Set(journal.calls)).toEqual(new Set(writes));
  expect(await onHand()).toEqual([50, 0]);
  expect(await workflow.run(journaled(api, journal), plan, quiet)).toEqual(reply);
  expect(await onHand()).toEqual([50, 0]);
});

test('what was undone stays so, however many undos of other actions came since', async () => {
  const { workflow, api, state, run } = await moved();
  const undid = async (action_id: string) => {
    const given = { action_id };
    const fingerprint = fingerprintOf('undo_action', given);
    const undo = aRun({ tool: 'undo_action', organization, arguments: given, fingerprint, startedAtMs: now() });
    await state.begin(undo);
    await state.endRun(undo.id, 'done', { outcome: 'Undo' }, now());
  };
  await undid(run.id);
  for (let other = 0; other < 100; other += 1) await undid(`another action, number ${other}`);
  const plan = await workflow.plan(api, { action_id: run.id }, quiet);
  expect(plan.nothingToDo).toBe(true);
  expect(JSON.stringify(plan.steps)).toContain('It was undone already');
});
