import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import { parseInput } from '../../src/mcp/decode.ts';
import { chosen, textOf } from '../../src/mcp/result.ts';
import { demoWorld, operationNamed, rowsOf } from '../helpers/reads.ts';

const accepted = (name: string, input: Record<string, unknown>) => parseInput(operationNamed(name).input, input, name);

describe('a list without fields named', () => {
  test.each([
    ['list_items', 'items', 'item_id name sku available_stock reorder_level'],
    ['list_sales_orders', 'salesorders', 'salesorder_id salesorder_number customer_name status total currency_code'],
    ['list_purchase_orders', 'purchaseorders', 'purchaseorder_id purchaseorder_number vendor_name status total'],
    ['list_contacts', 'contacts', 'contact_id contact_name contact_type email'],
  ])(
    '%s keeps what is read aloud and the ids of the next call, all of them keys that rows have',
    async (name, key, some) => {
      const { fields } = accepted(name, {});
      if (!Array.isArray(fields)) throw new Error(`${name} keeps whole rows`);
      expect(fields).toEqual(expect.arrayContaining(some.split(' ')));
      const rows = rowsOf((await demoWorld().call(name, { per_page: 200 }))[key]);
      for (const field of fields) expect(rows.some((row) => Object.hasOwn(row, field))).toBe(true);
    },
  );

  test('25 items cost a model less than half of what whole rows would', async () => {
    const reply = await demoWorld().call('list_items', { per_page: 25 });
    const { fields } = accepted('list_items', {});
    const short = chosen(reply, { keys: Array.isArray(fields) ? fields.map(String) : [], named: false });
    expect(encode(textOf(short)).length).toBeLessThan(encode(textOf(reply)).length / 2);
  });

  test('keys that are named take the place of the usual ones', () => {
    expect(accepted('list_items', { fields: ['description'] }).fields).toEqual(['description']);
  });
});

describe('what is taken as it is meant', () => {
  test('a status is a word of the API in any case', () => {
    expect(accepted('list_sales_orders', { status: 'Draft' }).status).toBe('draft');
    expect(() => accepted('list_sales_orders', { status: 'on hold' })).toThrow('must be a status such as draft');
  });

  test('an item needs its selling price, as the reference and the sandbox have it; 0 is one', async () => {
    expect(() => accepted('create_item', { name: 'Felt Pad' })).toThrow(/rate is missing/);
    expect(accepted('create_item', { name: 'Felt Pad', rate: 0 })).toMatchObject({ rate: 0 });
    await expect(demoWorld().call('create_item', { name: 'Felt Pad' })).rejects.toMatchObject({
      facts: { code: 1001 },
    });
    expect(accepted('update_item', { item_id: '1', name: 'Felt Pads' })).not.toHaveProperty('rate');
  });
});
