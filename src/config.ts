import { posix, win32 } from 'node:path';
import { inspect } from 'node:util';
import * as z from 'zod';
import { isMailAddress, isSmtpUrl, isWebhookUrl, judgeAlerts, mailAddresses, secretsOfUrls } from './alert-settings.ts';
import { type Command, fitToShow, loopbackHosts, nearest, readCommandLine, usage } from './command-line.ts';

/** A value that no log, message or JSON shows; only `reveal` gives it. */
export interface Secret {
  reveal(): string;
  toString(): string;
  toJSON(): string;
}

export function secret(value: string): Secret {
  const hidden = () => '[hidden]';
  const shown = { toString: hidden, toJSON: hidden, [inspect.custom]: hidden };
  return Object.freeze({ ...shown, reveal: () => value });
}

/** Everything that is wrong with the settings, in one message for whoever starts the server. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The server cannot start with these settings:\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

const credential = z.string().regex(/^[\x21-\x7e]+$/);

// Tokens and orders travel there: unencrypted only where nothing leaves the machine.
const host = z
  .string()
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.includes(url.hostname));
    return isSafe && `${url.origin}/` === url.href;
  })
  .transform((text) => new URL(text).origin);

const hostWords = 'a host such as https://www.zohoapis.com, without a path (http only for this machine)';
const dataCenters = ['us', 'eu', 'in', 'au', 'jp', 'ca', 'cn', 'sa', 'uk'] as const;
const plans = ['free', 'standard', 'professional', 'premium', 'enterprise'] as const;
const planFigures = ['reference', 'live'] as const;
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export const toolsetNames = [
  'core',
  'sales',
  'purchasing',
  'fulfilment',
  'stock',
  'catalog',
  'contacts',
  'reports',
] as const;
export type ToolsetName = (typeof toolsetNames)[number];
const isToolset = (word: string): word is ToolsetName => toolsetNames.some((name) => name === word);
const wordsIn = (text: string) =>
  text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z
    .string()
    .toLowerCase()
    .pipe(z.enum(words))
    .optional()
    .describe(`one of ${words.join(', ')}`);

/** Where a mark of ours may be written into new records that leave this field empty. */
export type Mark = 'reference_number' | `custom_field:${string}`;
const toMark = (text: string): Mark =>
  text === 'reference_number' ? text : `custom_field:${text.slice('custom_field:'.length).trim()}`;

/** Every setting; its description says what a value must be, in the words of the faults. */
const settings = z.object({
  ZOHO_CLIENT_ID: credential.optional().describe('the client id of the API console, without spaces'),
  ZOHO_CLIENT_SECRET: credential.transform(secret).optional().describe('the client secret, without spaces'),
  ZOHO_REFRESH_TOKEN: credential.transform(secret).optional().describe('a refresh token, without spaces'),
  ZOHO_ACCESS_TOKEN: credential.transform(secret).optional().describe('an access token, without spaces'),
  ZOHO_ORGANIZATION_ID: z.string().regex(/^\d+$/).optional().describe('the digits of the organization id'),
  ZOHO_DATA_CENTER: oneOf(dataCenters),
  ZOHO_PLAN: oneOf(plans),
  ZOHO_PLAN_LIMITS: oneOf(planFigures),
  ZOHO_API_DOMAIN: host.optional().describe(hostWords),
  ZOHO_ACCOUNTS_URL: host.optional().describe(hostWords),
  INVENTORY_CONFIRM: oneOf(['auto', 'token', 'elicitation']),
  INVENTORY_CONFIRM_ABOVE: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,3})?$/)
    .transform(Number)
    .optional()
    .describe('an amount in the base currency such as 500 or 499.99'),
  INVENTORY_READ_ONLY: oneOf(['1', 'true', '0', 'false']),
  INVENTORY_TOOLSETS: z
    .string()
    .transform(wordsIn)
    .refine((words) => words.length > 0 && words.every((word) => word === 'all' || isToolset(word)))
    .transform((words) => (words.includes('all') ? undefined : words.filter(isToolset)))
    .optional()
    .describe(`all, or some of ${toolsetNames.join(', ')}`),
  INVENTORY_DATA_DIR: z.string().optional().describe('a folder'),
  INVENTORY_FILES_DIR: z.string().optional().describe('a folder'),
  INVENTORY_AUDIT: oneOf(['on', 'off']),
  INVENTORY_AUDIT_MAX_BYTES: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine((bytes) => bytes >= 65_536 && bytes <= 104_857_600)
    .optional()
    .describe('the size of one file of the audit in bytes, 65536 to 104857600'),
  INVENTORY_MARK: z
    .string()
    .regex(/^(reference_number|custom_field:[^\p{Cc}]{1,100})$/u)
    .transform(toMark)
    .optional()
    .describe('reference_number, or custom_field:NAME with the label of a custom field'),
  INVENTORY_SMTP_URL: z
    .string()
    .refine(isSmtpUrl)
    .transform(secret)
    .optional()
    .describe('smtps://user:password@host:port, or smtp:// (with STARTTLS, but for this machine)'),
  INVENTORY_ALERT_TO: z
    .string()
    .transform(mailAddresses)
    .refine((list) => list.length > 0 && list.length <= 20 && list.every(isMailAddress))
    .optional()
    .describe('1 to 20 e-mail addresses, with commas between them'),
  INVENTORY_ALERT_FROM: z.string().refine(isMailAddress).optional().describe('an e-mail address'),
  INVENTORY_ALERT_WEBHOOK: z
    .string()
    .refine(isWebhookUrl)
    .transform(secret)
    .optional()
    .describe('an https address that takes JSON by POST (http only for this machine)'),
  INVENTORY_LOG_LEVEL: oneOf(logLevels),
  INVENTORY_SANDBOX_DATA: z.string().optional().describe('a file'),
});
type Settings = z.output<typeof settings>;

const knownNames = Object.keys(settings.shape);
// Even a wrong value of these is shown nowhere: it may be the right one with a space too many.
const hiddenNames = new Set([
  ...['ZOHO_CLIENT_ID', 'ZOHO_CLIENT_SECRET', 'ZOHO_REFRESH_TOKEN', 'ZOHO_ACCESS_TOKEN'],
  ...['INVENTORY_SMTP_URL', 'INVENTORY_ALERT_WEBHOOK'],
]);

export interface ZohoSettings {
  readonly credentials:
    | {
        readonly kind: 'refresh';
        readonly clientId: string;
        readonly clientSecret: Secret;
        readonly refreshToken: Secret;
      }
    | { readonly kind: 'access'; readonly accessToken: Secret };
  readonly organizationId: string;
  readonly dataCenter: (typeof dataCenters)[number];
  /** Absent when the operator did not say. */
  readonly plan?: (typeof plans)[number];
  /** Whose figures of the plans count: the reference's, or the stricter ones of the hosted service. */
  readonly planFigures: (typeof planFigures)[number];
  /** Origins without a slash at the end; they win over the data centre's. */
  readonly apiDomain?: string;
  readonly accountsUrl?: string;
}

export interface AlertSettings {
  /** The three of mail are there together. */
  readonly mail?: { readonly smtpUrl: Secret; readonly from: string; readonly to: readonly string[] };
  readonly webhook?: Secret;
}

export type Config = {
  readonly command: Command;
  readonly confirm: 'auto' | 'token' | 'elicitation';
  /** Base currency, major units. */
  readonly confirmAbove?: number;
  readonly readOnly: boolean;
  /** Absent = all tools. */
  readonly toolsets?: readonly ToolsetName[];
  readonly dataDirectory: string;
  /** Where tools may save files; absent = nowhere. */
  readonly filesDirectory?: string;
  /** Absent = no mark is written. */
  readonly mark?: Mark;
  /** Whether calls that write leave a line, and how large one file of these lines may grow. */
  readonly audit: { readonly on: boolean; readonly maxBytes: number };
  /** File of the sandbox that runs in the process; absent = in memory. */
  readonly sandboxData?: string;
  /** Whom alerts go to; empty = nobody. */
  readonly alerts: AlertSettings;
  readonly logLevel: (typeof logLevels)[number];
  /** For the log, once. */
  readonly warnings: readonly string[];
} & ({ readonly mode: 'sandbox'; readonly zoho?: never } | { readonly mode: 'live'; readonly zoho: ZohoSettings });

export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Without the program and the script. */
  readonly argv: readonly string[];
  readonly homeDirectory: string;
  readonly platform: NodeJS.Platform;
}

const three = ['ZOHO_CLIENT_ID', 'ZOHO_CLIENT_SECRET', 'ZOHO_REFRESH_TOKEN'];

/** The page of `--help`. */
export function helpText(): string {
  const lines = Object.entries(settings.shape).map(([name, { description }]) => `  ${name.padEnd(24)} ${description}`);
  return `${usage}\n\nSettings, read from the environment. Without credentials the server runs on the sandbox.\n${lines.join('\n')}\n`;
}

/**
 * The whole configuration, from what `main.ts` hands in; pure. Throws `ConfigError` listing every fault at once.
 * Blank values, and the `${user_config.x}` that a desktop client sends for a setting left blank, count as unset.
 */
export function readConfig({ env, argv, homeDirectory, platform }: ConfigSources): Config {
  const { command, readOnly, toolsets, faults: lineFaults } = readCommandLine(argv);
  const asksOnly = command.kind === 'help' || command.kind === 'version';
  const given = asksOnly ? {} : setVariables(env, platform);
  if (toolsets !== undefined) given.INVENTORY_TOOLSETS = toolsets;
  // These commands talk to no account, so it does not matter whether one is set.
  const isOwnWorld = asksOnly || command.kind === 'sandbox' || command.kind === 'audit';
  const names = judgeNames(Object.keys(given));
  const account = isOwnWorld ? { faults: [], warnings: [] } : judgeAccount((name) => name in given);
  const alertFaults = isOwnWorld ? [] : judgeAlerts((name) => name in given, command.kind === 'watch');
  const parsed = settings.safeParse(given);
  const faults = [...lineFaults, ...names.faults, ...account.faults, ...alertFaults];
  if (!parsed.success) faults.push(...valueFaults(parsed.error, given));
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);

  const values = parsed.data;
  const atHome = (path: string | undefined) => path?.replace(/^~(?=$|[\\/])/, () => homeDirectory);
  const sandboxData = atHome(values.INVENTORY_SANDBOX_DATA);
  const base = {
    command:
      command.kind === 'sandbox'
        ? {
            ...command,
            ...present({ data: atHome(command.data) ?? sandboxData, faultsFile: atHome(command.faultsFile) }),
          }
        : command,
    confirm: values.INVENTORY_CONFIRM ?? 'auto',
    ...present({
      confirmAbove: values.INVENTORY_CONFIRM_ABOVE,
      toolsets: values.INVENTORY_TOOLSETS,
      filesDirectory: atHome(values.INVENTORY_FILES_DIR),
      mark: values.INVENTORY_MARK,
      sandboxData,
    }),
    readOnly: readOnly || values.INVENTORY_READ_ONLY === '1' || values.INVENTORY_READ_ONLY === 'true',
    dataDirectory: atHome(values.INVENTORY_DATA_DIR) ?? dataFolder(given, homeDirectory, platform),
    audit: { on: values.INVENTORY_AUDIT !== 'off', maxBytes: values.INVENTORY_AUDIT_MAX_BYTES ?? 10_485_760 },
    alerts: toAlerts(values),
    logLevel: values.INVENTORY_LOG_LEVEL ?? 'info',
    warnings: [...names.warnings, ...account.warnings],
  };
  const zoho = isOwnWorld ? undefined : toZoho(values);
  return zoho ? { ...base, mode: 'live', zoho } : { ...base, mode: 'sandbox' };
}

function setVariables(env: ConfigSources['env'], platform: string): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const text = value?.trim() ?? '';
    if (text === '' || /^\$\{user_config\.[^}]*\}$/.test(text)) continue;
    given[platform === 'win32' ? name.toUpperCase() : name] = text; // there, names differ in nothing by their case
  }
  return given;
}

interface Verdict {
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

// All names are looked at, not only those with the right first word: INVENTROY_READ_ONLY must not mean "may write".
function judgeNames(names: readonly string[]): Verdict {
  const strangers = names.filter((name) => !knownNames.includes(name));
  const meant = strangers.map((name) => ({ name, right: nearest(name.toUpperCase(), knownNames) }));
  const others = meant.filter(({ name, right }) => !right && /^(ZOHO|INVENTORY)_/.test(name));
  const list = others.map(({ name }) => name).join(', ');
  return {
    faults: meant.flatMap(({ name, right }) => (right ? [`${name} is no setting; did you mean ${right}?`] : [])),
    warnings: list ? [`Not settings of this server, and not read: ${list}`] : [],
  };
}

function judgeAccount(has: (name: string) => boolean): Verdict {
  const access = has('ZOHO_ACCESS_TOKEN');
  const present = three.filter(has);
  const absent = three.filter((name) => !has(name));
  if (!access && present.length === 0 && !has('ZOHO_ORGANIZATION_ID')) {
    const hosts = ['ZOHO_API_DOMAIN', 'ZOHO_ACCOUNTS_URL'].filter(has).join(' and ');
    return { faults: [], warnings: hosts ? [`No effect without credentials (the sandbox runs): ${hosts}`] : [] };
  }
  const missing = access ? [] : [...absent];
  if (!has('ZOHO_ORGANIZATION_ID')) missing.push('ZOHO_ORGANIZATION_ID');
  const faults: string[] = [];
  if (missing.length > 0) {
    const instead = absent.length === 3 && !access ? ' (ZOHO_ACCESS_TOKEN can stand for the first three)' : '';
    faults.push(
      `The credentials are incomplete. Missing: ${missing.join(', ')}${instead}. Without any, the sandbox runs`,
    );
  }
  if (access && present.length > 0 && absent.length > 0) {
    faults.push(
      `ZOHO_ACCESS_TOKEN stands instead of ${three.join(', ')}: unset ${present.join(', ')}, or also set ${absent.join(', ')}`,
    );
  }
  const both = access && absent.length === 0;
  return { faults, warnings: both ? ['ZOHO_ACCESS_TOKEN is not used: the refresh token makes newer ones'] : [] };
}

function valueFaults(error: z.ZodError, given: Readonly<Record<string, string>>): string[] {
  const wrong = [...new Set(error.issues.map(({ path: [name] }) => String(name)))];
  return wrong.map((name) => {
    const value = given[name] ?? '';
    const shown = hiddenNames.has(name) || value.includes('@') ? '' : `, not ${JSON.stringify(fitToShow(value))}`;
    const words = Object.entries(settings.shape).find(([key]) => key === name)?.[1].description;
    return `${name} must be ${words}${shown}`;
  });
}

function toZoho(values: Settings): ZohoSettings | undefined {
  const { ZOHO_CLIENT_ID: clientId, ZOHO_CLIENT_SECRET: clientSecret, ZOHO_REFRESH_TOKEN: refreshToken } = values;
  const { ZOHO_ACCESS_TOKEN: accessToken, ZOHO_ORGANIZATION_ID: organizationId } = values;
  const rest = {
    dataCenter: values.ZOHO_DATA_CENTER ?? ('us' as const),
    planFigures: values.ZOHO_PLAN_LIMITS ?? ('reference' as const),
    ...present({
      plan: values.ZOHO_PLAN,
      apiDomain: values.ZOHO_API_DOMAIN,
      accountsUrl: values.ZOHO_ACCOUNTS_URL,
    }),
  };
  if (!organizationId) return undefined;
  if (clientId && clientSecret && refreshToken)
    return { credentials: { kind: 'refresh', clientId, clientSecret, refreshToken }, organizationId, ...rest };
  return accessToken && { credentials: { kind: 'access', accessToken }, organizationId, ...rest };
}

function toAlerts(values: Settings): AlertSettings {
  const { INVENTORY_SMTP_URL: smtpUrl, INVENTORY_ALERT_FROM: from, INVENTORY_ALERT_TO: to } = values;
  return {
    ...(smtpUrl && from !== undefined && to ? { mail: { smtpUrl, from, to } } : {}),
    ...present({ webhook: values.INVENTORY_ALERT_WEBHOOK }),
  };
}

/** What must stand in no log, no file and no answer. */
export function secretsOf({ zoho, alerts: { mail, webhook } }: Config): string[] {
  const ofAlerts = secretsOfUrls(present({ smtpUrl: mail?.smtpUrl.reveal(), webhook: webhook?.reveal() }));
  if (!zoho) return ofAlerts;
  const { credentials } = zoho;
  return credentials.kind === 'access'
    ? [credentials.accessToken.reveal(), ...ofAlerts]
    : [credentials.clientSecret.reveal(), credentials.refreshToken.reveal(), ...ofAlerts];
}

/** Where programs of this platform keep their files, and a folder of ours in it. */
function dataFolder(env: Readonly<Record<string, string>>, home: string, platform: string): string {
  const name = 'zoho-inventory-mcp';
  if (platform === 'win32') return win32.join(env.APPDATA || win32.join(home, 'AppData', 'Roaming'), name);
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', name);
  // The XDG rules: a relative path there is to be ignored.
  const xdg = env.XDG_DATA_HOME ?? '';
  return posix.join(posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'share'), name);
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Without the keys that hold nothing. */
function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>; // fromEntries forgets its keys
}
