import type { FaultMatch, FaultName, FaultParameters, FaultPlan, Occasion } from './faults-rules.ts';
import { isObject, type JsonObject } from './row.ts';

/** The plan cannot be used; all that is wrong with it is in the message, by rule and field. */
export class FaultPlanError extends Error {
  override readonly name = 'FaultPlanError';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('; '));
  }
}

interface Field {
  readonly must: string;
  readonly fits: (value: unknown) => boolean;
  readonly isRequired?: boolean;
}

const number = (from: number, to: number, must: string): Field => ({
  must: `must be ${must}`,
  fits: (value) => typeof value === 'number' && value >= from && value <= to,
});

const whole = (from: number, to = Number.MAX_SAFE_INTEGER): Field => ({
  must: `must be a whole number from ${from}${to === Number.MAX_SAFE_INTEGER ? '' : ` to ${to}`}`,
  fits: (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= from && value <= to,
});

const oneOf = (...values: readonly unknown[]): Field => ({
  must: `must be one of ${values.join(', ')}`,
  fits: (value) => values.includes(value),
});

const required = (field: Field): Field => ({ ...field, isRequired: true });

const text: Field = { must: 'must be a text', fits: (value) => typeof value === 'string' && value !== '' };
const anObject: Field = { must: 'must be an object', fits: isObject };
const path: Field = {
  must: 'must be a path that begins with /',
  fits: (value) => typeof value === 'string' && value.startsWith('/'),
};
const expression: Field = { must: 'must be a regular expression', fits: isExpression };
const otherThanZero: Field = {
  must: 'must be a whole number other than 0',
  fits: (value) => Number.isSafeInteger(value) && value !== 0,
};
const mostMs = 100 * 86_400_000;
const duration = number(0, mostMs, 'milliseconds, from 0 to 100 days');
const offset = number(-mostMs, mostMs, 'milliseconds, at most 100 days either way');
const commit = oneOf('before', 'after');
const noBody: readonly unknown[] = [204, 205, 304];
const pageStatus: Field = {
  must: `must be a status from 200 to 599 other than ${noBody.join(', ')}, which have no body`,
  fits: (value) => whole(200, 599).fits(value) && !noBody.includes(value),
};

const parameters: { readonly [Name in FaultName]: Readonly<Record<keyof FaultParameters[Name], Field>> } = {
  reset_before: {},
  reset_after: { in_body: oneOf(true, false) },
  no_answer_before: {},
  no_answer_after: {},
  rate_limited: {
    code: oneOf(48, 44, 45, 1070, 43),
    retry_after: whole(0),
    retry_after_date: whole(0, mostMs / 1000),
    reset: whole(0),
  },
  server_error: { status: whole(500, 599), commit },
  code: { code: required(otherThanZero), message: text },
  html: { status: pageStatus, commit },
  cut_json: {},
  slow_body: { ms: required(duration), pieces: whole(2, 10_000) },
  token_expired: { code: oneOf(57, 14) },
  token_error: { error: required(text), description: text },
  clock_skew: { ms: required(offset) },
};

const occasion: Readonly<Record<keyof Occasion, Field>> = {
  match: anObject,
  probability: number(0, 1, 'a number from 0 to 1'),
  count: whole(1),
  after: whole(0),
};

const matchFields: Readonly<Record<keyof FaultMatch, Field>> = {
  method: oneOf('GET', 'POST', 'PUT', 'DELETE'),
  path,
  path_matches: expression,
  nth: whole(1),
};

function isExpression(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    new RegExp(value);
    return true;
  } catch {
    return false;
  }
}

function problemsOf(value: JsonObject, fields: Readonly<Record<string, Field>>, at: string): string[] {
  const strangers = Object.keys(value).filter((key) => !Object.hasOwn(fields, key));
  const known = Object.keys(fields).join(', ');
  return [
    ...strangers.map((key) => `${at}.${key} is no field here; there are ${known}`),
    ...Object.entries(fields).flatMap(([key, { must, fits, isRequired }]) => {
      if (value[key] === undefined) return isRequired ? [`${at}.${key} is missing; it ${must}`] : [];
      return fits(value[key]) ? [] : [`${at}.${key} ${must}`];
    }),
  ];
}

const isFaultName = (name: unknown): name is FaultName => typeof name === 'string' && Object.hasOwn(parameters, name);

function problemsOfRule(rule: unknown, at: string): string[] {
  if (!isObject(rule)) return [`${at} must be an object`];
  const { fault, match } = rule;
  if (!isFaultName(fault)) return [`${at}.fault must be one of ${Object.keys(parameters).join(', ')}`];
  // The clock is one for all requests, so a rule about it waits for none.
  const common = fault === 'clock_skew' ? {} : occasion;
  const problems = problemsOf(rule, { fault: text, ...common, ...parameters[fault] }, at);
  return isObject(match) ? [...problems, ...problemsOf(match, matchFields, `${at}.match`)] : problems;
}

/** A plan from outside, read strictly, and a copy of it. Throws FaultPlanError with all that is wrong. */
export function readFaultPlan(value: unknown): FaultPlan {
  if (!isObject(value)) throw new FaultPlanError(['A fault plan must be an object with a list of rules']);
  const { rules, seed, ...strangers } = value;
  const problems = Object.keys(strangers).map((key) => `${key} is no field of a fault plan; there are seed and rules`);
  if (seed !== undefined && !Number.isSafeInteger(seed)) problems.push('seed must be a whole number');
  if (Array.isArray(rules)) problems.push(...rules.flatMap((rule, index) => problemsOfRule(rule, `rules[${index}]`)));
  else problems.push('rules must be a list');
  if (problems.length > 0) throw new FaultPlanError(problems);
  return structuredClone(value) as unknown as FaultPlan; // parse boundary: every field was checked above
}
