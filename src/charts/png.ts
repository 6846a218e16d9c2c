import { crc32, deflateSync } from 'node:zlib';

/**
 * A PNG of opaque pixels with a palette: a chart has a few dozen colours and the shades at the edges of its letters, and with
 * a byte a pixel is a third of the size. Where there are more than 256, shades too near to be told apart are joined.
 * Source: PNG specification, third edition.
 */
export function encodePng(rgba: Uint8Array, width: number, height: number): Uint8Array {
  const { palette, indexes } = quantized(rgba);
  const lines = new Uint8Array((width + 1) * height);
  for (let row = 0; row < height; row += 1)
    lines.set(indexes.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', head),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** Bits dropped of each colour until 256 are enough; the first shade met stands for its neighbours. */
function quantized(rgba: Uint8Array): { palette: Uint8Array; indexes: Uint8Array } {
  const indexes = new Uint8Array(rgba.length / 4);
  for (let bits = 0; bits < 8; bits += 1) {
    const known = new Map<number, number>();
    const palette: number[] = [];
    let at = 0;
    for (; at < indexes.length; at += 1) {
      const [red = 0, green = 0, blue = 0] = [rgba[at * 4], rgba[at * 4 + 1], rgba[at * 4 + 2]];
      const key = ((red >> bits) << 16) | ((green >> bits) << 8) | (blue >> bits);
      let index = known.get(key);
      if (index === undefined) {
        if (known.size === 256) break;
        index = known.size;
        known.set(key, index);
        palette.push(red, green, blue);
      }
      indexes[at] = index;
    }
    if (at === indexes.length) return { palette: Uint8Array.from(palette), indexes };
  }
  throw new Error('a picture of one bit a colour has eight colours at most');
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
