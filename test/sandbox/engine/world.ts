import { createWorld } from '../../../src/sandbox/engine/directory.ts';
import { keepMissingWords } from '../../../src/sandbox/engine/directory-words.ts';
import { createItem } from '../../../src/sandbox/engine/documents/items.ts';
import { orderLines } from '../../../src/sandbox/engine/documents/lines.ts';
import { prepareTables } from '../../../src/sandbox/engine/schema.ts';
import { ApiError, type World } from '../../../src/sandbox/route.ts';
import { openDatabase } from '../../../src/sqlite.ts';

export const ids = {
  usd: '1',
  eur: '2',
  jpy: '3',
  tax: '11',
  customer: '21',
  otherCustomer: '22',
  vendor: '23',
  euroVendor: '24',
  yenCustomer: '25',
  main: '31',
  east: '32',
  closed: '33',
} as const;

/** The day every test world begins with. */
export const today = '2025-03-15';

export interface Clock {
  /** Milliseconds since 1970; tests move it forward by assigning. */
  nowMs: number;
}

/** A company with two active warehouses, three currencies, one tax (8.5 %), customers and vendors; nothing in stock. */
export function createTestWorld(options: { refuseBeyondStock?: boolean } = {}): World & { clock: Clock } {
  const database = openDatabase(':memory:');
  prepareTables(database);
  const at = '2025-01-01T00:00:00+0000';
  database.exec(`
    INSERT INTO currency VALUES ('1', 'USD', '$', 2, 1000000), ('2', 'EUR', '€', 2, 1100000), ('3', 'JPY', '¥', 0, 6700);
    INSERT INTO tax VALUES ('11', 'Sales Tax', 8500000);
    INSERT INTO organization (organization_id, name, time_zone, currency_id, currency_code, price_precision, contact_name,
      email) VALUES ('9', 'Acme', 'UTC', '1', 'USD', 2, 'Ann', 'ann@acme.example');
    INSERT INTO contact (contact_id, contact_name, contact_type, currency_id, status, created_time, last_modified_time, json)
      VALUES ('21', 'Tech Solutions', 'customer', '1', 'active', '${at}', '${at}', '{"email":"buy@tech.example"}'),
        ('22', 'Blue Cafe', 'customer', '1', 'active', '${at}', '${at}', '{}'),
        ('23', 'AudioTech', 'vendor', '1', 'active', '${at}', '${at}', '{}'),
        ('24', 'Nordklang', 'vendor', '2', 'active', '${at}', '${at}', '{}'),
        ('25', 'Tokyo Sound', 'customer', '3', 'active', '${at}', '${at}', '{}');
    INSERT INTO warehouse (warehouse_id, warehouse_name, status, is_primary, json)
      VALUES ('31', 'Main', 'active', 1, '{}'), ('32', 'East', 'active', 0, '{}'), ('33', 'Closed', 'inactive', 0, '{}');
  `);
  keepMissingWords(database);
  const clock: Clock = { nowMs: Date.parse(`${today}T18:00:00Z`) };
  const world = createWorld({
    database,
    now: () => clock.nowMs,
    refuseBeyondStock: options.refuseBeyondStock ?? false,
  });
  return { ...world, clock };
}

let count = 0;

/** Tracked goods with opening stock `{ warehouse: quantity }` of a day, today if not given; returns the item's id. */
export function stocked(
  world: World,
  stock: Record<string, number> = {},
  body: Record<string, unknown> = {},
  openingDate?: string,
): string {
  count += 1;
  const warehouses = Object.entries(stock).map(([warehouse_id, initial_stock]) => ({ warehouse_id, initial_stock }));
  return createItem(
    world,
    { name: `Item ${count}`, rate: 10, purchase_rate: 4, unit: 'pcs', warehouses, ...body },
    openingDate === undefined ? {} : { openingDate },
  );
}

/** Id of the nth line of an order. */
export function lineId(world: World, orderId: string, index = 0): string {
  const line = orderLines(world.db, orderId)[index];
  if (!line) throw new Error(`The order has no line ${index}.`);
  return line.line_item_id;
}

/** The refusal that `act` ends in, as `code: details`; throws when nothing was refused. */
export function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ApiError) return `${error.code}: ${error.details ?? error.message}`;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

/** Every row of every table, in a fixed order: two databases with the same dump are the same. */
export function dump(world: World): string {
  const tables = world.db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  return tables
    .map(({ name }) => {
      const rows = world.db.prepare(`SELECT * FROM ${name}`).all();
      return `${name}\n${rows
        .map((row) => JSON.stringify(row))
        .sort()
        .join('\n')}`;
    })
    .join('\n\n');
}
