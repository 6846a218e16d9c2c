import { describe, expect, test } from 'vitest';
import type { Reply } from '../../src/client/client.ts';
import { OutcomeUnknown, Rejected } from '../../src/errors.ts';
import { keepingWay, watchedWorld } from './watched.ts';

const dayMs = 24 * 60 * 60_000;

test('what is low, short or late is told once, in one message', async () => {
  const { watcher, callsSent } = watchedWorld();
  const { way, sent } = keepingWay();
  const look = watcher([way]);
  expect(await look()).toEqual([]);
  expect(sent).toHaveLength(1);
  expect(sent[0]?.subject).toBe('Stock alert of 2026-11-23: 4 low, 1 short, 1 late purchase');
  for (const words of ['SPK-BT', 'DMAT', 'LAMP', 'HUB-7', 'PO-00008']) expect(sent[0]?.text).toContain(words);
  expect(sent[0]?.items).toHaveLength(4);
  const calls = callsSent();
  expect(await look()).toEqual([]);
  expect(sent).toHaveLength(1);
  expect(callsSent() - calls).toBe(1);
});

test('a look costs one call, and the first of a day two more', async () => {
  const { watcher, callsSent, clock } = watchedWorld();
  const look = watcher([keepingWay().way]);
  const costs: number[] = [];
  for (const later of [0, 60_000, dayMs, 60_000]) {
    clock.advance(later);
    const before = callsSent();
    await look();
    costs.push(callsSent() - before);
  }
  expect(costs).toEqual([3, 1, 3, 1]);
});

test('what gets low later is told by itself, with what was told before in a line', async () => {
  const { watcher, setStock } = watchedWorld();
  const { way, sent } = keepingWay();
  const look = watcher([way]);
  await look();
  await setStock('MUG', 3);
  await look();
  expect(sent).toHaveLength(2);
  expect(sent[1]?.subject).toBe('Stock alert of 2026-11-23: 1 low, 0 short, 0 late purchases');
  expect(sent[1]?.items).toMatchObject([{ sku: 'MUG', stock_on_hand: 3, reorder_level: 10, suggested_quantity: 17 }]);
  expect(sent[1]?.text).toMatch(/Told before and not over: SPK-BT, DMAT, LAMP, HUB-7, PO-00008\./);
});

test('what is over and comes again is told again', async () => {
  const { watcher, setStock } = watchedWorld();
  const { way, sent } = keepingWay();
  const look = watcher([way]);
  await look();
  await setStock('HUB-7', 50);
  await look();
  expect(sent).toHaveLength(1);
  await setStock('HUB-7', 2);
  await look();
  expect(sent).toHaveLength(2);
  expect(sent[1]?.items).toMatchObject([{ sku: 'HUB-7', stock_on_hand: 2 }]);
});

describe('what the API lists only in part', () => {
  test('of purchases keeps no item from being told again', async () => {
    const part = (operation: string, reply: Reply) =>
      operation === 'list_purchase_orders' ? { ...reply, page_context: { has_more_page: true } } : reply;
    const { watcher, setStock } = watchedWorld(part);
    const { way, sent } = keepingWay();
    const look = watcher([way]);
    for (const stock of [9, 50, 2]) {
      await setStock('HUB-7', stock);
      await look();
    }
    expect(sent).toHaveLength(2);
  });

  test('of items is not taken for over', async () => {
    const shown = { all: true };
    const part = (operation: string, reply: Reply) =>
      operation === 'get_low_stock_report' && !shown.all ? { items: [], report: { truncated: true } } : reply;
    const { watcher } = watchedWorld(part);
    const { way, sent } = keepingWay();
    const look = watcher([way]);
    for (const all of [true, false, true]) {
      shown.all = all;
      await look();
    }
    expect(sent).toHaveLength(1);
  });
});

test('a watcher that starts again knows what was told', async () => {
  const { watcher } = watchedWorld();
  const { way, sent } = keepingWay();
  await watcher([way])();
  await watcher([way])();
  expect(sent).toHaveLength(1);
});

test('what is told, and that it was, waits for the disk: a machine that dies tells it neither twice nor never', async () => {
  const { watcher, waited } = watchedWorld();
  const seen: number[] = [];
  const { way } = keepingWay('a', async () => void seen.push(waited.length));
  await watcher([way])();
  expect([waited, seen]).toEqual([[true, true], [1]]);
});

test('watchers on one folder tell it once, also when they look at the same moment', async () => {
  const { watcher, lines } = watchedWorld();
  const { way, sent } = keepingWay();
  const watchers = [watcher([way]), watcher([way]), watcher([way])];
  await Promise.all(watchers.map((look) => look()));
  for (const look of watchers) await look();
  expect(sent).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('Another watcher'))).toHaveLength(2);
});

test('new recipients are told all that is so', async () => {
  const { watcher } = watchedWorld();
  const [old, other] = [keepingWay('a'), keepingWay('b')];
  await watcher([old.way])();
  await watcher([other.way])();
  expect(other.sent).toEqual(old.sent);
});

test('of the demo company every alert says so', async () => {
  const { watcher } = watchedWorld();
  const { way, sent } = keepingWay();
  await watcher([way], true)();
  expect(sent[0]?.subject).toMatch(/^\[sandbox\] Stock alert/);
  expect(sent[0]?.text).toContain('Demo data, no real stock.');
  expect(sent[0]?.html).toContain('Demo data, no real stock.');
});

describe('a way that fails', () => {
  const once = (error: Error) => {
    const errors = [error];
    return async () => {
      const next = errors.pop();
      if (next) throw next;
    };
  };

  test('by a refusal is told the same at the next look, and keeps no other way from being told', async () => {
    const { watcher } = watchedWorld();
    const failing = keepingWay('a', once(new Rejected('The webhook answered 500.')));
    const working = keepingWay('b');
    const look = watcher([failing.way, working.way]);
    expect(await look()).toMatchObject([{ message: 'The webhook answered 500.' }]);
    expect(working.sent).toHaveLength(1);
    expect(await look()).toEqual([]);
    expect(failing.sent).toHaveLength(2);
    expect(failing.sent[1]).toEqual(failing.sent[0]);
    expect(working.sent).toHaveLength(1);
  });

  test('without an answer is not told twice, and the next alert still names what it was about', async () => {
    const { watcher, lines, setStock } = watchedWorld();
    const { way, sent } = keepingWay('a', once(new OutcomeUnknown('No answer.')));
    const look = watcher([way]);
    expect(await look()).toEqual([]);
    await look();
    expect(sent).toHaveLength(1);
    expect(lines.join('\n')).toContain('No answer. It is not sent again');
    await setStock('MUG', 3);
    await look();
    expect(sent[1]?.text).toContain('Told before and not over: SPK-BT');
  });

  test('because its process died in the middle is not told twice, and the log says so', async () => {
    const { watcher, lines } = watchedWorld();
    const died = keepingWay('a', () => Promise.reject(new Error('killed')));
    await expect(watcher([died.way])()).rejects.toThrow('killed');
    const { way, sent } = keepingWay('a');
    await watcher([way])();
    expect(sent).toEqual([]);
    expect(lines.join('\n')).toMatch(/ended while it sent an alert .*may have arrived, and is not sent again/);
    lines.length = 0;
    await watcher([way])();
    expect(lines).toEqual(['Nothing new to tell by e-mail to a@meridian.example.']);
  });
});

test('a stop between two ways sends nothing more', async () => {
  const { watcher } = watchedWorld();
  const stop = new AbortController();
  const first = keepingWay('a', async () => stop.abort());
  const second = keepingWay('b');
  await watcher([first.way, second.way])(stop.signal);
  expect(first.sent).toHaveLength(1);
  expect(second.sent).toEqual([]);
});
