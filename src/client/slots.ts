import type { Sleep } from './wait.ts';

/** A place among the calls that run at the same time. */
export interface Slots {
  /** Resolves to the function that frees the place; rejects at once with the signal's reason when it is aborted. */
  take(signal: AbortSignal): Promise<() => void>;
  /** Places taken in this process. */
  running(): number;
}

export interface SlotOptions {
  readonly atOnce: number;
  readonly sleep: Sleep;
  /** A place among the calls of all processes, as the function that frees it; undefined when all are taken. */
  readonly takeShared: () => Promise<(() => void) | undefined>;
}

/** Nobody tells a process that another one has freed a place. */
const lookAgainMs = 50;

/** At most `atOnce` places, first come first served in this process; which process is next when one comes free is chance. */
export function createSlots({ atOnce, sleep, takeShared }: SlotOptions): Slots {
  const load = async () => {
    const { default: PQueue } = await import('p-queue');
    return { places: new PQueue({ concurrency: atOnce }), asking: new PQueue({ concurrency: 1 }) };
  };
  let queues: ReturnType<typeof load> | undefined;
  let running = 0;

  const takePlace = async (signal: AbortSignal): Promise<() => void> => {
    queues ??= load();
    const { places } = await queues;
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
  };

  const lookForShared = async (signal: AbortSignal): Promise<() => void> => {
    for (;;) {
      signal.throwIfAborted();
      const free = await takeShared();
      // Left meanwhile: nobody would free it.
      if (free && signal.aborted) free();
      else if (free) return free;
      await sleep(lookAgainMs, signal);
    }
  };

  return {
    running: () => running,
    take: async (signal) => {
      const freePlace = await takePlace(signal);
      try {
        queues ??= load();
        const { asking } = await queues;
        // One looks at a time, so that places go by the order of asking and the store is not asked by all who wait.
        const freeShared = await asking.add(() => lookForShared(signal), { signal });
        running += 1;
        return () => {
          running -= 1;
          freeShared();
          freePlace();
        };
      } catch (error) {
        freePlace();
        throw error;
      }
    },
  };
}
