/** The request's body, or undefined when it is longer than `mostBytes`; the rest is then not read. */
export async function readBytes(request: Request, mostBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) return undefined;
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > mostBytes) return undefined;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** The same as text. */
export async function readBody(request: Request, mostBytes: number): Promise<string | undefined> {
  const bytes = await readBytes(request, mostBytes);
  return bytes && new TextDecoder().decode(bytes);
}

export interface FormFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The files of a multipart/form-data body by the name of their part; undefined for a body of another kind. Throws for a broken one. */
export async function readFiles(
  contentType: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<ReadonlyMap<string, FormFile> | undefined> {
  if (!/^multipart\/form-data\b/i.test(contentType)) return undefined;
  const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
  const files = new Map<string, FormFile>();
  for (const [part, value] of form)
    if (typeof value !== 'string')
      files.set(part, { name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) });
  return files;
}
