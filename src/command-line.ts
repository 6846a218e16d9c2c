import { parseArgs } from 'node:util';
import { distance } from 'fastest-levenshtein';

export type Command =
  | { readonly kind: 'stdio' }
  | { readonly kind: 'http'; readonly port: number; readonly host: string }
  | { readonly kind: 'sandbox'; readonly port: number; readonly data?: string; readonly seed: 'demo' | 'empty' }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };

interface Flag {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** Commands that take it. */
  readonly of: readonly string[];
}

const commands = ['stdio', 'http', 'sandbox'];
const flags: Record<string, Flag> = {
  port: { type: 'string', of: ['http', 'sandbox'] },
  host: { type: 'string', of: ['http'] },
  data: { type: 'string', of: ['sandbox'] },
  seed: { type: 'string', of: ['sandbox'] },
  'read-only': { type: 'boolean', of: ['stdio', 'http'] },
  toolsets: { type: 'string', of: ['stdio', 'http'] },
  help: { type: 'boolean', short: 'h', of: commands },
  version: { type: 'boolean', short: 'v', of: commands },
};

export const usage = `zoho-inventory-mcp                                  serve over stdio
zoho-inventory-mcp http [--port 3333] [--host 127.0.0.1]
                                                    serve Streamable HTTP at /mcp
zoho-inventory-mcp sandbox [--port N] [--data FILE] [--seed demo|empty]
                                                    serve the embedded inventory; without a port, on a free one
  --read-only   register no tool that writes (stdio, http)
  --toolsets    core, sales, purchasing, ...: only these tools (stdio, http)
  --help        this page
  --version     the version`;

/** The one of `known` that `word` was probably meant to be: at most two letters away. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
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
  const [kind = 'stdio', ...surplus] = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));

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
  for (const word of surplus) faults.push(`"${word.slice(0, 40)}" is one word too many`);
  const toolsets = given.get('toolsets');
  return {
    command: toCommand(kind, given, faults),
    readOnly: given.has('read-only'),
    ...(toolsets === undefined ? {} : { toolsets }),
    faults,
  };
}

function unknown(what: string, word: string, known: readonly string[]): string {
  // A value may follow the sign, and a value may be a secret.
  const name = word.split('=')[0]?.slice(0, 40) ?? '';
  const meant = nearest(name, known);
  return `${name} is no ${what}${meant ? `; did you mean ${meant}?` : `; there are ${known.join(', ')}`}`;
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
    if (seed !== 'demo' && seed !== 'empty') faults.push('--seed must be demo or empty');
    return { kind, port, seed: seed === 'empty' ? 'empty' : 'demo', ...(data === undefined ? {} : { data }) };
  }
  return { kind: 'stdio' };
}
