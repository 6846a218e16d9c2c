import { onTestFinished } from 'vitest';
import { everyUnrefed, sleep } from '../../src/client/wait.ts';
import type { Input } from '../../src/operations/define.ts';
import { createChance } from '../../src/sandbox/faults-choice.ts';
import { operation } from '../client/lossy.ts';
import { temporaryDirectory } from '../helpers/world.ts';
import { createChaoticApi } from './api.ts';
import { createRunningClock } from './running-clock.ts';
import { clientOver, startServer } from './server.ts';

/** A company, the servers that are started for it on one folder of state, and a clock that runs by itself. */
export function chaoticWorld({ seed = 1, latencyMs = 150 }: { seed?: number; latencyMs?: number } = {}) {
  const clock = createRunningClock();
  onTestFinished(clock.stop);
  const api = createChaoticApi(clock);
  const chance = createChance(seed);
  const warnings: string[] = [];
  let ids = 0;
  const surroundings = {
    ...{ api, chance, latencyMs, now: clock.now, directory: temporaryDirectory() },
    randomId: () => {
      ids += 1;
      return `id-${String(ids).padStart(20, '0')}`;
    },
    warn: (message: string) => void warnings.push(message),
  };
  const plain = clientOver({ ...surroundings, latencyMs: 0 }, { pause: sleep, every: everyUnrefed });

  return {
    ...api,
    clock,
    sleep,
    chance,
    warnings,
    start: () => startServer(surroundings),
    /** By the client alone: what was there before. */
    prepare: (name: string, input: Input) => plain.call(operation(name), input),
  };
}

export type ChaoticWorld = ReturnType<typeof chaoticWorld>;
