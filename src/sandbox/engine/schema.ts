import type { Database } from '../../sqlite.ts';
import { crmSchema } from '../crm.ts';
import { directorySchema } from './directory.ts';
import { keepMissingWords, wordsSchema } from './directory-words.ts';
import { keepFromLedger, keptColumns, keptSchema } from './kept-schema.ts';
import { indexItems, searchSchema } from './search-schema.ts';

/** Numbers of documents and the items themselves. Quantities and rates are millionths, amounts minor units. */
const catalogSchema = `
CREATE TABLE IF NOT EXISTS number_counter (series TEXT PRIMARY KEY, last INT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS used_number (
  series TEXT NOT NULL, number TEXT NOT NULL COLLATE NOCASE, PRIMARY KEY (series, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS item (
  item_id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('goods', 'untracked', 'service', 'kit')),
  name TEXT NOT NULL, sku TEXT NOT NULL, unit TEXT NOT NULL, status TEXT NOT NULL CHECK (status IN ('active', 'inactive')),
  rate_micro INT NOT NULL, purchase_rate_micro INT NOT NULL, is_taxable INT NOT NULL, tax_id TEXT NOT NULL,
  reorder_level_micro INT NOT NULL, vendor_id TEXT NOT NULL, product_type TEXT NOT NULL, item_type TEXT NOT NULL,
  search_text TEXT NOT NULL, created_time TEXT NOT NULL, last_modified_time TEXT NOT NULL, json TEXT NOT NULL,
  ${keptColumns.join(', ')}
);
CREATE UNIQUE INDEX IF NOT EXISTS item_sku ON item (sku COLLATE NOCASE) WHERE sku <> '';
DROP INDEX IF EXISTS item_name;
CREATE INDEX IF NOT EXISTS item_listed ON item (name COLLATE NOCASE, sku, item_id, search_text);
DROP INDEX IF EXISTS item_status;
CREATE INDEX IF NOT EXISTS item_of_status ON item (status, name COLLATE NOCASE, sku, item_id, search_text);
DROP INDEX IF EXISTS item_rate;
DROP INDEX IF EXISTS item_vendor;
CREATE INDEX IF NOT EXISTS item_of_vendor ON item (vendor_id, name COLLATE NOCASE, sku, item_id, search_text);
DROP INDEX IF EXISTS item_kit;
CREATE INDEX IF NOT EXISTS item_kits ON item (name COLLATE NOCASE, sku, item_id, search_text) WHERE kind = 'kit';
CREATE TABLE IF NOT EXISTS kit_part (
  kit_id TEXT NOT NULL REFERENCES item (item_id), item_id TEXT NOT NULL REFERENCES item (item_id), position INT NOT NULL,
  quantity_micro INT NOT NULL CHECK (quantity_micro > 0), warehouse_id TEXT NOT NULL, PRIMARY KEY (kit_id, item_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS kit_part_item ON kit_part (item_id);
CREATE TABLE IF NOT EXISTS item_image (
  item_id TEXT PRIMARY KEY REFERENCES item (item_id) ON DELETE CASCADE, name TEXT NOT NULL, type TEXT NOT NULL, bytes BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS outbox (
  email_id INTEGER PRIMARY KEY, document_type TEXT NOT NULL, document_id TEXT NOT NULL, recipients TEXT NOT NULL,
  subject TEXT NOT NULL, body TEXT NOT NULL, sent_at TEXT NOT NULL
);
`;

/**
 * The ledger. Moves and layer entries are only ever added; levels and layers are what they sum up to, kept by triggers so
 * that no code path can forget them. A place is a warehouse id, or transit, vendor, customer, adjustment, opening.
 */
const ledgerSchema = `
CREATE TABLE IF NOT EXISTS stock_move (
  move_id INTEGER PRIMARY KEY, item_id TEXT NOT NULL REFERENCES item (item_id),
  from_place TEXT NOT NULL, to_place TEXT NOT NULL CHECK (to_place <> from_place),
  quantity_micro INT NOT NULL CHECK (quantity_micro > 0), cost_minor INT NOT NULL CHECK (cost_minor >= 0),
  document_type TEXT NOT NULL, document_id TEXT NOT NULL, document_number TEXT NOT NULL, line_id TEXT NOT NULL,
  effective_date TEXT NOT NULL, posted_at TEXT NOT NULL, reverses INT UNIQUE REFERENCES stock_move (move_id)
);
CREATE INDEX IF NOT EXISTS stock_move_item ON stock_move (item_id, effective_date);
CREATE INDEX IF NOT EXISTS stock_move_document ON stock_move (document_id);
CREATE INDEX IF NOT EXISTS stock_move_from ON stock_move (from_place);
CREATE INDEX IF NOT EXISTS stock_move_to ON stock_move (to_place);
CREATE TABLE IF NOT EXISTS revaluation (
  revaluation_id INTEGER PRIMARY KEY, item_id TEXT NOT NULL REFERENCES item (item_id), warehouse_id TEXT NOT NULL,
  value_minor INT NOT NULL, document_type TEXT NOT NULL, document_id TEXT NOT NULL, document_number TEXT NOT NULL,
  line_id TEXT NOT NULL, effective_date TEXT NOT NULL, posted_at TEXT NOT NULL,
  reverses INT UNIQUE REFERENCES revaluation (revaluation_id)
);
CREATE INDEX IF NOT EXISTS revaluation_item ON revaluation (item_id, effective_date);
CREATE INDEX IF NOT EXISTS revaluation_document ON revaluation (document_id);
CREATE TABLE IF NOT EXISTS level (
  item_id TEXT NOT NULL, place TEXT NOT NULL,
  quantity_micro INT NOT NULL CHECK (quantity_micro >= 0 OR place IN ('vendor', 'customer', 'adjustment', 'opening')),
  PRIMARY KEY (item_id, place)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS level_place ON level (place, item_id);
CREATE TABLE IF NOT EXISTS layer (
  layer_id INTEGER PRIMARY KEY, item_id TEXT NOT NULL, place TEXT NOT NULL, holder TEXT NOT NULL,
  layer_date TEXT NOT NULL, quantity_micro INT NOT NULL DEFAULT 0 CHECK (quantity_micro >= 0),
  value_minor INT NOT NULL DEFAULT 0 CHECK (value_minor >= 0 AND (quantity_micro > 0 OR value_minor = 0))
);
CREATE INDEX IF NOT EXISTS layer_open ON layer (item_id, place, holder, layer_date, layer_id) WHERE quantity_micro > 0;
CREATE INDEX IF NOT EXISTS layer_item ON layer (item_id);
CREATE TABLE IF NOT EXISTS layer_entry (
  entry_id INTEGER PRIMARY KEY, layer_id INT NOT NULL REFERENCES layer (layer_id),
  move_id INT REFERENCES stock_move (move_id), revaluation_id INT REFERENCES revaluation (revaluation_id),
  quantity_micro INT NOT NULL, value_minor INT NOT NULL, CHECK ((move_id IS NULL) <> (revaluation_id IS NULL))
);
CREATE INDEX IF NOT EXISTS layer_entry_move ON layer_entry (move_id);
CREATE INDEX IF NOT EXISTS layer_entry_revaluation ON layer_entry (revaluation_id);
CREATE INDEX IF NOT EXISTS layer_entry_layer ON layer_entry (layer_id);
CREATE TRIGGER IF NOT EXISTS stock_move_level AFTER INSERT ON stock_move BEGIN
  INSERT INTO level (item_id, place, quantity_micro)
    VALUES (new.item_id, new.to_place, new.quantity_micro)
    ON CONFLICT (item_id, place) DO UPDATE SET quantity_micro = quantity_micro + new.quantity_micro;
  INSERT OR IGNORE INTO level (item_id, place, quantity_micro) VALUES (new.item_id, new.from_place, 0);
  UPDATE level SET quantity_micro = quantity_micro - new.quantity_micro
    WHERE item_id = new.item_id AND place = new.from_place;
END;
CREATE TRIGGER IF NOT EXISTS layer_entry_layer_sum AFTER INSERT ON layer_entry BEGIN
  UPDATE layer SET quantity_micro = quantity_micro + new.quantity_micro, value_minor = value_minor + new.value_minor
    WHERE layer_id = new.layer_id;
END;
CREATE TRIGGER IF NOT EXISTS stock_move_reversal BEFORE INSERT ON stock_move WHEN new.reverses IS NOT NULL BEGIN
  SELECT RAISE(ABORT, 'a reversal mirrors its move') WHERE NOT EXISTS (
    SELECT 1 FROM stock_move AS undone WHERE undone.move_id = new.reverses AND undone.reverses IS NULL
      AND undone.item_id = new.item_id AND undone.quantity_micro = new.quantity_micro
      AND undone.cost_minor = new.cost_minor AND undone.from_place = new.to_place AND undone.to_place = new.from_place);
END;
${['stock_move', 'revaluation', 'layer_entry']
  .flatMap((table) =>
    ['UPDATE', 'DELETE'].map(
      (act) => `CREATE TRIGGER IF NOT EXISTS ${table}_no_${act.toLowerCase()} BEFORE ${act} ON ${table} BEGIN
  SELECT RAISE(ABORT, 'the ledger is append-only');
END;`,
    ),
  )
  .join('\n')}
`;

/**
 * Orders and what follows them. Sales and purchase orders share their tables (`kind`); `base_status` is what people
 * decided, `status` what has come of it. `open_quantity` is what documents still claim of stock or bring to it: committed
 * (sales orders), packed (packages), ordered (purchase orders).
 */
const documentSchema = `
CREATE TABLE IF NOT EXISTS orders (
  order_id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('sales', 'purchase')), number TEXT NOT NULL COLLATE NOCASE,
  contact_id TEXT NOT NULL, base_status TEXT NOT NULL, status TEXT NOT NULL, date TEXT NOT NULL,
  reference_number TEXT NOT NULL, currency_id TEXT NOT NULL, exchange_rate_micro INT NOT NULL CHECK (exchange_rate_micro > 0),
  sub_total_minor INT NOT NULL, discount_total_minor INT NOT NULL, tax_total_minor INT NOT NULL,
  shipping_charge_minor INT NOT NULL, adjustment_minor INT NOT NULL, total_minor INT NOT NULL, bcy_total_minor INT NOT NULL,
  search_text TEXT NOT NULL, created_time TEXT NOT NULL, last_modified_time TEXT NOT NULL, json TEXT NOT NULL,
  UNIQUE (kind, number)
);
CREATE INDEX IF NOT EXISTS orders_contact ON orders (contact_id);
CREATE INDEX IF NOT EXISTS orders_status ON orders (kind, status);
CREATE INDEX IF NOT EXISTS orders_date ON orders (kind, date);
CREATE TABLE IF NOT EXISTS order_line (
  line_item_id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders (order_id), position INT NOT NULL,
  item_id TEXT NOT NULL REFERENCES item (item_id), kind TEXT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL,
  warehouse_id TEXT NOT NULL, quantity_micro INT NOT NULL CHECK (quantity_micro > 0), rate_micro INT NOT NULL,
  discount_percent_micro INT NOT NULL, gross_minor INT NOT NULL, discount_minor INT NOT NULL, tax_minor INT NOT NULL,
  tax_id TEXT NOT NULL, tax_name TEXT NOT NULL, tax_percentage_micro INT NOT NULL,
  packed_micro INT NOT NULL DEFAULT 0 CHECK (packed_micro BETWEEN shipped_micro AND quantity_micro),
  shipped_micro INT NOT NULL DEFAULT 0 CHECK (shipped_micro >= delivered_micro),
  delivered_micro INT NOT NULL DEFAULT 0 CHECK (delivered_micro >= 0),
  received_micro INT NOT NULL DEFAULT 0 CHECK (received_micro BETWEEN 0 AND quantity_micro),
  recipe TEXT NOT NULL, json TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS order_line_order ON order_line (order_id, position);
CREATE INDEX IF NOT EXISTS order_line_item ON order_line (item_id);
CREATE INDEX IF NOT EXISTS order_line_warehouse ON order_line (warehouse_id);
CREATE TABLE IF NOT EXISTS open_quantity (
  kind TEXT NOT NULL CHECK (kind IN ('committed', 'packed', 'ordered')), document_id TEXT NOT NULL, line_id TEXT NOT NULL,
  item_id TEXT NOT NULL, warehouse_id TEXT NOT NULL, quantity_micro INT NOT NULL CHECK (quantity_micro > 0),
  PRIMARY KEY (document_id, line_id, item_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS open_quantity_item ON open_quantity (item_id, kind, warehouse_id, quantity_micro);
CREATE INDEX IF NOT EXISTS open_quantity_warehouse ON open_quantity (warehouse_id, kind, item_id);
CREATE TABLE IF NOT EXISTS receive (
  receive_id TEXT PRIMARY KEY, receive_number TEXT NOT NULL, purchaseorder_id TEXT NOT NULL REFERENCES orders (order_id),
  status TEXT NOT NULL, date TEXT NOT NULL, created_time TEXT NOT NULL, json TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS receive_order ON receive (purchaseorder_id);
CREATE TABLE IF NOT EXISTS receive_line (
  line_item_id TEXT PRIMARY KEY, receive_id TEXT NOT NULL REFERENCES receive (receive_id),
  purchaseorder_line_id TEXT NOT NULL, item_id TEXT NOT NULL, warehouse_id TEXT NOT NULL,
  quantity_micro INT NOT NULL CHECK (quantity_micro > 0), cost_minor INT NOT NULL
);
CREATE INDEX IF NOT EXISTS receive_line_receive ON receive_line (receive_id);
CREATE TABLE IF NOT EXISTS shipment (
  shipment_id TEXT PRIMARY KEY, shipment_number TEXT NOT NULL, salesorder_id TEXT NOT NULL, date TEXT NOT NULL,
  delivered_date TEXT NOT NULL, status TEXT NOT NULL, created_time TEXT NOT NULL, json TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS shipment_order ON shipment (salesorder_id);
CREATE TABLE IF NOT EXISTS package (
  package_id TEXT PRIMARY KEY, package_number TEXT NOT NULL, salesorder_id TEXT NOT NULL REFERENCES orders (order_id),
  status TEXT NOT NULL CHECK (status IN ('draft', 'ready_to_ship', 'shipped', 'delivered')), date TEXT NOT NULL,
  shipment_id TEXT NOT NULL, created_time TEXT NOT NULL, last_modified_time TEXT NOT NULL, json TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS package_order ON package (salesorder_id);
CREATE INDEX IF NOT EXISTS package_status ON package (status);
CREATE TABLE IF NOT EXISTS package_line (
  line_item_id TEXT PRIMARY KEY, package_id TEXT NOT NULL REFERENCES package (package_id), so_line_item_id TEXT NOT NULL,
  item_id TEXT NOT NULL, warehouse_id TEXT NOT NULL, quantity_micro INT NOT NULL CHECK (quantity_micro > 0)
);
CREATE INDEX IF NOT EXISTS package_line_package ON package_line (package_id);
CREATE INDEX IF NOT EXISTS package_line_order_line ON package_line (so_line_item_id);
CREATE INDEX IF NOT EXISTS package_line_warehouse ON package_line (warehouse_id);
CREATE TABLE IF NOT EXISTS transfer (
  transfer_id TEXT PRIMARY KEY, transfer_number TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('draft', 'in_transit', 'received', 'cancelled')), date TEXT NOT NULL,
  from_warehouse_id TEXT NOT NULL, to_warehouse_id TEXT NOT NULL, created_time TEXT NOT NULL,
  last_modified_time TEXT NOT NULL, json TEXT NOT NULL, CHECK (from_warehouse_id <> to_warehouse_id)
);
CREATE INDEX IF NOT EXISTS transfer_status ON transfer (status);
CREATE INDEX IF NOT EXISTS transfer_from ON transfer (from_warehouse_id);
CREATE INDEX IF NOT EXISTS transfer_to ON transfer (to_warehouse_id);
CREATE TABLE IF NOT EXISTS transfer_line (
  line_item_id TEXT PRIMARY KEY, transfer_id TEXT NOT NULL REFERENCES transfer (transfer_id), position INT NOT NULL,
  item_id TEXT NOT NULL, quantity_micro INT NOT NULL CHECK (quantity_micro > 0), description TEXT NOT NULL,
  sent_micro INT NOT NULL DEFAULT 0, received_micro INT NOT NULL DEFAULT 0 CHECK (received_micro BETWEEN 0 AND sent_micro)
);
CREATE INDEX IF NOT EXISTS transfer_line_transfer ON transfer_line (transfer_id, position);
CREATE INDEX IF NOT EXISTS transfer_line_item ON transfer_line (item_id);
CREATE TABLE IF NOT EXISTS adjustment (
  adjustment_id TEXT PRIMARY KEY, adjustment_number TEXT NOT NULL, adjustment_type TEXT NOT NULL, date TEXT NOT NULL,
  reason TEXT NOT NULL, status TEXT NOT NULL, created_time TEXT NOT NULL, last_modified_time TEXT NOT NULL,
  json TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS adjustment_line (
  line_item_id TEXT PRIMARY KEY, adjustment_id TEXT NOT NULL REFERENCES adjustment (adjustment_id), position INT NOT NULL,
  item_id TEXT NOT NULL, warehouse_id TEXT NOT NULL, quantity_micro INT NOT NULL, value_minor INT NOT NULL, json TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS adjustment_line_adjustment ON adjustment_line (adjustment_id, position);
CREATE INDEX IF NOT EXISTS adjustment_line_item ON adjustment_line (item_id);
CREATE INDEX IF NOT EXISTS adjustment_line_warehouse ON adjustment_line (warehouse_id);
`;

const schema = `${directorySchema}${wordsSchema}${catalogSchema}${ledgerSchema}${documentSchema}${crmSchema}${keptSchema}${searchSchema}`;

/** Puts all tables in place. Safe to run again, also on files that were written before some of them were kept. */
export function prepareTables(db: Database): void {
  const columns = db.prepare("SELECT name FROM pragma_table_info('item')").all();
  const isBefore = columns.length > 0 && !columns.some(({ name }) => name === 'on_hand_micro');
  if (isBefore) for (const column of keptColumns) db.exec(`ALTER TABLE item ADD COLUMN ${column}`);
  db.exec(schema);
  if (isBefore) db.exec(`${keepFromLedger}${indexItems}`);
  keepMissingWords(db);
}
