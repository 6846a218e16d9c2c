import type { Database } from '../sqlite.ts';
import { textOf } from './row.ts';
import { isRowStream, jsonPieces } from './row-stream.ts';

// A part is what the reader is given at a time: 64 Ki characters.
const partLength = 65_536;
// Of answers that were never read to their end the oldest are given up.
const mostWaiting = 20;

// Of this process, as temporary tables are of one connection. Never given twice: who reads a text that was given up must not
// find another one in its place.
let newest = 0;

/** Text as the body of an answer: whole, or read part by part. */
export type LongText = string | ReadableStream<Uint8Array>;

/** The JSON of an answer's body; one with a stream of many rows is not held as a whole. */
export const answerText = (db: Database, body: Readonly<Record<string, unknown>>): LongText =>
  Object.values(body).some(isRowStream) ? spooled(db, jsonPieces(body)) : JSON.stringify(body);

function* partsOf(pieces: Iterable<string>): Generator<string> {
  let part = '';
  for (const piece of pieces) {
    part += piece;
    if (part.length < partLength) continue;
    yield part;
    part = '';
  }
  yield part;
}

/**
 * A text that is made in pieces, as a string if it is short. A long one waits in a temporary table, which SQLite keeps in a
 * file of its own, and is read from there: so it shows one moment, and a reader that is slow, or never comes back, holds no
 * cursor open (an open one makes this connection's writes fail as soon as another process has written).
 */
export function spooled(db: Database, pieces: Iterable<string>): LongText {
  const parts = partsOf(pieces);
  const first = parts.next().value ?? '';
  const second = parts.next();
  if (second.done) return first;
  db.exec(`CREATE TEMP TABLE IF NOT EXISTS spool_part (
    text_id INT NOT NULL, position INT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (text_id, position))`);
  newest += 1;
  const id = newest;
  db.prepare('DELETE FROM temp.spool_part WHERE text_id <= ?').run(id - mostWaiting);
  const add = db.prepare('INSERT INTO temp.spool_part (text_id, position, text) VALUES (?, ?, ?)');
  let count = 0;
  const store = (part: string) => {
    add.run(id, count, part);
    count += 1;
  };
  store(first);
  store(second.value);
  for (const part of parts) store(part);
  return read(db, id, count);
}

function read(db: Database, id: number, count: number): ReadableStream<Uint8Array> {
  const drop = () => void db.prepare('DELETE FROM temp.spool_part WHERE text_id = ?').run(id);
  const encoder = new TextEncoder();
  let position = 0;
  return new ReadableStream(
    {
      pull: (controller) => {
        const row = db.prepare('SELECT text FROM temp.spool_part WHERE text_id = ? AND position = ?').get(id, position);
        if (!row) return controller.error(new Error('The answer waited too long to be read.'));
        controller.enqueue(encoder.encode(textOf(row, 'text')));
        position += 1;
        if (position < count) return;
        drop();
        controller.close();
      },
      cancel: drop,
    },
    { highWaterMark: 0 },
  );
}
