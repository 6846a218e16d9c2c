import { Cancelled } from '../errors.ts';

/** Waits `ms`; when `signal` is aborted it rejects at once with the signal's reason. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** The Sleep of a real clock; tests pass their own or fake the timers. */
export const sleep: Sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });

/** Calls `work` again and again, until the returned function is called. */
export type Every = (periodMs: number, work: () => void) => () => void;

/** A timer that keeps no process alive; tests pass their own. */
export const everyUnrefed: Every = (periodMs, work) => {
  const timer = setInterval(work, periodMs).unref();
  return () => clearInterval(timer);
};

/** The error of a call that was taken back before the API had anything to do. */
export const cancelledUnsent = () =>
  new Cancelled('The call was taken back before it was sent; nothing was done.', { nothingSent: true });

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelledUnsent();
}

/** A wait that ends in Cancelled when the caller leaves. */
export async function sleepUnlessCancelled(sleeper: Sleep, ms: number, signal?: AbortSignal): Promise<void> {
  throwIfCancelled(signal);
  await sleeper(ms, signal).catch((error: unknown) => {
    throw signal?.aborted ? cancelledUnsent() : error;
  });
}

/** Both of them; the other where there is but one. */
export const either = (signal: AbortSignal | undefined, other: AbortSignal): AbortSignal =>
  signal ? AbortSignal.any([signal, other]) : other;

/** Work whose signal is aborted after `ms`; it ends when the work itself does. */
export async function within<T>(sleeper: Sleep, ms: number, work: (late: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const over = new AbortController();
  sleeper(Math.max(0, ms), over.signal).then(
    () => late.abort(),
    () => {},
  );
  try {
    return await work(late.signal);
  } finally {
    over.abort();
  }
}

/** Leaves a shared promise at once when `signal` is aborted; the promise itself goes on for those who still wait. */
export function untilCancelled<T>(shared: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return shared;
  return new Promise((resolve, reject) => {
    const leave = () => reject(cancelledUnsent());
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    // Listened to even when the caller has left already, so that a rejection is never without a listener.
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
