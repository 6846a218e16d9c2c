import { createSandbox } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { noon } from './calls.ts';
import { fill } from './filled.ts';

// Run as a process: number of items, database file. Apart from what is measured, which would else pay for its memory.
const [count = '1000', file = ':memory:'] = process.argv.slice(2);
const database = openDatabase(file);
// Nobody needs this file after a power cut.
database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -400000');
const limits = { perMinute: 1_000_000, perDay: 1_000_000 };
await fill(createSandbox({ database, now: () => noon, seed: 'empty', accessToken: 'good', limits }), Number(count));
database.close();
