import { join } from 'node:path';
import { mailServerOf } from './alert-settings.ts';
import { createMail } from './alerts/mail.ts';
import { createOutbox, withOutbox } from './alerts/outbox.ts';
import { createRound } from './alerts/round.ts';
import { watchStock } from './alerts/watch.ts';
import type { Way } from './alerts/way.ts';
import { createWebhook } from './alerts/webhook.ts';
import { createInventoryClient, type InventoryClient, type SharedStore } from './client/client.ts';
import type { Client } from './client/contract.ts';
import { type DataCenterName, dataCenters } from './client/data-centers.ts';
import { limitsOf } from './client/plans.ts';
import { sleep } from './client/wait.ts';
import type { Command } from './command-line.ts';
import { type Config, ConfigError, secretsOf } from './config.ts';
import { createFileReader } from './files.ts';
import type { Log } from './log.ts';
import { audited } from './mcp/audit.ts';
import { type Calls, createCalls } from './mcp/call.ts';
import { createSaveFile } from './mcp/files.ts';
import { createResources, type Resources } from './mcp/resources.ts';
import { mostImageBytes } from './operations/images.ts';
import { listOrganizations } from './operations/organizations.ts';
import { createFaults, type Faults } from './sandbox/faults.ts';
import { readFaultFile } from './sandbox/faults-file.ts';
import { FaultPlanError } from './sandbox/faults-plan.ts';
import { environmentLines, listenSandbox } from './sandbox/listen.ts';
import { createSandbox, sandboxCredentials, sandboxOrganizationId } from './sandbox/server.ts';
import { openDatabase } from './sqlite.ts';
import { openAudit } from './state/audit.ts';
import { runAuditCommand } from './state/audit-command.ts';
import { openEmbeddedState } from './state/embedded.ts';

// The second half of the composition root: all that is not needed before the first call. It is a bundle of its own, so
// that starting does not read the catalog, the client and the sandbox.

export interface Surroundings {
  readonly config: Config;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Url-safe, 128 random bits or more. */
  readonly randomId: () => string;
}

interface Connection {
  readonly client: InventoryClient;
  readonly organization: string;
  /** As `get_api_usage` names it. */
  readonly plan: string;
}

/** The embedded inventory has no quota to spare; over a port it keeps the API's. */
const ownLimits = { perMinute: 60_000, perDay: 10_000_000, atOnce: 10 };

/** What answers tools, and what answers resources; both over one connection. */
export interface Inventory {
  readonly calls: Calls;
  readonly resources: Resources;
}

const auditFolder = ({ dataDirectory }: Config) => join(dataDirectory, 'audit');

/** `audit verify` and `audit tail`; answers the exit code. */
export function runAudit(
  command: Extract<Command, { kind: 'audit' }>,
  { config, print, signal }: { config: Config; print: (line: string) => void; signal: AbortSignal },
): Promise<number> {
  return runAuditCommand(command, { directory: auditFolder(config), print, sleep, signal });
}

/** The same calls, leaving a line of each that writes, where the operator did not turn that off. */
function withAudit(calls: Calls, { config, log, now }: Surroundings): Calls {
  if (!config.audit.on) return calls;
  const warn = (message: string) => log.warn(message);
  const directory = auditFolder(config);
  const trail = openAudit({ directory, maxBytes: config.audit.maxBytes, now, warn });
  return audited(calls, { trail, now, warn, secrets: secretsOf(config) });
}

/** Client, state and guard, wired for an account or for the embedded inventory. */
export function openInventory(surroundings: Surroundings): Inventory {
  const { config, log, now, randomId } = surroundings;
  const state = openEmbeddedState({ directory: config.dataDirectory, now });
  const connection = connect(surroundings, state);
  const { organization, plan } = connection;
  const outbox = createOutbox({
    ways: waysOf(config),
    ...{ state, now, randomId, organization, demo: config.mode === 'sandbox' },
  });
  const client = withOutbox(connection.client, outbox);
  const about = readOnce(client, organization);
  const calls = createCalls({
    client,
    state,
    settings: {
      organization,
      confirm: config.confirm,
      readOnly: config.readOnly,
      ...(config.confirmAbove === undefined ? {} : { confirmAbove: config.confirmAbove }),
    },
    now,
    randomId,
    warn: (message) => log.warn(message),
    organization: about,
    quota: { usage: client.usage, callsLeft: client.callsLeft, plan },
    ...(config.filesDirectory === undefined || config.command.kind === 'http'
      ? {}
      : { saveFile: createSaveFile(config.filesDirectory, randomId) }),
  });
  return {
    calls: withAudit(calls, surroundings),
    resources: createResources({ client, now, organization: about }),
  };
}

/** Whom the operator wants told. */
const waysOf = ({ alerts: { mail, webhook } }: Config): readonly Way[] => [
  ...(mail ? [createMail({ ...mailServerOf(mail.smtpUrl.reveal()), from: mail.from, to: mail.to })] : []),
  ...(webhook ? [createWebhook({ url: webhook.reveal() })] : []),
];

/** `watch`; answers the exit code. */
export async function watchInventory(
  command: Extract<Command, { kind: 'watch' }>,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<number> {
  const { config, log, now, randomId } = surroundings;
  const state = openEmbeddedState({ directory: config.dataDirectory, now });
  const { client, organization } = connect(surroundings, state);
  const round = createRound({
    ...{ client, state, now, randomId, organization, log, demo: config.mode === 'sandbox' },
    ways: waysOf(config),
  });
  const code = await watchStock({ round, everyMs: command.everyMs, once: command.once, sleep, log, signal });
  await client.close();
  state.close();
  return code;
}

/** The client over the network, or over the embedded inventory in this process. */
function connect({ config, log, now, randomId }: Surroundings, sharedStore: SharedStore): Connection {
  // Who reaches this server over HTTP sits at another machine, and has no business in this one's files.
  const readFile =
    config.filesDirectory === undefined || config.command.kind === 'http'
      ? undefined
      : createFileReader(config.filesDirectory, mostImageBytes);
  const { mark } = config;
  const shared = {
    ...{ now, sleep, random: Math.random, randomId, readFile, mark },
    log: (message: string) => log.warn(message),
  };
  if (config.mode === 'sandbox') {
    const database = openDatabase(config.sandboxData ?? ':memory:');
    const sandbox = createSandbox({ database, now, seed: 'demo', limits: ownLimits });
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
    return { client, organization: sandboxOrganizationId, plan: 'none: the sandbox' };
  }
  const { credentials, organizationId, plan = 'professional', planFigures, ...hosts } = config.zoho;
  const center = dataCenters[hosts.dataCenter.toUpperCase() as DataCenterName]; // the settings spell the same names small
  const target = {
    ...shared,
    apiDomain: hosts.apiDomain ?? center.apiDomain,
    organizationId,
    limits: limitsOf(plan, planFigures),
    // What the organization may ask is asked by all processes on the data folder together.
    sharedStore,
  };
  const client =
    credentials.kind === 'access'
      ? createInventoryClient({ ...target, accessToken: credentials.accessToken.reveal() })
      : createInventoryClient({
          ...target,
          accountsUrl: hosts.accountsUrl ?? center.accountsUrl,
          credentials: {
            clientId: credentials.clientId,
            clientSecret: credentials.clientSecret.reveal(),
            refreshToken: credentials.refreshToken.reveal(),
          },
        });
  return { client, organization: organizationId, plan: `${plan}, ${planFigures} figures` };
}

/** Zone and base currency of the organization, asked once; a failure is asked again at the next call. */
function readOnce(client: Client, organization: string) {
  type Organization = { timeZone?: string; currency?: string };
  let known: Promise<Organization> | undefined;
  const read = async (): Promise<Organization> => {
    const { organizations } = await client.call(listOrganizations, {});
    const rows: Record<string, unknown>[] = Array.isArray(organizations) ? organizations : [];
    const row = rows.find(({ organization_id }) => organization_id === organization) ?? {};
    return {
      ...(typeof row.time_zone === 'string' ? { timeZone: row.time_zone } : {}),
      ...(typeof row.currency_code === 'string' ? { currency: row.currency_code } : {}),
    };
  };
  return () => {
    known ??= read().catch(() => {
      known = undefined;
      return {};
    });
    return known;
  };
}

/** The faults of a file. What is wrong with it is said like a wrong setting. */
function faultsIn(file: string): Faults {
  try {
    return createFaults(readFaultFile(file));
  } catch (error) {
    if (error instanceof FaultPlanError) throw new ConfigError(error.problems.map((problem) => `--faults: ${problem}`));
    throw error;
  }
}

/** The embedded inventory on a loopback port, and the variables that point a server at it. */
export async function startSandbox(
  command: Extract<Command, { kind: 'sandbox' }>,
  now: () => number,
): Promise<{ url: string; environment: string[]; close: () => Promise<void> }> {
  const { faultsFile } = command;
  const faults = faultsFile === undefined ? {} : { faults: faultsIn(faultsFile) };
  const database = openDatabase(command.data ?? ':memory:');
  const sandbox = createSandbox({ database, now, seed: command.seed, ...faults });
  const { url, close } = await listenSandbox({ sandbox, port: command.port });
  return {
    url,
    environment: environmentLines(url),
    close: async () => {
      await close();
      database.close();
    },
  };
}
