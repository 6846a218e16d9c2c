// One bundled file, dist/main.js, as CommonJS: it starts in half the time of loading node_modules.
// libsql stays outside: it is native, and not needed where Node has its own SQLite.
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

await mkdir('dist', { recursive: true });
await build({
  entryPoints: ['src/main.ts'],
  outfile: 'dist/main.js',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['libsql'],
  define: { 'import.meta.url': '""' },
  banner: { js: '#!/usr/bin/env node' },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
});
// The package is ESM; the bundle is not.
await writeFile('dist/package.json', '{"type":"commonjs"}\n');
await chmod('dist/main.js', 0o755);
