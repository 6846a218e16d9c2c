// Four bundled files: dist/main.js is what starts and lists tools; dist/connect.js, loaded at the first call, is the rest
// (client, catalog, sandbox); dist/packing-slip.js, loaded at the first slip of the sandbox, draws PDFs; dist/mail-library.js,
// loaded at the first mail, speaks SMTP. As CommonJS, because that starts in half the time of loading node_modules.
// libsql stays outside: it is native, and not needed where Node has its own SQLite.

import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';

const apart = {
  name: 'apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/(connect|packing-slip|mail-library)\.ts$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.js`, external: true } : null,
    ),
};

// pdfkit for Node looks for its fonts in files beside itself, which no bundle carries. Its other build is given them as
// modules; and without fonts from files there is nothing for fontkit, which is two thirds of its size, to read.
const builtInFonts = {
  name: 'built-in-fonts',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(pdfkit|fontkit)$/ }, ({ path }) => ({ path, namespace: 'built-in-fonts' }));
    onLoad({ filter: /^pdfkit$/, namespace: 'built-in-fonts' }, () => ({
      resolveDir: process.cwd(),
      contents: `import Helvetica from 'pdfkit/standard-fonts/Helvetica';
        import HelveticaBold from 'pdfkit/standard-fonts/HelveticaBold';
        import { PDFDocument, registerStdFonts } from './node_modules/pdfkit/js/pdfkit.browser.mjs';
        registerStdFonts(Helvetica, HelveticaBold);
        export { PDFDocument };`,
    }));
    onLoad({ filter: /^fontkit$/, namespace: 'built-in-fonts' }, () => ({
      contents: `export const create = () => { throw new Error('This bundle draws with built-in fonts only.'); };`,
    }));
  },
};

await mkdir('dist', { recursive: true });
await build({
  entryPoints: ['src/main.ts', 'src/connect.ts', 'src/sandbox/packing-slip.ts', 'src/alerts/mail-library.ts'],
  entryNames: '[name]',
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['libsql'],
  plugins: [apart, builtInFonts],
  define: { 'import.meta.url': '"file:///"' },
  banner: { js: '#!/usr/bin/env node' },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
});
// The package is ESM; the bundles are not.
await writeFile('dist/package.json', '{"type":"commonjs"}\n');
await chmod('dist/main.js', 0o755);
