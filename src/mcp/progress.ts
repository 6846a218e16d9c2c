/** A client that hears nothing for a while takes the call for hung. */
const longestSilenceMs = 1_800;

export interface Progress {
  readonly tell: (message: string) => void;
  /** The call is over: nothing is told after its answer. */
  readonly stop: () => void;
}

/**
 * Tells how a call comes on, and says the last word again whenever nothing was told for `longestSilenceMs`: one step of a
 * job, or the API's answer to it, may take longer.
 */
export function createProgress(notify: (message: string) => void): Progress {
  let last = 'under way';
  const armed = () =>
    setTimeout(() => {
      timer = armed();
      notify(`Still: ${last}`);
    }, longestSilenceMs).unref();
  let timer = armed();
  return {
    tell: (message) => {
      clearTimeout(timer);
      timer = armed();
      last = message;
      notify(message);
    },
    stop: () => clearTimeout(timer),
  };
}
