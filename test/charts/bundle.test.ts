import { copyFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chartOf } from '../../src/charts/of-report.ts';
import { temporaryDirectory } from '../helpers/world.ts';

const parts = ['draw.js', 'chart-renderer.wasm', 'chart-font.ttf', 'package.json'];

test('the bundle draws with nothing but the files beside it, and nothing in it is native', async () => {
  const folder = temporaryDirectory();
  for (const part of parts) copyFileSync(join('dist', part), join(folder, part));
  const { drawPng, drawSvg } = createRequire(join(folder, 'here.js'))('./draw.js');
  const chart = chartOf('sales-by-item', { header: { currency: 'USD' }, rows: [{ name: 'Mat', amount: 12.5 }] });
  expect(
    Buffer.from(await drawPng(chart))
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
  expect(drawSvg(chart)).toContain('12.50');
  expect(readdirSync('dist').filter((name) => name.endsWith('.node'))).toEqual([]);
  expect(parts.reduce((sum, part) => sum + statSync(join('dist', part)).size, 0)).toBeLessThan(4_000_000);
});

test('without the font beside it and without packages it throws instead of drawing boxes', async () => {
  const folder = temporaryDirectory();
  copyFileSync('dist/draw.js', join(folder, 'draw.js'));
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
  const { drawPng, drawSvg } = createRequire(join(folder, 'here.js'))('./draw.js');
  const chart = chartOf('sales-by-item', { header: {}, rows: [{ name: 'Mat', amount: 12.5 }] });
  expect(drawSvg(chart)).toContain('12.50');
  await expect(drawPng(chart)).rejects.toThrow();
});
