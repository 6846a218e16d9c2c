import type { Database } from '../../../sqlite.ts';
import { ApiError, invalid, missing, type World } from '../../route.ts';
import { textOf } from '../../row.ts';
import { itemOf, saveItem } from './item-record.ts';

/** A file as it arrived in a form. */
export interface UploadedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const mostBytes = 7 * 1024 * 1024;

// By the first bytes, as the API does: a name ending in .png proves nothing.
const signatures: readonly (readonly [type: string, test: (text: string) => boolean])[] = [
  ['image/png', (text) => text.startsWith('\u0089PNG\r\n\u001a\n')],
  ['image/jpeg', (text) => text.startsWith('\u00ff\u00d8\u00ff')],
  ['image/gif', (text) => text.startsWith('GIF8')],
  ['image/webp', (text) => text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP'],
  ['image/bmp', (text) => text.startsWith('BM')],
];

const typeOf = (bytes: Uint8Array): string | undefined => {
  const text = String.fromCharCode(...bytes.subarray(0, 16));
  return signatures.find(([, test]) => test(text))?.[0];
};

/** Keeps the image of an item; one that was there before is gone. */
export function setItemImage(world: World, itemId: string, file: UploadedFile | undefined): void {
  world.db.transaction(() => {
    const item = itemOf(world.db, itemId);
    if (!file) throw missing('image');
    if (file.bytes.length > mostBytes) throw invalid('image', 'An image may have 7 MB.');
    const type = typeOf(file.bytes);
    if (!type) throw invalid('image', 'An image is a gif, png, jpeg, bmp or webp file.');
    world.db
      .prepare('INSERT OR REPLACE INTO item_image (item_id, name, type, bytes) VALUES (?, ?, ?, ?)')
      .run(itemId, file.name.slice(0, 200), type, file.bytes);
    saveItem(world.db, { ...item, last_modified_time: world.timestamp() });
  });
}

export function deleteItemImage(world: World, itemId: string): void {
  world.db.transaction(() => {
    const item = itemOf(world.db, itemId);
    const { changes } = world.db.prepare('DELETE FROM item_image WHERE item_id = ?').run(itemId);
    if (changes === 0) throw new ApiError(404, 41, 'Resource not found', undefined, `${item.name} has no image.`);
    saveItem(world.db, { ...item, last_modified_time: world.timestamp() });
  });
}

/** `image_name` and `image_type` of an item that has an image. */
export function imageKeys(db: Database, itemId: string): Record<string, string> {
  const row = db.prepare('SELECT name, type FROM item_image WHERE item_id = ?').get(itemId);
  return row ? { image_name: textOf(row, 'name'), image_type: textOf(row, 'type') } : {};
}
