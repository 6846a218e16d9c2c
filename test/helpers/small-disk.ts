import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from './world.ts';

/** A disk of 1 MB with nothing on it. */
export interface SmallDisk {
  readonly directory: string;
  /** Who writes to it; must be said of each process before the disk is filled. */
  readonly serves: (pid: number | null) => void;
  /** Takes all space but so many bytes. */
  readonly fill: (leftBytes?: number) => void;
  readonly free: () => void;
  /** What is open for writing may stay so, so this comes before a server has begun to write. */
  readonly makeReadOnly: () => void;
  readonly makeWritable: () => void;
}

/**
 * Where mounting is permitted, a tmpfs. Elsewhere the processes themselves are kept from making any file longer, which to
 * them is a disk that takes nothing more. Throws in words where neither can be had: a test that checks nothing is none.
 */
export function createSmallDisk(): SmallDisk {
  const directory = join(temporaryDirectory(), 'disk');
  mkdirSync(directory);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory]).status === 0) return mounted(directory);
  const mayLimit = spawnSync('prlimit', ['--version']).status === 0 && process.getuid?.() !== 0;
  if (mayLimit) return limited(directory);
  throw new Error('A full disk is tried on Linux: as a user who may mount, or as another one than root with prlimit.');
}

function mounted(directory: string): SmallDisk {
  onTestFinished(() => void execFileSync('umount', ['--lazy', directory]));
  const filler = join(directory, 'filler');
  const remount = (how: 'ro' | 'rw') => void execFileSync('mount', ['-o', `remount,${how}`, directory]);
  return {
    directory,
    serves: () => {},
    fill: (leftBytes = 0) => {
      const { bavail, bsize } = statfsSync(directory);
      const file = openSync(filler, 'w');
      try {
        // To the last page: what is written meanwhile counts too.
        for (let left = bavail * bsize - leftBytes; left > 0; )
          left -= writeSync(file, Buffer.alloc(Math.min(left, bsize)));
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler),
    makeReadOnly: () => remount('ro'),
    makeWritable: () => remount('rw'),
  };
}

function limited(directory: string): SmallDisk {
  const pids: number[] = [];
  const limit = (bytes: number | 'unlimited') => {
    for (const pid of pids) execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
  };
  const modes = (ofFolder: number, ofFile: number) => {
    chmodSync(directory, ofFolder);
    for (const inside of readdirSync(directory, { recursive: true, withFileTypes: true }))
      chmodSync(join(inside.parentPath, inside.name), inside.isDirectory() ? ofFolder : ofFile);
  };
  return {
    directory,
    serves: (pid) => void (pid !== null && pids.push(pid)),
    fill: (leftBytes = 0) => limit(leftBytes),
    free: () => limit('unlimited'),
    makeReadOnly: () => modes(0o500, 0o400),
    makeWritable: () => modes(0o700, 0o600),
  };
}
