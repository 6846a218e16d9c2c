import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { breaches, type Room, type SourceFile } from './rooms.ts';

const src = fileURLToPath(new URL('../src', import.meta.url));

const everyRoom = [
  'config',
  'log',
  'sqlite',
  'errors',
  'text',
  'files',
  'operations',
  'client',
  'workflows',
  'reports',
  'alerts',
  'charts',
  'mcp',
  'state',
  'sandbox',
];

/** Dependence runs one way: main -> mcp -> reports -> workflows -> client -> operations -> errors. */
const table: Record<string, Room> = {
  main: { rooms: [...everyRoom, 'connect'], packages: ['node:*', '@modelcontextprotocol/*'], readsProcess: true },
  // The half of the composition root that is loaded with the first call.
  connect: { rooms: everyRoom, packages: ['node:*'] },
  config: { rooms: [], packages: ['zod', 'fastest-levenshtein', 'node:path', 'node:util'] },
  log: { rooms: [], packages: ['pino'] },
  sqlite: { rooms: [], packages: ['node:module', 'node:sqlite', 'libsql'] },
  errors: { rooms: [], packages: [] },
  text: { rooms: [], packages: [] },
  files: { rooms: ['errors'], packages: ['node:fs/promises', 'node:path'] },
  operations: { rooms: ['errors'], packages: ['zod'] },
  client: {
    rooms: ['operations', 'errors', 'text'],
    packages: ['undici', 'p-throttle', 'p-queue', 'zod', 'node:crypto'],
  },
  workflows: {
    rooms: ['operations', 'errors', 'text'],
    typesOf: ['client'],
    packages: ['zod', 'csv-parse/sync', 'csv-stringify/sync', 'fastest-levenshtein'],
  },
  reports: { rooms: ['workflows', 'operations', 'client', 'errors', 'text'], packages: ['zod'] },
  alerts: {
    rooms: ['workflows', 'operations', 'client', 'errors', 'text'],
    typesOf: ['state'],
    packages: ['nodemailer/lib/*', 'node:crypto', 'node:stream'],
  },
  charts: {
    rooms: ['workflows', 'text'],
    packages: ['echarts/*', '@resvg/resvg-wasm', 'fast-png', 'node:fs', 'node:module'],
  },
  state: { rooms: ['sqlite', 'errors'], packages: ['node:crypto', 'node:fs', 'node:path'] },
  mcp: {
    rooms: ['workflows', 'reports', 'charts', 'client', 'operations', 'errors', 'text'],
    typesOf: ['state'],
    packages: ['@modelcontextprotocol/*', 'zod', 'fastest-levenshtein', 'node:*'],
  },
  sandbox: { rooms: ['sqlite'], packages: ['node:*', 'pdfkit', 'bwip-js/generic'] },
};

/**
 * A folder of `src`, or a file beside the folders; the command line and the settings of alerts are read for the configuration,
 * and the library of the log for the log.
 */
function roomOf(file: string): string {
  const [first = ''] = file.split('/');
  const name = first.replace(/\.ts$/, '');
  if (name === 'log-library') return 'log';
  return ['command-line', 'alert-settings'].includes(name) ? 'config' : name;
}

const files: SourceFile[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, source: readFileSync(join(src, file), 'utf8') }));

describe('the rooms of src', () => {
  it('import only what the table lets them, in no ring, without any, unexplained casts or hidden settings', () => {
    expect(breaches(files, table, roomOf)).toEqual([]);
  });

  it('are all in the table, and the table names none that is not there but the reports to come', () => {
    const present = new Set(files.map(({ file }) => roomOf(file)));
    expect(Object.keys(table).filter((room) => !present.has(room) && room !== 'reports')).toEqual([]);
  });
});

describe('the check of the rooms', () => {
  const check = (file: string, source: string) => breaches([{ file, source }], table, roomOf);

  it.each([
    ['a package', 'operations/items.ts', `import { request } from 'undici';`],
    ['a package, for its types', 'operations/items.ts', `import type { Dispatcher } from 'undici';`],
    ['a package by import()', 'workflows/a.ts', `const { Pool } = await import('undici');`],
    ['a package by require()', 'sandbox/a.ts', `const zod = require('zod');`],
    ['a package in a type', 'operations/a.ts', `type A = import('undici').Pool;`],
    ['a package whose name only begins alike', 'operations/a.ts', `import x from 'zod-to-json-schema';`],
    ['the SDK', 'workflows/a.ts', `import { McpServer } from '@modelcontextprotocol/server';`],
    ['the SDK, in the second half of the root', 'connect.ts', `export * from '@modelcontextprotocol/server';`],
    ['a module of Node', 'state/embedded.ts', `import { request } from 'node:http';`],
    ['anything, in errors', 'errors.ts', `import * as z from 'zod';`],
  ])('finds %s that is not allowed', (_, file, source) => {
    expect(check(file, source)).toEqual([expect.stringContaining(`${file}: may not import the package`)]);
  });

  it.each([
    ['upwards', 'client/a.ts', `import { plan } from '../workflows/define.ts';`],
    ['for a type', 'operations/a.ts', `import type { Client } from '../client/client.ts';`],
    ['by re-export', 'client/a.ts', `export { createGuard } from '../mcp/guard.ts';`],
    ['by re-export of all', 'client/live/a.ts', `export * from '../../state/state.ts';`],
    ['from the sandbox', 'sandbox/engine/a.ts', `import { Rejected } from '../../errors.ts';`],
    ['into the sandbox', 'mcp/a.ts', `const { createSandbox } = await import('../sandbox/server.ts');`],
    ['from the composition root', 'mcp/a.ts', `import { createParts } from '../main.ts';`],
  ])('finds a room that is reached %s', (_, file, source) => {
    expect(check(file, source)).toEqual([expect.stringContaining(`${file}: may not import from the room`)]);
  });

  it('finds values taken from a room that gives only its types', () => {
    const only = [expect.stringContaining('may import only types from the room state')];
    expect(check('mcp/a.ts', `import { openEmbeddedState } from '../state/embedded.ts';`)).toEqual(only);
    expect(check('mcp/a.ts', `import { type State } from '../state/state.ts';`)).toEqual(only);
    expect(check('mcp/a.ts', `import type { State } from '../state/state.ts';`)).toEqual([]);
  });

  it('finds an import whose name is not written out, and a file in no room', () => {
    expect(check('client/a.ts', 'const x = await import(name);')).toEqual([
      'client/a.ts:1: imports a name that is not written out',
    ]);
    expect(check('tools/a.ts', '')).toEqual(['tools/a.ts: stands in no room of the table']);
  });

  it('finds rooms in a ring, over several files', () => {
    const loose: Record<string, Room> = {
      a: { rooms: ['b'], packages: [] },
      b: { rooms: ['c'], packages: [] },
      c: { rooms: ['a'], packages: [] },
    };
    const ring = [
      { file: 'a/1.ts', source: `import '../b/1.ts';` },
      { file: 'b/1.ts', source: `import type { X } from '../c/1.ts';` },
      { file: 'c/2.ts', source: `export * from '../a/2.ts';` },
    ];
    expect(breaches(ring, loose, roomOf)).toEqual(['rooms in a ring: a -> b -> c -> a']);
    expect(breaches(ring.slice(0, 2), loose, roomOf)).toEqual([]);
  });

  it.each([
    `const port = process.env.PORT;`,
    `const port = process['env'].PORT;`,
    `const { env } = process;`,
    `const args = process.argv.slice(2);`,
    `read(process);`,
  ])('finds settings read outside the root: %s', (source) => {
    expect(check('mcp/a.ts', source)).toEqual(['mcp/a.ts:1: reads the environment']);
    expect(check('main.ts', source)).toEqual([]);
  });

  it('lets process be asked for other things, and other things have an env', () => {
    expect(
      check('sqlite.ts', `const v = process.versions.node; const w = sources.env; const p = this.process.env;`),
    ).toEqual([]);
  });

  it('finds any, in a type and in a cast', () => {
    expect(check('client/a.ts', 'let a: any;')).toEqual(['client/a.ts:1: says any']);
    expect(check('client/a.ts', 'let a: Map<string, any[]>; // many')).toEqual(['client/a.ts:1: says any']);
    expect(check('client/a.ts', `const any = 'any';`)).toEqual([]);
  });

  it.each([
    ['bare', `const row = value as Row;`],
    ['with a comment two lines above', `// parse boundary\n\nconst row = value as Row;`],
    ['with a comment below', `const row = value as Row;\n// parse boundary`],
    ['with what only looks like a comment', `const row = ['// why', value as Row];`],
    ['in the old spelling', `const row = <Row>value;`],
    ['through unknown', `const row = value as unknown as Row;`],
  ])('finds a cast %s', (_, source) => {
    expect(check('client/a.ts', source)[0]).toMatch(/^client\/a\.ts:\d: casts without a comment that says why$/);
  });

  it.each([
    ['with its reason beside it', `const row = value as Row; // parse boundary: checked above`],
    ['below its reason', `// parse boundary: the driver's rows\nconst row = value as Row;`],
    ['over several lines with its reason at the end', `const row = read({\n  a,\n}) as Row; // parse boundary`],
    ['to const', `const words = ['a', 'b'] as const;`],
  ])('accepts a cast %s', (_, source) => {
    expect(check('client/a.ts', source)).toEqual([]);
  });

  it('takes no renaming for a cast', () => {
    const source = `import * as z from 'zod';\nimport { a as b } from './b.ts';\nexport * as c from './c.ts';\nexport { b as d };`;
    expect(check('client/a.ts', source)).toEqual([]);
  });
});
