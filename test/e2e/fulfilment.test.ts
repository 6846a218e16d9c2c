import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ClientOptions, connectors, type Target, type TestClient } from '../helpers/clients.ts';
import { readPages, scan } from '../helpers/pdf.ts';
import { startHttp, startSandbox } from '../helpers/servers.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// Pack, ship, deliver and print, as a client does it with the built server.

type Row = Record<string, unknown>;
const rows = (value: unknown): Row[] => (Array.isArray(value) ? value : []);
const recordIn = (facts: Row, key: string): Row => rows([facts[key]])[0] ?? {};

async function started(era: 'v1' | 'v2', target: Target, options: ClientOptions = {}): Promise<TestClient> {
  const client = await connectors[era](target, options);
  onTestFinished(() => client.close());
  return client;
}

const here = (env: Record<string, string> = {}) => ({
  env: { INVENTORY_LOG_LEVEL: 'warn', INVENTORY_DATA_DIR: temporaryDirectory(), ...env },
});

/** Packs 30 headphones of SO-00012. */
async function packed(client: TestClient) {
  const { facts } = await client.call('list_sales_orders', { salesorder_number: 'SO-00012' });
  const salesorder_id = String(rows(facts.salesorders)[0]?.salesorder_id);
  const order = recordIn((await client.call('get_sales_order', { salesorder_id })).facts, 'salesorder');
  const so_line_item_id = rows(order.line_items)[0]?.line_item_id;
  const made = await client.call('create_package', {
    salesorder_id,
    line_items: [{ so_line_item_id, quantity: 30 }],
    carrier: 'FedEx',
  });
  expect(made.isError).toBe(false);
  const { package_id, package_number } = recordIn(made.facts, 'package');
  return { package_id: String(package_id), package_number: String(package_number), salesorder_id };
}

async function onHand(client: TestClient): Promise<unknown> {
  const { facts } = await client.call('list_items', { sku: 'WBH-001' });
  return rows(facts.items)[0]?.stock_on_hand;
}

describe.each(['v1', 'v2'] as const)('with a %s client', (era) => {
  const person: ClientOptions =
    era === 'v2' ? { onForm: () => ({ action: 'accept', content: { confirm: true } }) } : {};

  test('a package is refused early delivery, is shipped after a yes, delivered, and never shipped twice', async () => {
    const client = await started(era, here(), person);
    const { package_id, package_number } = await packed(client);
    const early = await client.call('deliver_package', { package_id });
    expect(early).toMatchObject({ isError: true, facts: { error: { kind: 'rejected' } } });
    expect(early.text).toContain('is ready_to_ship; only a shipped package can be delivered');
    expect(await onHand(client)).toBe(80);

    const asked = await client.call('ship_package', { package_id, tracking_number: '1Z999' });
    const preview = era === 'v1' ? asked.text : (client.forms[0] ?? '');
    expect(preview).toContain(`Ship ${package_number} of SO-00012 to Tech Solutions Inc: 30 pcs Wireless`);
    expect(preview).toContain('leaves Oakland: on hand 60 -> 30 pcs');
    expect(preview).toContain('Carrier "FedEx", tracking number "1Z999".');
    let shipped = asked;
    if (era === 'v1') {
      expect(asked.text).toMatch(/^Nothing has been done yet\./);
      expect(await onHand(client)).toBe(80);
      const { confirmation, summary } = asked.facts;
      shipped = await client.call('confirm_action', { confirmation, summary });
    }
    expect(shipped.isError).toBe(false);
    expect(shipped.facts.package).toMatchObject({ status: 'shipped', tracking_number: '1Z999', carrier: 'FedEx' });
    expect(await onHand(client)).toBe(50);

    const again = await client.call('ship_package', { package_id });
    const second =
      era === 'v1'
        ? await client.call('confirm_action', {
            confirmation: again.facts.confirmation,
            summary: again.facts.summary,
          })
        : again;
    expect(second).toMatchObject({ isError: true, facts: { error: { kind: 'rejected' } } });
    expect(await onHand(client)).toBe(50);

    const delivered = await client.call('deliver_package', { package_id });
    expect(delivered.facts.package).toMatchObject({ status: 'delivered' });
    const listed = await client.call('list_shipment_orders', { filter_by: 'Status.Delivered', search_text: '1z999' });
    expect(rows(listed.facts.shipmentorders)).toHaveLength(1);
  });

  test('packages leave together as a shipment order after a yes', async () => {
    const client = await started(era, here(), person);
    const { package_id, salesorder_id } = await packed(client);
    const input = { salesorder_id, package_ids: [package_id] };
    let answer = await client.call('create_shipment_order', input);
    if (era === 'v1') {
      const { confirmation, summary } = answer.facts;
      answer = await client.call('confirm_action', { confirmation, summary });
    }
    expect(answer.facts.shipmentorder).toMatchObject({ status: 'shipped', carrier: 'FedEx' });
    expect(await onHand(client)).toBe(50);
  });

  test('the packing slip is an embedded PDF that scans, saved where the operator allows it', async () => {
    const folder = temporaryDirectory();
    const client = await started(era, here({ INVENTORY_FILES_DIR: folder }));
    const { package_id, package_number } = await packed(client);
    const { files, facts, text, isError } = await client.call('get_packing_slip', { package_id, save: true });
    expect(isError).toBe(false);
    expect(files).toHaveLength(1);
    const [slip] = files;
    expect(slip).toMatchObject({ uri: `inventory://packing-slips/${package_id}`, mimeType: 'application/pdf' });
    const [page] = readPages(slip?.bytes ?? Buffer.alloc(0));
    expect(scan(page?.bars ?? [])).toBe(package_number);
    expect(page?.texts.map((one) => one.text)).toContain('Tech Solutions Inc');
    const saved_to = join(folder, `packing-slip-${package_id}.pdf`);
    expect(facts.file).toMatchObject({ media_type: 'application/pdf', bytes: slip?.bytes.length, saved_to });
    expect(text.length).toBeLessThan(500);
    expect(readFileSync(saved_to).equals(slip?.bytes ?? Buffer.alloc(0))).toBe(true);
    expect(statSync(saved_to).mode & 0o777).toBe(0o600);
  });

  test('a slip is not saved over HTTP, nor where no folder is set, and comes in the answer all the same', async () => {
    const http = await started(era, { url: await startHttp({ INVENTORY_FILES_DIR: temporaryDirectory() }) });
    for (const client of [http, await started(era, here())]) {
      const { facts } = await client.call('list_packages', { per_page: 1 });
      const package_id = rows(facts.packages)[0]?.package_id;
      const denied = await client.call('get_packing_slip', { package_id, save: true });
      expect(denied).toMatchObject({ isError: true, files: [], facts: { error: { kind: 'denied' } } });
      expect(denied.text).toContain('INVENTORY_FILES_DIR');
      expect((await client.call('get_packing_slip', { package_id })).files).toHaveLength(1);
    }
  });
});

test('a slip comes over a real port too, and a package that is not there is a typed error', async () => {
  const client = await started('v1', here(await startSandbox()));
  const { package_id } = await packed(client);
  const { files } = await client.call('get_packing_slip', { package_id });
  expect(files[0]?.bytes.subarray(0, 5).toString()).toBe('%PDF-');
  const gone = await client.call('get_packing_slip', { package_id: '1' });
  expect(gone).toMatchObject({ isError: true, files: [], facts: { error: { kind: 'not_found' } } });
});
