import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create } from 'fontkit';

/**
 * How wide each letter of the charts' font is, from its own tables: runs of letters that follow one another, as the code of
 * the first and the width of each in units of the font. Reading the font itself would take a library larger than the chart's.
 */
export function fontWidths(): string {
  const path = createRequire(import.meta.url).resolve(
    '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  );
  const face = create(readFileSync(path));
  const { metrics } = face.hmtx;
  const runs: [number, number[]][] = [];
  for (const code of [...face.characterSet].sort((a, b) => a - b)) {
    const { id } = face.glyphForCodePoint(code);
    const { advance } = metrics.get(Math.min(id, metrics.length - 1));
    const last = runs.at(-1);
    if (last && last[0] + last[1].length === code) last[1].push(advance);
    else runs.push([code, [advance]]);
  }
  const missing = metrics.get(0).advance;
  return `${JSON.stringify({ unitsPerEm: face.unitsPerEm, missing, runs })}\n`;
}
