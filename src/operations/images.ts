import { InvalidArguments } from '../errors.ts';
import type { Input, Upload } from './define.ts';

/** The API takes images up to 7 MB (its documentation, read 2026-11-23). */
export const mostImageBytes = 7 * 1024 * 1024;
/** Characters of base64 that many bytes take. */
export const mostImageText = Math.ceil(mostImageBytes / 3) * 4;

const ascii = (bytes: Uint8Array, from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));

/** What the first bytes say; a file's name proves nothing. Undefined for what the API takes for no image. */
export function imageType(bytes: Uint8Array): 'gif' | 'png' | 'jpeg' | 'bmp' | 'webp' | undefined {
  if (/^GIF8[79]a$/.test(ascii(bytes, 0, 6))) return 'gif';
  if (ascii(bytes, 0, 8) === '\u0089PNG\r\n\u001a\n') return 'png';
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'webp';
  return ascii(bytes, 0, 2) === 'BM' ? 'bmp' : undefined;
}

const refuse = (message: string) => new InvalidArguments(message, { nothingSent: true });

/** The image of a call: `image` in base64, with a data URL's beginning or without. Throws for what is no image. */
export function imageUpload({ image, file_name }: Input): Upload {
  if (typeof image !== 'string') throw refuse('An image is missing: give image (base64) or path.');
  const text = image.replace(/^data:[\w/+.-]*;base64,/, '').replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 === 1) throw refuse('image is not base64.');
  const bytes = new Uint8Array(Buffer.from(text, 'base64'));
  if (bytes.length > mostImageBytes) throw refuse(`image holds ${bytes.length} bytes; at most ${mostImageBytes}.`);
  const type = imageType(bytes);
  if (!type) throw refuse('image is no gif, png, jpeg, bmp or webp by its first bytes.');
  const name = typeof file_name === 'string' ? file_name : `image.${type === 'jpeg' ? 'jpg' : type}`;
  return { part: 'image', name, type: `image/${type}`, bytes };
}
