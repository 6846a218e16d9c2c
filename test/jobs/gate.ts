import type { Passed } from '../helpers/holding-proxy.ts';

/** What may be done to one request: `pass` carries it out. */
export type Act = (pass: () => Promise<Response>) => Response | Promise<Response>;

export interface Meant {
  readonly of: 'writes' | 'calls';
  /** Counted from 1; `anew`: each that differs from all before it, so that what is asked again passes. */
  readonly nth: number | 'anew';
  readonly act: Act;
}

export interface Gate {
  readonly handle: (request: Request) => Promise<Response>;
  /** Every call and write since the last `watch`, the token's left aside. */
  readonly seen: readonly Passed[];
  readonly writes: () => readonly Passed[];
  /** Forgets what was seen. From now on what is `meant` is left to its act. */
  readonly watch: (meant?: Meant) => void;
}

const isWrite = ({ method }: Passed) => method !== 'GET';

/** Between a server and the API, and the operator's webhook: counts what comes and meddles with one of it. */
export function createGate(target: (request: Request) => Promise<Response>): Gate {
  const seen: Passed[] = [];
  const asked = new Set<string>();
  let watched: Meant | undefined;
  const writes = () => seen.filter(isWrite);
  return {
    seen,
    writes,
    watch: (meant) => {
      seen.length = 0;
      asked.clear();
      watched = meant;
    },
    handle: async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith('/oauth/')) return target(request);
      const one = { method: request.method, path: pathname };
      seen.push(one);
      const isNew = !asked.has(request.url);
      asked.add(request.url);
      const pass = () => target(request);
      if (!watched || (watched.of === 'writes' && !isWrite(one))) return pass();
      const count = watched.of === 'calls' ? seen.length : writes().length;
      return (watched.nth === 'anew' ? isNew : watched.nth === count) ? watched.act(pass) : pass();
    },
  };
}

/** As the API says no: nothing is carried out. */
export const refuses: Act = () =>
  Response.json({ code: 1038, message: 'Refused by the books of this month' }, { status: 400 });

/** The connection breaks after the request was carried out. */
export const losesAnswer: Act = async (pass) => {
  await pass();
  throw new TypeError('terminated');
};
