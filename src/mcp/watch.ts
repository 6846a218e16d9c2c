import type { CallOptions, Client, Reply } from '../client/client.ts';
import { type Effect, effectOf, type Input, type Operation } from '../operations/define.ts';

/** Told of what one call does, without a say in it. */
export interface CallWatch {
  /** The writing call it turned out to be, when the guard is about to judge or run it. */
  readonly onAction: (action: { readonly tool: string; readonly arguments: Input; readonly effect: Effect }) => void;
  /** An API call really left; a read that joins one in flight is none. */
  readonly onSent: (effect: Effect) => void;
  readonly onReply: (operation: Operation, input: Input, reply: Reply) => void;
}

/** The same client, telling `watch` of what goes through it. */
export function withWatch(client: Client, watch: CallWatch | undefined): Client {
  if (!watch) return client;
  const telling = <T extends CallOptions>(effect: Effect, options?: T) => ({
    ...options,
    onSent: () => {
      watch.onSent(effect);
      options?.onSent?.();
    },
  });
  return {
    ...client,
    call: async (operation, input, options) => {
      const reply = await client.call(operation, input, telling(effectOf(operation, input), options));
      watch.onReply(operation, input, reply);
      return reply;
    },
    trace: (operation, input, attempt, options) => client.trace(operation, input, attempt, telling('read', options)),
    pages: (operation, input, options) => client.pages(operation, input, telling('read', options)),
  };
}
