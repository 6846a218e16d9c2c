import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkSave, createSaveFile, fileAnswer, withFile } from '../../src/mcp/files.ts';
import { toResult } from '../../src/mcp/result.ts';
import { getPackingSlip } from '../../src/operations/packages.ts';
import { temporaryDirectory } from '../helpers/world.ts';

const base64 = Buffer.from('%PDF-1.3 slip').toString('base64');
const reply = { file: { media_type: 'application/pdf', base64, bytes: 13 } };

let count = 0;
const randomId = () => {
  count += 1;
  return `id${count}`;
};

describe('an answer that is a file', () => {
  test('is an embedded resource beside a line about it, and not in the structured content', async () => {
    const { facts, embedded } = await fileAnswer(getPackingSlip, { package_id: '7' }, reply, undefined);
    const result = withFile(toResult(facts), embedded);
    const uri = 'inventory://packing-slips/7';
    expect(result.content[1]).toEqual({
      type: 'resource',
      resource: { uri, mimeType: 'application/pdf', blob: base64 },
    });
    const file = { uri, name: 'packing-slip-7.pdf', media_type: 'application/pdf', bytes: 13 };
    expect(result.structuredContent).toEqual({ file });
    expect(result.content[0]).toEqual({ type: 'text', text: JSON.stringify({ file }) });
  });

  test('is saved only when the call says so, and the answer tells where', async () => {
    const saved: string[] = [];
    const save = async (name: string, bytes: Uint8Array) => {
      saved.push(`${name}: ${Buffer.from(bytes).toString()}`);
      return `/files/${name}`;
    };
    await fileAnswer(getPackingSlip, { package_id: '7' }, reply, save);
    await fileAnswer(getPackingSlip, { package_id: '7', save: false }, reply, save);
    expect(saved).toEqual([]);
    const { facts } = await fileAnswer(getPackingSlip, { package_id: '7', save: true }, reply, save);
    expect(facts.file).toMatchObject({ saved_to: '/files/packing-slip-7.pdf' });
    expect(saved).toEqual(['packing-slip-7.pdf: %PDF-1.3 slip']);
  });

  test('cannot be saved where no folder is set, which is said before anything is read', () => {
    expect(() => checkSave({ package_id: '7', save: true }, undefined)).toThrow(/INVENTORY_FILES_DIR/);
    expect(() => checkSave({ package_id: '7' }, undefined)).not.toThrow();
  });
});

describe('saving', () => {
  test('writes for the owner alone, makes the folder where it is missing, and replaces an older file', async () => {
    const folder = join(temporaryDirectory(), 'slips');
    const save = createSaveFile(folder, randomId);
    await save('packing-slip-7.pdf', Buffer.from('old and longer'));
    const path = await save('packing-slip-7.pdf', Buffer.from('new'));
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['packing-slip-7.pdf']);
  });

  test('goes to the real folder behind a link, and replaces a link that stands in for the file', async () => {
    const root = temporaryDirectory();
    const real = join(root, 'real');
    const outside = join(root, 'outside.txt');
    mkdirSync(real);
    symlinkSync(real, join(root, 'link'));
    writeFileSync(outside, 'untouched');
    symlinkSync(outside, join(real, 'packing-slip-7.pdf'));
    const path = await createSaveFile(join(root, 'link'), randomId)('packing-slip-7.pdf', Buffer.from('slip'));
    expect(path).toBe(join(real, 'packing-slip-7.pdf'));
    expect(lstatSync(path).isSymbolicLink()).toBe(false);
    expect(readFileSync(outside, 'utf8')).toBe('untouched');
  });

  test.each(['../x.pdf', '/etc/x.pdf', 'a/b.pdf', 'a\\b.pdf', '..', '.x', '', 'x\0.pdf'])(
    'refuses %j, which is no plain name',
    async (name) => {
      const folder = temporaryDirectory();
      await expect(createSaveFile(folder, randomId)(name, Buffer.from('x'))).rejects.toMatchObject({ kind: 'denied' });
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  test('into what is no folder is denied and names the setting', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, 'a file');
    chmodSync(file, 0o600);
    const saving = createSaveFile(file, randomId)('x.pdf', Buffer.from('x'));
    await expect(saving).rejects.toMatchObject({ kind: 'denied' });
    await expect(saving).rejects.toThrow(/INVENTORY_FILES_DIR/);
    expect(readFileSync(file, 'utf8')).toBe('a file');
  });

  test('that fails at the last step leaves no half of a file', async () => {
    const folder = temporaryDirectory();
    mkdirSync(join(folder, 'packing-slip-7.pdf'));
    const saving = createSaveFile(folder, randomId)('packing-slip-7.pdf', Buffer.from('x'));
    await expect(saving).rejects.toMatchObject({ kind: 'denied' });
    expect(readdirSync(folder)).toEqual(['packing-slip-7.pdf']);
  });
});
