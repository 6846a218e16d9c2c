import { expect, test } from 'vitest';
import { createSlots, type SlotOptions } from '../../src/client/slots.ts';
import { sleep } from '../../src/client/wait.ts';
import { eventually } from './stub-api.ts';

const never = new AbortController().signal;
const alone: SlotOptions = { atOnce: 1, sleep, takeShared: async () => () => {} };

test('a place that was taken stays taken until it is freed, though its signal is aborted', async () => {
  const slots = createSlots(alone);
  const caller = new AbortController();
  const free = await slots.take(caller.signal);
  let isTaken = false;
  const second = slots.take(never).then(() => {
    isTaken = true;
  });
  caller.abort(new Error('left'));
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(isTaken).toBe(false);
  free();
  await second;
});

test('places are given in the order of asking, without those who have left', async () => {
  const slots = createSlots(alone);
  const free = await slots.take(never);
  const caller = new AbortController();
  const order: string[] = [];
  const note = (name: string, signal: AbortSignal) =>
    slots.take(signal).then(
      (next) => {
        order.push(name);
        next();
      },
      (reason: Error) => void order.push(reason.message),
    );
  const all = [note('a', never), note('b', caller.signal), note('c', never)];
  await Promise.resolve();
  caller.abort(new Error('left'));
  await eventually(() => order.length === 1);
  free();
  await Promise.all(all);
  expect(order).toEqual(['left', 'a', 'c']);
});
