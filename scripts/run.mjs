// Runs a TypeScript script: `node scripts/run.mjs scripts/demo.ts [arguments]`. Node 20 reads no TypeScript itself.
import { mkdir } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [script = '', ...rest] = process.argv.slice(2);
await mkdir('node_modules/.cache/scripts', { recursive: true });
const outfile = resolve('node_modules/.cache/scripts', `${basename(script, '.ts')}.mjs`);
await build({
  entryPoints: [script],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
process.argv = [process.argv[0] ?? 'node', outfile, ...rest];
await import(pathToFileURL(outfile).href);
