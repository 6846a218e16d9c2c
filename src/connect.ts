import type { Client } from './client/client.ts';
import { createInventoryClient } from './client/client.ts';
import { type DataCenterName, dataCenters } from './client/data-centers.ts';
import { planLimits } from './client/plans.ts';
import { sleep } from './client/wait.ts';
import type { Command } from './command-line.ts';
import type { Config } from './config.ts';
import { createFileReader } from './files.ts';
import type { Log } from './log.ts';
import { type Calls, createCalls } from './mcp/call.ts';
import { createSaveFile } from './mcp/files.ts';
import { createResources, type Resources } from './mcp/resources.ts';
import { mostImageBytes } from './operations/images.ts';
import { listOrganizations } from './operations/organizations.ts';
import { environmentLines, listenSandbox } from './sandbox/listen.ts';
import { createSandbox, sandboxCredentials, sandboxOrganizationId } from './sandbox/server.ts';
import { openDatabase } from './sqlite.ts';
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
  readonly client: Client;
  readonly organization: string;
}

/** The embedded inventory has no quota to spare; over a port it keeps the API's. */
const ownLimits = { perMinute: 60_000, perDay: 10_000_000, atOnce: 10 };

/** What answers tools, and what answers resources; both over one connection. */
export interface Inventory {
  readonly calls: Calls;
  readonly resources: Resources;
}

/** Client, state and guard, wired for an account or for the embedded inventory. */
export function openInventory(surroundings: Surroundings): Inventory {
  const { config, log, now, randomId } = surroundings;
  const { client, organization } = connect(surroundings);
  const about = readOnce(client, organization);
  const calls = createCalls({
    client,
    state: openEmbeddedState({ directory: config.dataDirectory, now }),
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
    ...(config.filesDirectory === undefined || config.command.kind === 'http'
      ? {}
      : { saveFile: createSaveFile(config.filesDirectory, randomId) }),
  });
  return { calls, resources: createResources({ client, now, organization: about }) };
}

/** The client over the network, or over the embedded inventory in this process. */
function connect({ config, log, now }: Surroundings): Connection {
  // Who reaches this server over HTTP sits at another machine, and has no business in this one's files.
  const readFile =
    config.filesDirectory === undefined || config.command.kind === 'http'
      ? undefined
      : createFileReader(config.filesDirectory, mostImageBytes);
  const shared = { now, sleep, random: Math.random, log: (message: string) => log.warn(message), readFile };
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
    return { client, organization: sandboxOrganizationId };
  }
  const { credentials, organizationId, plan = 'professional', ...hosts } = config.zoho;
  const center = dataCenters[hosts.dataCenter.toUpperCase() as DataCenterName]; // the settings spell the same names small
  const target = {
    ...shared,
    apiDomain: hosts.apiDomain ?? center.apiDomain,
    organizationId,
    limits: planLimits[plan],
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
  return { client, organization: organizationId };
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

/** The embedded inventory on a loopback port, and the variables that point a server at it. */
export async function startSandbox(
  command: Extract<Command, { kind: 'sandbox' }>,
  now: () => number,
): Promise<{ url: string; environment: string[]; close: () => Promise<void> }> {
  const database = openDatabase(command.data ?? ':memory:');
  const sandbox = createSandbox({ database, now, seed: command.seed });
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
