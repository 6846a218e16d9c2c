import { describe, expect, it } from 'vitest';
import { FaultPlanError, readFaultPlan } from '../../src/sandbox/faults-plan.ts';

function problemsOf(plan: unknown): readonly string[] {
  try {
    readFaultPlan(plan);
    return [];
  } catch (error) {
    if (error instanceof FaultPlanError) return error.problems;
    throw error;
  }
}

const ofRule = (rule: unknown) => problemsOf({ rules: [rule] });

describe('a fault plan', () => {
  it('is taken with every kind of fault and every field', () => {
    const plan = {
      seed: 7,
      rules: [
        { fault: 'reset_before', match: { method: 'POST', path: '/items/{item_id}', nth: 2 }, count: 1, after: 0 },
        { fault: 'reset_after', in_body: true, probability: 0.3 },
        { fault: 'no_answer_before', match: { path_matches: '^/items' } },
        { fault: 'no_answer_after' },
        { fault: 'rate_limited', code: 44, retry_after: 3, retry_after_date: 3, reset: 34881 },
        { fault: 'server_error', status: 503, commit: 'after' },
        { fault: 'code', code: 1002, message: 'No.' },
        { fault: 'html', status: 502, commit: 'before' },
        { fault: 'cut_json' },
        { fault: 'slow_body', ms: 1500, pieces: 3 },
        { fault: 'token_expired', code: 14 },
        { fault: 'token_error', error: 'invalid_code', description: 'no' },
        { fault: 'clock_skew', ms: -90_000 },
      ],
    };
    expect(readFaultPlan(plan)).toEqual(plan);
  });

  it('is a copy: what the caller changes later changes nothing', () => {
    const given = { rules: [{ fault: 'cut_json', count: 1 }] };
    const plan = readFaultPlan(given);
    given.rules.pop();
    expect(plan.rules).toHaveLength(1);
  });

  it.each([
    [null, 'A fault plan must be an object with a list of rules'],
    [[], 'A fault plan must be an object with a list of rules'],
    [{}, 'rules must be a list'],
    [{ rules: {} }, 'rules must be a list'],
    [{ rules: [], seeds: 1 }, 'seeds is no field of a fault plan; there are seed and rules'],
    [{ rules: [], seed: 0.5 }, 'seed must be a whole number'],
  ])('of the shape %j is refused', (plan, problem) => {
    expect(problemsOf(plan)).toEqual([problem]);
  });

  it.each<[object, string]>([
    [{}, 'rules[0].fault must be one of reset_before, reset_after,'],
    [{ fault: 'toString' }, 'rules[0].fault must be one of reset_before'],
    [{ fault: 'cut_json', probabilty: 1 }, 'rules[0].probabilty is no field here; there are fault, match, probability'],
    [{ fault: 'cut_json', ms: 1 }, 'rules[0].ms is no field here'],
    [{ fault: 'cut_json', probability: 1.5 }, 'rules[0].probability must be a number from 0 to 1'],
    [{ fault: 'cut_json', probability: '1' }, 'rules[0].probability must be a number from 0 to 1'],
    [{ fault: 'cut_json', count: 0 }, 'rules[0].count must be a whole number from 1'],
    [{ fault: 'cut_json', after: -1 }, 'rules[0].after must be a whole number from 0'],
    [{ fault: 'cut_json', match: 'POST' }, 'rules[0].match must be an object'],
    [{ fault: 'cut_json', match: { verb: 'POST' } }, 'rules[0].match.verb is no field here; there are method, path,'],
    [{ fault: 'cut_json', match: { method: 'post' } }, 'rules[0].match.method must be one of GET, POST, PUT, DELETE'],
    [{ fault: 'cut_json', match: { path: 'items' } }, 'rules[0].match.path must be a path that begins with /'],
    [{ fault: 'cut_json', match: { path_matches: '(' } }, 'rules[0].match.path_matches must be a regular expression'],
    [{ fault: 'cut_json', match: { nth: 0 } }, 'rules[0].match.nth must be a whole number from 1'],
    [{ fault: 'rate_limited', code: 1 }, 'rules[0].code must be one of 48, 44, 45, 1070, 43'],
    [{ fault: 'server_error', status: 404 }, 'rules[0].status must be a whole number from 500 to 599'],
    [{ fault: 'html', status: 204 }, 'rules[0].status must be a status from 200 to 599 other than 204, 205, 304'],
    [{ fault: 'html', commit: 'during' }, 'rules[0].commit must be one of before, after'],
    [{ fault: 'code' }, 'rules[0].code is missing; it must be a whole number other than 0'],
    [{ fault: 'code', code: 0 }, 'rules[0].code must be a whole number other than 0'],
    [{ fault: 'slow_body' }, 'rules[0].ms is missing; it must be milliseconds, from 0 to 100 days'],
    [{ fault: 'token_error' }, 'rules[0].error is missing; it must be a text'],
    [{ fault: 'clock_skew', ms: 5, count: 1 }, 'rules[0].count is no field here; there are fault, ms'],
  ])('with the rule %j is refused by rule and field', (rule, problem) => {
    expect(ofRule(rule)).toEqual([expect.stringContaining(problem)]);
  });

  it('is told everything that is wrong with it at once', () => {
    expect(() =>
      readFaultPlan({ rules: [{ fault: 'cut_json' }, { fault: 'slow_body', ms: 'x', count: 0 }, 5] }),
    ).toThrow(/^rules\[1\]\.count .*; rules\[1\]\.ms .*; rules\[2\] must be an object$/);
  });
});
