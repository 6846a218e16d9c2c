// What lists and reports print of every item, kept up to date by triggers: summed up anew for each page it would cost as
// much as the whole catalog, and no code path can forget a trigger. Quantities in millionths, values in minor units.
// The ledger's levels and layers and the documents' claims flow into `stock_at`, a row for each item and place; from there
// into the item's own sums over all places; and from both into how many rows each list has.

const counts = ['on_hand_micro', 'committed_micro', 'ordered_micro'];
const claims = ['committed', 'packed', 'ordered'];

/** Columns of `item`: sums over its warehouses, and what of it is in transit. */
const itemSums = [...counts, 'worth_minor', 'transit_micro', 'transit_minor'];

// Reckoned when read, and stored only in the indexes that list the rows they are true of.
const itemFlags = {
  is_low: `status = 'active' AND kind = 'goods' AND reorder_level_micro > 0
    AND on_hand_micro - committed_micro <= reorder_level_micro`,
  is_short: "kind = 'goods' AND on_hand_micro < committed_micro",
  is_held: 'on_hand_micro <> 0 OR worth_minor <> 0',
  is_moving: 'transit_micro <> 0 OR transit_minor <> 0',
};

/** A row of the list of a warehouse's items; a row of stock-on-hand; any of both. */
const placeFlags = {
  is_shown: 'on_hand_micro > 0 OR committed_micro > 0',
  is_listed: `place <> 'transit' AND kind = 'goods' AND (on_hand_micro > 0 OR committed_micro > 0 OR packed_micro > 0)`,
  is_any: 'on_hand_micro > 0 OR committed_micro > 0 OR packed_micro > 0',
};

const sumColumns = (names: readonly string[]) => names.map((name) => `${name} INT NOT NULL DEFAULT 0`);
const flagColumns = (flags: Readonly<Record<string, string>>) =>
  Object.entries(flags).map(([name, condition]) => `${name} INT AS (${condition})`);

/** Columns of `item` that files of before they were kept lack. */
export const keptColumns: readonly string[] = [...sumColumns(itemSums), ...flagColumns(itemFlags)];

const byName = 'name COLLATE NOCASE, sku, item_id';
const sorted = ['rate_micro', 'purchase_rate_micro', 'reorder_level_micro', 'created_time', 'last_modified_time'];
const sort = 'kind, status, is_low, is_held, is_moving';

const tables = `
CREATE TABLE IF NOT EXISTS stock_at (
  item_id TEXT NOT NULL, place TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, sku TEXT NOT NULL,
  ${sumColumns(['on_hand_micro', ...claims.map((kind) => `${kind}_micro`), 'value_minor']).join(', ')},
  ${flagColumns(placeFlags).join(', ')}, PRIMARY KEY (item_id, place)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stock_at_listed ON stock_at (${byName}) WHERE is_listed;
CREATE INDEX IF NOT EXISTS stock_at_place ON stock_at (place, ${byName}) WHERE is_any;
CREATE INDEX IF NOT EXISTS item_low ON item (${byName}) WHERE is_low;
CREATE INDEX IF NOT EXISTS item_short ON item (item_id) WHERE is_short;
CREATE INDEX IF NOT EXISTS item_worth ON item (worth_minor DESC, sku, item_id) WHERE kind = 'goods';
CREATE INDEX IF NOT EXISTS item_moving ON item (transit_minor DESC, sku, item_id) WHERE is_moving;
CREATE INDEX IF NOT EXISTS item_by_sku ON item (sku COLLATE NOCASE, ${byName});
${sorted
  .flatMap((column) =>
    ['ASC', 'DESC'].map(
      (direction) => `CREATE INDEX IF NOT EXISTS item_by_${column}_${direction.toLowerCase()}
  ON item (${column} COLLATE NOCASE ${direction}, ${byName});`,
    ),
  )
  .join('\n')}
CREATE TABLE IF NOT EXISTS place_tally (
  place TEXT PRIMARY KEY, ${sumColumns(['shown', 'listed', 'value_minor']).join(', ')}
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS item_tally (
  kind TEXT NOT NULL, status TEXT NOT NULL, is_low INT NOT NULL, is_held INT NOT NULL, is_moving INT NOT NULL,
  items INT NOT NULL, PRIMARY KEY (${sort})
) WITHOUT ROWID;
`;

// A level or a claim of an item at a place that had neither gives it a row there. (Not by OR IGNORE: inside a trigger the
// statement that fired it decides about conflicts, and an upsert decides to abort.)
const place = (item: string, at: string) => `
  INSERT INTO stock_at (item_id, place, kind, name, sku) SELECT item_id, ${at}, kind, name, sku FROM item
    WHERE item_id = ${item} AND NOT EXISTS (SELECT 1 FROM stock_at WHERE item_id = ${item} AND place = ${at});`;

const claim = (row: 'new' | 'old', sign: '+' | '-') => `
  UPDATE stock_at SET ${claims
    .map((kind) => `${kind}_micro = ${kind}_micro ${sign} iif(${row}.kind = '${kind}', ${row}.quantity_micro, 0)`)
    .join(', ')} WHERE item_id = ${row}.item_id AND place = ${row}.warehouse_id;`;
const claimed = `${place('new.item_id', 'new.warehouse_id')} ${claim('new', '+')}`;

const inside = "WHEN new.place NOT IN ('vendor', 'customer', 'adjustment', 'opening')";
const level = `${place('new.item_id', 'new.place')}
  UPDATE stock_at SET on_hand_micro = new.quantity_micro WHERE item_id = new.item_id AND place = new.place;`;

const grown = (column: string, by = column) => `${column} = ${column} + new.${by} - old.${by}`;
const sumUp = (changes: readonly string[]) => `UPDATE item SET ${changes.join(', ')} WHERE item_id = new.item_id;`;

const sortOf = (row: 'new' | 'old') => `${row}.kind, ${row}.status, ${row}.is_low, ${row}.is_held, ${row}.is_moving`;
const tally = (row: 'new' | 'old', sign: '+' | '-') => `
  INSERT INTO item_tally SELECT ${sortOf(row)}, 0
    WHERE NOT EXISTS (SELECT 1 FROM item_tally WHERE (${sort}) = (${sortOf(row)}));
  UPDATE item_tally SET items = items ${sign} 1 WHERE (${sort}) = (${sortOf(row)});`;

const triggers = {
  level_placed: `AFTER INSERT ON level ${inside} BEGIN ${level}`,
  level_moved: `AFTER UPDATE ON level ${inside} BEGIN ${level}`,
  claim_made: `AFTER INSERT ON open_quantity BEGIN ${claimed}`,
  claim_changed: `AFTER UPDATE ON open_quantity BEGIN ${claim('old', '-')} ${claimed}`,
  claim_ended: `AFTER DELETE ON open_quantity BEGIN ${claim('old', '-')}`,
  layer_valued: `AFTER UPDATE OF value_minor ON layer BEGIN
    UPDATE stock_at SET ${grown('value_minor')} WHERE item_id = new.item_id AND place = new.place;`,
  stock_placed: `AFTER INSERT ON stock_at BEGIN
    INSERT INTO place_tally (place) SELECT new.place WHERE NOT EXISTS (SELECT 1 FROM place_tally WHERE place = new.place);`,
  stock_summed: `AFTER UPDATE OF ${counts.join(', ')}, value_minor ON stock_at WHEN new.place <> 'transit' BEGIN
    ${sumUp([...counts.map((column) => grown(column)), grown('worth_minor', 'value_minor')])}`,
  stock_moving: `AFTER UPDATE OF on_hand_micro, value_minor ON stock_at WHEN new.place = 'transit' BEGIN
    ${sumUp([grown('transit_micro', 'on_hand_micro'), grown('transit_minor', 'value_minor')])}`,
  stock_tallied: `AFTER UPDATE ON stock_at BEGIN
    UPDATE place_tally SET ${grown('shown', 'is_shown')}, ${grown('listed', 'is_listed')}, ${grown('value_minor')}
      WHERE place = new.place;`,
  item_named: `AFTER UPDATE OF kind, name, sku ON item BEGIN
    UPDATE stock_at SET kind = new.kind, name = new.name, sku = new.sku
      WHERE item_id = new.item_id AND (kind, name, sku) <> (new.kind, new.name, new.sku);`,
  item_added: `AFTER INSERT ON item BEGIN ${tally('new', '+')}`,
  item_changed: `AFTER UPDATE OF kind, status, reorder_level_micro, ${itemSums.join(', ')} ON item
    WHEN (${sortOf('new')}) <> (${sortOf('old')}) BEGIN ${tally('old', '-')} ${tally('new', '+')}`,
  item_removed: `AFTER DELETE ON item BEGIN ${tally('old', '-')} DELETE FROM stock_at WHERE item_id = old.item_id;`,
};

/** Run after the tables of the ledger and of the documents. Safe to run again. */
export const keptSchema = `${tables}${Object.entries(triggers)
  .map(([name, body]) => `CREATE TRIGGER IF NOT EXISTS ${name} ${body} END;`)
  .join('\n')}`;

const claimedAt = (kind: string) => `coalesce((SELECT sum(quantity_micro) FROM open_quantity AS open
    WHERE open.item_id = stock_at.item_id AND open.warehouse_id = stock_at.place AND open.kind = '${kind}'), 0)`;

/** Brings what is kept up to a ledger that was written before: run once, while nothing is kept yet. */
export const keepFromLedger = `
INSERT INTO item_tally SELECT ${sort}, count(*) FROM item GROUP BY ${sort};
INSERT INTO stock_at (item_id, place, kind, name, sku) SELECT item_id, place, kind, name, sku FROM item JOIN (
    SELECT item_id, place FROM level WHERE place NOT IN ('vendor', 'customer', 'adjustment', 'opening')
    UNION SELECT item_id, warehouse_id FROM open_quantity) USING (item_id);
UPDATE stock_at SET ${claims.map((kind) => `${kind}_micro = ${claimedAt(kind)}`).join(', ')},
  on_hand_micro = coalesce((SELECT quantity_micro FROM level
    WHERE level.item_id = stock_at.item_id AND level.place = stock_at.place), 0),
  value_minor = coalesce((SELECT sum(value_minor) FROM layer
    WHERE layer.item_id = stock_at.item_id AND layer.place = stock_at.place AND quantity_micro > 0), 0);
`;
