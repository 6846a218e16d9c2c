import { describe, expect, test } from 'vitest';
import { scannable } from '../../src/sandbox/barcode.ts';
import { packageOf } from '../../src/sandbox/engine/documents/package-record.ts';
import { createPackage, shipPackage } from '../../src/sandbox/engine/documents/packages.ts';
import { confirmSalesOrder, createSalesOrder } from '../../src/sandbox/engine/documents/sales-orders.ts';
import { packingSlipOf } from '../../src/sandbox/engine/records/packing-slip.ts';
import { drawPackingSlip } from '../../src/sandbox/packing-slip.ts';
import { createSandbox } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { readPages, scan } from '../helpers/pdf.ts';
import { noon, organizationId } from './calls.ts';
import { createTestWorld, ids, lineId, stocked } from './engine/world.ts';

/** A package of `count` items, 2 pieces each. */
function packed(count = 1, body: object = {}, name = (index: number) => `Item with a name ${index}`) {
  const world = createTestWorld();
  world.db.exec(`UPDATE warehouse SET json = '{"address":{"address":"789 Dock Road","city":"Oakland","state":"CA",
    "zip":"94601","country":"USA"}}' WHERE warehouse_id = '${ids.main}'`);
  const line_items = Array.from({ length: count }, (_, index) => ({
    item_id: stocked(world, { [ids.main]: 5 }, { name: name(index), sku: `SKU-${index}` }),
    quantity: 2,
  }));
  const order = createSalesOrder(world, {
    customer_id: ids.customer,
    reference_number: 'PO-CUST-123',
    line_items,
    shipping_address: { address: '456 Warehouse Road', street2: 'Dock B', city: 'San Jose', state: 'CA', zip: '95113' },
  });
  confirmSalesOrder(world, order);
  const id = createPackage(world, {
    salesorder_id: order,
    line_items: line_items.map((_, index) => ({ so_line_item_id: lineId(world, order, index), quantity: 2 })),
    ...body,
  });
  const slip = async () => drawPackingSlip(packingSlipOf(world.db, packageOf(world.db, id)));
  return { world, id, slip };
}

const shown = (pdf: Uint8Array) => readPages(pdf).map(({ texts }) => texts.map(({ text }) => text));

describe('a packing slip', () => {
  test('says who sends what to whom, how, and in which package', async () => {
    const { slip, world, id } = packed(1, { date: '2025-03-01', weight: 12.5, weight_unit: 'kg', notes: 'Fragile' });
    shipPackage(world, id, { carrier: 'FedEx', tracking_number: '1Z999', shipment_date: '2025-03-02' });
    const [texts = []] = shown(await slip());
    expect(texts).toEqual(
      expect.arrayContaining([
        ...['Packing slip', 'Acme', 'PKG-00001'],
        ...['Main', '789 Dock Road', 'Oakland, CA 94601', 'USA'],
        ...['Tech Solutions', '456 Warehouse Road', 'Dock B', 'San Jose, CA 95113'],
        ...['Package: PKG-00001', 'Date: 2025-03-01', 'Sales order: SO-00001', 'Reference: PO-CUST-123'],
        ...['Carrier: FedEx', 'Tracking number: 1Z999', 'Shipment date: 2025-03-02', 'Weight: 12.5 kg'],
        ...['Item with a name 0', 'SKU-0', '2', 'pcs', 'Notes: Fragile'],
      ]),
    );
  });

  test('is a PDF with the number of the package as a barcode that scans', async () => {
    const pdf = await packed().slip();
    expect(Buffer.from(pdf).subarray(0, 5).toString()).toBe('%PDF-');
    expect(Buffer.from(pdf).subarray(-6).toString()).toMatch(/%%EOF/);
    const [page] = readPages(pdf);
    expect(scan(page?.bars ?? [])).toBe('PKG-00001');
  });

  test.each(['PKG-00009', 'A', 'box 7/B', '1234567890', 'pkg_~{}', 'AB12345678CD'])(
    'carries the number %s in its barcode',
    async (package_number) => {
      const [page] = readPages(await packed(1, { package_number }).slip());
      expect(scan(page?.bars ?? [])).toBe(package_number);
    },
  );

  test.each(['Päckchen 1', '包裹', 'A-number-that-is-too-long-for-the-page'])(
    'carries the id where the number %s cannot be a barcode',
    async (package_number) => {
      const { slip, id } = packed(1, { package_number });
      const [page] = readPages(await slip());
      expect(scannable(package_number, id)).toBe(id);
      expect(scan(page?.bars ?? [])).toBe(id);
    },
  );

  test('leaves the barcode its quiet zones, free of every text', async () => {
    const [page] = readPages(await packed(1, { package_number: 'SIXTEEN-LETTERS-' }).slip());
    const bars = page?.bars ?? [];
    const left = Math.min(...bars.map(({ x }) => x));
    const right = Math.max(...bars.map(({ x, width }) => x + width));
    const module = Math.min(...bars.map(({ width }) => width));
    expect(left).toBeGreaterThan(50);
    expect(right + 10 * module).toBeLessThanOrEqual(612 - 50 + 0.01);
    const beside = (page?.texts ?? []).filter(({ y }) => y < 92);
    expect(beside.length).toBeGreaterThan(0);
    for (const { x } of beside) expect(x).toBeLessThan(left - 10 * module);
  });

  test('of the same record has the same bytes, of a changed one other bytes', async () => {
    const { slip, world, id } = packed();
    const first = await slip();
    expect(Buffer.from(await slip()).equals(first)).toBe(true);
    shipPackage(world, id, { carrier: 'UPS' });
    expect(Buffer.from(await slip()).equals(first)).toBe(false);
  });

  test('with many lines goes on, with the header again, and leaves none out', async () => {
    const pages = readPages(await packed(70).slip());
    expect(pages.length).toBeGreaterThan(1);
    const skus = pages.flatMap(({ texts }) => texts.filter(({ text }) => text.startsWith('SKU-')));
    expect(skus).toHaveLength(70);
    for (const { texts } of pages) {
      expect(texts.filter(({ text }) => text === 'Quantity')).toHaveLength(1);
      for (const { x, y } of texts) {
        expect(x).toBeGreaterThanOrEqual(50);
        expect(y).toBeLessThanOrEqual(792 - 40);
      }
    }
  });

  test('writes what its fonts know and marks what they do not', async () => {
    const [texts = []] = shown(await packed(1, {}, () => 'Käse “gut” 猫 €5').slip());
    expect(texts).toContain('Käse “gut” ? €5');
  });
});

describe('GET /packages/{package_id}', () => {
  const open = () => {
    const sandbox = createSandbox({
      database: openDatabase(':memory:'),
      now: () => noon,
      seed: 'demo',
      accessToken: 'good',
    });
    const get = (path: string, accept: string) =>
      sandbox.handle(
        new Request(`http://sandbox.test/inventory/v1${path}?organization_id=${organizationId}`, {
          headers: { Authorization: 'Zoho-oauthtoken good', Accept: accept },
        }),
      );
    return { sandbox, get };
  };
  const firstId = async (get: ReturnType<typeof open>['get']) => {
    const { packages } = (await (await get('/packages', 'application/json')).json()) as {
      packages: { package_id: string; package_number: string }[];
    };
    const [first] = packages;
    if (!first) throw new Error('no package');
    return first;
  };

  test('answers the slip to one who accepts a PDF, the record to anyone else', async () => {
    const { get, sandbox } = open();
    const { package_id, package_number } = await firstId(get);
    const pdf = await get(`/packages/${package_id}`, 'application/pdf');
    expect(pdf.status).toBe(200);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(pdf.headers.get('x-rate-limit-limit')).toBe('100');
    const [page] = readPages(new Uint8Array(await pdf.arrayBuffer()));
    expect(scan(page?.bars ?? [])).toBe(package_number);
    expect(sandbox.log.at(-1)).toEqual({
      method: 'GET',
      path: `/inventory/v1/packages/${package_id}`,
      status: 200,
    });
    const record = await get(`/packages/${package_id}`, '*/*');
    expect(await record.json()).toMatchObject({ code: 0, package: { package_number } });
  });

  test('refuses in JSON also one who accepts a PDF', async () => {
    const refused = await open().get('/packages/1', 'application/pdf');
    expect(refused.status).toBe(404);
    expect(await refused.json()).toMatchObject({ code: 41, details: 'There is no package 1.' });
  });
});
