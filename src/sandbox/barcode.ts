import { code128 } from 'bwip-js/generic';

/** One bar, in modules from the left edge of the code. */
export interface Bar {
  readonly left: number;
  readonly width: number;
}

/** Blank modules that a scanner needs on both sides (ISO/IEC 15417). */
export const quietModules = 10;

// Longer ones would not fit on the page at a width that scanners read.
const fits = /^[\x20-\x7e]{1,16}$/;

/** What the code of a package can carry: its number, or its id where the number is too long or not ASCII. */
export const scannable = (number: string, id: string): string => (fits.test(number) ? number : id);

/** The bars of a Code 128 symbol and its width in modules, quiet zones left out. */
export function code128Bars(text: string): { bars: Bar[]; modules: number } {
  const bars: Bar[] = [];
  let modules = 0;
  const nothing = () => undefined;
  const drawing = {
    scale: (): [number, number] => [1, 1],
    measure: () => ({ width: 0, ascent: 0, descent: 0 }),
    init: (width: number) => {
      modules = width;
    },
    // A bar comes as a line down its middle, rounded up where its width is odd.
    line: (x: number, _y0: number, _x1: number, _y1: number, width: number) => {
      bars.push({ left: x - Math.ceil(width / 2), width });
    },
    polygon: nothing,
    hexagon: nothing,
    ellipse: nothing,
    fill: nothing,
    text: nothing,
    end: () => undefined,
  };
  code128({ bcid: 'code128', text, height: 10 }, drawing);
  return { bars, modules };
}
