import { randomBytes } from 'node:crypto';
import { homedir, userInfo } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { serveStdio as serveFactory } from '@modelcontextprotocol/server/stdio';
import type { Command } from './command-line.ts';
import { type Config, helpText, readConfig, secretsOf } from './config.ts';
import type { Inventory } from './connect.ts';
import { createHide, createLog, type Log } from './log.ts';
import type { ToolCard } from './mcp/describe.ts';
import { guides } from './mcp/guides/index.ts';
import { instructionsFor } from './mcp/instructions.ts';
import preparedReports from './mcp/reports.generated.json' with { type: 'json' };
import { createServerFactory, type ServerParts } from './mcp/server.ts';
import { createLineTransport } from './mcp/stdio.ts';
import preparedCards from './mcp/tools.generated.json' with { type: 'json' };
import { listedCards } from './mcp/toolsets.ts';

// Composition root: the only file that reads the environment, the command line, the clock and random bytes.
// What is not needed before the first call (the catalog, undici, SQLite, the sandbox) is imported when it is.

const version = '0.1.0';
/** A write that has left is awaited for 10 s when the process is asked to end; then there is its outcome to keep. */
const drainMs = 11_000;
const announceAfterMs = 300;
const now = () => Date.now();
const randomId = () => randomBytes(24).toString('base64url');

// Known once the settings are read, which themselves show no secret.
let hide = createHide([]);

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
  if (command.kind === 'audit') return lookAtAudit(config, command);
  hide = createHide(secretsOf(config));
  const log = createLog(config.logLevel, hide);
  for (const warning of config.warnings) log.warn(warning);
  if (command.kind === 'sandbox') await serveSandbox(command, log);
  else if (command.kind === 'http') await serveHttp(config, command, log);
  else if (command.kind === 'watch') await watch(config, command, log);
  else await serveStdio(config, log);
  await log.flush();
}

/** Reads what servers wrote, and starts none. */
async function lookAtAudit(config: Config, command: Extract<Command, { kind: 'audit' }>): Promise<void> {
  const { runAudit } = await import('./connect.ts');
  const stop = new AbortController();
  onStopSignal(() => stop.abort());
  // A reader such as `head` goes when it has had enough.
  process.stdout.on('error', () => process.exit(0));
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  process.exitCode = await runAudit(command, { config, print, signal: stop.signal });
}

async function serveStdio(config: Config, log: Log): Promise<void> {
  const { parts, drain } = createParts(config, log, true);
  const transport = createLineTransport({ input: process.stdin, output: process.stdout });
  const handle = serveFactory(createServerFactory(parts), {
    transport,
    onerror: (error) => log.warn(`protocol: ${error.message.slice(0, 300)}`),
  });
  const ended = new Promise<void>((resolve) => {
    const { onclose } = transport;
    transport.onclose = () => {
      onclose?.();
      resolve();
    };
    onStopSignal(() => void handle.close().then(resolve, resolve));
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
  await Promise.all([Promise.race([listener.close(), after(drainMs)]), drain()]);
}

async function serveSandbox(command: Extract<Command, { kind: 'sandbox' }>, log: Log): Promise<void> {
  const { startSandbox } = await import('./connect.ts');
  const { url, environment, close } = await startSandbox(command, now);
  process.stdout.write(`${environment.join('\n')}\n`);
  log.info(`the sandbox listens on ${url}`);
  await new Promise<void>((resolve) => onStopSignal(resolve));
  await close();
}

/** Serves nobody: it looks, tells, and waits. What it has begun to send is awaited. */
async function watch(config: Config, command: Extract<Command, { kind: 'watch' }>, log: Log): Promise<void> {
  const { watchInventory } = await import('./connect.ts');
  const stop = new AbortController();
  onStopSignal(() => stop.abort());
  announce(config, log);
  process.exitCode = await watchInventory(command, { config, log, now, randomId }, stop.signal);
}

/** What both transports share: the tool table, the greeting, and the parts that answer calls, made at the first one. */
function createParts(config: Config, log: Log, canPush: boolean): { parts: ServerParts; drain: () => Promise<void> } {
  const sandbox = config.mode === 'sandbox';
  const running = new Set<Promise<unknown>>();
  let opened: Promise<Inventory> | undefined;
  const cards = preparedCards as readonly ToolCard[]; // parse boundary: generated from these very cards
  const inventory = () => {
    // It waits for the network most of its time and stands in its user's memory all day: V8 collects its garbage early
    // instead of late. A matter of V8's heuristics only, which it looks up anew each time; a limit could end the process.
    setFlagsFromString('--optimize-for-size');
    opened ??= import('./connect.ts')
      .then(({ openInventory }) => openInventory({ config, log, now, randomId }))
      .catch((error: unknown) => {
        opened = undefined; // the next call tries again
        log.error(`the inventory could not be opened: ${error instanceof Error ? error.stack : 'no reason given'}`);
        throw error;
      });
    return opened;
  };
  const parts: ServerParts = {
    name: 'zoho-inventory-mcp',
    version,
    title: sandbox ? 'Zoho Inventory (SANDBOX, demo data)' : 'Zoho Inventory',
    instructions: instructionsFor({
      sandbox,
      readOnly: config.readOnly,
      confirm: config.confirm,
      isPart: config.toolsets !== undefined,
    }),
    cards: listedCards(cards, config),
    guides,
    reports: preparedReports,
    calls: async () => (await inventory()).calls,
    resources: async () => (await inventory()).resources,
    caller: `local:${userName()}`,
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

/** The user of the state folder. In a container the user may have an id and no name, and `userInfo` throws. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

function onStopSignal(stop: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
}

const after = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms).unref();
  });

/** As Node ends a process that nobody saves, but what it says of the error shows no secret. */
function crash(error: unknown): void {
  const words = error instanceof Error ? (error.stack ?? error.message) : 'failed without an error';
  process.stderr.write(`${hide(words)}\n`, () => process.exit(1));
}
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

main()
  .then(() => process.stdout.write('', () => process.exit()))
  .catch((error: unknown) => {
    // By its name: the second bundle has a ConfigError of its own.
    if (!(error instanceof Error && error.name === 'ConfigError')) return crash(error);
    process.stderr.write(`${error.message}\n`, () => process.exit(1));
  });
