// Measures what users pay: tokens of the tool list, start, memory, time of a call. `npm run bench -- --json` for programs.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { createInventoryClient } from '../src/client/client.ts';
import { sleep } from '../src/client/wait.ts';
import { getItem, listItems } from '../src/operations/items.ts';
import { sandboxCredentials, sandboxOrganizationId } from '../src/sandbox/credentials.ts';
import { createSandbox } from '../src/sandbox/server.ts';
import { openDatabase } from '../src/sqlite.ts';
import { usualAnswers } from './usual-answers.ts';

const starts = 9;
const calls = 300;
const mostAnswerTokens = 2_000;

interface Tool {
  name: string;
  description?: string;
  inputSchema: unknown;
}

/** A server on stdio, spoken to in plain JSON lines, so that no client's own time is measured. */
function serve(script: string, directory: string) {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [script], {
    env: { PATH: process.env.PATH, HOME: directory, INVENTORY_DATA_DIR: directory, INVENTORY_LOG_LEVEL: 'error' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const waiting = new Map<number, (result: Record<string, unknown>) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as { id?: number; result?: Record<string, unknown> };
    if (message.id !== undefined) waiting.get(message.id)?.(message.result ?? {});
  });
  let id = 0;
  const request = (method: string, params: Record<string, unknown>) => {
    id += 1;
    const own = id;
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: own, method, params })}\n`);
    return new Promise<Record<string, unknown>>((resolve) => waiting.set(own, resolve));
  };
  const open = async () => {
    await request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'bench', version: '1' },
    });
    child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
    return ((await request('tools/list', {})) as { tools: Tool[] }).tools;
  };
  const stop = () =>
    new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.stdin.end();
    });
  return { child, request, open, stop };
}

const sorted = (values: number[]) => [...values].sort((a, b) => a - b);
const at = (values: number[], share: number) =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
const round = (value: number, digits = 2) => Number(value.toFixed(digits));

async function startTime(script: string, directory: string): Promise<number> {
  const began = performance.now();
  const server = serve(script, directory);
  await server.open();
  const took = performance.now() - began;
  await server.stop();
  return took;
}

async function memoryMb(pid: number | undefined): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kb = /VmRSS:\s+(\d+)/.exec(status)?.[1];
  return kb === undefined ? null : round(Number(kb) / 1024, 1);
}

const hello = `
import * as z from 'zod';
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
serveStdio(() => {
  const server = new McpServer({ name: 'hello', version: '1.0.0' });
  server.registerTool('hello', { description: 'Says hello', inputSchema: z.object({ name: z.string() }) }, ({ name }) => ({ content: [{ type: 'text', text: name }] }));
  return server;
});`;

async function timed(work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < calls; index += 1) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times.slice(20); // the first ones load and compile
}

const directory = await mkdtemp(join(tmpdir(), 'inventory-bench-'));
try {
  const bare = join(directory, 'hello.cjs');
  await build({
    stdin: { contents: hello, resolveDir: process.cwd(), loader: 'ts' },
    outfile: bare,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'error',
  });

  const own: number[] = [];
  const others: number[] = [];
  for (let index = 0; index < starts; index += 1) {
    others.push(await startTime(bare, directory));
    own.push(await startTime('dist/main.js', directory));
  }

  const server = serve('dist/main.js', directory);
  const tools = await server.open();
  const idle = await memoryMb(server.child.pid);
  const listed = (await server.request('tools/call', { name: 'list_items', arguments: { per_page: 1 } })) as {
    structuredContent: { items: { item_id: string }[] };
  };
  const itemId = listed.structuredContent.items[0]?.item_id ?? '';
  const overStdio = await timed(() =>
    server.request('tools/call', { name: 'get_item', arguments: { item_id: itemId } }),
  );
  const afterCalls = await memoryMb(server.child.pid);
  await server.stop();

  const sandbox = createSandbox({
    database: openDatabase(':memory:'),
    now: Date.now,
    seed: 'demo',
    limits: { perMinute: 100_000, perDay: 1_000_000 },
  });
  const client = createInventoryClient({
    apiDomain: 'http://sandbox.invalid',
    accountsUrl: 'http://sandbox.invalid',
    credentials: {
      clientId: sandboxCredentials.client_id,
      clientSecret: sandboxCredentials.client_secret,
      refreshToken: sandboxCredentials.refresh_token,
    },
    organizationId: sandboxOrganizationId,
    limits: { perMinute: 100_000, perDay: 1_000_000, atOnce: 10 },
    dispatch: sandbox.handle,
    now: Date.now,
    sleep,
    random: Math.random,
  });
  await client.call(listItems, { per_page: 1 });
  const direct = await timed(() => client.call(getItem, { item_id: itemId }));

  const perTool = tools
    .map((tool) => ({
      name: tool.name,
      tokens: encode(JSON.stringify({ name: tool.name, description: tool.description, inputSchema: tool.inputSchema }))
        .length,
    }))
    .sort((a, b) => b.tokens - a.tokens);
  const answers = await usualAnswers();
  const report = {
    tools: tools.length,
    tokens: perTool.reduce((sum, { tokens }) => sum + tokens, 0),
    tokens_per_tool: Object.fromEntries(perTool.map(({ name, tokens }) => [name, tokens])),
    start_ms: round(at(own, 0.5), 1),
    start_bare_ms: round(at(others, 0.5), 1),
    start_ratio: round(at(own, 0.5) / at(others, 0.5), 3),
    memory_idle_mb: idle,
    memory_after_calls_mb: afterCalls,
    call_stdio_ms: { p50: round(at(overStdio, 0.5)), p99: round(at(overStdio, 0.99)) },
    call_direct_ms: { p50: round(at(direct, 0.5)), p99: round(at(direct, 0.99)) },
    answer_tokens: Object.fromEntries(answers),
    node: process.version,
  };
  if (process.argv.includes('--json')) console.log(JSON.stringify(report));
  else {
    console.log(`tools ${report.tools}, ${report.tokens} tokens (o200k_base over name, description, inputSchema)`);
    for (const { name, tokens } of perTool) console.log(`  ${name.padEnd(32)} ${String(tokens).padStart(5)}`);
    console.log(
      `start to tools/list, median of ${starts}: ${report.start_ms} ms; bare SDK hello ${report.start_bare_ms} ms; ratio ${report.start_ratio} (at most 1.35)`,
    );
    console.log(`usual answers, tokens of their text (at most ${mostAnswerTokens}):`);
    for (const [name, tokens] of answers) console.log(`  ${name.padEnd(40)} ${String(tokens).padStart(5)}`);
    console.log(`resident memory: ${idle} MB idle, ${afterCalls} MB after ${calls} calls`);
    console.log(
      `get_item over stdio: p50 ${report.call_stdio_ms.p50} ms, p99 ${report.call_stdio_ms.p99} ms; made directly: p50 ${report.call_direct_ms.p50} ms, p99 ${report.call_direct_ms.p99} ms`,
    );
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
