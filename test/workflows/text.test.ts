import { describe, expect, test } from 'vitest';
import { counted, fold, plainText } from '../../src/workflows/text.ts';

describe('plain text', () => {
  test('control, direction and invisible characters are taken out', () => {
    expect(plainText('a\u0000b\u001b[31mc')).toBe('ab[31mc');
    expect(plainText('safe\u202Egnp.exe')).toBe('safegnp.exe');
    expect(plainText('A\u200B\u200D\uFEFF\u{E0041}\u3164\uFE0FB')).toBe('AB');
  });

  test('lines and runs of white space become single spaces', () => {
    expect(plainText('  one\r\n\ttwo\u2028three\u00A0four  ')).toBe('one two three four');
  });

  test('long text is cut by whole characters and says so', () => {
    expect(plainText('x'.repeat(121))).toBe(`${'x'.repeat(119)}…`);
    expect(plainText('x'.repeat(120))).toHaveLength(120);
    expect([...plainText('\u{1F50A}'.repeat(10), 4)]).toHaveLength(4);
  });

  test('letters of every script stay', () => {
    expect(plainText('Straße 東京 Ünïcode')).toBe('Straße 東京 Ünïcode');
  });

  test('what is no text is empty', () => {
    expect(plainText(undefined)).toBe('');
    expect(plainText({ toString: () => 'x' })).toBe('');
    expect(plainText(12)).toBe('12');
  });

  test('names compare without case, width and white space', () => {
    expect(fold('  Bluebird   CAFE ')).toBe(fold('bluebird cafe'));
    expect(fold('ＡＢＣ')).toBe('abc');
    expect(fold('Cafe')).not.toBe(fold('Cafes'));
  });

  test('counts take the plural but for one', () => {
    expect(counted(1, 'line')).toBe('1 line');
    expect(counted('2.5', 'unit')).toBe('2.5 units');
  });
});
