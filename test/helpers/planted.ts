import { addCrmDeal } from '../../src/sandbox/crm.ts';
import type { World } from '../../src/sandbox/route.ts';
import { createSandbox, sandboxOrganizationId } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';

type Row = Record<string, unknown>;
type Create = (path: string, body: Row, key: string) => Promise<Row>;

/** Records of one company that holds one text wherever its staff, customers or vendors can type. Ids by kind. */
export interface Planted {
  readonly text: string;
  readonly ids: Readonly<Record<string, string>>;
}

const origin = 'http://sandbox.test/inventory/v1';
const token = 'planting-token-of-a-test';

/** Fills a sandbox file with the demo company and a set of records for each text, through the routes of the API. */
export async function plantFile(file: string, texts: readonly string[], now: () => number): Promise<Planted[]> {
  const database = openDatabase(file);
  const limits = { perMinute: 100_000, perDay: 1_000_000, atOnce: 10 };
  const sandbox = createSandbox({ database, now, seed: 'demo', accessToken: token, limits });
  const create: Create = async (path, body, key) => {
    const request = new Request(`${origin}${path}?organization_id=${sandboxOrganizationId}`, {
      method: 'POST',
      headers: { Authorization: `Zoho-oauthtoken ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const reply: Row = JSON.parse(await (await sandbox.handle(request)).text());
    const row = key === '' ? {} : reply[key];
    if (reply.code !== 0 || typeof row !== 'object') throw new Error(`${path} was refused: ${JSON.stringify(reply)}`);
    return { ...row };
  };
  const planted: Planted[] = [];
  for (const [index, text] of texts.entries()) {
    const { sku, ...ids } = await plant(create, text, index);
    planted.push({ text, ids: { ...ids, deal: plantDeal(sandbox.world, text, { sku: sku ?? '', index }) } });
  }
  database.close();
  return planted;
}

/** A deal of the CRM that names an item there is, and one there is not. */
function plantDeal(world: World, text: string, { sku, index }: { sku: string; index: number }): string {
  const short = [...text].slice(0, 150).join('');
  const id = `58431040000056${String(8000 + index)}`;
  const person = {
    id: `${id}1`,
    Full_Name: `${short} deal`,
    Email: `deal${index}@evil.example`,
    Phone: short.slice(0, 40),
  };
  addCrmDeal(world, {
    deal: { id, Deal_Name: text, Stage: short, Contact_Name: { id: person.id, name: short } },
    contact: { ...person, Account_Name: { name: `${short} firm` } },
    products: [
      { Product_Code: sku, Product_Name: text, Quantity: 1, Unit_Price: 11 },
      { Product_Code: `none ${short}`, Product_Name: text, Quantity: 1, Unit_Price: 11 },
    ],
  });
  return id;
}

async function plant(create: Create, text: string, index: number): Promise<Record<string, string>> {
  // Fields of names take 200 characters; a name is taken once.
  const short = [...text].slice(0, 150).join('');
  const page = text.slice(0, 9_000);
  const custom_fields = [{ label: short, value: text }];
  const address = { attention: short, address: short, street2: short, city: short, state: short, zip: short };
  const places = { ...address, country: short, phone: short, fax: short };
  const person = { salutation: short, first_name: short, last_name: short, phone: short, mobile: short };
  const email = `x"<img/src=//evil.example/${index}>@evil.example`;

  const warehouse = await create(
    '/warehouses',
    { warehouse_name: short, attention: short, phone: short, address: places, custom_fields, email },
    'warehouse',
  );
  const contact = async (contact_type: string) =>
    create(
      '/contacts',
      {
        ...{
          contact_name: `${short} ${contact_type}`,
          contact_type,
          company_name: short,
          website: short,
          notes: page.slice(0, 4_000),
        },
        ...{ billing_address: places, shipping_address: places, contact_persons: [{ ...person, email }] },
        ...{ custom_fields, payment_terms_label: short, phone: short, mobile: short, email },
      },
      'contact',
    );
  const [customer, vendor] = [await contact('customer'), await contact('vendor')];
  const goods = async (sku: string, more: Row) =>
    create(
      '/items',
      {
        ...{ name: `${short} ${sku}`, sku: `${sku} ${short}`.slice(0, 90), unit: short.slice(0, 60), rate: 10 },
        ...{ purchase_rate: 5, vendor_id: vendor.contact_id, description: text, purchase_description: text },
        ...{ brand: short, manufacturer: short, part_number: short, upc: short, ean: short, isbn: short },
        ...{ hsn_or_sac: short, weight_unit: short, custom_fields, ...more },
      },
      'item',
    );
  const item = await goods(`A${index}`, { initial_stock: 40, initial_stock_rate: 5 });
  const low = await goods(`L${index}`, { reorder_level: 10 });
  const kit = await create(
    '/compositeitems',
    {
      ...{ name: `${short} kit`, sku: `K${index} ${short}`.slice(0, 90), unit: short.slice(0, 60), rate: 50 },
      ...{ description: text, mapped_items: [{ item_id: item.item_id, quantity: 2 }], custom_fields },
    },
    'composite_item',
  );
  const line = { item_id: item.item_id, quantity: 2, name: short, description: page };
  const wording = {
    ...{ reference_number: short, notes: text, terms: text, delivery_method: short, salesperson_name: short },
    ...{ custom_fields, adjustment_description: short, attention: short, priority: short },
  };
  const order = async (number: string) =>
    create(
      '/salesorders',
      {
        ...{ customer_id: customer.contact_id, salesorder_number: `${number} ${short}`, salesorder_type: short },
        ...{ line_items: [line], ...wording },
      },
      'salesorder',
    );
  const [draft, confirmed, packed] = [await order(`D${index}`), await order(`C${index}`), await order(`P${index}`)];
  const shipped = await order(`S${index}`);
  for (const one of [confirmed, packed, shipped])
    await create(`/salesorders/${one.salesorder_id}/status/confirmed`, {}, '');
  const carriage = { carrier: short, tracking_number: short, service_type: short, notes: text };
  const parcelOf = async (one: Row, number: string) => {
    const [first = {}] = one.line_items as Row[];
    return create(
      '/packages',
      {
        ...{ salesorder_id: one.salesorder_id, ...carriage },
        ...{ package_number: `${number} ${short}`, package_custom_fields: custom_fields },
        line_items: [{ so_line_item_id: first.line_item_id, quantity: 1 }],
      },
      'package',
    );
  };
  const parcel = await parcelOf(packed, `G${index}`);
  const gone = await parcelOf(shipped, `H${index}`);
  await create(`/packages/${gone.package_id}/ship`, { ...carriage, shipment_number: `N${index} ${short}` }, '');
  const purchase = async (number: string) =>
    create(
      '/purchaseorders',
      {
        ...{ vendor_id: vendor.contact_id, purchaseorder_number: `${number} ${short}`, purchaseorder_type: short },
        expected_delivery_date: '2020-01-02',
        ...{ line_items: [line], ...wording },
      },
      'purchaseorder',
    );
  const [bought, issued] = [await purchase(`B${index}`), await purchase(`I${index}`)];
  await create(`/purchaseorders/${issued.purchaseorder_id}/status/issued`, {}, '');
  const adjustment = await create(
    '/inventoryadjustments',
    {
      ...{ adjustment_number: `J${index} ${short}`, reason: short, reference_number: short },
      ...{ description: text, custom_fields },
      line_items: [{ item_id: item.item_id, quantity_adjusted: 1, description: page }],
    },
    'inventory_adjustment',
  );
  const [home] = item.warehouses as Row[];
  const transferOf = async (number: string) =>
    create(
      '/transfers',
      {
        ...{ from_warehouse_id: home?.warehouse_id, to_warehouse_id: warehouse.warehouse_id, notes: text },
        ...{ transfer_number: `${number} ${short}` },
        line_items: [{ item_id: item.item_id, quantity: 1, description: page }],
      },
      'transfer',
    );
  const [transfer, sent] = [await transferOf(`T${index}`), await transferOf(`U${index}`)];
  await create(`/transfers/${sent.transfer_id}/send`, {}, '');
  const orders = { draft, confirmed, packed, shipped, bought, issued };
  const records = { warehouse, customer, vendor, item, low, kit, parcel, ...orders };
  const [boughtLine] = issued.line_items as Row[];
  const ids = idsOf({ ...records, adjustment, transfer, sent });
  return { ...ids, sku: String(item.sku), boughtLine: String(boughtLine?.line_item_id) };
}

/** `{ customer: '4600...' }`: each record by its own id, which is the first of its keys that ends so. */
function idsOf(records: Readonly<Record<string, Row>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(records).map(([kind, row]) => {
      const key = Object.keys(row).find((name) => name.endsWith('_id'));
      return [kind, String(row[key ?? ''])];
    }),
  );
}
