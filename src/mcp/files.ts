import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Reply } from '../client/client.ts';
import { Denied, Unavailable } from '../errors.ts';
import type { Input, Operation } from '../operations/define.ts';

/** Writes a file of this plain name into the operator's folder; answers its path. Throws Denied where that cannot be. */
export type SaveFile = (name: string, bytes: Uint8Array) => Promise<string>;

export type EmbeddedFile = Extract<CallToolResult['content'][number], { type: 'resource' }>;

const noFolder =
  'Files are saved only where the operator of this server has named a folder (INVENTORY_FILES_DIR), and never over HTTP. Nothing was read or saved; call again without save.';

/** Before anything is asked of the API: whether this call wants to save, and may. */
export function checkSave(input: Input, save: SaveFile | undefined): void {
  if (input.save === true && !save) throw new Denied(noFolder, { nothingSent: true });
}

/**
 * A reply that is a file, taken apart: the facts about it for text and structured content, and the file itself as an
 * embedded resource. Without the bytes the facts cost a model next to nothing.
 */
export async function fileAnswer(
  operation: Operation,
  input: Input,
  reply: Reply,
  save: SaveFile | undefined,
): Promise<{ facts: Reply; embedded: EmbeddedFile }> {
  const { media_type, base64, bytes } = fileIn(reply);
  const id = String(input.package_id);
  const uri = `inventory://${operation.name.replace(/^get_/, '').replaceAll('_', '-')}s/${id}`;
  const name = `${operation.name.replace(/^get_/, '').replaceAll('_', '-')}-${id}.pdf`;
  const saved_to = input.save === true && save ? await save(name, Buffer.from(base64, 'base64')) : undefined;
  return {
    facts: { file: { uri, name, media_type, bytes, ...(saved_to === undefined ? {} : { saved_to }) } },
    embedded: { type: 'resource', resource: { uri, mimeType: media_type, blob: base64 } },
  };
}

function fileIn({ file }: Reply): { media_type: string; base64: string; bytes: number } {
  if (typeof file !== 'object' || file === null) throw new Unavailable('The API answered without a file.');
  const { media_type, base64, bytes } = file as Record<string, unknown>; // parse boundary: made by the client's envelope
  return { media_type: String(media_type), base64: String(base64), bytes: Number(bytes) };
}

export const withFile = (result: CallToolResult, embedded: EmbeddedFile): CallToolResult => ({
  ...result,
  content: [...result.content, embedded],
});

const plainName = /^[a-z0-9][a-z0-9.-]{0,100}$/;

/**
 * Saves into one folder, for its owner's eyes only (mode 0600). The file is written beside and moved into place, so that
 * nobody reads half of one and a link that stands there is replaced, not followed.
 */
export function createSaveFile(directory: string, randomId: () => string): SaveFile {
  return async (name, bytes) => {
    if (!plainName.test(name)) throw new Denied(`${JSON.stringify(name)} is no plain file name.`);
    let part: string | undefined;
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const folder = await realpath(directory);
      if (!(await stat(folder)).isDirectory()) throw new Error('not a folder');
      part = join(folder, `.${randomId()}.part`);
      const file = await open(part, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
      } finally {
        await file.close();
      }
      const path = join(folder, name);
      await rename(part, path);
      return path;
    } catch {
      if (part) await rm(part, { force: true });
      throw new Denied(
        `${name} could not be saved: the folder of INVENTORY_FILES_DIR cannot be written. The operator can mend that; without save the file comes in the answer.`,
      );
    }
  };
}
