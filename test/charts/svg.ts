import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { font } from '../../src/charts/font.ts';

export const fontBytes = readFileSync(
  createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf'),
);
/** As the drawing measures; that it draws so wide is held by `font.test.ts`. */
export const widthOf = font.width;

export interface Label {
  readonly text: string;
  readonly fill: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly labels: readonly Label[];
  readonly elements: ReadonlySet<string>;
  /** Of each bar: whose it is and how wide, left of zero negative. */
  readonly bars: readonly { readonly series: number; readonly index: number; readonly width: number }[];
  /** Of the line of steps. */
  readonly corners: readonly (readonly [x: number, y: number])[];
}

type Attributes = Readonly<Record<string, string>>;
interface Node {
  readonly tag: string;
  readonly attributes: Attributes;
  readonly text: string;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  preserveOrder: true,
  trimValues: false,
  parseTagValue: false,
});

function nodesIn(list: readonly Record<string, unknown>[]): Node[] {
  return list.flatMap((entry) => {
    const attributes = (entry[':@'] ?? {}) as Attributes; // parse boundary: the parser's own shape
    const [tag = ''] = Object.keys(entry).filter((key) => key !== ':@');
    if (tag === '#text') return [];
    const inside = entry[tag] as Record<string, unknown>[]; // parse boundary: as above
    const text = inside.map((child) => child['#text'] ?? '').join('');
    return [{ tag, attributes, text }, ...nodesIn(inside)];
  });
}

/** Throws on what is no XML. */
export function readSvg(svg: string): Picture {
  const valid = XMLValidator.validate(svg);
  if (valid !== true) throw new Error(`no XML: ${valid.err.msg}`);
  const nodes = nodesIn(parser.parse(svg));
  const root = nodes.find(({ tag }) => tag === 'svg');
  const texts = nodes.filter(({ tag, text }) => tag === 'text' && text !== '');
  return {
    width: Number(root?.attributes.width),
    height: Number(root?.attributes.height),
    labels: texts.map(labelOf),
    elements: new Set(nodes.map(({ tag }) => tag)),
    bars: nodes.flatMap(({ tag, attributes: { d = '', ...rest } }) => {
      const wide = /^M[\d.-]+ [\d.-]+l([\d.-]+) 0l0/.exec(d)?.[1];
      if (tag !== 'path' || rest.fill === 'none' || rest.ecmeta_data_index === undefined || wide === undefined)
        return [];
      return [{ series: Number(rest.ecmeta_series_index), index: Number(rest.ecmeta_data_index), width: Number(wide) }];
    }),
    corners: cornersIn(nodes.find(({ attributes }) => attributes['stroke-linejoin'] === 'bevel')?.attributes.d ?? ''),
  };
}

const cornersIn = (d: string): (readonly [number, number])[] =>
  [...d.matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);

function labelOf({ attributes, text }: Node): Label {
  const { transform = '', style = '', fill = '' } = attributes;
  const size = Number(/font-size:([\d.]+)px/.exec(style)?.[1]);
  if (attributes['dominant-baseline'] !== 'central') throw new Error(`${text} stands on no centre`);
  const width = widthOf(text, size);
  const anchor = attributes['text-anchor'];
  const [dx, dy] = [Number(attributes.x ?? 0), Number(attributes.y ?? 0)];
  const before = anchor === 'end' ? width : anchor === 'middle' ? width / 2 : 0;
  const turned = /^matrix\(0,-1,1,0,([\d.-]+),([\d.-]+)\)$/.exec(transform);
  const straight = /^translate\(([\d.-]+) ([\d.-]+)\)$/.exec(transform);
  const half = size * 0.55;
  if (turned) {
    const [x, y] = [Number(turned[1]) + dy, Number(turned[2]) - dx];
    return { text, fill, left: x - half, right: x + half, top: y - width + before, bottom: y + before };
  }
  if (!straight) throw new Error(`${text} stands at ${transform}`);
  const [x, y] = [Number(straight[1]) + dx, Number(straight[2]) + dy];
  return { text, fill, left: x - before, right: x - before + width, top: y - half, bottom: y + half };
}

/** Pairs of labels that cover each other, and labels that leave the page. */
export function clashes({ labels, width, height }: Picture): string[] {
  const out = labels.filter(({ left, right, top, bottom }) => left < 0 || right > width || top < 0 || bottom > height);
  const pairs = labels.flatMap((a, index) =>
    labels
      .slice(index + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b) => `${a.text} on ${b.text}`),
  );
  return [...out.map(({ text }) => `${text} leaves the page`), ...pairs];
}

/** WCAG 2.2, of two colours `#rrggbb`. */
export function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [a, b].map(luminance).sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
