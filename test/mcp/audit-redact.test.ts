import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedact } from '../../src/mcp/audit-redact.ts';

const { text, value } = createRedact(['planted client secret', '1000.planted.refresh']);

describe('free text', () => {
  it('of ordinary length stays as it is', () => {
    expect(text('Please leave at the back door, ring twice.')).toBe('Please leave at the back door, ring twice.');
  });

  it('is cut, and says how long it was', () => {
    const long = 'Leave it at the door. '.repeat(40);
    expect(text(long)).toBe(`${long.slice(0, 160)}… (880 characters)`);
  });

  it('loses what nobody sees', () => {
    expect(text('a\u202eb\u001b[31mc')).toBe('ab[31mc');
  });
});

describe('e-mail addresses', () => {
  it.each([
    ['jane.doe@example.com', 'j***@example.com'],
    ['Write to <jane.doe+x@mail.example.co.uk>, please', 'Write to <j***@mail.example.co.uk>, please'],
    ['jörg@münchen.example and b@c.de', 'j***@münchen.example and b***@c.de'],
  ])('%s is kept as %s', (given, kept) => expect(text(given)).toBe(kept));
});

describe('telephone numbers', () => {
  it.each([
    ['Call +49 30 1234567 first', 'Call ***67 first'],
    ['Call +14155550123.', 'Call ***23.'],
    ['phone "0305550123" -> "0305559999"; 12345678 pieces', 'phone "***23" -> "***99"; 12345678 pieces'],
    ['(555) 123-4567 or 030/123 45 67', '***67 or ***67'],
  ])('%s is kept as %s', (given, kept) => expect(text(given)).toBe(kept));

  it('are masked whatever they look like where the field says what they are', () => {
    expect(value({ phone: '5550123', mobile: 49301234567, fax: '12' })).toEqual({
      phone: '***23',
      mobile: '***67',
      fax: '***',
    });
  });

  it.each([
    '2026-01-15',
    '15.01.2026',
    '460000000000123',
    'SO-00012',
    '12 pieces of 40',
    'quantity 1,000.50',
    'PO-2026-00012',
  ])('are not seen in %s', (given) => expect(text(given)).toBe(given));

  it('are not seen in ids, numbers, codes and dates', () => {
    const given = { item_id: '460000 0000 0012', upc: '0 12345 67890 5', reference_number: '030-123-4567' };
    expect(value(given)).toEqual(given);
  });
});

describe('secrets', () => {
  it.each([
    ['the planted client secret here', 'the [hidden] here'],
    ['token 1000.planted.refresh.', 'token [hidden].'],
    ['1000.8cb99dxxxxxxxxxxxxx9be93.9b8xxxxxxxxxxxxxxxf', '[hidden]'],
    ['Authorization: Zoho-oauthtoken 1000.abc.def', 'Authorization: [hidden]'],
    ['Bearer abcdefgh12345678', '[hidden]'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', '[hidden]'],
    ['key 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 end', 'key [hidden] end'],
  ])('%s is kept as %s', (given, kept) => expect(text(given)).toBe(kept));

  it('are hidden by the name of their field, whatever they hold', () => {
    const given = {
      access_token: 'a',
      client_secret: { deep: 'b' },
      Password: ['c'],
      api_key: 5,
      confirmation: 'd',
      custom_fields: [{ label: 'API token', value: 'e' }],
      name: 'Tokenizer',
    };
    expect(JSON.stringify(value(given))).not.toMatch(/"[abcde]"|5/);
    expect(value(given)).toMatchObject({
      name: 'Tokenizer',
      custom_fields: [{ label: 'API token', value: '[hidden]' }],
    });
  });

  it('such as the confirmation of an open action are found wherever they are written', () => {
    const seen = Array.from({ length: 2000 }, () => randomBytes(24).toString('base64url')).filter((id) =>
      text(`please use ${id} now`).includes(id),
    );
    expect(seen).toEqual([]);
    // Its parts are short, and each of both cases round a digit.
    expect(text('kwSCoM2PJ_jq_E7_-N8-tX2_rKhk1HgY')).not.toContain('kwSC');
  });

  it.each([
    'A-Very-Long-Hyphenated-Product-Name-With-Many-Words',
    'STANDARD-PALLET-EURO-1200x800-WOOD',
    'internationalisation_of_supercalifragilistic',
    'The price was 1000.50 EUR, then 1000.99.',
  ])('are not seen in %s', (given) => expect(text(given)).toBe(given));

  it('known by heart are found in any text, also where a long one is cut', () => {
    const around = fc.string({ maxLength: 300 });
    fc.assert(
      fc.property(around, around, (before, after) => {
        const kept = text(`${before}planted client secret${after}`);
        expect(kept).not.toContain('client secret');
      }),
    );
  });
});

describe('files', () => {
  it('in base64 are kept as size and hash', () => {
    const bytes = randomBytes(3000);
    const expected = expect.stringMatching(/^\[file: 3000 bytes, sha256 [0-9a-f]{16}\]$/);
    expect(value({ image: bytes.toString('base64') })).toEqual({ image: expected });
    expect(text(`data:image/png;base64,${bytes.toString('base64')}`)).toEqual(expected);
    expect(text(bytes.toString('base64').replace(/.{76}/g, '$&\r\n'))).toEqual(expected);
  });
});

describe('what is kept of arguments', () => {
  it('is their shape, with numbers and truths as they are', () => {
    const given = { line_items: [{ item_id: '12', quantity: 2.5, is_taxable: false }], notes: null };
    expect(value(given)).toEqual(given);
  });

  it('is bounded, however long, wide or deep they are', () => {
    let deep: unknown = 'end';
    for (let step = 0; step < 5000; step += 1) deep = { deep };
    const wide = Array.from({ length: 5000 }, (_, index) => index);
    const kept = value({ deep, wide, long: 'x '.repeat(1_000_000) });
    expect(JSON.stringify(kept).length).toBeLessThan(2000);
    expect(kept).toMatchObject({ wide: expect.arrayContaining(['[4900 more]']) });
  });

  it('is made in no time of what somebody sends to keep the server busy', () => {
    const row = (sign: string) => `${sign.repeat(5000)}!`;
    const rows = ['a', 'a@', '@a.', '1000.', '1 (', '\n', '\r', 'eyJ', '-_', '+1'].map(row);
    const wide = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => rows));
    const startedAtMs = performance.now();
    value(wide);
    value('\n'.repeat(3_000_000));
    expect(performance.now() - startedAtMs).toBeLessThan(3000);
  });

  it('is made of anything at all without breaking', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true }), (given) => {
        JSON.stringify(value(given));
      }),
    );
  });
});
