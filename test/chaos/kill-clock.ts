import { openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A clock that several processes go by: the machine's, so far ahead as a file says. */
export interface SharedClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly advance: (ms: number) => void;
  /** For a Node process that shall go by it. */
  readonly env: Record<string, string>;
}

/**
 * Minutes that nobody has to wait for, in processes that are otherwise as they were built: what a lease, a call limit and
 * a confirmation measure is asked of `Date.now`.
 */
export function createSharedClock(directory: string): SharedClock {
  const path = join(directory, 'ahead');
  const script = join(directory, 'clock.cjs');
  writeFileSync(path, new Float64Array(1));
  writeFileSync(
    script,
    `const { openSync, readSync } = require('node:fs');
     const file = openSync(${JSON.stringify(path)}, 'r');
     const ahead = new Float64Array(1);
     const real = Date.now;
     Date.now = () => {
       readSync(file, ahead, 0, 8, 0);
       return real() + ahead[0];
     };`,
  );
  const file = openSync(path, 'r+');
  const ahead = new Float64Array(1);
  return {
    now: () => Date.now() + (ahead[0] ?? 0),
    advance: (ms) => {
      ahead[0] = (ahead[0] ?? 0) + ms;
      writeSync(file, ahead, 0, 8, 0);
    },
    env: { NODE_OPTIONS: `--require=${script}` },
  };
}
