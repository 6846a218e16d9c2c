import type { CallOptions, Reply } from '../client/client.ts';
import type { Effect, Input, Operation, Shape, Toolset } from '../operations/define.ts';

/** Why a create or update is raised to a confirmation; the table of rules is in `mcp/guard.ts`. */
export interface Raise {
  readonly rule: string;
  /** One sentence for the preview: what made it rise. */
  readonly reason: string;
}

/** Names of what a plan rests on and changes: of two plans about the same one waits for the other, in whatever process. */
export type About = readonly string[];

/** What a writing call means to do. Plain JSON, made by reads only; it is what runs after the yes, and nothing else. */
export interface Plan<Steps = unknown> {
  /** One line, at most 160 plain characters: verb, record by name and number, figures. */
  readonly summary: string;
  /** Lines a person reads before saying yes: records by name and number, stock and money before and after, what cannot be undone. */
  readonly preview: readonly string[];
  /** What the preview rested on (quantities, statuses, last_modified_time); compared before the plan runs. */
  readonly restsOn: unknown;
  /** The very inputs of the writes. */
  readonly steps: Steps;
  /** How many documents would be written; more than one always confirms. */
  readonly documents: number;
  readonly raises: readonly Raise[];
  /** Value of what is ordered, in the minor unit of the base currency; 0 where no money is meant. */
  readonly amountMinor: number;
  /** What a change of an order adds to what was ordered before; counted in the day's sum instead of the whole amount. */
  readonly addedMinor?: number;
  /** The plan's table as data, handed out beside the preview. */
  readonly facts?: Reply;
  /** True when nothing is left to do; `run` is then called without asking and only reports. */
  readonly nothingToDo?: boolean;
  /** True when it only does what an earlier one like it left undone: then a yes does none of it a second time. */
  readonly isRest?: boolean;
  /** True when the same call once more goes further, as four percent more do: it is asked about as a second order would be. */
  readonly compounds?: boolean;
  /** What no other job may work at while this one runs, as `about.ts` names it; absent where none can get in its way. */
  readonly about?: About;
}

/** The only way a workflow reaches the API: the operations it `uses`, by name. Anything else does not compile and is refused. */
export interface Api<Uses extends readonly Operation[] = readonly Operation[]> {
  call(name: Uses[number]['name'], input: Input, options?: CallOptions): Promise<Reply>;
  pages(
    name: Uses[number]['name'],
    input: Input,
    options?: CallOptions & { cap?: number },
  ): AsyncIterable<{ row: Record<string, unknown>; truncated: boolean }>;
}

/** Rows with what is said of them all, as a chart takes them. */
export interface ChartFigures {
  readonly header: Readonly<Record<string, unknown>>;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

export interface WorkflowContext {
  /** Calendar day of the organization, yyyy-mm-dd. */
  readonly today: string;
  /** ISO code of the organization's base currency, where the caller knows it; else a workflow that needs it asks. */
  readonly currency?: string;
  /** Milliseconds since 1970, where the caller tells: what a report prints as the time it was made. */
  readonly nowMs?: number;
  /** The organization's zone as the API names it, where the caller knows it. */
  readonly timeZone?: string;
  /** Told what is being done, for progress. */
  readonly progress: (message: string) => void;
  readonly signal?: AbortSignal;
  /** Writes a file of this plain name into the operator's folder and answers its path; absent where none may be saved. */
  readonly saveFile?: (name: string, bytes: Uint8Array) => Promise<string>;
  /** Told what a chart of the answer is drawn from; absent where none was asked for. */
  readonly charted?: (name: string, figures: ChartFigures) => void;
}

interface WorkflowBase {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly toolset: Toolset;
  readonly input: Shape;
}

/** A job that only reads. */
export interface ReadWorkflow extends WorkflowBase {
  readonly uses: readonly Operation[];
  readonly read: (api: Api, input: Input, context: WorkflowContext) => Promise<Reply>;
}

/** A job that writes: `plan` only reads, `run` only does what the plan says. */
export interface WriteWorkflow extends WorkflowBase {
  readonly uses: readonly Operation[];
  /** True when the plan is always shown first, whatever its size. */
  readonly alwaysConfirm?: boolean;
  /** True when it may write more than a minute's calls: then it waits for the call limit, and pauses where a short job would stop. */
  readonly isLong?: boolean;
  /** True when two calls with the same arguments never mean two things, whatever keys their callers gave them. */
  readonly isOnce?: boolean;
  readonly plan: (api: Api, input: Input, context: WorkflowContext) => Promise<Plan>;
  readonly run: (api: Api, plan: Plan, context: WorkflowContext) => Promise<Reply>;
}

export type Workflow = ReadWorkflow | WriteWorkflow;

const weight: Record<Effect, number> = { read: 0, create: 1, update: 2, stock: 3, commit: 4, outward: 5, destroy: 6 };

/** The worst effect of the operations a workflow may use. */
export function workflowEffect(workflow: Workflow): Effect {
  return workflow.uses.reduce<Effect>((worst, { effect }) => (weight[effect] > weight[worst] ? effect : worst), 'read');
}
