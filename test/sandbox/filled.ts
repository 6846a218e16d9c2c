import { keepMissingWords } from '../../src/sandbox/engine/directory-words.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import type { Database } from '../../src/sqlite.ts';

// Ids above those the sandbox gives out itself.
const itemId = "printf('4600000090%07d', n)";
/** Id of the nth item. */
export const named = (n: number): string => `4600000090${String(n).padStart(7, '0')}`;
/** A warehouse in which three items lie. */
export const smallWarehouse = 'Annex';
const counted = (count: number) =>
  `WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ${count})`;
const at = "'2026-03-10T09:00:00-0700'";

const itemColumns = `(item_id, kind, name, sku, unit, status, rate_micro, purchase_rate_micro, is_taxable, tax_id,
  reorder_level_micro, vendor_id, product_type, item_type, search_text, created_time, last_modified_time, json)`;

function fillItems(db: Database, count: number): void {
  // Every fiftieth is low, at 2 on hand of a level of 5; names do not come in the order of ids.
  db.exec(`${counted(count)} INSERT INTO item ${itemColumns} SELECT ${itemId}, 'goods', printf('Part %06d', (n * 7919) % 1000003),
    printf('SKU-%06d', n), 'pcs', 'active', 10000000 + n, 5000000, 1, '', 5000000,
    printf('4600000080%07d', 1 + n % 20), 'goods', 'inventory',
    lower(printf('Part %06d', (n * 7919) % 1000003) || char(10) || printf('SKU-%06d', n)), ${at}, ${at}, '{}' FROM counted`);
  db.exec(`${counted(50)} INSERT INTO item ${itemColumns} SELECT printf('4600000070%07d', n), 'kit', printf('Set %03d', n),
    printf('SET-%03d', n), 'pcs', 'active', 90000000, 0, 1, '', 0, '', 'goods', 'inventory',
    printf('set %03d', n) || char(10) || printf('set-%03d', n), ${at}, ${at}, '{}' FROM counted`);
  db.exec(
    `${counted(50)} INSERT INTO kit_part SELECT printf('4600000070%07d', n), ${itemId}, 1, 2000000, '' FROM counted`,
  );
}

/** Opening stock: of every item in the primary warehouse, of every second and third one in the others too. */
function fillStock(db: Database, count: number, warehouses: readonly string[]): void {
  for (const [index, warehouse] of warehouses.entries()) {
    const quantity = index === 0 ? '(CASE WHEN n % 50 = 0 THEN 2 ELSE 20 + n % 30 END)' : '10';
    const chosen = `n % ${index + 1} = 0 ${index === 0 ? '' : 'AND n % 50 <> 0'}`;
    const first = Number(db.prepare('SELECT coalesce(max(layer_id), 0) AS last FROM layer').get()?.last ?? 0);
    const firstMove = Number(db.prepare('SELECT coalesce(max(move_id), 0) AS last FROM stock_move').get()?.last ?? 0);
    db.exec(`${counted(count)} INSERT INTO stock_move SELECT ${firstMove} + n, ${itemId}, 'opening', '${warehouse}',
      ${quantity} * 1000000, ${quantity} * 500, 'opening', ${itemId}, '', '', '2026-03-01', ${at}, NULL
      FROM counted WHERE ${chosen}`);
    db.exec(`${counted(count)} INSERT INTO layer (layer_id, item_id, place, holder, layer_date)
      SELECT ${first} + n, ${itemId}, '${warehouse}', '', '2026-03-01' FROM counted WHERE ${chosen}`);
    db.exec(`${counted(count)} INSERT INTO layer_entry (layer_id, move_id, quantity_micro, value_minor)
      SELECT ${first} + n, ${firstMove} + n, ${quantity} * 1000000, ${quantity} * 500 FROM counted WHERE ${chosen}`);
  }
}

function fillContacts(db: Database): void {
  db.exec(`${counted(100)} INSERT INTO contact SELECT printf('4600000080%07d', n), printf('Company %03d', n), 'both',
    (SELECT currency_id FROM currency WHERE code = 'USD'), 'active', ${at}, ${at},
    '{"company_name":"","email":"","phone":"","contact_persons":[]}' FROM counted`);
}

async function made(sandbox: Sandbox, path: string, body: unknown, key: string): Promise<Record<string, unknown>> {
  const url = `http://sandbox.test/inventory/v1${path}?organization_id=460000000000001`;
  const headers = { Authorization: 'Zoho-oauthtoken good', 'Content-Type': 'application/json' };
  const response = await sandbox.handle(new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }));
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  const value: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, key) : undefined;
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

// Documents are few and go through the API: 30 of each kind.
async function fillDocuments(sandbox: Sandbox, warehouses: readonly string[]): Promise<void> {
  const contact = (n: number) => `4600000080${String(n).padStart(7, '0')}`;
  for (let n = 1; n <= 30; n += 1) {
    const line_items = [{ item_id: named(n), quantity: 1, rate: 10 }];
    const order = await made(sandbox, '/salesorders', { customer_id: contact(n), line_items }, 'salesorder');
    await made(sandbox, `/salesorders/${order.salesorder_id}/status/confirmed`, {}, '');
    const sold: unknown = Array.isArray(order.line_items) ? order.line_items[0] : undefined;
    const so_line_item_id = typeof sold === 'object' && sold !== null ? Reflect.get(sold, 'line_item_id') : '';
    const packed = { salesorder_id: order.salesorder_id, line_items: [{ so_line_item_id, quantity: 1 }] };
    const { package_id } = await made(sandbox, '/packages', packed, 'package');
    await made(sandbox, '/shipmentorders', { salesorder_id: order.salesorder_id, package_ids: [package_id] }, '');
    await made(sandbox, '/purchaseorders', { vendor_id: contact(n), line_items }, 'purchaseorder');
    const [from_warehouse_id, to_warehouse_id] = warehouses;
    const moved = [{ item_id: named(n), quantity: 1 }];
    await made(sandbox, '/transfers', { from_warehouse_id, to_warehouse_id, line_items: moved }, 'transfer');
    const adjusted = [{ item_id: named(n), quantity_adjusted: 1, warehouse_id: from_warehouse_id }];
    const adjustment = { adjustment_type: 'quantity', reason: 'Stock Count', line_items: adjusted };
    await made(sandbox, '/inventoryadjustments', adjustment, 'inventory_adjustment');
  }
}

/** A company of `count` tracked items in three warehouses and three items in a fourth, 2 % of them low, 50 kits, 100 contacts, 30 documents of each kind. */
export async function fill(sandbox: Sandbox, count: number): Promise<void> {
  const { database: db } = sandbox;
  const warehouses = [String(db.prepare('SELECT warehouse_id FROM warehouse').get()?.warehouse_id)];
  for (const warehouse_name of ['East', 'West', smallWarehouse]) {
    const { warehouse_id } = await made(sandbox, '/warehouses', { warehouse_name }, 'warehouse');
    warehouses.push(String(warehouse_id));
  }
  db.transaction(() => {
    fillContacts(db);
    keepMissingWords(db);
    fillItems(db, count);
    fillStock(db, count, warehouses.slice(0, 3));
  });
  await fillDocuments(sandbox, warehouses);
  for (const item_id of [101, 102, 103].map(named)) {
    const line_items = [{ item_id, quantity_adjusted: 1, warehouse_id: warehouses[3] }];
    const adjustment = { adjustment_type: 'quantity', reason: 'Stock Count', line_items };
    await made(sandbox, '/inventoryadjustments', adjustment, 'inventory_adjustment');
  }
}

/** Every list there is, asked for in the ways that people ask, by a name for each. All but one come in pages. */
export const listPaths = (warehouseId: string, smallWarehouseId: string): Readonly<Record<string, string>> => ({
  'all items': '/items?',
  'page 20 of the items': '/items?page=20&',
  'items by rate, downwards': '/items?sort_column=rate&sort_order=D&',
  'items by SKU': '/items?sort_column=sku&',
  'items by reorder level, downwards': '/items?sort_column=reorder_level&sort_order=D&',
  'items by the day they were made': '/items?sort_column=created_time&',
  'items with a text that one has': '/items?search_text=SKU-000777&',
  'items with a text that all have': '/items?search_text=part&',
  'page 20 of items with a text that many have': '/items?search_text=00&page=20&',
  'active items with two letters that many have': '/items?search_text=01&filter_by=Status.Active&',
  'items with two letters that none has': '/items?search_text=zz&',
  'items of a name': '/items?name=Part%20007919&',
  'items of a SKU': '/items?sku=SKU-000777&',
  'items of a vendor': '/items?vendor_id=46000000800000007&',
  'active items': '/items?filter_by=Status.Active&',
  'active items by rate': '/items?filter_by=Status.Active&sort_column=rate&',
  'low items': '/items?filter_by=Status.Lowstock&',
  'low items by rate': '/items?filter_by=Status.Lowstock&sort_column=rate&',
  'composite items': '/compositeitems?',
  contacts: '/contacts?',
  'contacts with a text': '/contacts?search_text=company%2007&',
  warehouses: '/warehouses?',
  'items of a warehouse': `/warehouses/${warehouseId}/items?`,
  'items of a warehouse with a text': `/warehouses/${warehouseId}/items?search_text=SKU-000777&`,
  'items of a warehouse that has few': `/warehouses/${smallWarehouseId}/items?`,
  'sales orders': '/salesorders?',
  'purchase orders': '/purchaseorders?',
  packages: '/packages?',
  'shipment orders': '/shipmentorders?',
  transfers: '/transfers?',
  'stock adjustments': '/inventoryadjustments?',
  'inventory summary': '/reports/inventorysummary?',
  'inventory valuation': '/reports/inventoryvaluation?',
  'stock on hand': '/reports/stockonhand?',
  'stock on hand of a warehouse': `/reports/stockonhand?warehouse_id=${smallWarehouseId}&`,
  'low stock, which is not paged': '/reports/lowstockitems?',
  'sales by item': '/reports/salesbyitem?',
  'sales by customer': '/reports/salesbycustomer?',
});
