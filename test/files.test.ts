import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createFileReader } from '../src/files.ts';

function open(mostBytes = 100) {
  const root = mkdtempSync(join(tmpdir(), 'files-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'allowed', 'deep'), { recursive: true });
  mkdirSync(join(root, 'allowed-not'));
  writeFileSync(join(root, 'allowed', 'deep', 'lamp.png'), 'lamp');
  writeFileSync(join(root, 'allowed', 'large.png'), 'x'.repeat(101));
  writeFileSync(join(root, 'secret.txt'), 'secret');
  writeFileSync(join(root, 'allowed-not', 'secret.txt'), 'secret');
  symlinkSync(join(root, 'secret.txt'), join(root, 'allowed', 'link.png'));
  symlinkSync(join(root, 'allowed', 'deep', 'lamp.png'), join(root, 'allowed', 'inside.png'));
  return { root, read: createFileReader(join(root, 'allowed'), mostBytes) };
}

test.each([['deep/lamp.png'], ['./deep/../deep/lamp.png'], ['inside.png']])(
  '%s in the folder is read',
  async (path) => {
    const { read } = open();
    const { name, bytes } = await read(path);
    expect([name, Buffer.from(bytes).toString()]).toEqual(['lamp.png', 'lamp']);
  },
);

test('a whole path into the folder is read', async () => {
  const { root, read } = open();
  expect((await read(join(root, 'allowed', 'deep', 'lamp.png'))).name).toBe('lamp.png');
});

test.each([
  ['../secret.txt'],
  ['link.png'],
  ['../allowed-not/secret.txt'],
  ['/etc/passwd'],
  ['missing.png'],
  ['a\u0000b'],
])('%j is outside or not there, which is answered alike', async (path) => {
  await expect(open().read(path)).rejects.toThrow('path names no file in the folder that the operator allowed.');
});

test('a folder and a file that is too large are refused', async () => {
  const { read } = open();
  await expect(read('deep')).rejects.toThrow('path names no file.');
  await expect(read('large.png')).rejects.toThrow('The file holds 101 bytes; at most 100.');
});

test('a folder that is gone is the operator’s matter', async () => {
  const { root, read } = open();
  rmSync(join(root, 'allowed'), { recursive: true });
  await expect(read('deep/lamp.png')).rejects.toMatchObject({ kind: 'denied', nothingSent: true });
});
