import { Unavailable } from '../errors.ts';
import { NewerVersion } from './migrations.ts';

type Cause = 'newer_version' | 'unwritable' | 'full' | 'locked' | 'damaged' | 'unknown';

/** The file that is in trouble, and what a person loses who moves it away. */
export interface Place {
  readonly directory: string;
  readonly name: string;
  readonly holds: string;
}

// libsql's errors carry an empty `code` when a file cannot be opened, so the text decides there.
function causeOf(error: unknown): Cause {
  if (error instanceof NewerVersion) return 'newer_version';
  const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { code: '', message: '' }; // parse boundary: Node and the drivers add `code`
  const text = `${code ?? ''} ${message}`;
  if (/ENOSPC|EDQUOT|SQLITE_FULL|is full/i.test(text)) return 'full';
  if (/SQLITE_BUSY|SQLITE_LOCKED|is locked/i.test(text)) return 'locked';
  if (/SQLITE_CORRUPT|SQLITE_NOTADB|malformed|not a database|no such (table|column)|already exists/i.test(text))
    return 'damaged';
  if (/EACCES|EPERM|EROFS|ENOTDIR|EEXIST|ENOENT|EISDIR|EIO|READONLY|CANTOPEN|IOERR|unable to open|I\/O/i.test(text))
    return 'unwritable';
  return 'unknown';
}

const elsewhere = 'set INVENTORY_DATA_DIR to another folder';

const words: Record<Cause, (place: Place) => string> = {
  newer_version: ({ directory, name }) =>
    `${name} in ${directory} was written by a newer version of this server. Update the server, or ${elsewhere}.`,
  unwritable: ({ directory }) =>
    `The state folder ${directory} cannot be written. Make it writable for this user, or ${elsewhere}.`,
  full: ({ directory, name }) => `There is no space left for ${name} in ${directory}. Free some, or ${elsewhere}.`,
  locked: ({ directory, name }) =>
    `${name} in ${directory} is locked by another process for too long. Try again in a few seconds; if it stays so, end that process.`,
  damaged: ({ directory, name, holds }) =>
    `${name} in ${directory} is damaged. Move ${name} and the ${name}-* files away (${holds} are forgotten), or ${elsewhere}.`,
  unknown: ({ directory }) => `The state store in ${directory} failed. Try again; if it stays so, ${elsewhere}.`,
};

/** Any trouble with the file, as the one error callers know. The driver's own text stays in `cause` and is not shown. */
export function troubleWith(place: Place, error: unknown, nothingSent: boolean): Unavailable {
  const cause = causeOf(error);
  return new Unavailable(words[cause](place), {
    cause: error,
    nothingSent,
    facts: { directory: place.directory, setting: 'INVENTORY_DATA_DIR', reason: cause },
  });
}
