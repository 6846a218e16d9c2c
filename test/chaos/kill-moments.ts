import type { Step } from '../../src/mcp/journal.ts';
import type { TestClient } from '../helpers/clients.ts';
import { type Job, noteAsked, sayYes, submit } from './kill-caller.ts';

/** The parts of a fulfilment: before it is asked about, from the yes to the first write, the four writes, and after them. */
export const phases = ['asking', 'yes', 'creating', 'confirming', 'packing', 'shipping', 'end'] as const;
export type Phase = (typeof phases)[number];
const writes = 4;

/** Begins a job and tells when each of its phases begins, as far as its caller can know. */
export async function fulfil(job: Job, server: TestClient, onPhase: (phase: Phase) => void): Promise<void> {
  onPhase('asking');
  noteAsked(job, await submit(job, server));
  onPhase('yes');
  const onProgress = (message: string) => {
    const step = Number(/^(\d) of 4: /.exec(message)?.[1] ?? 0);
    const phase = phases[step + 1];
    if (step > 0 && phase) onPhase(phase);
  };
  const { isError, text } = await sayYes(job, server, { onProgress });
  if (isError) throw new Error(text);
  onPhase('end');
}

/** How long each phase takes, in ms, when nobody disturbs it. */
export type Lengths = ReadonlyMap<Phase, number>;

export async function measure(job: Job, server: TestClient): Promise<Lengths> {
  const began: { phase: Phase; atMs: number }[] = [];
  await fulfil(job, server, (phase) => void began.push({ phase, atMs: performance.now() }));
  return new Map(began.map(({ phase, atMs }, index) => [phase, (began[index + 1]?.atMs ?? atMs) - atMs]));
}

export interface Moment {
  readonly phase: Phase;
  /** How much of the usual length of that phase has passed. */
  readonly share: number;
}

/** What a call to a server that died rejects with; all else is thrown on. */
export function unlessKilled(error: unknown): void {
  if (!(error instanceof Error && /connection closed|not connected|EPIPE/i.test(error.message))) throw error;
}

/** Begins a job and kills its server at the moment, whatever it does by then. */
export async function fulfilKilled(
  job: Job,
  server: TestClient,
  { phase, share }: Moment,
  { lengths, kill }: { readonly lengths: Lengths; readonly kill: (server: TestClient) => Promise<void> },
): Promise<void> {
  let work: Promise<void> = Promise.resolve();
  const killed = new Promise<void>((resolve, reject) => {
    // The end is told by the answer, which is too late: it is waited for from the last write on.
    const from = phase === 'end' ? 'shipping' : phase;
    const afterMs = (lengths.get(from) ?? 0) * (phase === 'end' ? 1 + share / 2 : share);
    const onPhase = (began: Phase) => {
      if (began === from) setTimeout(() => kill(server).then(resolve, reject), afterMs);
    };
    // The caller dies with its server: it knows what it was asked, and not what was answered to its yes.
    work = fulfil(job, server, onPhase).catch(unlessKilled);
    work.catch(reject);
  });
  await Promise.all([killed, work]);
}

/** The phase that a job was in when it was stopped, by its journal. */
export function phaseOf({ asked }: Job, steps: readonly Step[]): Phase {
  const done = steps.filter(({ status }) => status === 'done').length;
  if (!asked) return 'asking';
  if (steps.length === 0) return 'yes';
  return phases[Math.min(done, writes) + 2] ?? 'end';
}
