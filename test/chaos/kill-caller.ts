import type { TestClient, ToolResult } from '../helpers/clients.ts';
import type { SharedClock } from './kill-clock.ts';

/** One fulfilment as its caller knows it. */
export interface Job {
  readonly wish: {
    readonly customer: string;
    readonly items: readonly { readonly item: string; readonly quantity: number }[];
    readonly carrier: string;
    /** Of this job alone. */
    readonly tracking_number: string;
  };
  /** Of the caller's own, where it gives one. */
  readonly key?: string;
  /** What it was asked last. */
  asked?: { readonly confirmation: string; readonly summary: string };
  /** All it was told. */
  readonly heard: string[];
}

/** How a caller that lost its server goes on: it looks what is unfinished, asks the same again, or says yes again. */
export type Way = 'list' | 'same call' | 'yes again';

interface Listener {
  readonly onProgress?: (message: string) => void;
}
type Ask = (server: TestClient, listener?: Listener) => Promise<ToolResult>;

const keyName = 'zoho-inventory-mcp/idempotency-key';
const secondMs = 1_000;
/** One that needs more does not end. */
const mostCalls = 15;
/** By the machine's clock: clients give up at 60 s. */
const mostCallMs = 30 * secondMs;

export const submit = ({ wish, key }: Job, server: TestClient, listener: Listener = {}): Promise<ToolResult> =>
  server.call('fulfil_sales_order', { ...wish }, { ...listener, ...(key ? { meta: { [keyName]: key } } : {}) });

export const sayYes = (job: Job, server: TestClient, listener: Listener = {}): Promise<ToolResult> =>
  job.asked ? server.call('confirm_action', { ...job.asked }, listener) : submit(job, server, listener);

export function noteAsked(job: Job, { facts, text }: ToolResult): void {
  if (facts.status !== 'confirmation_required') throw new Error(`It was not asked about: ${text}`);
  job.asked = { confirmation: String(facts.confirmation), summary: String(facts.summary) };
}

const resume =
  (workflow_id: string): Ask =>
  (server, listener) =>
    server.call('resume_workflow', { workflow_id }, listener);

/** Goes on until it is told that the job is done, doing what the answers say and nothing else. */
export async function goOn(job: Job, server: TestClient, way: Way, clock: SharedClock): Promise<void> {
  const onProgress = (message: string) => {
    if (/under way; waiting/.test(message)) clock.advance(11 * secondMs);
  };
  let ask = await firstAsk(job, server, way);
  for (let calls = 1; calls <= mostCalls; calls += 1) {
    const fromMs = performance.now();
    const answer = await ask(server, { onProgress });
    job.heard.push(answer.text);
    if (performance.now() - fromMs > mostCallMs) throw new Error(`An answer took too long:\n${answer.text}`);
    const next = whatNext(job, answer, clock);
    if (next === 'done') return;
    if (next !== 'the same') ask = next;
  }
  throw new Error(`The job does not end. Its caller heard:\n${job.heard.join('\n---\n')}`);
}

async function firstAsk(job: Job, server: TestClient, way: Way): Promise<Ask> {
  if (way === 'same call') return (on, listener) => submit(job, on, listener);
  if (way === 'list') {
    const { facts, text } = await server.call('list_unfinished_workflows');
    job.heard.push(text);
    const [row, ...others]: { workflow_id?: unknown }[] = Array.isArray(facts.workflows) ? facts.workflows : [];
    if (others.length > 0) throw new Error(`More is unfinished than this one job: ${text}`);
    if (row) return resume(String(row.workflow_id));
  }
  return (on, listener) => sayYes(job, on, listener);
}

function whatNext(job: Job, answer: ToolResult, clock: SharedClock): Ask | 'the same' | 'done' {
  const { text, facts, isError } = answer;
  const { kind, workflow_id } = (facts.error ?? {}) as { kind?: string; workflow_id?: string }; // parse boundary: what the wire brought
  if (!isError && /is created, confirmed, packed and shipped/.test(text)) return 'done';
  if (facts.status === 'confirmation_required') {
    if (/The same call succeeded/.test(text)) return 'done';
    noteAsked(job, answer);
    return (server, listener) => sayYes(job, server, listener);
  }
  if (facts.status === 'unfinished') return resume(String(facts.workflow_id));
  if (facts.status === 'already_running' || kind === 'unavailable') {
    clock.advance(5 * secondMs); // "in a few seconds"
    return 'the same';
  }
  if (workflow_id !== undefined) return resume(workflow_id);
  if (kind === 'confirmation_invalid' || /Call fulfil_sales_order again/i.test(text))
    return (server, listener) => submit(job, server, listener);
  throw new Error(`The caller is left without a next step. It heard:\n${job.heard.join('\n---\n')}`);
}
