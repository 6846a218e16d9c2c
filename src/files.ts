import { open, realpath } from 'node:fs/promises';
import { basename, isAbsolute, resolve, sep } from 'node:path';
import { Denied, InvalidArguments } from './errors.ts';

export interface ReadFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads files of one folder that the operator allowed, at most `mostBytes` each. Where a link leads counts, not what the
 * path says, so nothing outside of the folder is read.
 */
export function createFileReader(folder: string, mostBytes: number): (path: string) => Promise<ReadFile> {
  const refuse = (message: string) => new InvalidArguments(message, { nothingSent: true });
  return async (path) => {
    const root = await realpath(folder).catch(() => {
      throw new Denied('The folder that files may be read from is not there. Ask the operator.', { nothingSent: true });
    });
    const real = await realpath(isAbsolute(path) ? path : resolve(root, path)).catch(() => undefined);
    // One answer for what is outside and what is not there, so that nothing can be learned about other folders.
    if (real === undefined || !real.startsWith(root.endsWith(sep) ? root : root + sep))
      throw refuse('path names no file in the folder that the operator allowed.');
    const file = await open(real, 'r');
    try {
      const found = await file.stat();
      if (!found.isFile()) throw refuse('path names no file.');
      if (found.size > mostBytes) throw refuse(`The file holds ${found.size} bytes; at most ${mostBytes}.`);
      return { name: basename(real), bytes: new Uint8Array(await file.readFile()) };
    } finally {
      await file.close();
    }
  };
}
