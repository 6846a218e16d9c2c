import { describe, expect, test } from 'vitest';
import { imageType, imageUpload, mostImageBytes } from '../../src/operations/images.ts';

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const base64 = (text: string) => Buffer.from(bytes(text)).toString('base64');
const png = '\u0089PNG\r\n\u001a\nrest';

describe('the kind of an image', () => {
  test.each([
    ['png', png],
    ['jpeg', '\u00ff\u00d8\u00ff\u00e0rest'],
    ['gif', 'GIF89a.'],
    ['gif', 'GIF87a.'],
    ['webp', 'RIFF\u0001\u0002\u0003\u0004WEBPVP8 '],
    ['bmp', 'BM....'],
  ])('%s is told by its first bytes', (kind, text) => {
    expect(imageType(bytes(text))).toBe(kind);
  });

  test.each([['<svg xmlns="x">'], ['%PDF-1.7'], ['RIFF....WAVE'], ['GIF8'], ['']])('%j is none', (text) => {
    expect(imageType(bytes(text))).toBeUndefined();
  });
});

describe('the image of a call', () => {
  test('is its bytes with a name, by default that of its kind', () => {
    const upload = imageUpload({ image: base64(png), file_name: 'lamp.png' });
    expect(upload).toEqual({ part: 'image', name: 'lamp.png', type: 'image/png', bytes: bytes(png) });
    expect(imageUpload({ image: base64('\u00ff\u00d8\u00ffx') })).toMatchObject({
      name: 'image.jpg',
      type: 'image/jpeg',
    });
  });

  test('may come as a data URL and in lines', () => {
    const text = base64(png);
    const image = `data:image/png;base64,${text.slice(0, 8)}\n${text.slice(8)}`;
    expect(imageUpload({ image }).bytes).toEqual(bytes(png));
  });

  test.each([
    ['nothing', {}, 'An image is missing: give image (base64) or path.'],
    ['text that is no base64', { image: 'not base64!' }, 'image is not base64.'],
    [
      'a file of another kind',
      { image: base64('<html>') },
      'image is no gif, png, jpeg, bmp or webp by its first bytes.',
    ],
  ])('is refused when it is %s', (_, input, words) => {
    expect(() => imageUpload(input)).toThrow(words);
  });

  test('may hold 7 MiB and not a byte more', () => {
    const file = Buffer.alloc(mostImageBytes + 1);
    file.set(bytes(png));
    expect(imageUpload({ image: file.subarray(0, mostImageBytes).toString('base64') }).bytes).toHaveLength(
      mostImageBytes,
    );
    expect(() => imageUpload({ image: file.toString('base64') })).toThrow(`at most ${mostImageBytes}`);
  });
});
