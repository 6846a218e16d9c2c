import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ClientOptions, connectors, type TestClient, type ToolResult } from '../helpers/clients.ts';
import { startHttp } from '../helpers/servers.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// Many items at once, as a client does it with the built server.

type Row = Record<string, unknown>;
const rows = (value: unknown): Row[] => (Array.isArray(value) ? value : []);

const csv = 'Item Name,SKU,Price,Opening Stock\nDesk Lamp,LMP-1,39.95,12\n,WBH-001,61,\n';

async function started(era: 'v1' | 'v2', options: ClientOptions = {}, env: Record<string, string> = {}) {
  const settings = { INVENTORY_LOG_LEVEL: 'warn', INVENTORY_DATA_DIR: temporaryDirectory(), ...env };
  const client = await connectors[era]({ env: settings }, options);
  onTestFinished(() => client.close());
  return client;
}

/** Says yes to what a 2025 client was asked by token. */
const confirmed = (client: TestClient, { facts: { confirmation, summary } }: ToolResult): Promise<ToolResult> =>
  client.call('confirm_action', { confirmation, summary });

async function itemOf(client: TestClient, sku: string): Promise<Row> {
  const { facts } = await client.call('list_items', { sku, fields: ['sku', 'item_id', 'rate', 'stock_on_hand'] });
  return rows(facts.items)[0] ?? {};
}

describe.each(['v1', 'v2'] as const)('with a %s client', (era) => {
  const person: ClientOptions =
    era === 'v2' ? { onForm: () => ({ action: 'accept', content: { confirm: true } }) } : {};

  test('a sheet is shown as a dry run, imported once, and finds all done when it is sent again', async () => {
    const client = await started(era, person);
    const asked = await client.call('import_items', { csv });
    const preview = era === 'v1' ? asked.text : (client.forms[0] ?? '');
    expect(preview).toContain('Import items: create 1, update 1, 0 the same');
    expect(preview).toContain('- LMP-1 Desk Lamp: rate 39.95, initial_stock 12');
    expect(preview).toContain('- WBH-001 Wireless Bluetooth Headphones: rate 79.99 -> 61.00');
    expect(preview).toContain('Asked because: Opening stock appears from nowhere: 12 units');
    if (era === 'v1') expect(await itemOf(client, 'LMP-1')).toEqual({});

    const done = era === 'v1' ? await confirmed(client, asked) : asked;
    expect(done.facts).toMatchObject({ created: 1, updated: 1, message: '1 item created, 1 updated, 0 as before.' });
    expect(await itemOf(client, 'LMP-1')).toMatchObject({ rate: 39.95, stock_on_hand: 12 });
    if (era === 'v1') expect((await confirmed(client, asked)).facts.status).toBe('already_done');
    const again = await client.call('import_items', { csv });
    expect(again.facts).toMatchObject({ created: 0, updated: 0, same: 2 });
    expect(await itemOf(client, 'WBH-001')).toMatchObject({ rate: 61, stock_on_hand: 80 });
  });

  test('a sheet of a country of decimal commas is read as it was meant, and what may be two numbers is told', async () => {
    const client = await started(era, person);
    const sheet = 'sep=;\r\nSKU;Item Name;Price;;\r\n="00123";Bürste 3";12,50;;\r\n\r\nWBH-001;;1.234;;\r\n;;;;\r\n';
    const refused = await client.call('import_items', { csv: sheet });
    expect(refused.isError).toBe(true);
    expect(refused.text).toContain(
      'line 5 WBH-001: rate "1.234" may be 1234 or 1.2340: write the one that is meant so',
    );
    const asked = await client.call('import_items', { csv: sheet.replace('1.234', '61,5') });
    const done = era === 'v1' ? await confirmed(client, asked) : asked;
    expect(done.facts).toMatchObject({ created: 1, updated: 1 });
    expect(await itemOf(client, '00123')).toMatchObject({ rate: 12.5 });
    expect(await itemOf(client, 'WBH-001')).toMatchObject({ rate: 61.5 });
  });

  test('prices are shown with what they would be, changed once, and asked about again where one moved meanwhile', async () => {
    const client = await started(era, person);
    const asked = await client.call('update_prices', { search_text: 'USB-C Cable', percent: 3.5 });
    const preview = era === 'v1' ? asked.text : (client.forms[0] ?? '');
    expect(preview).toContain('- UCC-1M USB-C Cable 1 m: 12.99 -> 13.44 (+3.46 %), margin 69.49 %');
    if (era === 'v2') {
      expect(await itemOf(client, 'UCC-1M')).toMatchObject({ rate: 13.44 });
      return;
    }
    const { item_id } = await itemOf(client, 'UCC-2M');
    await client.call('update_item', { item_id, rate: 13 });
    const anew = await confirmed(client, asked);
    expect(anew.facts).toMatchObject({ status: 'confirmation_required', changed: expect.any(String) });
    expect(anew.text).toContain('13.00 -> 13.46');
    expect(await itemOf(client, 'UCC-1M')).toMatchObject({ rate: 12.99 });
    expect((await confirmed(client, anew)).facts).toMatchObject({ changed: 2 });
    expect(await itemOf(client, 'UCC-2M')).toMatchObject({ rate: 13.46 });
    // Percent upon percent: the second one says what it comes on top of. Prices of a list are the same twice.
    const twice = await client.call('update_prices', { search_text: 'USB-C Cable', percent: 3.5 });
    expect(twice.text).toMatch(/Asked because: The same call succeeded \d+ s ago: .* A yes does it a second time\./);
    const prices = [{ item: 'UCC-1M', rate: 12.5 }];
    await confirmed(client, await client.call('update_prices', { prices }));
    expect((await client.call('update_prices', { prices })).text).not.toContain('succeeded');
  });
});

test('rows that are bad are told by their lines, and nothing is asked', async () => {
  const client = await started('v1');
  const refused = await client.call('import_items', { csv: 'sku,name,rate\nA-1,One,x\nA-2,Two,2' });
  expect(refused.facts).toMatchObject({
    error: { kind: 'invalid_arguments', rows: 2, bad: 1, bad_rows: [{ place: 'line 2', sku: 'A-1' }] },
  });
  const wrong = await client.call('import_items', { rows: [{ sku: 'A-1', pirce: 1 }] });
  expect(wrong.text).toContain('There is no column "pirce"; did you mean rate?');
});

test('an export stands in the answer, or whole in the folder of the operator, for whom sits at the machine', async () => {
  const folder = temporaryDirectory();
  const client = await started('v1', {}, { INVENTORY_FILES_DIR: folder });
  const shown = await client.call('export_items', { search_text: 'USB-C Cable' });
  expect(shown.facts).toMatchObject({ rows: 2, csv: expect.stringMatching(/^sku,name,status,/) });
  const { facts } = await client.call('export_items', { save: true });
  const path = String((facts.file as Row).saved_to); // parse boundary: what the wire brought
  expect(path.startsWith(join(folder, 'items-active-'))).toBe(true);
  expect(readFileSync(path, 'utf8')).toContain('\nUCC-1M,USB-C Cable 1 m,active,inventory,pcs,12.99,4.1,');
  const back = await client.call('import_items', { csv: readFileSync(path, 'utf8') });
  expect(back.facts).toMatchObject({ created: 0, updated: 0, message: expect.stringContaining('Nothing to import') });

  const url = await startHttp({ INVENTORY_FILES_DIR: folder });
  const far = await connectors.v1({ url });
  onTestFinished(() => far.close());
  const denied = await far.call('export_items', { save: true });
  expect(denied).toMatchObject({ isError: true, facts: { error: { kind: 'denied' } } });
});
