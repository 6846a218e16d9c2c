import { describe, expect, test } from 'vitest';
import { planOperation } from '../../src/mcp/plan.ts';
import type { Input } from '../../src/operations/define.ts';
import { demoWorld, operationNamed } from '../helpers/reads.ts';

const beginning = Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1');
const image = (size = 40) => Buffer.concat([beginning, Buffer.alloc(size, 7)]).toString('base64');

async function open() {
  const world = demoWorld();
  const { item_id } = await world.item('DMAT');
  const plan = (name: string, input: Input = {}) =>
    planOperation(operationNamed(name), { item_id, ...input }, { reads: world.reads, today: world.today });
  const upload = (input: Input) => world.call('upload_item_image', { item_id, ...input });
  return { ...world, plan, upload };
}

describe('an upload', () => {
  test('to an item without an image raises nothing', async () => {
    const { plan } = await open();
    const { raises, summary } = await plan('upload_item_image', { image: image(), file_name: 'mat.png' });
    expect(raises).toEqual([]);
    expect(summary).toMatch(/^Set the image of .*Desk Mat.*: "mat\.png", image\/png, 48 bytes$/);
  });

  test('that replaces an image asks, names the one that goes, and shows no bytes', async () => {
    const { plan, upload } = await open();
    const first = await plan('upload_item_image', { image: image() });
    await upload({ image: image(), file_name: 'old.png' });
    const { raises, preview, restsOn } = await plan('upload_item_image', { image: image(300), file_name: 'new.png' });
    expect(raises).toMatchObject([{ rule: 'replaces_image', reason: expect.stringContaining('old.png') }]);
    expect(preview.join('\n')).toContain('The image "old.png" is replaced and gone for good.');
    expect(preview.join('\n')).not.toContain(image(300).slice(0, 20));
    expect(restsOn).not.toEqual(first.restsOn);
  });

  test('that replaces an image and is too large to be kept until a yes is denied, and says the way', async () => {
    const { plan, upload } = await open();
    await upload({ image: image() });
    const large = plan('upload_item_image', { image: image(300_000) });
    await expect(large).rejects.toMatchObject({ kind: 'denied', nothingSent: true });
    await expect(large).rejects.toThrow('delete_item_image');
  });

  test('of what is no image is refused before anything is asked or read', async () => {
    const { plan, readsMade } = await open();
    readsMade();
    await expect(plan('upload_item_image', { image: 'AAAA' })).rejects.toThrow('by its first bytes');
    await expect(plan('upload_item_image')).rejects.toThrow('An image is missing');
    expect(readsMade()).toEqual([]);
  });

  test('of a file names the path', async () => {
    const { plan } = await open();
    const { summary, preview } = await plan('upload_item_image', { path: 'photos/mat.png' });
    expect(summary).toContain('photos/mat.png');
    expect(preview).toContain('The file is read when this runs.');
  });
});

test('deleting an image names it and says that it is gone for good', async () => {
  const { plan, upload } = await open();
  expect((await plan('delete_item_image')).preview.join('\n')).toContain('It has no image');
  await upload({ image: image(), file_name: 'old.png' });
  const { summary, preview } = await plan('delete_item_image');
  expect(summary).toMatch(/^Delete the image of .*Desk Mat.*: "old\.png"$/);
  expect(preview).toContain('The image is gone for good. This cannot be undone.');
});
