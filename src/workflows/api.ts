import type { CallOptions, Client } from '../client/client.ts';
import { Cancelled, Denied } from '../errors.ts';
import type { Operation } from '../operations/define.ts';
import type { Api, WorkflowContext } from './define.ts';

/** The API as one workflow may use it: the operations it `uses` and no other; anything else is Denied. `options` go with every call. */
export function apiFor(client: Client, uses: readonly Operation[], options: CallOptions = {}): Api {
  const byName = new Map(uses.map((operation) => [operation.name, operation]));
  const allowed = (name: string): Operation => {
    const operation = byName.get(name);
    if (!operation) throw new Denied(`This job may not call ${name}.`, { nothingSent: true });
    return operation;
  };
  return {
    call: async (name, input, given) => client.call(allowed(name), input, { ...options, ...given }),
    pages: (name, input, given) => client.pages(allowed(name), input, { ...options, ...given }),
  };
}

/** Throws Cancelled when the caller took the job back; for the moments between calls in which nothing was written. */
export function stopIfCancelled(context: WorkflowContext): void {
  if (context.signal?.aborted) throw new Cancelled('Called off before anything was written.', { nothingSent: true });
}

/** The same API with the context's signal and progress on every call, looking at the signal before each one. */
export function bindApi(api: Api, context: WorkflowContext): Api {
  const options = <T extends CallOptions>(given?: T) => ({
    onWait: context.progress,
    ...(context.signal ? { signal: context.signal } : {}),
    ...given,
  });
  return {
    call: async (name, input, given) => {
      stopIfCancelled(context);
      return api.call(name, input, options(given));
    },
    pages: (name, input, given) => api.pages(name, input, options(given)),
  };
}

/** The same API, and how many calls were made by it so far. */
export function metered(api: Api): { readonly api: Api; readonly made: () => number } {
  let made = 0;
  const call: Api['call'] = (name, input, given) => {
    made += 1;
    return api.call(name, input, given);
  };
  const pages: Api['pages'] = async function* (name, input, given) {
    for await (const page of api.pages(name, input, given)) {
      made += 1;
      yield page;
    }
  };
  return { api: { call, pages }, made: () => made };
}
