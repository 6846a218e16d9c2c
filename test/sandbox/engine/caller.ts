import type { Answer, Route, World } from '../../../src/sandbox/route.ts';
import { isRowStream } from '../../../src/sandbox/row-stream.ts';

export interface Request {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: Record<string, unknown>;
}

/** Calls a route by `METHOD /path/{key}` as the server does: in one transaction. Returns message and body in one, streams read. */
export function caller(world: World, routes: readonly Route[]) {
  return (name: string, { params = {}, query = {}, body = {} }: Request = {}): Record<string, unknown> => {
    const route = routes.find(({ method, path }) => `${method} ${path}` === name);
    if (!route) throw new Error(`There is no route ${name}.`);
    const call = { world, params, query: new URLSearchParams(query), body };
    return world.db.transaction(() => {
      const answer: Answer = route.handle(call);
      const body = Object.entries(answer.body ?? {}).map(([key, value]) => [
        key,
        isRowStream(value) ? [...value] : value,
      ]);
      return { message: answer.message, status: answer.status ?? 200, ...Object.fromEntries(body) };
    });
  };
}
