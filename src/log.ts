import type { Logger } from 'pino';

/** The log. It goes to stderr, because stdout carries the protocol. */
export interface Log {
  info(message: string, facts?: Record<string, unknown>): void;
  warn(message: string, facts?: Record<string, unknown>): void;
  error(message: string, facts?: Record<string, unknown>): void;
}

/** pino is loaded with the first line that is written, and not in the way of the first answer. */
export function createLog(level: string): Log {
  let logger: Promise<Logger> | undefined;
  const write = (kind: 'info' | 'warn' | 'error', message: string, facts: Record<string, unknown> = {}) => {
    logger ??= import('pino').then(({ pino }) =>
      pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true })),
    );
    void logger.then((loaded) => loaded[kind](facts, message));
  };
  return {
    info: (message, facts) => write('info', message, facts),
    warn: (message, facts) => write('warn', message, facts),
    error: (message, facts) => write('error', message, facts),
  };
}
