import type { ApiRequest } from './compose.ts';

/** A file as multipart/form-data, made by the platform: it picks the boundary and escapes the name. */
export async function encodeFile({
  part,
  name,
  type,
  bytes,
}: NonNullable<ApiRequest['file']>): Promise<{ contentType: string; body: Uint8Array }> {
  const form = new FormData();
  // A copy: the platform's types want bytes that no other thread can change.
  form.set(part, new Blob([Uint8Array.from(bytes)], { type }), name);
  const encoded = new Response(form);
  return {
    contentType: encoded.headers.get('content-type') ?? 'multipart/form-data',
    body: new Uint8Array(await encoded.arrayBuffer()),
  };
}
