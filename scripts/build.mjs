// Six bundled files: dist/main.js is what starts and lists tools; dist/connect.js, loaded at the first call, is the rest
// (client, catalog, sandbox); dist/log-library.js, loaded at the first line of the log, writes it; dist/packing-slip.js,
// loaded at the first slip of the sandbox, draws PDFs; dist/mail-library.js, loaded at the first mail, speaks SMTP;
// dist/draw.js, loaded at the first chart, with the renderer and the font that stand beside it. As CommonJS, because that
// starts in half the time of loading node_modules.
// libsql stays outside: it is native, and not needed where Node has its own SQLite.

import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { build } from 'esbuild';

const apart = {
  name: 'apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/(connect|log-library|packing-slip|mail-library|draw)\.ts$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.js`, external: true } : null,
    ),
};

// V8 reads a long text by JSON.parse in half the time of the same object written in code, and keeps it once.
const asText = {
  name: 'as-text',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.generated\.json$/ }, async ({ path }) => {
      const text = JSON.stringify(JSON.parse(await readFile(path, 'utf8')));
      return { contents: `export default JSON.parse(${JSON.stringify(text)});` };
    }),
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
const shared = {
  entryNames: '[name]',
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['libsql'],
  plugins: [apart, asText, builtInFonts],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
};
await build({
  ...shared,
  entryPoints: [
    'src/main.ts',
    'src/connect.ts',
    'src/log-library.ts',
    'src/sandbox/packing-slip.ts',
    'src/alerts/mail-library.ts',
  ],
  define: { 'import.meta.url': '"file:///"' },
  banner: { js: '#!/usr/bin/env node' },
});
await build({
  ...shared,
  entryPoints: ['src/charts/draw.ts'],
  minifyIdentifiers: true,
  define: { 'import.meta.url': 'besideThis' },
  banner: { js: 'const besideThis = require("node:url").pathToFileURL(__filename).href;' },
});
const { resolve } = createRequire(import.meta.url);
await copyFile(resolve('@resvg/resvg-wasm/index_bg.wasm'), 'dist/chart-renderer.wasm');
await copyFile(resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf'), 'dist/chart-font.ttf');
// What is handed on with the chart's library, renderer and font goes with their licences.
const licences = [
  ['echarts', 'echarts/NOTICE'],
  ['echarts', 'echarts/LICENSE'],
  ['zrender', 'zrender/LICENSE'],
  ['fast-png', 'fast-png/LICENSE'],
  ['fflate', 'fflate/LICENSE'],
  ['Noto Sans', '@expo-google-fonts/noto-sans/LICENSE_FONT'],
];
const texts = await Promise.all(
  licences.map(async ([of, file]) => `${of}\n\n${await readFile(`node_modules/${file}`, 'utf8')}`),
);
const renderer = 'resvg (chart-renderer.wasm): Mozilla Public License 2.0, source at https://github.com/thx/resvg-js\n';
await writeFile('dist/chart-licences.txt', [...texts, renderer].join('\n----\n\n'));
// The package is ESM; the bundles are not.
await writeFile('dist/package.json', '{"type":"commonjs"}\n');
await chmod('dist/main.js', 0o755);
