import { createHash } from 'node:crypto';

/** JSON with sorted keys: equal values give equal text, whatever order their keys came in. `undefined` counts as absent. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** Of tool and arguments; equal for identical calls, and says nothing about their content. */
export function fingerprintOf(tool: string, input: unknown): string {
  return createHash('sha256')
    .update(`${tool}\n${canonical(input)}`)
    .digest('hex');
}
