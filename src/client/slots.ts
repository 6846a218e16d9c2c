/** A place among the calls that run at the same time. */
export interface Slots {
  /** Resolves to the function that frees the place; rejects at once with the signal's reason when it is aborted. */
  take(signal: AbortSignal): Promise<() => void>;
}

/** At most `atOnce` places, first come first served. */
export function createSlots(atOnce: number): Slots {
  const load = async () => {
    const { default: PQueue } = await import('p-queue');
    return new PQueue({ concurrency: atOnce });
  };
  let queue: ReturnType<typeof load> | undefined;

  return {
    take: async (signal) => {
      queue ??= load();
      const places = await queue;
      return new Promise((resolve, reject) => {
        // p-queue gives a running job's place away when its signal is aborted, though a write may still be under way: it
        // is told of the signal only while the job waits.
        const queueing = new AbortController();
        const leave = () => queueing.abort(signal.reason);
        if (signal.aborted) leave();
        else signal.addEventListener('abort', leave, { once: true });
        const hold = () =>
          new Promise<void>((free) => {
            signal.removeEventListener('abort', leave);
            resolve(free);
          });
        places.add(hold, { signal: queueing.signal }).catch(reject);
      });
    },
  };
}
