import type { Database } from '../../sqlite.ts';
import { isObject, type JsonObject } from '../row.ts';
import { type Contact, toContact, toWarehouse, type Warehouse } from './directory.ts';

/** By what contacts and warehouses are found: in lower case by JavaScript, since SQLite lowers ASCII letters only. */
export const wordsSchema = `
CREATE TABLE IF NOT EXISTS directory_words (
  record_id TEXT PRIMARY KEY, words TEXT NOT NULL, emails TEXT NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS contact_words AFTER DELETE ON contact BEGIN
  DELETE FROM directory_words WHERE record_id = old.contact_id;
END;
CREATE TRIGGER IF NOT EXISTS warehouse_words AFTER DELETE ON warehouse BEGIN
  DELETE FROM directory_words WHERE record_id = old.warehouse_id;
END;
`;

/** What of a kept list are objects. */
export const objectsOf = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

// A line each, so that a whole value is found between two line ends. The first line is the record's name.
const lines = (values: readonly unknown[]) =>
  `\n${values.map((value) => (typeof value === 'string' ? value.toLowerCase() : '')).join('\n')}\n`;

function keep(db: Database, id: string, words: readonly unknown[], emails: readonly unknown[]): void {
  db.prepare('DELETE FROM directory_words WHERE record_id = ?').run(id);
  db.prepare('INSERT INTO directory_words (record_id, words, emails) VALUES (?, ?, ?)').run(
    id,
    lines([...words, ...emails]),
    lines(emails),
  );
}

/** To be called whenever a contact was written. */
export function keepContactWords(db: Database, { contact_id, contact_name, fields }: Contact): void {
  const persons = objectsOf(fields.contact_persons);
  const named = persons.flatMap((person) => [`${person.first_name} ${person.last_name}`, person.phone]);
  const emails = [fields.email, ...persons.map((person) => person.email)];
  keep(db, contact_id, [contact_name, fields.company_name, fields.phone, ...named], emails);
}

/** To be called whenever a warehouse was written. */
export function keepWarehouseWords(db: Database, { warehouse_id, warehouse_name, fields }: Warehouse): void {
  keep(db, warehouse_id, [warehouse_name, JSON.stringify(fields.address), fields.email], []);
}

/** For records that were written before their words were kept. */
export function keepMissingWords(db: Database): void {
  const without = (table: 'contact' | 'warehouse') =>
    db.prepare(`SELECT * FROM ${table} WHERE ${table}_id NOT IN (SELECT record_id FROM directory_words)`).all();
  for (const row of without('contact')) keepContactWords(db, toContact(row));
  for (const row of without('warehouse')) keepWarehouseWords(db, toWarehouse(row));
}
