import { Denied } from '../../errors.ts';
import { imageUpload } from '../../operations/images.ts';
import { type Row, textIn } from '../../workflows/rows.ts';
import { named } from '../../workflows/text.ts';
import { raisesOf } from '../rules.ts';
import { readItemRow } from './items.ts';
import type { Planner } from './planner.ts';
import { itemLabel } from './words.ts';

/** A question is kept until it is answered; what it would have to keep is no place for files of megabytes. */
const mostKeptText = 350_000;

const imageOf = (item: Row): string => named(item.image_name, 80);

const restsOnImage = (item: Row) => ({
  item_id: item.item_id,
  image_name: item.image_name ?? null,
  last_modified_time: item.last_modified_time ?? null,
});

const sizeInWords = (bytes: number) => (bytes < 1024 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} kB`);

/** The bytes are never shown: name, kind and size stand for them. */
export const uploadItemImage: Planner = async (planning) => {
  const { input, operation } = planning;
  const path = textIn(input, 'path');
  const file = path === '' ? imageUpload(input) : undefined;
  const item = await readItemRow(planning);
  const raises = raisesOf({ operation, input, before: item });
  if (raises.length > 0 && textIn(input, 'image').length > mostKeptText)
    throw new Denied(
      `${itemLabel(item)} has an image, and this one is too large to be kept until somebody confirms. Delete the old one first (delete_item_image), then upload this one. Nothing was written.`,
      { nothingSent: true },
    );
  const what = file ? `${named(file.name, 60)}, ${file.type}, ${sizeInWords(file.bytes.length)}` : named(path, 80);
  return {
    summary: `Set the image of ${itemLabel(item)}: ${what}`,
    lines: [
      ...(raises.length > 0 ? [`The image ${imageOf(item)} is replaced and gone for good.`] : ['It has no image yet.']),
      ...(file ? [] : ['The file is read when this runs.']),
    ],
    restsOn: restsOnImage(item),
    raises,
  };
};

export const deleteItemImage: Planner = async (planning) => {
  const item = await readItemRow(planning);
  const name = imageOf(item);
  return {
    summary: `Delete the image of ${itemLabel(item)}${name === '' ? '' : `: ${name}`}`,
    lines: [
      name === ''
        ? 'It has no image that could be read; the call is refused then.'
        : 'The image is gone for good. This cannot be undone.',
    ],
    restsOn: restsOnImage(item),
  };
};
