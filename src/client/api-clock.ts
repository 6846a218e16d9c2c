import type { Layer } from './compose.ts';

/** An older reading is no use: a clock may have been set since. */
const lifeMs = 600_000;

/** Between which bounds theirs minus ours lies, in ms. */
interface Reading {
  readonly least: number;
  readonly most: number;
  readonly atMs: number;
}

/**
 * How far the API's clock is from ours, as the Date of its answers tells: a whole second, written somewhen between our
 * sending and receiving. The narrowest reading of the last minutes counts, unless a newer one shows that a clock was set.
 */
export function createApiClock(now: () => number) {
  let best: Reading | undefined;
  const isOld = ({ atMs }: Reading) => Math.abs(now() - atMs) > lifeMs;
  const fits = (a: Reading, b: Reading) => a.least <= b.most && b.least <= a.most;
  const width = ({ least, most }: Reading) => most - least;

  /** Innermost, so that waiting for the limits is not part of the way. */
  const layer: Layer = (next) => async (request, signal) => {
    const sentMs = now();
    const response = await next(request, signal);
    const atMs = now();
    const theirs = Date.parse(response.headers.date ?? '');
    const reading = { least: theirs - atMs, most: theirs + 1_000 - sentMs, atMs };
    if (Number.isNaN(theirs) || atMs < sentMs) return response;
    if (!best || isOld(best) || !fits(best, reading) || width(reading) <= width(best)) best = reading;
    return response;
  };

  return {
    layer,
    /** Theirs minus ours at least, in ms; undefined while no answer told it. */
    skewMs: (): number | undefined => (best && !isOld(best) ? best.least : undefined),
  };
}
