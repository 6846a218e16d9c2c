import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A script in TypeScript that may import from `src/`, made into a file that plain Node runs. */
export interface Script {
  start(...parameters: string[]): ChildProcess;
  remove(): void;
}

export async function bundleScript(source: string): Promise<Script> {
  const folder = mkdtempSync(join(tmpdir(), 'script-'));
  const file = join(folder, 'script.mjs');
  await build({
    stdin: { contents: source, resolveDir: root, loader: 'ts' },
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  // The SQLite driver is looked up beside the running file.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return {
    start: (...parameters) =>
      spawn(process.execPath, ['--no-warnings', file, ...parameters], { stdio: ['pipe', 'pipe', 'inherit'] }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** All a process wrote to its output, once it has ended; throws when it ended with an error. */
export async function outputOf(child: ChildProcess): Promise<string> {
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`The process ended with ${code}.`);
  return output;
}

/** Resolves with the last whole line when the process has written that many. */
export async function lineOf(child: ChildProcess, count: number): Promise<string> {
  let output = '';
  for await (const part of child.stdout ?? []) {
    output += String(part);
    if (output.split('\n').length > count) break;
  }
  return output.split('\n').at(-2) ?? '';
}
