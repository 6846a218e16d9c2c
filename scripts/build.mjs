// Two bundled files: dist/main.js is what starts and lists tools; dist/connect.js, loaded at the first call, is the rest
// (client, catalog, sandbox). As CommonJS, because that starts in half the time of loading node_modules.
// libsql stays outside: it is native, and not needed where Node has its own SQLite.
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const apart = {
  name: 'connect-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/connect\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './connect.js', external: true } : null,
    ),
};

await mkdir('dist', { recursive: true });
await build({
  entryPoints: ['src/main.ts', 'src/connect.ts'],
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['libsql'],
  plugins: [apart],
  define: { 'import.meta.url': '""' },
  banner: { js: '#!/usr/bin/env node' },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
});
// The package is ESM; the bundles are not.
await writeFile('dist/package.json', '{"type":"commonjs"}\n');
await chmod('dist/main.js', 0o755);
