import { closest, distance } from 'fastest-levenshtein';
import { fold } from './text.ts';

/** A heading as it is compared: `Item Name`, `item_name` and `ITEM-NAME` are one. */
export const compactHeading = (heading: string): string => fold(heading).replace(/[^\p{L}\p{N}]/gu, '');

/** Of the compact names the one that a heading comes near to; undefined where none is near. */
export function nearestHeading(heading: string, names: readonly string[]): string | undefined {
  const compact = compactHeading(heading).slice(0, 60);
  if (compact === '' || names.length === 0) return undefined;
  const found = closest(compact, names);
  const far = Math.max(2, Math.floor(Math.max(compact.length, found.length) / 3));
  return distance(compact, found) <= far ? found : undefined;
}
