import type { Effect } from '../operations/define.ts';

export type Hints = {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
};

const hints = (
  readOnlyHint: boolean,
  destructiveHint: boolean,
  idempotentHint: boolean,
  openWorldHint = false,
): Hints => ({
  readOnlyHint,
  destructiveHint,
  idempotentHint,
  openWorldHint,
});

// Moving stock and binding the company are shown as destructive: clients ask their person only for those.
const byEffect: Readonly<Record<Effect, Hints>> = {
  read: hints(true, false, true),
  create: hints(false, false, false),
  update: hints(false, false, true),
  stock: hints(false, true, false),
  commit: hints(false, true, false),
  destroy: hints(false, true, true),
  outward: hints(false, true, false, true),
};

/** The four hints of a tool; they follow from its effect alone. */
export const hintsOf = (effect: Effect): Hints => byEffect[effect];
