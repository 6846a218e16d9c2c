import type { Reply } from '../../src/client/client.ts';
import type { Api } from '../../src/workflows/define.ts';

/** The same API, with some operations done otherwise; `go` does the call that was meant. */
export function interrupt(api: Api, otherwise: Record<string, (go: () => Promise<Reply>) => Promise<Reply>>): Api {
  return {
    ...api,
    call: (name, input, options) => {
      const go = () => api.call(name, input, options);
      return otherwise[name]?.(go) ?? go();
    },
  };
}
