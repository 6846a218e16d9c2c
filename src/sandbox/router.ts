import { ApiError, type Route } from './route.ts';

const undecodable = '\u0000';

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undecodable;
  }
}

interface Compiled {
  readonly route: Route;
  readonly segments: readonly string[];
  readonly parameters: number;
}

export interface Match {
  readonly route: Route;
  readonly params: Record<string, string>;
}

function paramsOf(segments: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = path[index] ?? '';
    if (segment.startsWith('{')) {
      if (value === '' || value === undecodable) return undefined;
      params[segment.slice(1, -1)] = value;
    } else if (segment !== value) return undefined;
  }
  return params;
}

/**
 * Finds the route of a method and path (below `/inventory/v1`). `/items/images/{item_id}` comes before
 * `/items/{item_id}/active`: the route with fewer parameters wins. Unknown path: 404, 41. Known with another method: 405.
 */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Match {
  const bySegments = new Map<number, Compiled[]>();
  for (const route of routes) {
    const segments = route.path.split('/').slice(1);
    const parameters = segments.filter((segment) => segment.startsWith('{')).length;
    const sameLength = bySegments.get(segments.length) ?? [];
    sameLength.push({ route, segments, parameters });
    sameLength.sort((a, b) => a.parameters - b.parameters);
    bySegments.set(segments.length, sameLength);
  }
  return (method, path) => {
    const given = path.replace(/\/$/, '').split('/').slice(1).map(decoded);
    const allowed = new Set<string>();
    for (const { route, segments } of bySegments.get(given.length) ?? []) {
      const params = paramsOf(segments, given);
      if (params && route.method === method) return { route, params };
      if (params) allowed.add(route.method);
    }
    if (allowed.size > 0)
      throw new ApiError(405, 1, 'Method Not Allowed', undefined, `This path takes ${[...allowed].join(', ')}.`);
    throw new ApiError(404, 41, 'Resource not found', undefined, 'There is no such path in this API.');
  };
}
