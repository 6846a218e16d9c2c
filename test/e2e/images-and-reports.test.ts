import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectors, type TestClient } from '../helpers/clients.ts';

const image = Buffer.concat([Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'), Buffer.alloc(900, 7)]).toString('base64');

async function open(era: 'v1' | 'v2', env: Record<string, string> = {}): Promise<TestClient> {
  const folder = mkdtempSync(join(tmpdir(), 'images-'));
  const client = await connectors[era]({ env: { HOME: folder, ...env } });
  onTestFinished(async () => {
    await client.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return client;
}

async function itemId(client: TestClient, sku: string): Promise<string> {
  const { facts } = await client.call('list_items', { sku });
  const [row] = Array.isArray(facts.items) ? facts.items : [];
  return String(row?.item_id);
}

const confirmed = (client: TestClient, facts: Record<string, unknown>) =>
  client.call('confirm_action', { confirmation: facts.confirmation, summary: facts.summary });

describe.each(['v1', 'v2'] as const)('through a %s client', (era) => {
  test('an item gets an image at once; replacing and deleting it are asked about', async () => {
    const client = await open(era);
    const item_id = await itemId(client, 'DMAT');
    const first = await client.call('upload_item_image', { item_id, image, file_name: 'mat.png' });
    expect(first.facts).toMatchObject({ item: { image_name: 'mat.png', image_type: 'image/png' } });

    const second = await client.call('upload_item_image', { item_id, image, file_name: 'new.png' });
    expect(second.facts).toMatchObject({ status: 'confirmation_required' });
    expect(second.text).toMatch(/^Nothing has been done yet\./);
    expect(second.text).toContain('mat.png');
    expect(second.text).not.toContain(image.slice(0, 40));
    const replaced = await confirmed(client, second.facts);
    expect(replaced.facts).toMatchObject({ item: { image_name: 'new.png' } });

    const removal = await client.call('delete_item_image', { item_id });
    expect(removal.facts).toMatchObject({ status: 'confirmation_required' });
    expect((await confirmed(client, removal.facts)).text).toContain('The image has been deleted.');
    const again = await client.call('delete_item_image', { item_id });
    const refused = await confirmed(client, again.facts);
    expect([refused.isError, refused.text]).toEqual([true, expect.stringContaining('has no image')]);
  });

  test('every report answers as JSON and as Markdown', async () => {
    const client = await open(era);
    const { tools } = { tools: await client.tools() };
    const card = tools.find(({ name }) => name === 'get_report');
    expect(card?.annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
    for (const name of [
      'inventory-summary',
      'sales-by-customer',
      'purchases-by-vendor',
      'warehouse-summary',
      'aging',
    ]) {
      const { facts, isError } = await client.call('get_report', { name, limit: 2 });
      expect([isError, facts.report]).toMatchObject([
        false,
        { name, currency: 'USD', time_zone: 'America/Los_Angeles' },
      ]);
      const { text } = await client.call('get_report', { name, limit: 2, format: 'markdown' });
      // Names of outsiders stand in it.
      expect(text).toMatch(/^\{"typed_by_others":\["markdown"\]\}\n# [A-Z][a-z ]+\n.* · USD · /);
      expect(text).toContain('\n| ');
    }
    const wrong = await client.call('get_report', { name: 'profit' });
    expect([wrong.isError, wrong.text]).toEqual([true, expect.stringContaining('inventory-summary')]);
  });

  test('the history of an item ends with what is on hand', async () => {
    const client = await open(era);
    const { facts } = await client.call('get_item_transaction_history', {
      item_id: await itemId(client, 'WBH-001'),
      date_start: '2024-01-01',
    });
    expect(facts.report).toMatchObject({ totals: { closing_balance: 80 } });
  });
});

test('an image may come from the folder the operator allowed, and from no other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'photos-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'lamp.png'), Buffer.from(image, 'base64'));
  const client = await open('v2', { INVENTORY_FILES_DIR: folder });
  const item_id = await itemId(client, 'LAMP');
  const outside = await client.call('upload_item_image', { item_id, path: '/etc/hostname' });
  expect([outside.isError, outside.text]).toEqual([true, expect.stringContaining('path names no file in the folder')]);
  const { facts } = await client.call('upload_item_image', { item_id, path: 'lamp.png' });
  expect(facts).toMatchObject({ item: { image_name: 'lamp.png' } });
});

test('without such a folder no path is read', async () => {
  const client = await open('v2');
  const item_id = await itemId(client, 'LAMP');
  const { isError, facts } = await client.call('upload_item_image', { item_id, path: '/etc/hostname' });
  expect([isError, facts.error]).toMatchObject([true, { kind: 'denied' }]);
});
