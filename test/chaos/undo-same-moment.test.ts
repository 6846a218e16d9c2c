import { expect, test } from 'vitest';
import type { Input } from '../../src/operations/define.ts';
import { company } from '../client/writes.ts';
import { kindOf, yesTo } from './careful-caller.ts';
import { isOpen } from './lost-answers.ts';
import type { Answer, Ask, Server } from './server.ts';
import { chaoticWorld } from './world.ts';

// One action, taken back by two who say yes at the same moment: its way back is gone once.

const rows = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value : []);

/** Goods that were moved by the first of two servers on one folder, and what the second transfer of them would be. */
async function moved() {
  const world = chaoticWorld({ latencyMs: 50 });
  const its = await world.clock.run(company(world.prepare));
  const servers = [world.start(), world.start()] as const;
  const { clock } = world;
  const [{ ask }] = servers;
  const move = { from: 'Main', to: 'Annex', receive: true, items: [{ item: 'A-1', quantity: 5 }] };
  const done = await clock.run(agreed(ask, 'move_stock', move));
  expect(kindOf(done)).toBe('done');
  const [action] = rows((await clock.run(ask('undo_action', {}))).facts.actions);
  world.committed.length = 0;
  const stock = async () => {
    const { item } = await clock.run(world.prepare('get_item', { item_id: its.item }));
    return rows(Object(item).warehouses)
      .slice(0, 2)
      .map(({ warehouse_stock_on_hand }) => warehouse_stock_on_hand);
  };
  return { ...world, servers, stock, input: { action_id: String(action?.action_id) } };
}

/** Asks, and says yes to what is asked. */
async function agreed(ask: Ask, tool: string, input: Input, more: Parameters<Ask>[2] = {}): Promise<Answer> {
  const asked = await ask(tool, input, more);
  const yes = yesTo(asked);
  return yes ? ask('confirm_action', yes, more) : asked;
}

/** Until it is told what became of it. */
async function told(answer: Answer, again: () => Promise<Answer>, sleep: (ms: number) => Promise<void>) {
  let latest = answer;
  for (let turns = 0; turns < 8 && isOpen(latest); turns += 1) {
    await sleep(5_000);
    latest = await again();
  }
  return latest;
}

/** From before the first yes is taken until after its run has begun. */
const delays = Array.from({ length: 16 }, (_, step) => step * 25);

test.each([
  { keys: [{ idempotencyKey: 'one' }, { idempotencyKey: 'another' }] },
  { keys: [{}, { idempotencyKey: 'another' }] },
  { keys: [{}, {}] },
])('by two servers, under the keys $keys', { timeout: 120_000 }, async ({ keys: [mine = {}, other = {}] }) => {
  for (const delayMs of delays) {
    const { clock, sleep, servers, stock, committed, input } = await moved();
    const [first, second] = servers;
    const yes = yesTo(await clock.run(first.ask('undo_action', input, mine)));
    const later = async ({ ask }: Server) => {
      await sleep(delayMs);
      return told(await agreed(ask, 'undo_action', input, other), () => ask('undo_action', input, other), sleep);
    };
    const answers = await clock.run(Promise.all([first.ask('confirm_action', { ...yes }, mine), later(second)]));
    const words = `${delayMs} ms\n${answers.map(({ text }) => text).join('\n')}`;
    expect(
      committed.filter(({ path }) => path === '/transfers'),
      words,
    ).toHaveLength(1);
    expect(await stock(), words).toEqual([100, 0]);
    // Whoever was not the one to do it is told what became of it, or that another preview took its place.
    expect(
      answers.map(kindOf).filter((kind) => !/^(done|already_\w+|confirmation_invalid)$/.test(kind)),
      words,
    ).toEqual([]);
    expect(
      answers.some(({ text }) => text.includes('Undone: Move 5')),
      words,
    ).toBe(true);
    clock.stop();
  }
});
