// npm run demo: starts the built server as a desktop client would, on a fresh embedded inventory, and prints the morning.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { openDatabase } from '../src/sqlite.ts';
import { differences } from './levels.ts';
import { morning } from './morning.ts';

const directory = await mkdtemp(join(tmpdir(), 'inventory-demo-'));
const file = join(directory, 'sandbox.sqlite');
let lines = 0;
const say = (line: string) => {
  lines += 1;
  console.log(line);
};

const client = new Client({ name: 'demo', version: '1.0.0' });
try {
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ['dist/main.js'],
      env: {
        PATH: process.env.PATH ?? '',
        HOME: directory,
        INVENTORY_DATA_DIR: directory,
        INVENTORY_SANDBOX_DATA: file,
      },
      stderr: 'ignore',
    }),
  );
  const { tools } = await client.listTools();
  say(`${client.getServerVersion()?.title ?? 'server'}: ${tools.length} tools`);
  const result = await morning(
    {
      call: async (name, args = {}) => {
        const answer = await client.callTool({ name, arguments: args });
        const text = answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
        return {
          text,
          facts: (answer.structuredContent ?? {}) as Record<string, unknown>,
          isError: answer.isError === true,
        };
      },
    },
    say,
  );
  await client.close();

  // The server's word is not enough: the inventory's own file has to say the same.
  const database = openDatabase(file);
  const wrong = differences(result.after, database);
  database.close();
  if (wrong.length > 0) throw new Error(`not as it should be: ${wrong.join('; ')}`);
  say('');
  say(
    `The last table agrees with the inventory's own database for ${result.after.length} items. Order ${result.orderNumber}, purchase order ${result.purchaseOrderNumber}.`,
  );
  if (lines < 40) throw new Error(`not as it should be: only ${lines} lines of transcript`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await client.close();
  await rm(directory, { recursive: true, force: true });
}
