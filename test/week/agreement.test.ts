import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startInProcess } from '../../scripts/in-process.ts';
import { acts, arrivals, saidYes } from './acts.ts';
import { expectAgreement } from './agree.ts';
import { expectTold } from './told.ts';

/** More of them: WEEKS=100 npx vitest run test/week. */
const numRuns = Number(process.env.WEEKS ?? 4);

describe('whatever a week brings', () => {
  test('all that tells a figure of stock tells the same', async () => {
    let done = 0;
    const week = fc.array(fc.oneof({ weight: 9, arbitrary: acts }, { weight: 1, arbitrary: arrivals }), {
      ...{ minLength: 4, maxLength: 12 },
    });
    await fc.assert(
      fc.asyncProperty(week, async (tried) => {
        const world = startInProcess();
        try {
          for (const act of tried) {
            const answer = await saidYes(world, act);
            if (!answer.isError) done += 1;
            await expectTold(world, act, answer);
          }
          await expectAgreement(world);
        } finally {
          world.close();
        }
      }),
      { numRuns, ...(process.env.WEEKS ? {} : { seed: 20261123 }) },
    );
    expect(done).toBeGreaterThan(numRuns); // not all of it was refused
  }, 1_800_000);
});
