import type { Reply } from '../client/client.ts';
import { Rejected } from '../errors.ts';
import type { KeptRun } from '../state/state.ts';
import type { Plan } from '../workflows/define.ts';
import type { Action, GuardParts } from './action.ts';
import type { CallContext } from './caller.ts';
import { newestLike, refusedAfter } from './store-rules.ts';

/** For so long a repeated call finds what became of the first, where that is open. */
export const rememberedMs = 24 * 60 * 60_000;

/** What a plan that comes to nothing says of the same call of before, at the first call and at the yes. */
export function createBefore({ state, settings, now }: Pick<GuardParts, 'state' | 'settings' | 'now'>) {
  const { organization } = settings;

  const lastCall = (action: Action, { caller }: CallContext): Promise<KeptRun | undefined> =>
    newestLike({ state, organization, action, caller }, { ms: now() - rememberedMs });

  /** The plan; a refusal tells of the same call of before, whose own work may be what it is refused for. */
  async function planned(action: Action, { caller }: CallContext): Promise<Plan> {
    try {
      return await action.plan();
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      const before = await refusedAfter({ state, organization, action, caller, atMs: now() });
      if (before === undefined) throw error;
      const { facts, nothingSent } = error;
      throw new Rejected(`${error.message}\n${before}`, { cause: error, facts, nothingSent });
    }
  }

  /** The answer of a plan with nothing to do. */
  const nothingDone = async (action: Action, plan: Plan, last: KeptRun | undefined): Promise<Reply> => ({
    ...(await action.run(plan)),
    ...halfWay(last),
  });

  return { lastCall, planned, nothingDone };
}

/** Where the same call stopped half way before, what it has done may be why nothing seems left: the rest is not done. */
const halfWay = (last: KeptRun | undefined): Reply =>
  last?.status === 'partly_done'
    ? {
        status: 'unfinished',
        workflow_id: last.id,
        next: 'The same call stopped half way before: resume_workflow with this workflow_id does what is left of it.',
      }
    : {};
