import type { Database, Row } from '../../sqlite.ts';
import type { World } from '../route.ts';
import { integerOf, type JsonObject, jsonOf, textOf } from '../row.ts';
import { calendarDay, timestamp } from '../zones.ts';

/** Who the company is and whom and where it deals with. `json` keeps the fields that no other part reads. */
export const directorySchema = `
CREATE TABLE IF NOT EXISTS organization (
  organization_id TEXT PRIMARY KEY, name TEXT NOT NULL, time_zone TEXT NOT NULL, currency_id TEXT NOT NULL,
  currency_code TEXT NOT NULL, price_precision INT NOT NULL, contact_name TEXT NOT NULL, email TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS currency (
  currency_id TEXT PRIMARY KEY, code TEXT NOT NULL, symbol TEXT NOT NULL, minor_digits INT NOT NULL,
  rate_micro INT NOT NULL
);
CREATE TABLE IF NOT EXISTS tax (tax_id TEXT PRIMARY KEY, name TEXT NOT NULL, percentage_micro INT NOT NULL);
CREATE TABLE IF NOT EXISTS contact (
  contact_id TEXT PRIMARY KEY, contact_name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  contact_type TEXT NOT NULL CHECK (contact_type IN ('customer', 'vendor', 'both')),
  currency_id TEXT NOT NULL REFERENCES currency (currency_id), status TEXT NOT NULL,
  created_time TEXT NOT NULL, last_modified_time TEXT NOT NULL, json TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS warehouse (
  warehouse_id TEXT PRIMARY KEY, warehouse_name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  status TEXT NOT NULL CHECK (status IN ('active', 'inactive')), is_primary INT NOT NULL,
  created_time TEXT NOT NULL DEFAULT '', last_modified_time TEXT NOT NULL DEFAULT '', json TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS warehouse_one_primary ON warehouse (is_primary) WHERE is_primary = 1;
CREATE TABLE IF NOT EXISTS id_counter (next INT NOT NULL);
INSERT INTO id_counter (next) SELECT 10001 WHERE NOT EXISTS (SELECT 1 FROM id_counter);
`;

export interface Organization {
  readonly organization_id: string;
  readonly name: string;
  readonly time_zone: string;
  readonly currency_id: string;
  readonly currency_code: string;
  /** Decimal places of an amount. */
  readonly price_precision: number;
  readonly contact_name: string;
  readonly email: string;
}

export interface Currency {
  readonly currency_id: string;
  readonly code: string;
  readonly symbol: string;
  readonly minor_digits: number;
  /** Base units per one unit, times 1e6. */
  readonly rate_micro: number;
}

export interface Tax {
  readonly tax_id: string;
  readonly name: string;
  /** 8.5 % is 8,500,000. */
  readonly percentage_micro: number;
}

export type ContactType = 'customer' | 'vendor' | 'both';

export interface Contact {
  readonly contact_id: string;
  readonly contact_name: string;
  readonly contact_type: ContactType;
  readonly currency_id: string;
  readonly status: string;
  readonly created_time: string;
  readonly last_modified_time: string;
  readonly fields: JsonObject;
}

export interface Warehouse {
  readonly warehouse_id: string;
  readonly warehouse_name: string;
  readonly status: string;
  readonly is_primary: boolean;
  readonly created_time: string;
  readonly last_modified_time: string;
  readonly fields: JsonObject;
}

/** The one organization of this database, or undefined before it was founded. */
export function findOrganization(db: Database): Organization | undefined {
  const row = db.prepare('SELECT * FROM organization').get();
  if (!row) return undefined;
  return {
    organization_id: textOf(row, 'organization_id'),
    name: textOf(row, 'name'),
    time_zone: textOf(row, 'time_zone'),
    currency_id: textOf(row, 'currency_id'),
    currency_code: textOf(row, 'currency_code'),
    price_precision: integerOf(row, 'price_precision'),
    contact_name: textOf(row, 'contact_name'),
    email: textOf(row, 'email'),
  };
}

/** The organization; throws when the database was never seeded. */
export function organization(db: Database): Organization {
  const found = findOrganization(db);
  if (!found) throw new Error('The inventory has no organization yet.');
  return found;
}

export function toWarehouse(row: Row): Warehouse {
  return {
    warehouse_id: textOf(row, 'warehouse_id'),
    warehouse_name: textOf(row, 'warehouse_name'),
    status: textOf(row, 'status'),
    is_primary: integerOf(row, 'is_primary') === 1,
    created_time: textOf(row, 'created_time'),
    last_modified_time: textOf(row, 'last_modified_time'),
    fields: jsonOf(row, 'json'),
  };
}

export function findWarehouse(db: Database, id: string): Warehouse | undefined {
  const row = db.prepare('SELECT * FROM warehouse WHERE warehouse_id = ?').get(id);
  return row && toWarehouse(row);
}

/** The warehouse that takes what names none. */
export function primaryWarehouse(db: Database): Warehouse {
  const row = db.prepare('SELECT * FROM warehouse WHERE is_primary = 1').get();
  if (!row) throw new Error('The inventory has no primary warehouse.');
  return toWarehouse(row);
}

/** All warehouses, the primary first, then by name. */
export const allWarehouses = (db: Database): Warehouse[] =>
  db.prepare('SELECT * FROM warehouse ORDER BY is_primary DESC, warehouse_name').all().map(toWarehouse);

export function toContact(row: Row): Contact {
  const type = textOf(row, 'contact_type');
  return {
    contact_id: textOf(row, 'contact_id'),
    contact_name: textOf(row, 'contact_name'),
    contact_type: type === 'vendor' || type === 'both' ? type : 'customer',
    currency_id: textOf(row, 'currency_id'),
    status: textOf(row, 'status'),
    created_time: textOf(row, 'created_time'),
    last_modified_time: textOf(row, 'last_modified_time'),
    fields: jsonOf(row, 'json'),
  };
}

export function findContact(db: Database, id: string): Contact | undefined {
  const row = db.prepare('SELECT * FROM contact WHERE contact_id = ?').get(id);
  return row && toContact(row);
}

export function findTax(db: Database, id: string): Tax | undefined {
  const row = db.prepare('SELECT * FROM tax WHERE tax_id = ?').get(id);
  if (!row) return undefined;
  return { tax_id: id, name: textOf(row, 'name'), percentage_micro: integerOf(row, 'percentage_micro') };
}

export function findCurrency(db: Database, id: string): Currency | undefined {
  const row = db.prepare('SELECT * FROM currency WHERE currency_id = ?').get(id);
  if (!row) return undefined;
  return {
    currency_id: id,
    code: textOf(row, 'code'),
    symbol: textOf(row, 'symbol'),
    minor_digits: integerOf(row, 'minor_digits'),
    rate_micro: integerOf(row, 'rate_micro'),
  };
}

/**
 * What every id begins with; nine digits follow. 17 digits, as the API's own ids: beyond 2^53, so that code which makes a
 * number of one is found out here.
 */
export const idPrefix = '46000000';

export interface WorldOptions {
  readonly database: Database;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly refuseBeyondStock?: boolean;
}

/** What the handlers work on. The database must hold `directorySchema` already; the organization may come later. */
export function createWorld({ database, now, refuseBeyondStock = false }: WorldOptions): World {
  let kept: string | undefined;
  // An organization never changes its zone here, so it is read once; before it is founded, UTC stands in.
  const zone = () => {
    kept ??= findOrganization(database)?.time_zone;
    return kept ?? 'UTC';
  };
  return {
    db: database,
    now,
    today: () => calendarDay(now(), zone()),
    timestamp: () => timestamp(now(), zone()),
    nextId: () => {
      const row = database.prepare('UPDATE id_counter SET next = next + 1 RETURNING next').get();
      return `${idPrefix}${String(row ? integerOf(row, 'next') : 0).padStart(9, '0')}`;
    },
    refuseBeyondStock,
  };
}
