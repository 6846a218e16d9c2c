import { describe, expect, test } from 'vitest';
import { jobs } from '../../src/mcp/jobs.ts';
import { operations } from '../../src/operations/index.ts';
import { kindOf } from './careful-caller.ts';
import { type Case, jobWrites, losses, occasions, plainly, retried } from './lost-answers.ts';
import type { Answer } from './server.ts';

/** All of it with `npm run chaos`; else of each tool one loss after it was carried out and one before. */
const isWhole = process.env.CHAOS === 'whole';

const writing = operations.filter(({ effect }) => effect !== 'read').map(({ name }) => name);
const tools = [...writing, ...Object.keys(jobWrites)].map((tool, index) => ({ tool, index }));
const outward = new Set(operations.filter(({ effect }) => effect === 'outward').map(({ name }) => name));

const ways = occasions.flatMap((occasion) =>
  [false, true]
    .filter((isRestarted) => isRestarted || occasion !== 'the server dies')
    .map((isRestarted) => ({ occasion, isRestarted })),
);

/** Turns through the losses and the ways, so that all of them are met. */
function casesOf(tool: string, index: number, isGated: boolean): Case[] {
  const asks = isGated ? (['the tool', 'confirm_action'] as const) : (['the tool'] as const);
  const names = Object.keys(losses);
  const after = names.filter((loss) => loss.endsWith('after'));
  const before = names.filter((loss) => loss.endsWith('before'));
  const some = [after[index % after.length], before[index % before.length]].flatMap((name) => name ?? []);
  return Array.from({ length: jobWrites[tool] ?? 1 }, (_, step) =>
    (isWhole ? names : some).flatMap((loss, nth) =>
      (isWhole ? asks : asks.slice((index + nth) % asks.length).slice(0, 1)).map((by, turn) => {
        const { occasion = 'the server dies', isRestarted = true } =
          ways[(index + nth + turn + step) % ways.length] ?? {};
        return { tool, loss, nth: step + 1, by, occasion, isRestarted };
      }),
    ),
  ).flat();
}

const toolNames = new Set([...jobs, ...operations].map(({ name }) => name));
const ownTools = /confirm_action|resume_workflow|[Cc]all it again|[Aa]sk (again|once more)|[Tt]ry again/;

/** Done, or it says what to do next: which tool to call, or when. */
const leadsOn = (answer: Answer): boolean =>
  /^(already_)?done$/.test(kindOf(answer)) ||
  ownTools.test(answer.text) ||
  (answer.text.match(/[a-z]+(?:_[a-z]+)+/g) ?? []).some((word) => toolNames.has(word));

/** Tools that, carried out again, would make a second record, move the goods again or send a second mail. */
const doubling = new Set([
  ...operations.filter(({ effect }) => ['create', 'stock', 'outward'].includes(effect)).map(({ name }) => name),
  ...Object.keys(jobWrites),
]);

/** Asked about as if nothing had been done before. */
const isAskedBlindly = (tool: string, answers: readonly Answer[]): boolean =>
  doubling.has(tool) &&
  answers.some((answer) => kindOf(answer) === 'confirmation_required' && !answer.text.includes('The same call'));

describe.each(tools)('$tool whose answer is lost', ({ tool, index }) => {
  const timeout = isWhole ? 300_000 : 60_000;
  test('is carried out once and leads on, whoever asks again and after whatever', { timeout }, async () => {
    const plain = await plainly(tool);
    expect([kindOf(plain.last), plain.written]).toEqual(['done', jobWrites[tool] ?? 1]);
    for (const one of casesOf(tool, index, plain.isGated)) {
      const { dump, written, answers } = await retried(one, plain.isGated);
      const told = `${JSON.stringify(one)}\n${answers.map(({ text }) => text).join('\n')}`;
      expect.soft(answers.filter((answer) => !leadsOn(answer)).length, told).toBe(0);
      expect.soft(isAskedBlindly(tool, answers), told).toBe(false);
      if (!outward.has(tool)) expect.soft(dump === plain.dump, told).toBe(true);
      // A mail leaves nothing that could be looked for: it is never sent again without a new yes.
      else
        expect
          .soft([written, dump === plain.untouched], told)
          .toEqual(one.loss.endsWith('after') ? [1, false] : [0, true]);
    }
  });
});
