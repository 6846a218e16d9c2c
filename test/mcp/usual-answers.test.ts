import { expect, test } from 'vitest';
import { usualAnswers } from '../../scripts/usual-answers.ts';

test('more than twenty usual answers cost under 2,000 tokens each', async () => {
  const answers = await usualAnswers();
  expect(answers.length).toBeGreaterThan(20);
  expect(answers.filter(([, tokens]) => tokens >= 2_000)).toEqual([]);
}, 60_000);
