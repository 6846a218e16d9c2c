import { randomBytes } from 'node:crypto';
import { homedir, userInfo } from 'node:os';
import { serveStdio as serveFactory } from '@modelcontextprotocol/server/stdio';
import type { Command } from './command-line.ts';
import { type Config, ConfigError, helpText, readConfig } from './config.ts';
import { createLog, type Log } from './log.ts';
import type { Calls } from './mcp/call.ts';
import type { ToolCard } from './mcp/describe.ts';
import { instructionsFor } from './mcp/instructions.ts';
import { createServerFactory, type ServerParts } from './mcp/server.ts';
import { createLineTransport } from './mcp/stdio.ts';
import preparedCards from './mcp/tools.generated.json' with { type: 'json' };

// Composition root: the only file that reads the environment, the command line, the clock and random bytes.
// What is not needed before the first call (the catalog, undici, SQLite, the sandbox) is imported when it is.

const version = '0.1.0';
/** A write that has left is awaited this long when the process is asked to end. */
const drainMs = 10_000;
const announceAfterMs = 300;
const now = () => Date.now();
const randomId = () => randomBytes(24).toString('base64url');

async function main(): Promise<void> {
  const config = readConfig({
    env: process.env,
    argv: process.argv.slice(2),
    homeDirectory: homedir(),
    platform: process.platform,
  });
  const { command } = config;
  if (command.kind === 'help') return void process.stdout.write(helpText());
  if (command.kind === 'version') return void process.stdout.write(`${version}\n`);
  const log = createLog(config.logLevel);
  for (const warning of config.warnings) log.warn(warning);
  if (command.kind === 'sandbox') await serveSandbox(command, log);
  else if (command.kind === 'http') await serveHttp(config, command, log);
  else await serveStdio(config, log);
  await log.flush();
}

async function serveStdio(config: Config, log: Log): Promise<void> {
  const { parts, drain } = createParts(config, log, true);
  const transport = createLineTransport({ input: process.stdin, output: process.stdout });
  const handle = serveFactory(createServerFactory(parts), {
    transport,
    onerror: (error) => log.warn(`protocol: ${error.message}`),
  });
  const ended = new Promise<void>((resolve) => {
    const { onclose } = transport;
    transport.onclose = () => {
      onclose?.();
      resolve();
    };
    onStopSignal(() => void handle.close().then(resolve));
  });
  // Said a moment later: loading the log must not stand in the way of the first answer.
  let said = false;
  const say = () => {
    if (!said) announce(config, log);
    said = true;
  };
  const timer = setTimeout(say, announceAfterMs);
  await ended;
  clearTimeout(timer);
  say();
  await drain();
}

async function serveHttp(config: Config, command: Extract<Command, { kind: 'http' }>, log: Log): Promise<void> {
  const { listenHttp } = await import('./mcp/http.ts');
  const { parts, drain } = createParts(config, log, false);
  const listener = await listenHttp({
    factory: createServerFactory(parts),
    host: command.host,
    port: command.port,
    onError: (error) => log.warn(`http: ${error.message}`),
  });
  announce(config, log);
  log.info(`listening on ${listener.url}`, { url: listener.url });
  await new Promise<void>((resolve) => onStopSignal(resolve));
  await Promise.race([listener.close(), after(drainMs)]);
  await drain();
}

async function serveSandbox(command: Extract<Command, { kind: 'sandbox' }>, log: Log): Promise<void> {
  const { startSandbox } = await import('./connect.ts');
  const { url, environment, close } = await startSandbox(command, now);
  process.stdout.write(`${environment.join('\n')}\n`);
  log.info(`the sandbox listens on ${url}`);
  await new Promise<void>((resolve) => onStopSignal(resolve));
  await close();
}

/** What both transports share: the tool table, the greeting, and the parts that answer calls, made at the first one. */
function createParts(config: Config, log: Log, canPush: boolean): { parts: ServerParts; drain: () => Promise<void> } {
  const sandbox = config.mode === 'sandbox';
  const running = new Set<Promise<unknown>>();
  let calls: Promise<Calls> | undefined;
  const noYes = config.readOnly || config.confirm === 'elicitation';
  const cards = preparedCards as readonly ToolCard[]; // parse boundary: generated from these very cards
  const parts: ServerParts = {
    name: 'zoho-inventory-mcp',
    version,
    title: sandbox ? 'Zoho Inventory (SANDBOX, demo data)' : 'Zoho Inventory',
    instructions: instructionsFor({ sandbox, readOnly: config.readOnly, confirm: config.confirm }),
    cards: cards.filter(({ name, annotations }) =>
      name === 'confirm_action' ? !noYes : !config.readOnly || annotations.readOnlyHint,
    ),
    calls: () => {
      calls ??= import('./connect.ts')
        .then(({ createInventoryCalls }) => createInventoryCalls({ config, log, now, randomId }))
        .catch((error: unknown) => {
          calls = undefined; // the next call tries again
          throw error;
        });
      return calls;
    },
    caller: `local:${userInfo().username}`,
    canPush,
    track: (work) => {
      running.add(work);
      return work.finally(() => running.delete(work));
    },
  };
  return { parts, drain: async () => void (await Promise.race([Promise.allSettled(running), after(drainMs)])) };
}

function announce(config: Config, log: Log): void {
  if (config.mode === 'sandbox') {
    log.warn(
      'SANDBOX: no credentials are set, so this server runs on an embedded demo inventory. Nothing reaches an account.',
    );
  } else {
    log.info(
      `connected to organization ${config.zoho.organizationId} (${config.zoho.apiDomain ?? config.zoho.dataCenter})`,
    );
  }
}

function onStopSignal(stop: () => void): void {
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

const after = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms).unref();
  });

main()
  .then(() => process.stdout.write('', () => process.exit(0)))
  .catch((error: unknown) => {
    const message =
      error instanceof ConfigError
        ? error.message
        : `${error instanceof Error ? (error.stack ?? error.message) : 'start failed'}`;
    process.stderr.write(`${message}\n`, () => process.exit(1));
  });
