import type { Reply } from '../client/client.ts';
import { Cancelled, InventoryError, OutcomeUnknown, PartlyDone } from '../errors.ts';
import type { WorkflowContext } from './define.ts';

/** What a write did, in plain words with numbers and ids, and the call that would take it back. */
export interface Told {
  /** `created SO-00020 (salesorder_id 4601)`. */
  readonly done: string;
  /** `delete_sales_order (salesorder_id 4601)`; absent where nothing takes it back. */
  readonly undo?: string;
  /** Undos of earlier writes that this one has made impossible. */
  readonly noLonger?: readonly string[];
}

export interface Step {
  /** `confirming SO-00020`: what progress says, and what is said where it fails. */
  readonly title: string;
  readonly write: () => Promise<Reply>;
  readonly told: (reply: Reply) => Told;
  /** A sentence on where to look when the answer never came. */
  readonly look?: string;
}

export interface Job {
  /** Titles of all writes in their order, as far as the plan can word them; a step's own title takes its place. */
  readonly titles: readonly string[];
  /** How to go on after a stop in the middle, from the replies of the writes that were done. */
  readonly goOn: (replies: readonly Reply[]) => string;
  readonly progress: WorkflowContext['progress'];
}

/**
 * Does the writes of a job one by one. Nothing here reads, looks for lost answers or tries again: a run that is executed
 * again after a crash gets the answers of earlier writes from its journal, and must ask for the same writes in the same
 * order. A step that fails throws its own error while nothing is done, and PartlyDone with `done`, `failed`,
 * `not_started` and `undo` afterwards.
 */
export function createSteps({ titles, goOn, progress }: Job): (step: Step) => Promise<Reply> {
  // Worded only where the job stops: of thousands of steps most words would never be read.
  const done: (() => Told)[] = [];
  const replies: Reply[] = [];
  let next = 0;
  return async ({ title, write, told, look }) => {
    const place = next;
    next += 1;
    progress(`${place + 1} of ${titles.length}: ${title}`);
    try {
      const reply = await write();
      replies.push(reply);
      done.push(() => told(reply));
      return reply;
    } catch (error) {
      throw stopped(error, {
        title,
        look,
        done: done.map((tell) => tell()),
        rest: titles.slice(place + 1),
        goOn: () => goOn(replies),
      });
    }
  };
}

/** Of a list in an answer: an import of thousands must not answer with a line for each. */
const mostTold = 40;

/** The list where it is short, else its ends: what came last matters for going on. */
function ends(lines: readonly string[]): string[] {
  if (lines.length <= mostTold) return [...lines];
  const half = mostTold / 2;
  return [...lines.slice(0, half), `... ${lines.length - mostTold} more ...`, ...lines.slice(-half)];
}

interface Stop {
  readonly title: string;
  readonly look: string | undefined;
  readonly done: readonly Told[];
  readonly rest: readonly string[];
  readonly goOn: () => string;
}

function stopped(error: unknown, { title, look, done, rest, goOn }: Stop): unknown {
  // What is no error of the family is a fault of ours: it goes up as it is, to be logged with its stack.
  if (!(error instanceof InventoryError)) return error;
  const isUnknown = error instanceof OutcomeUnknown;
  const where = isUnknown && look ? ` ${look}` : '';
  // A job that was called off did not try this step.
  const tried = error instanceof Cancelled ? [] : [isUnknown ? `${title} (may or may not have happened)` : title];
  const ended = new Set(done.flatMap(({ noLonger = [] }) => noLonger));
  const facts = {
    ...error.facts,
    done: ends(done.map((one) => one.done)),
    failed: tried,
    not_started: ends(tried.length === 0 ? [title, ...rest] : rest),
    undo: ends(done.flatMap(({ undo }) => (undo === undefined || ended.has(undo) ? [] : [undo])).reverse()),
  };
  if (done.length === 0) {
    // Nothing is done: a refusal alone says all. What may have happened also says what was not started.
    return isUnknown ? new OutcomeUnknown(`${error.message}${where}`, { cause: error, facts }) : error;
  }
  const why = error instanceof Cancelled ? 'It was called off.' : error.message;
  const at = `Stopped after ${done.length} of ${done.length + 1 + rest.length} steps.`;
  const then = tried.length === 0 ? 'Not started' : isUnknown ? 'Not certain' : 'Failed';
  return new PartlyDone(`${at} Done: ${facts.done.join('; ')}. ${then}: ${title}. ${why}${where} ${goOn()}`, {
    cause: error,
    facts,
  });
}
