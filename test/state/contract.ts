import { afterEach, beforeEach, describe } from 'vitest';
import type { State } from '../../src/state/state.ts';
import { actionsContract } from './contract-actions.ts';
import { runsContract } from './contract-runs.ts';
import { sharedContract } from './contract-shared.ts';
import { start } from './samples.ts';

/** A home of the state under test. `open` may be called several times: all of them see the same store. */
export interface StateHome {
  open(now: () => number): State;
  remove(): void | Promise<void>;
}

/** What a test of the contract works with; made anew for each. */
export interface World {
  /** Read by the home as its clock. */
  clockMs: number;
  state: State;
  /** A second one on the same store; closed by the test. */
  open(): State;
  /** `state`, closed and opened. */
  reopened(): State;
}

/** What every home of the state promises, whatever it is built on. */
export function stateContract(name: string, makeHome: () => StateHome): void {
  describe(`${name} as a home of the state`, () => {
    let home: StateHome;
    // Set before each test; the sections below only take hold of the object.
    const world = {} as World; // filled by beforeEach

    beforeEach(() => {
      home = makeHome();
      world.clockMs = start;
      world.open = () => home.open(() => world.clockMs);
      world.reopened = () => {
        world.state.close();
        world.state = world.open();
        return world.state;
      };
      world.state = world.open();
    });
    afterEach(async () => {
      world.state.close();
      await home.remove();
    });

    actionsContract(world);
    runsContract(world);
    sharedContract(world);
  });
}
