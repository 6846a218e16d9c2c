import { encode } from 'fast-png';

/**
 * A PNG of opaque pixels with a palette: a chart has a few dozen colours and the shades at the edges of its letters, and with
 * a byte a pixel is a third of the size. Where there are more than 256, shades too near to be told apart are joined.
 */
export function encodePng(rgba: Uint8Array, width: number, height: number): Uint8Array {
  const { palette, indexes } = quantized(rgba);
  return encode({ width, height, depth: 8, channels: 1, data: indexes, palette }, { zlib: { level: 9 } });
}

/** Bits dropped of each colour until 256 are enough; the first shade met stands for its neighbours. */
function quantized(rgba: Uint8Array): { palette: number[][]; indexes: Uint8Array } {
  const indexes = new Uint8Array(rgba.length / 4);
  for (let bits = 0; bits < 8; bits += 1) {
    const known = new Map<number, number>();
    const palette: number[][] = [];
    let at = 0;
    for (; at < indexes.length; at += 1) {
      const [red = 0, green = 0, blue = 0] = [rgba[at * 4], rgba[at * 4 + 1], rgba[at * 4 + 2]];
      const key = ((red >> bits) << 16) | ((green >> bits) << 8) | (blue >> bits);
      let index = known.get(key);
      if (index === undefined) {
        if (known.size === 256) break;
        index = known.size;
        known.set(key, index);
        palette.push([red, green, blue]);
      }
      indexes[at] = index;
    }
    if (at === indexes.length) return { palette, indexes };
  }
  throw new Error('a picture of one bit a colour has eight colours at most');
}
