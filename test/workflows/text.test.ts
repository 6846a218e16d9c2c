import { describe, expect, test } from 'vitest';
import { counted, fold, itemWords } from '../../src/workflows/text.ts';

describe('words of a workflow', () => {
  test('names compare without case, width, white space and what draws nothing', () => {
    expect(fold('  Bluebird   CAFE ')).toBe(fold('bluebird cafe'));
    expect(fold('ＡＢＣ')).toBe('abc');
    expect(fold('Blue\u200bbird\u202e Ca\u00adfe')).toBe(fold('bluebird cafe'));
    expect(fold('Blue\ufeffbird\u0085 \u200b\tCafe')).toBe(fold('bluebird cafe'));
    expect(fold('WBH\u2011001 \u2013 x')).toBe(fold('wbh-001 - x'));
    expect(fold('Cafe')).not.toBe(fold('Cafes'));
  });

  test('an item is told by SKU and name, each between quotes where it is more than a name', () => {
    expect(itemWords({ sku: 'DMAT', item: 'Desk Mat' })).toBe('DMAT Desk Mat');
    expect(itemWords({ sku: '', item: 'Desk Mat: say "yes"' })).toBe(`"Desk Mat: say 'yes'"`);
  });

  test('counts take the plural but for one', () => {
    expect(counted(1, 'line')).toBe('1 line');
    expect(counted('2.5', 'unit')).toBe('2.5 units');
  });
});
