import { describe, expect, test } from 'vitest';
import { objectAt, organizationId, rowsAt, startSandbox } from './calls.ts';

const png = Uint8Array.from('\u0089PNG\r\n\u001a\nabc', (character) => character.charCodeAt(0));
const gif = Uint8Array.from('GIF89a.', (character) => character.charCodeAt(0));

async function open() {
  const world = startSandbox();
  const made = await world.call('POST', '/items', { name: 'Lamp', rate: 9 });
  const id = String(objectAt(made, 'item').item_id);
  const path = `/items/images/${id}`;
  const send = (body: FormData | string, headers: Record<string, string> = {}) =>
    world.send(`/inventory/v1${path}?organization_id=${organizationId}`, {
      method: 'POST',
      headers: { Authorization: 'Zoho-oauthtoken good', ...headers },
      body,
    });
  const upload = (bytes: Uint8Array<ArrayBuffer>, name = 'lamp.png', part = 'image') => {
    const form = new FormData();
    form.set(part, new Blob([bytes]), name);
    return send(form);
  };
  const item = async () => objectAt(await world.call('GET', `/items/${id}`), 'item');
  return { ...world, id, path, send, upload, item };
}

describe('POST /items/images/{item_id}', () => {
  test('keeps the image, and the item names it', async () => {
    const { upload, item, sandbox, id } = await open();
    expect(await item()).not.toHaveProperty('image_name');
    const { status, body } = await upload(png);
    expect([status, body.message]).toEqual([201, 'The image has been attached to the item.']);
    expect(await item()).toMatchObject({ image_name: 'lamp.png', image_type: 'image/png' });
    const kept = sandbox.database.prepare('SELECT bytes FROM item_image WHERE item_id = ?').get(id);
    expect(kept?.bytes instanceof Uint8Array && Array.from(kept.bytes)).toEqual(Array.from(png));
  });

  test('replaces the image that was there', async () => {
    const { upload, item, sandbox } = await open();
    await upload(png);
    await upload(gif, 'moving.gif');
    expect(await item()).toMatchObject({ image_name: 'moving.gif', image_type: 'image/gif' });
    expect(sandbox.database.prepare('SELECT count(*) AS images FROM item_image').get()).toEqual({ images: 1 });
  });

  test('refuses what is no image, another part, a broken form, JSON, and an item that is not there', async () => {
    const { upload, send, call } = await open();
    const text = Uint8Array.from('<html>', (character) => character.charCodeAt(0));
    expect((await upload(text)).body).toMatchObject({ code: 1002, field: 'image' });
    expect((await upload(png, 'lamp.png', 'picture')).body).toMatchObject({ code: 1001, field: 'image' });
    const broken = await send('nothing of a form', { 'Content-Type': 'multipart/form-data; boundary=x' });
    expect([broken.status, broken.body.code]).toEqual([400, 1]);
    expect((await send('{}', { 'Content-Type': 'application/json' })).body).toMatchObject({ code: 1001 });
    expect((await call('POST', '/items/images/404', {})).status).toBe(404);
  });
});

describe('DELETE /items/images/{item_id}', () => {
  test('takes the image away, once', async () => {
    const { upload, item, call, path } = await open();
    await upload(png);
    expect((await call('DELETE', path)).body).toMatchObject({ code: 0, message: 'The image has been deleted.' });
    expect(await item()).not.toHaveProperty('image_name');
    expect((await call('DELETE', path)).body).toMatchObject({ code: 41, details: 'Lamp has no image.' });
  });

  test('happens with its item', async () => {
    const { upload, call, id, sandbox } = await open();
    await upload(png);
    expect((await call('DELETE', `/items/${id}`)).status).toBe(200);
    expect(rowsAt(await call('GET', '/items'), 'items')).toEqual([]);
    expect(sandbox.database.prepare('SELECT * FROM item_image').all()).toEqual([]);
  });
});
