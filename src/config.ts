import { join } from 'node:path';
import { inspect, parseArgs } from 'node:util';
import { distance } from 'fastest-levenshtein';
import * as z from 'zod';

/** The settings cannot be used; the message lists all faults at once and what would be right. */
export class ConfigError extends Error {}

/** A value that prints as `[hidden]` wherever it is printed by accident. */
export interface Secret {
  reveal(): string;
}

export function secret(value: string): Secret {
  return {
    reveal: () => value,
    toString: () => '[hidden]',
    toJSON: () => '[hidden]',
    [inspect.custom]: () => '[hidden]',
  } as Secret; // the printing methods are no part of its use
}

export type Command =
  | { readonly kind: 'stdio' | 'help' | 'version' }
  | { readonly kind: 'http'; readonly host: string; readonly port: number }
  | { readonly kind: 'sandbox'; readonly port: number; readonly data?: string; readonly seed: 'demo' | 'empty' };

const dataCenterNames = ['US', 'EU', 'IN', 'AU', 'JP', 'CA', 'CN', 'SA', 'UK'] as const;
const planNames = ['free', 'standard', 'professional', 'premium', 'enterprise'] as const;

export interface ZohoSettings {
  readonly organizationId: string;
  readonly dataCenter: (typeof dataCenterNames)[number];
  readonly plan: (typeof planNames)[number];
  /** Other hosts than the data centre's. */
  readonly apiDomain?: string;
  readonly accountsUrl?: string;
  readonly login:
    | {
        readonly kind: 'refresh';
        readonly clientId: string;
        readonly clientSecret: Secret;
        readonly refreshToken: Secret;
      }
    | { readonly kind: 'token'; readonly accessToken: Secret };
}

interface CommonConfig {
  readonly command: Command;
  readonly confirm: 'auto' | 'token' | 'elicitation';
  /** In base currency, major units. */
  readonly confirmAbove?: number;
  readonly readOnly: boolean;
  readonly dataDirectory: string;
  readonly logLevel: string;
  /** For the log: settings that are not ours, and may be misread. */
  readonly warnings: readonly string[];
}

export type Config = CommonConfig &
  (
    | { readonly mode: 'sandbox'; readonly sandboxData?: string }
    | { readonly mode: 'live'; readonly zoho: ZohoSettings }
  );

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

const choice = <const T extends readonly [string, ...string[]]>(names: T) =>
  z.enum(names, { error: `must be one of ${names.join(', ')}` });
const host = z
  .string()
  .refine(isSafeUrl, 'must be an https:// address (http:// only for this machine)')
  .transform((url) => url.replace(/\/+$/, ''));
const yesNo = z
  .string()
  .toLowerCase()
  .pipe(choice(['1', 'true', 'yes', '0', 'false', 'no']))
  .transform((value) => ['1', 'true', 'yes'].includes(value));

/** Every variable there is. What is not here and looks like it is a misspelling, or belongs to another program. */
const variables = z.object({
  ZOHO_CLIENT_ID: z.string().optional(),
  ZOHO_CLIENT_SECRET: z.string().optional(),
  ZOHO_REFRESH_TOKEN: z.string().optional(),
  ZOHO_ACCESS_TOKEN: z.string().optional(),
  ZOHO_ORGANIZATION_ID: z
    .string()
    .regex(/^\d{1,19}$/, 'must be digits only')
    .optional(),
  ZOHO_DATA_CENTER: z.string().toUpperCase().pipe(choice(dataCenterNames)).default('US'),
  ZOHO_PLAN: z.string().toLowerCase().pipe(choice(planNames)).default('professional'),
  ZOHO_API_DOMAIN: host.optional(),
  ZOHO_ACCOUNTS_URL: host.optional(),
  INVENTORY_CONFIRM: z
    .string()
    .toLowerCase()
    .pipe(choice(['auto', 'token', 'elicitation']))
    .default('auto'),
  INVENTORY_CONFIRM_ABOVE: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,2})?$/, 'must be an amount like 2500 or 2500.00')
    .transform(Number)
    .optional(),
  INVENTORY_READ_ONLY: yesNo.default(false),
  INVENTORY_DATA_DIR: z.string().optional(),
  INVENTORY_SANDBOX_DATA: z.string().optional(),
  INVENTORY_LOG_LEVEL: z
    .string()
    .toLowerCase()
    .pipe(choice(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']))
    .default('info'),
});

const known = Object.keys(variables.shape);
const flags = {
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  seed: { type: 'string' },
  'read-only': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;
const flagsOf: Record<string, readonly string[]> = {
  stdio: ['read-only'],
  http: ['port', 'host', 'read-only'],
  sandbox: ['port', 'data', 'seed'],
};

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Without the program's own name. */
  readonly argv: readonly string[];
  readonly homeDirectory: string;
  readonly platform: NodeJS.Platform;
}

/** Settings from the environment and the command line. Throws ConfigError with every fault found. */
export function readConfig({ env, argv, homeDirectory, platform }: Surroundings): Config {
  const faults: string[] = [];
  const given = givenVariables(env);
  const warnings = strangers(given, faults);
  const { command, readOnly } = readCommand(argv, faults);
  const parsed = variables.safeParse(given);
  if (!parsed.success) faults.push(...parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`));
  const needsServer = command.kind === 'stdio' || command.kind === 'http';
  if (parsed.success && needsServer) faults.push(...missingCredentials(parsed.data));
  if (faults.length > 0 || !parsed.success)
    throw new ConfigError(`The settings cannot be used:\n${faults.map((fault) => `- ${fault}`).join('\n')}`);

  const values = parsed.data;
  const common: CommonConfig = {
    command,
    confirm: values.INVENTORY_CONFIRM,
    ...(values.INVENTORY_CONFIRM_ABOVE === undefined ? {} : { confirmAbove: values.INVENTORY_CONFIRM_ABOVE }),
    readOnly: readOnly || values.INVENTORY_READ_ONLY,
    dataDirectory: values.INVENTORY_DATA_DIR ?? defaultDataDirectory(env, homeDirectory, platform),
    logLevel: values.INVENTORY_LOG_LEVEL,
    warnings,
  };
  const login = loginOf(values);
  if (!login || values.ZOHO_ORGANIZATION_ID === undefined) {
    return {
      ...common,
      mode: 'sandbox',
      ...(values.INVENTORY_SANDBOX_DATA ? { sandboxData: values.INVENTORY_SANDBOX_DATA } : {}),
    };
  }
  return {
    ...common,
    mode: 'live',
    zoho: {
      organizationId: values.ZOHO_ORGANIZATION_ID,
      dataCenter: values.ZOHO_DATA_CENTER,
      plan: values.ZOHO_PLAN,
      login,
      ...(values.ZOHO_API_DOMAIN ? { apiDomain: values.ZOHO_API_DOMAIN } : {}),
      ...(values.ZOHO_ACCOUNTS_URL ? { accountsUrl: values.ZOHO_ACCOUNTS_URL } : {}),
    },
  };
}

type Values = z.output<typeof variables>;

/** Blank counts as unset, and so does the text Claude Desktop sends for an optional setting that was left blank. */
function givenVariables(env: Surroundings['env']): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (!/^(ZOHO|INVENTORY)_/.test(name) || value === undefined) continue;
    const text = value.trim();
    if (text !== '' && !/^\$\{user_config\.[^}]*\}$/.test(text)) given[name] = text;
  }
  return given;
}

/** Variables with our prefix that we do not know: two letters from one of ours is a misspelling, else only worth a warning. */
function strangers(given: Record<string, string>, faults: string[]): string[] {
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  const others: string[] = [];
  for (const name of unknown) {
    const right = nearest(name, known, 2);
    if (right) faults.push(`${name} is not a setting. Did you mean ${right}?`);
    else others.push(name);
  }
  return others.length > 0
    ? [`These variables are not settings of this server and are left alone: ${others.join(', ')}.`]
    : [];
}

function readCommand(argv: readonly string[], faults: string[]): { command: Command; readOnly: boolean } {
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options: flags,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const stdio: Command = { kind: 'stdio' };
  const [name = 'stdio', ...more] = positionals;
  const names = Object.keys(flagsOf);
  if (!names.includes(name)) {
    const right = nearest(name, names, 2);
    faults.push(
      `"${name}" is not a command.${right ? ` Did you mean ${right}?` : ` There are http and sandbox; none serves over stdio.`}`,
    );
    return { command: stdio, readOnly: false };
  }
  if (more.length > 0) faults.push(`"${more.join(' ')}" after ${name} is not understood.`);
  const allowed = [...(flagsOf[name] ?? []), 'help', 'version'];
  for (const token of tokens) {
    if (token.kind !== 'option' || allowed.includes(token.name)) continue;
    const right = nearest(token.name, allowed, 2);
    faults.push(
      `${token.rawName} is not a flag${name === 'stdio' ? '' : ` of ${name}`}.${right ? ` Did you mean --${right}?` : ` There are ${allowed.map((flag) => `--${flag}`).join(' ')}.`}`,
    );
  }
  const readOnly = values['read-only'] === true;
  if (values.help) return { command: { kind: 'help' }, readOnly };
  if (values.version) return { command: { kind: 'version' }, readOnly };
  if (name === 'http')
    return {
      command: { kind: 'http', host: loopback(values.host, faults), port: portOf(values.port, 3333, faults) },
      readOnly,
    };
  if (name === 'sandbox') {
    const seed = values.seed ?? 'demo';
    if (seed !== 'demo' && seed !== 'empty') faults.push('--seed must be demo or empty.');
    const data = typeof values.data === 'string' ? { data: values.data } : {};
    return {
      command: {
        kind: 'sandbox',
        port: portOf(values.port, 0, faults),
        seed: seed === 'empty' ? 'empty' : 'demo',
        ...data,
      },
      readOnly,
    };
  }
  return { command: stdio, readOnly };
}

function loopback(value: unknown, faults: string[]): string {
  const host = typeof value === 'string' ? value : '127.0.0.1';
  if (!loopbackHosts.has(host)) {
    faults.push(
      `--host ${host} is refused: there is no access control yet, so this server listens on loopback only (127.0.0.1, ::1, localhost).`,
    );
  }
  return host === '[::1]' ? '::1' : host;
}

function portOf(value: unknown, fallback: number, faults: string[]): number {
  if (value === undefined) return fallback;
  const port = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (!(port <= 65_535)) faults.push('--port must be a number from 0 (any free port) to 65535.');
  return port;
}

/** All three OAuth values or a direct token, and the organization; none of them is the sandbox. */
function missingCredentials(values: Values): string[] {
  const oauth = ['ZOHO_CLIENT_ID', 'ZOHO_CLIENT_SECRET', 'ZOHO_REFRESH_TOKEN'] as const;
  const set = [...oauth, 'ZOHO_ACCESS_TOKEN' as const, 'ZOHO_ORGANIZATION_ID' as const].filter(
    (name) => values[name] !== undefined,
  );
  if (set.length === 0) return [];
  const missing = [
    ...(values.ZOHO_ACCESS_TOKEN === undefined ? oauth.filter((name) => values[name] === undefined) : []),
    ...(values.ZOHO_ORGANIZATION_ID === undefined ? ['ZOHO_ORGANIZATION_ID'] : []),
  ];
  if (missing.length === 0) return [];
  return [
    `${set.join(', ')} ${set.length === 1 ? 'is' : 'are'} set, but ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing. Set all of them, or none to run on the sandbox.`,
  ];
}

function loginOf(values: Values): ZohoSettings['login'] | undefined {
  const {
    ZOHO_CLIENT_ID: clientId,
    ZOHO_CLIENT_SECRET: clientSecret,
    ZOHO_REFRESH_TOKEN: refreshToken,
    ZOHO_ACCESS_TOKEN: accessToken,
  } = values;
  if (clientId !== undefined && clientSecret !== undefined && refreshToken !== undefined) {
    return { kind: 'refresh', clientId, clientSecret: secret(clientSecret), refreshToken: secret(refreshToken) };
  }
  return accessToken === undefined ? undefined : { kind: 'token', accessToken: secret(accessToken) };
}

function defaultDataDirectory(env: Surroundings['env'], home: string, platform: NodeJS.Platform): string {
  const name = 'zoho-inventory-mcp';
  if (platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), name);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', name);
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), name);
}

function nearest(name: string, names: readonly string[], far: number): string | undefined {
  const [best] = names
    .map((candidate) => ({ candidate, away: distance(name, candidate) }))
    .sort((a, b) => a.away - b.away);
  return best && best.away <= far ? best.candidate : undefined;
}

function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && loopbackHosts.has(hostname));
}

export const helpText = `zoho-inventory-mcp: Zoho Inventory for MCP clients

  zoho-inventory-mcp [--read-only]                              serve over stdio
  zoho-inventory-mcp http [--port 3333] [--host 127.0.0.1]      serve Streamable HTTP at /mcp, on this machine only
  zoho-inventory-mcp sandbox [--port N] [--data FILE] [--seed demo|empty]
                                                                serve the embedded inventory, and print the variables that point at it

Variables: ${known.join(' ')}
Without credentials the server runs on the embedded inventory. README.md says what each variable means.
`;
