import { canonical } from '../../src/mcp/canonical.ts';
import { toRequest } from '../../src/operations/define.ts';
import { operation } from '../client/lossy.ts';
import type { Committed } from './api.ts';
import { idIn, kindOf } from './careful-caller.ts';
import type { Intent } from './intents.ts';
import type { Answer } from './server.ts';

/** Equal for creates of the same content. */
export function contentOf({ tool, input }: Intent): string {
  const { path, body } = toRequest(operation(tool), input);
  return canonical([path, body]);
}
export const contentMade = ({ path, body }: Committed): string => canonical([path, JSON.parse(body)]);

/** Kinds of an answer that say of its call that it has written nothing. A token refused twice looks like a missing scope. */
const nothingWritten =
  /^(confirmation_required|rate_limited|unavailable|missing_scope|confirmation_invalid|rejected|denied|already_(failed|running))$/;

/** Holds every answer against what was carried out by then. */
export function createTruth(committed: readonly Committed[]) {
  const heard: Record<string, number> = {};
  const untrue: string[] = [];
  const takenBy = new Map<string, Intent>();

  const place = ({ tool }: Intent, id: string) => `${operation(tool).path} ${id}`;

  /** What is wrong with telling this record as the one that was meant. */
  function untruthOf(intent: Intent, id: string | undefined): string | undefined {
    if (id === undefined) return 'is told as done without its record';
    const { path } = operation(intent.tool);
    const made = committed.find((one) => one.path === path && idIn(intent, one.answer) === id);
    if (!made) return `is told as done as ${id}, which is not there`;
    if (contentMade(made) !== contentOf(intent)) return `is told as done as ${id}, which is another record`;
    const owner = takenBy.get(place(intent, id)) ?? intent;
    takenBy.set(place(intent, id), owner);
    return owner === intent ? undefined : `is told as done as ${id}, which was told for another one that was meant`;
  }

  function untruthIn(intent: Intent, answer: Answer): string | undefined {
    const kind = kindOf(answer);
    const { facts, text } = answer;
    if (kind === 'done') return untruthOf(intent, idIn(intent, facts));
    if (kind === 'already_done') return untruthOf(intent, idIn(intent, Object(facts.outcome)));
    if (nothingWritten.test(kind))
      return answer.committed.length > 0 ? `is told as ${kind}, and was written` : undefined;
    const { trace } = operation(intent.tool);
    const places = trace?.kind === 'created' ? [trace.list, trace.get ?? trace.list, 'the newest of'] : [];
    return places.some((name) => text.includes(name)) ? undefined : `is told as ${kind} without a place to look`;
  }

  const note = (intent: Intent, untruth: string | undefined, text: string) => {
    if (untruth !== undefined) untrue.push(`${intent.tool} ${JSON.stringify(intent.input)} ${untruth}: ${text}`);
  };

  return {
    /** Answers by kind. */
    heard,
    untrue,
    hear: (intent: Intent, answer: Answer) => {
      const kind = kindOf(answer);
      heard[kind] = (heard[kind] ?? 0) + 1;
      note(intent, untruthIn(intent, answer), answer.text.slice(0, 1_500));
    },
    /** A caller takes a record that it found, or that a preview named; false when it is another's. */
    take: (intent: Intent, id: string): boolean => {
      if ((takenBy.get(place(intent, id)) ?? intent) !== intent) return false;
      note(intent, untruthOf(intent, id), 'it was looked for');
      return true;
    },
  };
}
