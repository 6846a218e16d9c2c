import { parseArgs } from 'node:util';
import { distance } from 'fastest-levenshtein';

export type Command =
  | { readonly kind: 'stdio' }
  | { readonly kind: 'http'; readonly port: number; readonly host: string }
  | {
      readonly kind: 'sandbox';
      readonly port: number;
      readonly data?: string;
      readonly seed: 'demo' | 'empty';
      readonly faultsFile?: string;
    }
  | { readonly kind: 'audit'; readonly task: 'verify'; readonly path?: string }
  | {
      readonly kind: 'audit';
      readonly task: 'tail';
      readonly count: number;
      readonly follow: boolean;
      readonly json: boolean;
    }
  | {
      readonly kind: 'watch';
      readonly everyMs: number;
      /** One look, then the end: for cron. */
      readonly once: boolean;
    }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };

interface Flag {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** Commands that take it. */
  readonly of: readonly string[];
}

const commands = ['stdio', 'http', 'sandbox', 'audit', 'watch'];
const flags: Record<string, Flag> = {
  port: { type: 'string', of: ['http', 'sandbox'] },
  host: { type: 'string', of: ['http'] },
  data: { type: 'string', of: ['sandbox'] },
  seed: { type: 'string', of: ['sandbox'] },
  faults: { type: 'string', of: ['sandbox'] },
  'read-only': { type: 'boolean', of: ['stdio', 'http'] },
  toolsets: { type: 'string', of: ['stdio', 'http'] },
  lines: { type: 'string', short: 'n', of: ['audit'] },
  follow: { type: 'boolean', short: 'f', of: ['audit'] },
  json: { type: 'boolean', of: ['audit'] },
  every: { type: 'string', of: ['watch'] },
  once: { type: 'boolean', of: ['watch'] },
  help: { type: 'boolean', short: 'h', of: commands },
  version: { type: 'boolean', short: 'v', of: commands },
};

export const usage = `zoho-inventory-mcp                                  serve over stdio
zoho-inventory-mcp http [--port 3333] [--host 127.0.0.1]
                                                    serve Streamable HTTP at /mcp
zoho-inventory-mcp sandbox [--port N] [--data FILE] [--seed demo|empty] [--faults FILE]
                                                    serve the embedded inventory; without a port, on a free one
zoho-inventory-mcp audit verify [FILE|FOLDER]       say whether a line of the audit was edited, moved or taken out
zoho-inventory-mcp audit tail [-n 20] [--follow] [--json]
                                                    its last lines, in words or as they are
zoho-inventory-mcp watch [--every 15m] [--once]     tell whom the settings name of low stock, shortages and late
                                                    purchases, each once until it is over; --once for cron
  --read-only   register no tool that writes (stdio, http)
  --toolsets    core, sales, purchasing, ...: only these tools (stdio, http)
  --faults      a JSON file of what the sandbox is to get wrong on purpose (README, "The sandbox")
  --help        this page
  --version     the version`;

// Zoho's tokens begin so; other credentials are long, and letters and digits mixed.
const credential = /^1000\.|^(?=.*\d)(?=.*[a-z])[\w.~+=-]{20,}$/i;

/** A word of the settings for a message, cut; what may be a credential in the wrong place is not repeated. */
export const fitToShow = (word: string): string => (credential.test(word) ? '[hidden]' : word.slice(0, 40));

/** The one of `known` that `word` was probably meant to be: at most two letters away. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    // Every name in the environment is asked for before the first answer: what is too long or short is not compared.
    .filter((name) => Math.abs(name.length - word.length) <= 2)
    .map((name) => ({ name, away: distance(word, name) }))
    .filter(({ away }) => away <= 2)
    .sort((a, b) => a.away - b.away);
  return best?.name;
}

export const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '::1', '[::1]'];

export interface CommandLine {
  readonly command: Command;
  readonly readOnly: boolean;
  /** As written; judged with the settings, over which it wins. */
  readonly toolsets?: string;
  readonly faults: readonly string[];
}

/** Pure. `argv` without the program and the script; every fault is collected, none is thrown. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  // Not strict: Node's own check stops at the first fault and cannot name the flag that was meant.
  const { tokens } = parseArgs({
    args: [...argv],
    options: flags,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const faults: string[] = [];
  const given = new Map<string, string>();
  const [kind = 'stdio', ...words] = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));

  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    const value = token.value ?? '';
    if (!flag)
      faults.push(
        unknown(
          'flag',
          token.rawName,
          Object.keys(flags).map((name) => `--${name}`),
        ),
      );
    else if (commands.includes(kind) && !flag.of.includes(kind))
      faults.push(`--${token.name} belongs to ${flag.of.join(' and ')}, not to ${kind}`);
    else if (flag.type === 'boolean' && token.value !== undefined) faults.push(`--${token.name} takes no value`);
    else if (flag.type === 'string' && (value === '' || (!token.inlineValue && value.startsWith('-'))))
      faults.push(`--${token.name} needs a value`);
    else given.set(token.name, value);
  }
  if (given.has('help')) return { command: { kind: 'help' }, readOnly: false, faults: [] };
  if (given.has('version')) return { command: { kind: 'version' }, readOnly: false, faults: [] };

  if (!commands.includes(kind)) faults.push(unknown('command', kind, commands));
  const ofAudit = kind === 'audit' ? words.splice(0, words[0] === 'verify' ? 2 : 1) : [];
  for (const word of words) faults.push(`"${fitToShow(word)}" is one word too many`);
  const toolsets = given.get('toolsets');
  return {
    command: kind === 'audit' ? toAudit(ofAudit, given, faults) : toCommand(kind, given, faults),
    readOnly: given.has('read-only'),
    ...(toolsets === undefined ? {} : { toolsets }),
    faults,
  };
}

function unknown(what: string, word: string, known: readonly string[]): string {
  // A value may follow the sign, and a value may be a secret.
  const name = fitToShow(word.split('=')[0] ?? '');
  const meant = nearest(name, known);
  return `${name} is no ${what}${meant ? `; did you mean ${meant}?` : `; there are ${known.join(', ')}`}`;
}

function toAudit([task = '', path]: readonly string[], given: ReadonlyMap<string, string>, faults: string[]): Command {
  const isTail = task === 'tail';
  if (!isTail && task !== 'verify') faults.push('audit is followed by verify or tail');
  const foreign = isTail ? [] : ['lines', 'follow', 'json'].filter((name) => given.has(name));
  for (const name of foreign) faults.push(`--${name} belongs to audit tail`);
  if (!isTail) return { kind: 'audit', task: 'verify', ...(path === undefined ? {} : { path }) };
  const lines = given.get('lines') ?? '20';
  if (!/^\d{1,5}$/.test(lines)) faults.push('--lines must be a number from 0 to 99999');
  return { kind: 'audit', task: 'tail', count: Number(lines), follow: given.has('follow'), json: given.has('json') };
}

function toCommand(kind: string, given: ReadonlyMap<string, string>, faults: string[]): Command {
  const portText = given.get('port') ?? (kind === 'http' ? '3333' : '0');
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : Number.NaN;
  if (!(port <= 65_535)) faults.push('--port must be a number from 0 to 65535');
  if (kind === 'http') {
    const host = given.get('host') ?? '127.0.0.1';
    if (!loopbackHosts.includes(host))
      faults.push(
        `--host must be this machine (${loopbackHosts.slice(0, 3).join(', ')}): there is no access control yet, and whoever reaches the server could use the account`,
      );
    return { kind, port, host };
  }
  if (kind === 'sandbox') {
    const seed = given.get('seed') ?? 'demo';
    const data = given.get('data');
    const faultsFile = given.get('faults');
    if (seed !== 'demo' && seed !== 'empty') faults.push('--seed must be demo or empty');
    return {
      kind,
      port,
      seed: seed === 'empty' ? 'empty' : 'demo',
      ...(data === undefined ? {} : { data }),
      ...(faultsFile === undefined ? {} : { faultsFile }),
    };
  }
  if (kind === 'watch') return { kind, everyMs: everyMs(given.get('every') ?? '15m', faults), once: given.has('once') };
  return { kind: 'stdio' };
}

const minuteMs = 60_000;

/** `15m`, `2h`: from a minute, for each look spends a call, to a day. */
function everyMs(text: string, faults: string[]): number {
  const [, count = '', unit = ''] = /^(\d{1,4})(m|h)$/.exec(text) ?? [];
  const ms = Number(count) * (unit === 'h' ? 60 : 1) * minuteMs;
  if (ms < minuteMs || ms > 1_440 * minuteMs) faults.push('--every must be a time from 1m to 24h, such as 15m or 2h');
  return ms;
}
