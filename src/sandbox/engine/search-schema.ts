import { idPrefix } from './directory.ts';

// Indexes of the items' search text, which is in lower case already. Both hold no text of their own and know an item by the
// last digits of its id: the row ids of `item` change when the file is compacted, and a whole id is no number that
// JavaScript can hold.

const id = (row: string) => `CAST(substr(${row}.item_id, ${idPrefix.length + 1}) AS INTEGER)`;

/** The id of the item that a row of the indexes stands for. */
export const indexedId = `'${idPrefix}' || printf('%09d', rowid)`;

// Single characters and pairs, in hexadecimal, so that the tokenizer takes them as they are. (A trigger may not begin with
// WITH, but a query inside it may.)
const letters = (row: string) => `(SELECT group_concat(letters, ' ') FROM (
    WITH RECURSIVE at (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length(${row}.search_text))
    SELECT DISTINCT hex(substr(${row}.search_text, n, size)) AS letters FROM at, (SELECT 1 AS size UNION ALL SELECT 2)))`;

const add = (row: string) => `
  INSERT INTO item_words (rowid, text) VALUES (${id(row)}, ${row}.search_text);
  INSERT INTO item_letters (rowid, text) VALUES (${id(row)}, ${letters(row)});`;

const remove = (row: string) => `
  INSERT INTO item_words (item_words, rowid, text) VALUES ('delete', ${id(row)}, ${row}.search_text);
  INSERT INTO item_letters (item_letters, rowid, text) VALUES ('delete', ${id(row)}, ${letters(row)});`;

// Counting what thousands of items hold takes milliseconds, so it is done once for a text (and a status, '' = any) and kept.
const count = (row: string, sign: '+' | '-') => `
  UPDATE search_count SET items = items ${sign} 1
    WHERE status IN ('', ${row}.status) AND instr(${row}.search_text, text);`;

const triggers = {
  item_words_added: `AFTER INSERT ON item BEGIN ${add('new')} ${count('new', '+')}`,
  item_words_removed: `AFTER DELETE ON item BEGIN ${remove('old')} ${count('old', '-')}`,
  item_words_changed: `AFTER UPDATE OF search_text ON item WHEN new.search_text <> old.search_text BEGIN
    ${remove('old')} ${add('new')}`,
  item_words_counted: `AFTER UPDATE OF search_text, status ON item
    WHEN (new.search_text, new.status) <> (old.search_text, old.status) BEGIN ${count('old', '-')} ${count('new', '+')}`,
};

/** Run after the table of items. Safe to run again. */
export const searchSchema = `
CREATE VIRTUAL TABLE IF NOT EXISTS item_words
  USING fts5 (text, content = '', tokenize = 'trigram case_sensitive 1');
CREATE VIRTUAL TABLE IF NOT EXISTS item_letters
  USING fts5 (text, content = '', detail = none, tokenize = 'ascii');
CREATE TABLE IF NOT EXISTS search_count (
  count_id INTEGER PRIMARY KEY, text TEXT NOT NULL, status TEXT NOT NULL, items INT NOT NULL, UNIQUE (text, status)
);
${Object.entries(triggers)
  .map(([name, body]) => `CREATE TRIGGER IF NOT EXISTS ${name} ${body} END;`)
  .join('\n')}
`;

/** Indexes items that were written before: run once, while nothing is indexed yet. */
export const indexItems = `
INSERT INTO item_words (rowid, text) SELECT ${id('item')}, search_text FROM item;
INSERT INTO item_letters (rowid, text) SELECT ${id('item')}, ${letters('item')} FROM item;
`;
