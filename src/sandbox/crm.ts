import type { Database } from '../sqlite.ts';
import type { World } from './route.ts';
import { isObject, type JsonObject, jsonOf, textOf } from './row.ts';

/** Deals, contacts and the products of deals, as a CRM beside the inventory keeps them; whole records, in its spelling. */
export const crmSchema = `
CREATE TABLE IF NOT EXISTS crm_contact (
  id TEXT PRIMARY KEY, created_time TEXT NOT NULL, last_modified_time TEXT NOT NULL, json TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS crm_deal (
  id TEXT PRIMARY KEY, created_time TEXT NOT NULL, last_modified_time TEXT NOT NULL, json TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS crm_deal_product (
  deal_id TEXT NOT NULL REFERENCES crm_deal (id), position INT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (deal_id, position)
) WITHOUT ROWID;
`;

/** As CRM API v2 answers (read 2026-11-27): `{ data: [...] }`, or nothing at all with 204. */
export interface CrmAnswer {
  readonly status: number;
  readonly body?: JsonObject;
}

const refusal = (status: number, code: string, message: string, details: JsonObject = {}): CrmAnswer => ({
  status,
  body: { code, details, message, status: 'error' },
});

export const invalidToken = refusal(401, 'INVALID_TOKEN', 'invalid oauth token');
export const scopeMismatch = refusal(401, 'OAUTH_SCOPE_MISMATCH', 'invalid oauth scope to access this URL');

const tables: Readonly<Record<string, string>> = { Deals: 'crm_deal', Contacts: 'crm_contact' };

function recordOf(db: Database, table: string, id: string): JsonObject | undefined {
  const row = db.prepare(`SELECT * FROM ${table} WHERE id = ?`).get(id);
  if (!row) return undefined;
  const times = { Created_Time: textOf(row, 'created_time'), Modified_Time: textOf(row, 'last_modified_time') };
  return { id, ...jsonOf(row, 'json'), ...times };
}

function pageOf(rows: readonly JsonObject[], query: URLSearchParams): CrmAnswer {
  const page = Math.max(1, Number(query.get('page') ?? 1) || 1);
  const perPage = Math.min(200, Math.max(1, Number(query.get('per_page') ?? 200) || 200));
  const data = rows.slice((page - 1) * perPage, page * perPage);
  if (data.length === 0) return { status: 204 };
  const info = { per_page: perPage, count: data.length, page, more_records: page * perPage < rows.length };
  return { status: 200, body: { data, info } };
}

/** What the record itself answers is not the sender's to write. */
const fixed = new Set(['id', 'Created_Time', 'Modified_Time']);

function updateDeal({ db, timestamp }: World, id: string, before: JsonObject, body: JsonObject): CrmAnswer {
  const [given] = Array.isArray(body.data) ? body.data.filter(isObject) : [];
  if (!given)
    return refusal(400, 'INVALID_DATA', 'invalid data', { expected_data_type: 'jsonarray', api_name: 'data' });
  const { id: _, Created_Time, Modified_Time: __, ...kept } = before;
  const changes = Object.entries(given).filter(([field]) => !fixed.has(field));
  const Modified_Time = timestamp();
  db.prepare('UPDATE crm_deal SET last_modified_time = ?, json = ? WHERE id = ?').run(
    Modified_Time,
    JSON.stringify({ ...kept, ...Object.fromEntries(changes) }),
    id,
  );
  const details = { Modified_Time, Created_Time, id };
  return {
    status: 200,
    body: { data: [{ code: 'SUCCESS', details, message: 'record updated', status: 'success' }] },
  };
}

/** `path` is below `/crm/v2`. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
}

export function answerCrm(world: World, { method, path, query, body }: Asked): CrmAnswer {
  const { db } = world;
  const [module = '', id = '', related, ...rest] = path.split('/').slice(1);
  const table = Object.hasOwn(tables, module) ? tables[module] : undefined;
  if (table === undefined || id === '' || rest.length > 0)
    return refusal(404, 'INVALID_URL_PATTERN', 'Please check if the URL trying to access is a correct one');
  if (related !== undefined && !(module === 'Deals' && related === 'Products'))
    return refusal(400, 'INVALID_DATA', 'the relation name given seems to be invalid');
  const record = recordOf(db, table, id);
  if (!record)
    return method === 'GET' && /^\d+$/.test(id)
      ? { status: 204 }
      : refusal(400, 'INVALID_DATA', 'the id given seems to be invalid', { api_name: 'id' });
  if (method === 'PUT' && module === 'Deals' && related === undefined) return updateDeal(world, id, record, body);
  if (method !== 'GET')
    return refusal(405, 'INVALID_REQUEST_METHOD', 'The http request method type is not a valid one');
  if (related === undefined) return { status: 200, body: { data: [record] } };
  const rows = db.prepare('SELECT json FROM crm_deal_product WHERE deal_id = ? ORDER BY position').all(id);
  return pageOf(
    rows.map((row) => jsonOf(row, 'json')),
    query,
  );
}

/** A deal with its contact and products, as the CRM prints them but for their times. */
export interface CrmDeal {
  readonly deal: JsonObject & { readonly id: string };
  readonly contact?: JsonObject & { readonly id: string };
  readonly products: readonly JsonObject[];
}

/** Puts it in place; a contact that is there already stays as it is. */
export function addCrmDeal({ db, timestamp }: World, { deal, contact, products }: CrmDeal): void {
  const add = (table: string, { id, ...fields }: CrmDeal['deal']) =>
    db
      .prepare(`INSERT OR IGNORE INTO ${table} VALUES (?, ?, ?, ?)`)
      .run(id, timestamp(), timestamp(), JSON.stringify(fields));
  if (contact) add('crm_contact', contact);
  add('crm_deal', deal);
  for (const [position, product] of products.entries())
    db.prepare('INSERT INTO crm_deal_product VALUES (?, ?, ?)').run(deal.id, position, JSON.stringify(product));
}
