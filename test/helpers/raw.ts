import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from './world.ts';

export interface RawMessage {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { code: number; message: string };
}

/** The built server spoken to in bare lines, for what a well-behaved client would never send. */
export function spawnRaw(options: { env?: Record<string, string>; args?: string[]; directory?: string } = {}) {
  const directory = options.directory ?? temporaryDirectory();
  const child = spawn(process.execPath, ['dist/main.js', ...(options.args ?? [])], {
    env: {
      PATH: process.env.PATH,
      HOME: directory,
      INVENTORY_DATA_DIR: directory,
      INVENTORY_LOG_LEVEL: 'warn',
      ...options.env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const messages: RawMessage[] = [];
  const strayLines: string[] = [];
  let stderr = '';
  const waiting: (() => void)[] = [];
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    try {
      messages.push(JSON.parse(line));
    } catch {
      strayLines.push(line);
    }
    for (const wake of waiting.splice(0)) wake();
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  void exited.then(() => {
    for (const wake of waiting.splice(0)) wake();
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });

  /** Waits for the first message that fits, those that came before included. */
  async function message(fits: (message: RawMessage) => boolean): Promise<RawMessage> {
    for (;;) {
      const found = messages.find(fits);
      if (found) return found;
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${stderr.slice(-500)}`);
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  let id = 100;
  const request = (method: string, params: Record<string, unknown> = {}) => {
    id += 1;
    const own = id;
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: own, method, params })}\n`);
    return message((reply) => reply.id === own);
  };

  return {
    child,
    messages,
    strayLines,
    exited,
    message,
    request,
    stderr: () => stderr,
    line: (text: string) => child.stdin.write(`${text}\n`),
    call: (name: string, args: unknown) => request('tools/call', { name, arguments: args }),
    initialize: async (protocolVersion = '2025-11-25') => {
      const reply = await request('initialize', {
        protocolVersion,
        capabilities: {},
        clientInfo: { name: 'raw', version: '1' },
      });
      child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
      return reply;
    },
  };
}
