// A bundle of its own, with the library that draws, the one that makes a PNG of it, and two files beside it: who asks for no
// chart never loads them.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from 'echarts/components';
import { init, setPlatformAPI, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { barsOption } from './bars.ts';
import type { Chart } from './chart.ts';
import { darkSheet, light } from './colours.ts';
import { font } from './font.ts';
import { page } from './frame.ts';
import { encodePng } from './png.ts';
import { stepsOption } from './steps.ts';

/** The build copies what a package holds to this bundle's side, because the desktop bundle has no packages. */
function fileOf(name: string, inPackage: string): Uint8Array {
  const beside = new URL(name, import.meta.url);
  return readFileSync(existsSync(beside) ? beside : createRequire(import.meta.url).resolve(inPackage));
}

use([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, SVGRenderer]);
// Without a browser the library guesses how wide a text is; the font knows.
setPlatformAPI({
  measureText: (text: string, style?: string) => {
    const pixels = Number(/(\d+(?:\.\d+)?)px/.exec(style ?? '')?.[1] ?? 12);
    return { width: font.width(text, pixels) };
  },
});

let fontBytes: Uint8Array | undefined;
/** Some pairs of letters would stand further apart than they were measured. */
export const asMeasured = 'font-kerning:none';

let wasm: Promise<unknown> | undefined;

function svgIn(chart: Chart): string {
  const { option, height } = chart.kind === 'bars' ? barsOption(chart, font) : stepsOption(chart, font);
  const canvas = init(null, null, { renderer: 'svg', ssr: true, width: page.width, height });
  try {
    canvas.setOption(option);
    // What the library adds for the pointer of a browser is of no use to a picture.
    return canvas
      .renderToSVGString()
      .replace('<svg ', `<svg style="${asMeasured}" `)
      .replace(/<style\s*>.*?<\/style>/gs, '')
      .replace(/ (?:class|pointer-events|ecmeta_ssr_type|ecmeta_silent)="[^"]*"/g, '');
  } finally {
    canvas.dispose();
  }
}

/** An SVG that follows the reader's light or dark page. */
export const drawSvg = (chart: Chart): string => svgIn(chart).replace('</svg>', `${darkSheet}</svg>`);

/** A PNG on a card of its own, one and a half pixels for one. */
export async function drawPng(chart: Chart): Promise<Uint8Array> {
  const svg = svgIn(chart);
  fontBytes ??= fileOf('chart-font.ttf', '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf');
  wasm ??= initWasm(fileOf('chart-renderer.wasm', '@resvg/resvg-wasm/index_bg.wasm').slice().buffer);
  await wasm;
  const edge = `<path d="M0.5 0.5H${page.width - 0.5}V${heightOf(svg) - 0.5}H0.5Z" fill="none" stroke="${light.edge}"/></svg>`;
  const picture = new Resvg(svg.replace('</svg>', edge), {
    font: {
      fontBuffers: [fontBytes],
      defaultFontFamily: 'Noto Sans',
      sansSerifFamily: 'Noto Sans',
      loadSystemFonts: false,
    },
    fitTo: { mode: 'zoom', value: 1.5 },
  });
  const rendered = picture.render();
  try {
    return encodePng(rendered.pixels, rendered.width, rendered.height);
  } finally {
    rendered.free();
    picture.free();
  }
}

const heightOf = (svg: string): number => Number(/height="(\d+(?:\.\d+)?)"/.exec(svg)?.[1] ?? 0);
