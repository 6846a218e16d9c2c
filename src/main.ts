import { randomBytes } from 'node:crypto';
import { homedir, userInfo } from 'node:os';
import type { Client } from './client/client.ts';
import { type Config, ConfigError, helpText, readConfig } from './config.ts';
import { createLog, type Log } from './log.ts';
import type { Calls } from './mcp/call.ts';
import type { ToolCard } from './mcp/describe.ts';
import { instructionsFor } from './mcp/instructions.ts';
import { createServerFactory, type ServerParts } from './mcp/server.ts';
import preparedCards from './mcp/tools.generated.json' with { type: 'json' };

// Composition root: the only file that reads the environment, the command line, the clock and random bytes.
// What is not needed before the first call (the catalog, undici, SQLite, the sandbox) is imported when it is.

const version = '0.1.0';
/** A write that has left is awaited this long when the process is asked to end. */
const drainMs = 10_000;
const now = () => Date.now();
/** The embedded inventory has no quota to spare; over a port it keeps the API's. */
const ownLimits = { perMinute: 60_000, perDay: 10_000_000, atOnce: 10 };
const randomId = () => randomBytes(24).toString('base64url');

async function main(): Promise<void> {
  const config = readConfig({
    env: process.env,
    argv: process.argv.slice(2),
    homeDirectory: homedir(),
    platform: process.platform,
  });
  const { command } = config;
  if (command.kind === 'help') return void process.stdout.write(helpText);
  if (command.kind === 'version') return void process.stdout.write(`${version}\n`);
  const log = createLog(config.logLevel);
  for (const warning of config.warnings) log.warn(warning);
  if (command.kind === 'sandbox') return serveSandbox(command, log);
  if (command.kind === 'http') return serveHttp(config, command, log);
  return serveStdio(config, log);
}

async function serveStdio(config: Config, log: Log): Promise<void> {
  const [sdk, { createLineTransport }] = await Promise.all([
    import('@modelcontextprotocol/server/stdio'),
    import('./mcp/stdio.ts'),
  ]);
  const { parts, drain } = createParts(config, log, true);
  const transport = createLineTransport({ input: process.stdin, output: process.stdout });
  const handle = sdk.serveStdio(createServerFactory(parts), {
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
  setImmediate(() => announce(config, log));
  await ended;
  await drain();
}

async function serveHttp(
  config: Config,
  command: Extract<Config['command'], { kind: 'http' }>,
  log: Log,
): Promise<void> {
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

async function serveSandbox(command: Extract<Config['command'], { kind: 'sandbox' }>, log: Log): Promise<void> {
  const [{ createSandbox }, { environmentLines, listenSandbox }, { openDatabase }] = await Promise.all([
    import('./sandbox/server.ts'),
    import('./sandbox/listen.ts'),
    import('./sqlite.ts'),
  ]);
  const database = openDatabase(command.data ?? ':memory:');
  const sandbox = createSandbox({ database, now, seed: command.seed });
  const listener = await listenSandbox({ sandbox, port: command.port });
  process.stdout.write(`${environmentLines(listener.url).join('\n')}\n`);
  log.info(`the sandbox listens on ${listener.url}`);
  await new Promise<void>((resolve) => onStopSignal(resolve));
  await listener.close();
  database.close();
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
      calls ??= createInventoryCalls(config, log).catch((error: unknown) => {
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

/** Client, state and guard, wired for an account or for the embedded inventory. */
async function createInventoryCalls(config: Config, log: Log): Promise<Calls> {
  const [{ createCalls }, { openEmbeddedState }, { listOrganizations }] = await Promise.all([
    import('./mcp/call.ts'),
    import('./state/embedded.ts'),
    import('./operations/organizations.ts'),
  ]);
  const { client, organization } = await createConnection(config, log);
  type Organization = { timeZone?: string; currency?: string };
  let known: Promise<Organization> | undefined;
  const readOrganization = async (): Promise<Organization> => {
    const { organizations } = await client.call(listOrganizations, {});
    const rows: Record<string, unknown>[] = Array.isArray(organizations) ? organizations : [];
    const row = rows.find(({ organization_id }) => organization_id === organization) ?? {};
    return {
      ...(typeof row.time_zone === 'string' ? { timeZone: row.time_zone } : {}),
      ...(typeof row.currency_code === 'string' ? { currency: row.currency_code } : {}),
    };
  };
  return createCalls({
    client,
    state: openEmbeddedState({ directory: config.dataDirectory, now }),
    settings: {
      organization,
      confirm: config.confirm,
      readOnly: config.readOnly,
      ...(config.confirmAbove === undefined ? {} : { confirmAboveMinor: Math.round(config.confirmAbove * 100) }),
    },
    now,
    randomId,
    warn: (message) => log.warn(message),
    organization: () => {
      known ??= readOrganization().catch(() => {
        known = undefined; // asked again at the next call
        return {};
      });
      return known;
    },
  });
}

/** The client over the network, or over the embedded inventory in this process. */
async function createConnection(config: Config, log: Log): Promise<{ client: Client; organization: string }> {
  const [{ createInventoryClient }, { dataCenters }, { planLimits }, { sleep }] = await Promise.all([
    import('./client/client.ts'),
    import('./client/data-centers.ts'),
    import('./client/plans.ts'),
    import('./client/wait.ts'),
  ]);
  const shared = { now, sleep, random: Math.random, log: (message: string) => log.warn(message) };
  if (config.mode === 'sandbox') {
    const [{ createSandbox }, { sandboxCredentials, sandboxOrganizationId }, { openDatabase }] = await Promise.all([
      import('./sandbox/server.ts'),
      import('./sandbox/credentials.ts'),
      import('./sqlite.ts'),
    ]);
    const sandbox = createSandbox({
      database: openDatabase(config.sandboxData ?? ':memory:'),
      now,
      seed: 'demo',
      limits: ownLimits,
    });
    const client = createInventoryClient({
      ...shared,
      apiDomain: 'http://sandbox.invalid',
      accountsUrl: 'http://sandbox.invalid',
      credentials: {
        clientId: sandboxCredentials.client_id,
        clientSecret: sandboxCredentials.client_secret,
        refreshToken: sandboxCredentials.refresh_token,
      },
      organizationId: sandboxOrganizationId,
      limits: ownLimits,
      dispatch: sandbox.handle,
    });
    return { client, organization: sandboxOrganizationId };
  }
  const { zoho } = config;
  const { login } = zoho;
  const center = dataCenters[zoho.dataCenter];
  const target = {
    ...shared,
    apiDomain: zoho.apiDomain ?? center.apiDomain,
    organizationId: zoho.organizationId,
    limits: planLimits[zoho.plan],
  };
  const client =
    login.kind === 'token'
      ? createInventoryClient({ ...target, accessToken: login.accessToken.reveal() })
      : createInventoryClient({
          ...target,
          accountsUrl: zoho.accountsUrl ?? center.accountsUrl,
          credentials: {
            clientId: login.clientId,
            clientSecret: login.clientSecret.reveal(),
            refreshToken: login.refreshToken.reveal(),
          },
        });
  return { client, organization: zoho.organizationId };
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
