import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { core } from '../src/mcp/toolsets.ts';
import { connectV1 } from './helpers/clients.ts';
import { temporaryDirectory } from './helpers/world.ts';

const run = promisify(execFile);

interface Manifest {
  server: { entry_point: string; mcp_config: { command: string; args: string[]; env: Record<string, string> } };
  tools: { name: string; description: string }[];
  user_config: Record<string, { sensitive?: boolean; default?: unknown }>;
}

const manifest = async () => JSON.parse(await readFile('manifest.json', 'utf8')) as Manifest; // parse boundary: our own file

test('the bundle card is valid for mcpb', async () => {
  const { stdout } = await run(process.execPath, [
    'node_modules/@anthropic-ai/mcpb/dist/cli/cli.js',
    'validate',
    'manifest.json',
  ]);
  expect(stdout).toContain('passes');
});

/** The environment the card gives the server when a person leaves every setting as it is. */
function untouched({ server, user_config }: Manifest, blank: (key: string) => string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(server.mcp_config.env).map(([name, value]) => {
      const key = /^\$\{user_config\.(\w+)\}$/.exec(value)?.[1] ?? '';
      const fallback = user_config[key]?.default;
      return [name, fallback === '' || fallback === undefined ? blank(key) : String(fallback)];
    }),
  );
}

test('its tool list is the live one of an untouched installation', async () => {
  const card = await manifest();
  const client = await connectV1({ env: { ...untouched(card, () => ''), INVENTORY_DATA_DIR: temporaryDirectory() } });
  const names = (await client.tools()).map(({ name }) => name);
  await client.close();
  expect(card.tools.map(({ name }) => name)).toEqual(names);
  expect(names.length).toBe(core.size + 2);
});

test('started as the card says, with every setting left blank, it runs on the sandbox', async () => {
  const card = await manifest();
  expect(card.server.entry_point).toBe('dist/main.js');
  // Some clients send the placeholder itself for a setting that was left blank.
  const placeholder = (key: string) => ['$', `{user_config.${key}}`].join('');
  for (const blank of [() => '', placeholder]) {
    const client = await connectV1({ env: { ...untouched(card, blank), INVENTORY_DATA_DIR: temporaryDirectory() } });
    expect(client.instructions()).toContain('SANDBOX');
    await client.close();
  }
});

test('its secrets are marked as such', async () => {
  const { user_config } = await manifest();
  expect(['client_id', 'client_secret', 'refresh_token'].map((key) => user_config[key]?.sensitive)).toEqual([
    true,
    true,
    true,
  ]);
});
