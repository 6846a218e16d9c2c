import { describe, expect, it } from 'vitest';
import { OutcomeUnknown } from '../../src/errors.ts';
import { operations } from '../../src/operations/index.ts';
import { type Loss, lossyWorld } from './lossy.ts';
import { company, writes } from './writes.ts';

const writing = operations.filter(({ effect }) => effect !== 'read').map(({ name }) => name);
const outward = new Set(['email_sales_order', 'email_purchase_order']);
/** What nothing in the records tells apart; sent again it leaves the same. */
const untold = new Set(['upload_item_image']);

/** Before it is carried out, it is all one to the client how the answer was lost. */
const losses: Loss[] = [
  ...(['reset', '500'] as const).map((how) => ({ when: 'before' as const, how })),
  ...(['reset', '500', 'html', 'cut'] as const).map((how) => ({ when: 'after' as const, how })),
];

/** The world in which one write of this kind was asked for, and what came of it. */
async function world(name: string, ...cut: Loss[]) {
  const lossy = lossyWorld();
  const its = await company(lossy.call);
  const input = await writes[name]?.(its, lossy.call);
  if (!input) throw new Error(`no way to try ${name}`);
  lossy.pass(60_000);
  lossy.lose(...cut);
  const before = lossy.seen.length;
  const outcome = await lossy.call(name, input).then(
    (reply) => ({ reply }),
    (error: unknown) => ({ error }),
  );
  return { outcome, dump: lossy.dump(), sent: lossy.seen.slice(before) };
}

describe('the table of traces', () => {
  it('says for every operation that writes how it is looked for, and for none that reads', () => {
    const traced = operations.filter(({ trace }) => trace !== undefined).map(({ name }) => name);
    expect(traced.sort()).toEqual([...writing].sort());
    expect(Object.keys(writes).sort()).toEqual([...writing].sort());
  });
});

describe.each(writing.filter((name) => !outward.has(name)))('%s whose answer is lost', (name) => {
  it('is done once, however and whenever it was cut off', async () => {
    const plain = await world(name);
    expect(plain.outcome).not.toHaveProperty('error');
    for (const loss of losses) {
      const lost = await world(name, loss);
      expect.soft(lost.outcome, JSON.stringify(loss)).not.toHaveProperty('error');
      expect.soft(lost.dump, JSON.stringify(loss)).toBe(plain.dump);
    }
  });

  it('is done once or left unknown when it is cut off twice', async () => {
    const plain = await world(name);
    for (const second of ['before', 'after'] as const) {
      const lost = await world(name, { when: 'before', how: 'reset' }, { when: second, how: 'reset' });
      if (second === 'after' && !untold.has(name)) {
        expect.soft(lost.outcome).not.toHaveProperty('error');
        expect.soft(lost.dump).toBe(plain.dump);
      } else expect.soft(lost.outcome).toMatchObject({ error: expect.any(OutcomeUnknown) });
    }
  });
});

describe.each([...outward])('%s whose answer is lost', (name) => {
  it('is never sent again', async () => {
    for (const loss of losses) {
      const lost = await world(name, loss);
      expect(lost.outcome).toMatchObject({ error: expect.any(OutcomeUnknown) });
      expect(lost.sent).toHaveLength(1);
    }
  });
});
