import { Cancelled } from '../errors.ts';
import type { ApiRequest, ApiResponse, Layer } from './compose.ts';
import { throwIfCancelled } from './wait.ts';

interface Flight {
  readonly answer: Promise<ApiResponse>;
  readonly abandon: () => void;
  readonly listeners: Set<(message: string) => void>;
  waiting: number;
}

/**
 * Identical reads in flight are one request. It is given up only when the last who waits for it has left. A read that
 * began before a write of ours ended is not joined after it: its answer may be older than the write.
 */
export function createShare(): Layer {
  const flights = new Map<string, Flight>();

  return (next) => async (request, signal) => {
    throwIfCancelled(signal);
    if (request.effect !== 'read' || request.method !== 'GET') {
      return next(request, signal).finally(() => flights.clear());
    }
    const key = keyOf(request);
    let flight = flights.get(key);
    if (!flight) {
      const controller = new AbortController();
      const listeners: Flight['listeners'] = new Set();
      const onWait = (message: string) => listeners.forEach((listen) => void listen(message));
      const started: Flight = {
        answer: next({ ...request, onWait }, controller.signal).finally(() => land(key, started)),
        abandon: () => {
          land(key, started);
          controller.abort();
        },
        listeners,
        waiting: 0,
      };
      flight = started;
      flights.set(key, started);
    }
    return join(flight, request.onWait, signal);
  };

  function land(key: string, flight: Flight): void {
    if (flights.get(key) === flight) flights.delete(key);
  }
}

function join(flight: Flight, onWait: ApiRequest['onWait'], signal?: AbortSignal): Promise<ApiResponse> {
  flight.waiting += 1;
  if (onWait) flight.listeners.add(onWait);
  return new Promise((resolve, reject) => {
    const leave = () => {
      flight.waiting -= 1;
      if (onWait) flight.listeners.delete(onWait);
      // The last to leave hears from the request itself whether anything was sent.
      if (flight.waiting === 0) flight.abandon();
      else reject(new Cancelled('The call was taken back; it only read.'));
    };
    signal?.addEventListener('abort', leave, { once: true });
    flight.answer.then(resolve, reject).finally(() => signal?.removeEventListener('abort', leave));
  });
}

function keyOf({ path, query, headers }: ApiRequest): string {
  return JSON.stringify([path, Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1)), headers ?? {}]);
}
