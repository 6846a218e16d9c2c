import { expect, test } from 'vitest';
import type { Input } from '../../src/operations/define.ts';
import type { FaultRule } from '../../src/sandbox/faults-rules.ts';
import { company } from '../client/writes.ts';
import { idIn } from './careful-caller.ts';
import { isOpen } from './lost-answers.ts';
import { chaoticWorld } from './world.ts';

// Two processes on one folder. The order of one is carried out and its answer is slow; that of the other is lost on its way.

const once = (rule: FaultRule) => ({ rules: [{ ...rule, count: 1, match: { method: 'POST' } as const }] });
const tool = 'create_sales_order';

test.each<[string, (input: Input, lines: readonly Input[]) => Input]>([
  ['the very same', (input) => input],
  ['of lines turned round', (input, lines) => ({ ...input, line_items: [...lines].reverse() })],
  ['with a space more in its notes', (input) => ({ ...input, notes: 'By Friday ' })],
  ['with a way of delivery', (input) => ({ ...input, delivery_method: 'FedEx' })],
])('an order that is meant beside one %s becomes a second one', async (_, changed) => {
  const { clock, sleep, committed, fail, prepare, start } = chaoticWorld({ latencyMs: 50 });
  const its = await clock.run(company(prepare));
  committed.length = 0;
  const lines = [
    { item_id: its.item, quantity: 1 },
    { item_id: its.part, quantity: 2 },
  ];
  const input = { customer_id: its.customer, line_items: lines, notes: 'By Friday' };
  const [mine, other] = [start(), start()];
  fail(once({ fault: 'slow_body', ms: 20_000 }));
  const slow = other.ask(tool, changed(input, lines), { idempotencyKey: 'one' });
  await clock.run(sleep(500));
  fail(once({ fault: 'reset_before' }));
  const asked = () => mine.ask(tool, input, { idempotencyKey: 'another' });
  const [theirs, early] = await clock.run(Promise.all([slow, asked()]));
  const late = isOpen(early) ? await clock.run(asked()) : early;
  expect(committed).toHaveLength(2);
  expect(new Set([theirs, late].map(({ facts }) => idIn({ tool }, facts))).size).toBe(2);
});
