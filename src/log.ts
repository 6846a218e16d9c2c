import type { Logger } from 'pino';

/** The log. It goes to stderr, because stdout carries the protocol. */
export interface Log {
  info(message: string, facts?: Record<string, unknown>): void;
  warn(message: string, facts?: Record<string, unknown>): void;
  error(message: string, facts?: Record<string, unknown>): void;
  /** Resolves when every line so far is written. */
  flush(): Promise<void>;
}

const severities = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** Takes secrets out of a text. */
export type Hide = (text: string) => string;

/** Shorter values would be found in ordinary words. */
const shortestSecret = 8;

/** Hides these values, and any access token behind its scheme: nothing of ours writes them, but an error of others may. */
export function createHide(secrets: readonly string[]): Hide {
  const long = secrets.filter(({ length }) => length >= shortestSecret);
  return (text) =>
    long
      .reduce((said, value) => said.replaceAll(value, '[hidden]'), text)
      .replace(/(Zoho-oauthtoken|Bearer)\s+[^\s"',;]+/gi, '$1 [hidden]');
}

/** pino is loaded with the first line that is written, and not in the way of the first answer. */
export function createLog(level: string, hide: Hide = createHide([])): Log {
  const heard = severities.slice(Math.max(0, severities.indexOf(level)));
  let logger: Promise<Logger> | undefined;
  let written: Promise<void> = Promise.resolve();
  const write = (kind: 'info' | 'warn' | 'error', message: string, facts: Record<string, unknown> = {}) => {
    if (level === 'silent' || !heard.includes(kind)) return;
    logger ??= import('./log-library.ts').then(({ pino }) =>
      pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true })),
    );
    const shown: object = JSON.parse(hide(JSON.stringify(facts)));
    written = logger.then((loaded) => loaded[kind](shown, hide(message)));
  };
  return {
    info: (message, facts) => write('info', message, facts),
    warn: (message, facts) => write('warn', message, facts),
    error: (message, facts) => write('error', message, facts),
    flush: () => written,
  };
}
