import type { FaultMatch, FaultPlan, FaultRule } from './faults-rules.ts';

const apiRoot = '/inventory/v1';
const crmRoot = '/crm/v2';
const tokenPath = '/oauth/v2/token';

interface Asked {
  readonly method: string;
  /** Of the URL. */
  readonly path: string;
}

/** Chances from a seed (mulberry32), so that a run with faults can be had again. */
export function createChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `/items/{item_id}/*` and the like: what stands for one segment, for any number of them, and as it is. */
function expressionOf(path: string): RegExp {
  const source = path.replace(/\*\*|\*|\{\w+\}|[\\^$.|?+()[\]{}]/g, (mark) => {
    if (mark === '**') return '.*';
    return mark === '*' || mark.length > 1 ? '[^/]+' : `\\${mark}`;
  });
  return new RegExp(`^${source}$`);
}

function fitsPath({ path, path_matches }: FaultMatch, isTokenRule: boolean): (path: string) => boolean {
  const wanted = [
    ...(path === undefined ? [] : [expressionOf(path)]),
    ...(path_matches === undefined ? [] : [new RegExp(path_matches)]),
  ];
  return (asked) => {
    const isInventory = asked.startsWith(`${apiRoot}/`);
    const isApi = isInventory || asked.startsWith(`${crmRoot}/`);
    if (isTokenRule && asked !== tokenPath) return false;
    // A plan that loses every answer must leave the client its token, unless it says so.
    if (wanted.length === 0) return isTokenRule || isApi;
    return wanted.every((expression) => expression.test(isInventory ? asked.slice(apiRoot.length) : asked));
  };
}

interface Occasions {
  /** Whether the rule would take this request, which is counted as seen. */
  readonly isDue: (asked: Asked) => boolean;
  readonly take: () => void;
}

function occasionsOf(rule: FaultRule, chance: () => number): Occasions {
  if (rule.fault === 'clock_skew') return { isDue: () => false, take: () => {} };
  const { match = {}, probability = 1, after = 0 } = rule;
  const most = rule.count ?? (rule.fault === 'token_expired' ? 1 : Number.POSITIVE_INFINITY);
  const fits = fitsPath(match, rule.fault === 'token_error');
  let seen = 0;
  let taken = 0;
  return {
    isDue: ({ method, path }) => {
      if ((match.method !== undefined && match.method !== method) || !fits(path)) return false;
      seen += 1;
      // A chance is drawn for every request that fits, so that one rule's luck does not hang on another's.
      const isLucky = chance() < probability;
      const isItsTurn = seen > after && (match.nth === undefined || seen === match.nth);
      return isItsTurn && isLucky && taken < most;
    },
    take: () => {
      taken += 1;
    },
  };
}

/** Index of the rule that decides a request. Every rule counts each that fits it, also one that an earlier rule takes. */
export function createChoice({ seed = 1, rules }: FaultPlan): (asked: Asked) => number | undefined {
  const occasions = rules.map((rule, index) => occasionsOf(rule, createChance(seed + index * 0x9e3779b9)));
  return (asked) => {
    const due = occasions.map(({ isDue }) => isDue(asked));
    const index = due.indexOf(true);
    occasions[index]?.take();
    return index < 0 ? undefined : index;
  };
}
