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

/** pino is loaded with the first line that is written, and not in the way of the first answer. */
export function createLog(level: string): Log {
  const heard = severities.slice(Math.max(0, severities.indexOf(level)));
  let logger: Promise<Logger> | undefined;
  let written: Promise<void> = Promise.resolve();
  const write = (kind: 'info' | 'warn' | 'error', message: string, facts: Record<string, unknown> = {}) => {
    if (level === 'silent' || !heard.includes(kind)) return;
    logger ??= import('pino').then(({ pino }) =>
      pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true })),
    );
    written = logger.then((loaded) => loaded[kind](facts, message));
  };
  return {
    info: (message, facts) => write('info', message, facts),
    warn: (message, facts) => write('warn', message, facts),
    error: (message, facts) => write('error', message, facts),
    flush: () => written,
  };
}
