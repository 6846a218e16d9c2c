import { describe, expect, test } from 'vitest';
import { Cancelled, OutcomeUnknown, PartlyDone, Rejected } from '../../src/errors.ts';
import { createSteps } from '../../src/workflows/partly-done.ts';

const titles = ['creating the order', 'packing it', 'shipping it'];

function job() {
  const said: string[] = [];
  const step = createSteps({
    titles,
    goOn: (replies) => `Go on after ${replies.length}.`,
    progress: (message) => void said.push(message),
  });
  const does = (title: string, undo?: string, noLonger: string[] = []) =>
    step({
      title,
      write: async () => ({ title }),
      told: () => ({ done: `did ${title}`, noLonger, ...(undo === undefined ? {} : { undo }) }),
    });
  const fails = (title: string, error: Error, look?: string) =>
    step({
      title,
      write: () => Promise.reject(error),
      told: () => ({ done: 'never' }),
      ...(look === undefined ? {} : { look }),
    }).then(
      () => 'no error',
      (thrown: unknown) => thrown,
    );
  return { said, does, fails };
}

describe('a job of several writes', () => {
  test('says each step as it begins, in the words known by then', async () => {
    const { said, does } = job();
    expect(await does('creating the order')).toEqual({ title: 'creating the order' });
    await does('packing SO-1');
    expect(said).toEqual(['1 of 3: creating the order', '2 of 3: packing SO-1']);
  });

  test('that fails in the middle tells what is done, failed, not started, how to undo, and how to go on', async () => {
    const { does, fails } = job();
    await does('creating SO-1', 'delete SO-1');
    const error = await fails('packing SO-1', new Rejected('No stock.', { facts: { code: 1003 } }));
    expect(error).toBeInstanceOf(PartlyDone);
    expect(error).toMatchObject({
      message: 'Stopped after 1 of 3 steps. Done: did creating SO-1. Failed: packing SO-1. No stock. Go on after 1.',
      facts: {
        code: 1003,
        done: ['did creating SO-1'],
        failed: ['packing SO-1'],
        not_started: ['shipping it'],
        undo: ['delete SO-1'],
      },
      nothingSent: false,
    });
  });

  test('undoes the last first, and no more what a later step has made impossible', async () => {
    const { does, fails } = job();
    await does('creating SO-1', 'delete SO-1');
    await does('packing SO-1', 'delete PKG-1');
    const both = await fails('shipping it', new Rejected('No.'));
    expect(both).toMatchObject({ facts: { undo: ['delete PKG-1', 'delete SO-1'] } });
    const other = job();
    await other.does('packing SO-1', 'delete PKG-1');
    await other.does('shipping PKG-1', undefined, ['delete PKG-1']);
    expect(await other.fails('shipping PKG-2', new Rejected('No.'))).toMatchObject({ facts: { undo: [] } });
  });

  test('whose first step is refused says just that', async () => {
    const refusal = new Rejected('No.');
    expect(await job().fails('creating the order', refusal)).toBe(refusal);
  });

  test('whose first step was never answered says where to look and what was not started', async () => {
    const error = await job().fails('creating the order', new OutcomeUnknown('No answer.'), 'Look there.');
    expect(error).toMatchObject({
      kind: 'outcome_unknown',
      message: 'No answer. Look there.',
      facts: {
        done: [],
        failed: ['creating the order (may or may not have happened)'],
        not_started: ['packing it', 'shipping it'],
      },
    });
  });

  test('whose later step was never answered is partly done, that step not certain', async () => {
    const { does, fails } = job();
    await does('creating SO-1');
    const error = await fails('packing SO-1', new OutcomeUnknown('No answer.'), 'Look there.');
    expect(error).toMatchObject({
      kind: 'partly_done',
      message: expect.stringContaining('Not certain: packing SO-1. No answer. Look there. Go on'),
    });
  });

  test('that is called off in the middle did not try the next step', async () => {
    const { does, fails } = job();
    await does('creating SO-1');
    expect(await fails('packing SO-1', new Cancelled('Off.', { nothingSent: true }))).toMatchObject({
      kind: 'partly_done',
      message: expect.stringContaining('It was called off.'),
      facts: { failed: [], not_started: ['packing SO-1', 'shipping it'] },
    });
  });

  test('that is called off before the first is just called off', async () => {
    const off = new Cancelled('Off.', { nothingSent: true });
    expect(await job().fails('creating the order', off)).toBe(off);
  });

  test('lets a fault of ours go up as it is, to be logged', async () => {
    const { does, fails } = job();
    await does('creating SO-1');
    const fault = new TypeError('undefined is not a function');
    expect(await fails('packing SO-1', fault)).toBe(fault);
  });
});
