import { createChoice } from './faults-choice.ts';
import { ConnectionReset, type EffectParts, effectOf, isCarriedOut } from './faults-effects.ts';
import { readFaultPlan } from './faults-plan.ts';
import type { FaultName, FaultPlan, FaultRule } from './faults-rules.ts';

/** A fault that was shown. */
export interface Fired {
  /** Index of the rule in the plan. */
  readonly rule: number;
  readonly fault: FaultName;
  readonly method: string;
  readonly path: string;
  /** Whether the request was carried out, and so what it wrote is there. */
  readonly committed: boolean;
}

/** What a fault needs of the sandbox it disturbs. */
export interface Disturbed extends Omit<EffectParts, 'request' | 'sleep'> {
  /** Carries the request out; what it writes is committed when the answer is there. */
  readonly answer: (request: Request) => Promise<Response>;
  /** Counts and logs a request that is not carried out; status 0 is no answer. */
  readonly turnAway: (request: Request, status: number) => void;
}

/** Faults on demand; they change at once for the next request. */
export interface Faults {
  /** Another plan, all counts and chances from their beginning. Throws FaultPlanError. */
  set(plan: FaultPlan): void;
  /** No more faults; what was shown stays in `fired`. */
  clear(): void;
  /** Those of the plan that stands, oldest first, at most the newest 10,000. */
  readonly fired: readonly Fired[];
  /** How far the sandbox's clock is off, milliseconds. */
  skewMs(): number;
  /** Answers a request of the sandbox, or shows a fault. Rejects where the connection is to be reset. */
  disturb(request: Request, sandbox: Disturbed): Promise<Response>;
}

const mostFired = 10_000;

/** Ends early, and without an error, when the caller leaves: nobody reads on. */
const pause: EffectParts['sleep'] = (ms, signal) =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });

const untilTheCallerLeaves = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const leave = () => reject(signal.reason);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });

/** `sleep` is what a slow body waits with. Throws FaultPlanError. */
export function createFaults(plan: FaultPlan = { rules: [] }, sleep: EffectParts['sleep'] = pause): Faults {
  let rules: readonly FaultRule[] = [];
  let choose = createChoice({ rules });
  let skewMs = 0;
  const fired: Fired[] = [];

  const use = (given: FaultPlan) => {
    const read = readFaultPlan(given);
    rules = read.rules;
    choose = createChoice(read);
    skewMs = rules.reduce((sum, rule) => sum + (rule.fault === 'clock_skew' ? rule.ms : 0), 0);
  };
  use(plan);

  return {
    fired,
    set: (next) => {
      use(next);
      fired.length = 0;
    },
    clear: () => use({ rules: [] }),
    skewMs: () => skewMs,
    disturb: async (request, sandbox) => {
      const { method } = request;
      const path = new URL(request.url).pathname;
      const index = choose({ method, path });
      const rule = index === undefined ? undefined : rules[index];
      if (index === undefined || !rule) return sandbox.answer(request);
      const answer = isCarriedOut(rule) ? await sandbox.answer(request) : undefined;
      const effect = await effectOf(rule, answer ?? new Response(), { ...sandbox, request, sleep });
      if (!answer) sandbox.turnAway(request, effect instanceof Response ? effect.status : 0);
      if (fired.push({ rule: index, fault: rule.fault, method, path, committed: answer?.ok ?? false }) > mostFired)
        fired.shift();
      if (effect === 'reset') throw new ConnectionReset();
      return effect === 'silence' ? untilTheCallerLeaves(request.signal) : effect;
    },
  };
}
