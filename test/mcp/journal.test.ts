import { expect, test } from 'vitest';
import type { Client, Reply } from '../../src/client/client.ts';
import type { Traced } from '../../src/client/lost/attempt.ts';
import { OutcomeUnknown, RateLimited, Rejected, Unavailable } from '../../src/errors.ts';
import { type Action, createGuard } from '../../src/mcp/guard.ts';
import type { Step } from '../../src/mcp/journal.ts';
import { planOfRest } from '../../src/mcp/resume-workflow.ts';
import type { Input } from '../../src/operations/define.ts';
import { operationByName } from '../../src/operations/index.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import type { KeptRun, State } from '../../src/state/state.ts';
import { createClock, temporaryDirectory } from '../helpers/world.ts';
import { aPlan, caller, issued, minuteMs, replyOf } from './guarded.ts';

const tool = 'fulfil_sales_order';
const steps = ['create_sales_order', 'confirm_sales_order', 'create_package', 'create_shipment_order'];

function operation(name: string) {
  const known = operationByName.get(name);
  if (!known) throw new Error(`there is no ${name}`);
  return known;
}

/** A job of four writes over a client that does as it is told, and a guard that can be started anew on the same folder. */
function job() {
  const clock = createClock();
  const directory = temporaryDirectory();
  const sent: string[] = [];
  const world = {
    /** What a write meets as it gets ready, and nothing is noted of it yet. */
    early: new Map<string, Error>(),
    /** What it meets before it is carried out, by operation. */
    before: new Map<string, Error>(),
    /** What it meets after that. */
    after: new Map<string, Error>(),
    traced: { kind: 'absent' } as Traced,
    /** What the answer of a write waits for. */
    gates: new Map<string, Promise<void>>(),
    /** How long each write takes. */
    writeMs: 0,
    /** Of more steps than the call limit lets through at once. */
    isLong: false,
    /** How often a run was read whole, with its plan. */
    wholeReads: 0,
    /** Until when each write would have waited for the call limit. */
    deadlines: [] as (number | undefined)[],
    /** What of its answers the job needs. */
    keep: undefined as ((reply: Reply) => Reply) | undefined,
    /** What stands in the place of a write, by operation. */
    instead: new Map<string, () => Reply | undefined>(),
    /** What the second write is called with. */
    second: 'SO-1',
    /** How many entries the journal takes yet. */
    room: Number.POSITIVE_INFINITY,
    isEndKept: true,
  };
  const client: Client = {
    call: async ({ name }, _, { onAttempt, deadlineMs } = {}) => {
      world.deadlines.push(deadlineMs);
      const unready = world.early.get(name);
      if (unready) throw unready;
      await onAttempt?.({ id: `attempt of ${name}`, startedAtMs: clock.now() });
      const refusal = world.before.get(name);
      if (refusal) throw refusal;
      clock.advance(world.writeMs);
      sent.push(name);
      await world.gates.get(name);
      const loss = world.after.get(name);
      if (loss) throw loss;
      return { [name]: `made by ${sent.length}` };
    },
    trace: async () => world.traced,
    claim: async () => true,
    callsSent: () => sent.length,
    pages: async function* () {},
  };
  const action: Action = {
    tool,
    arguments: { sales_order: 'SO-1' },
    effect: 'stock',
    creates: true,
    alwaysConfirm: false,
    countsAmount: true,
    currency: async () => 'USD',
    isJob: true,
    get isLong() {
      return world.isLong;
    },
    plan: async () => aPlan({ summary: 'Fulfil SO-1', documents: 4 }),
    run: async (_, through = (itself) => itself) => {
      const api = through(client);
      const made: unknown[] = [];
      for (const [index, name] of steps.entries()) {
        const input: Input = { number: index === 1 ? world.second : index };
        const { keep, instead } = world;
        const unless = async () => instead.get(name)?.();
        made.push(Object.values(await api.call(operation(name), input, { unless, ...(keep ? { keep } : {}) }))[0]);
      }
      return { message: 'fulfilled', made };
    },
  };
  let ids = 0;
  const store = () => {
    const state = openEmbeddedState({ directory, now: clock.now });
    const append: State['append'] = async (...entry) => {
      world.room -= 1;
      if (world.room < 0) throw new Unavailable('There is no space left.');
      await state.append(...entry);
    };
    const endRun: State['endRun'] = async (...end) => {
      if (!world.isEndKept) throw new Unavailable('There is no space left.');
      await state.endRun(...end);
    };
    const findRun: State['findRun'] = (id) => {
      world.wholeReads += 1;
      return state.findRun(id);
    };
    return { ...state, append, endRun, findRun };
  };
  const start = () =>
    createGuard({
      state: store(),
      settings: { organization: '1', confirm: 'auto', readOnly: false },
      now: clock.now,
      randomId: () => `random-id-${++ids}`,
      warn: () => undefined,
    });
  let guard = start();
  const again = () => action;
  return {
    clock,
    sent,
    world,
    submit: () => guard.submit(action, caller()),
    confirm: ({ confirmation, summary }: { confirmation: string; summary: string }) =>
      guard.confirm(confirmation, summary, caller(), again),
    resume: (id: string, who = caller()) => guard.resume(id, who, again),
    unfinished: () => guard.unfinished(caller().caller),
    restart: () => {
      guard = start();
    },
  };
}

/** A promise and what fulfils it. */
function gate() {
  let open = () => {};
  const closed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { closed, open: () => open() };
}

/** A job that was agreed to, whose process dies as it waits for the answer of `at`. */
async function killed(at: string) {
  const it = job();
  const yes = issued(await it.submit());
  const dead = new Promise<never>(() => undefined);
  const died = { reached: () => {} };
  const reached = new Promise<void>((resolve) => {
    died.reached = resolve;
  });
  it.world.after.set(at, new Proxy(new Error('dead'), {}));
  const { after } = it.world;
  const get = after.get.bind(after);
  after.get = (name) => {
    if (name === at) died.reached();
    return get(name);
  };
  void it.confirm(yes).catch(() => dead);
  await reached;
  after.clear();
  it.restart();
  it.clock.advance(11_000);
  return { ...it, yes };
}

test.each(steps)('a job killed at %s goes on where it stopped, and repeats nothing that was done', async (at) => {
  const { confirm, yes, sent, world } = await killed(at);
  world.traced = { kind: 'done', reply: { [at]: 'found' }, id: '1' };
  expect(replyOf(await confirm(yes))).toMatchObject({ status: 'already_done', outcome: { message: 'fulfilled' } });
  expect(sent).toEqual(steps);
});

test('a step that was begun and is surely not done is sent once more', async () => {
  const { resume, yes, sent } = await killed('create_package');
  expect(replyOf(await resume(yes.confirmation))).toMatchObject({ message: 'fulfilled' });
  expect(sent).toEqual(['create_sales_order', 'confirm_sales_order', 'create_package', ...steps.slice(2)]);
});

test('the job is listed until it is finished, for its own caller only', async () => {
  const { resume, unfinished, yes, world } = await killed('create_package');
  expect(await unfinished()).toMatchObject([
    {
      workflow_id: yes.confirmation,
      tool,
      summary: 'Fulfil SO-1',
      steps: ['create_sales_order', 'confirm_sales_order', 'create_package (outcome to be looked for)'],
    },
  ]);
  const stranger = caller({ caller: 'local:bob' });
  await expect(resume(yes.confirmation, stranger)).rejects.toMatchObject({ kind: 'not_found' });
  world.traced = { kind: 'done', reply: {}, id: '1' };
  await resume(yes.confirmation);
  expect(await unfinished()).toEqual([]);
  expect(replyOf(await resume(yes.confirmation))).toMatchObject({
    note: expect.stringContaining('nothing was done now'),
  });
});

test('after ten minutes what is left is shown first, and goes on after a yes', async () => {
  const { resume, confirm, clock, sent, yes, world } = await killed('create_package');
  world.traced = { kind: 'done', reply: { create_package: 'found' }, id: '1' };
  clock.advance(10 * minuteMs);
  const preview = issued(await resume(yes.confirmation));
  expect(preview.summary).toBe('Go on with: Fulfil SO-1');
  expect(preview.preview.join('\n')).toContain('done so far: create_sales_order, confirm_sales_order, create_package');
  expect(sent).toHaveLength(3);
  expect(replyOf(await confirm(preview))).toMatchObject({ message: 'fulfilled' });
  expect(sent).toEqual(steps);
});

test('of a job of thousands of steps is told how many of each are done, not each of them', () => {
  const step = (index: number): Step => ({
    ...{ operation: index % 2 === 0 ? 'create_item' : 'update_item', fingerprint: String(index) },
    ...{ status: index === 2_998 ? 'refused' : 'done', message: 'No.', attempt: { id: '1', startedAtMs: 0 } },
  });
  const steps = Array.from({ length: 3_000 }, (_, index) => step(index));
  const run: KeptRun = {
    ...{ id: '1', organization: '1', caller: 'local:ann', tool, fingerprint: 'f', arguments: {}, plan: aPlan() },
    ...{ isCreate: true, amountMinor: 0, startedAtMs: 0, status: 'paused', changedAtMs: 0 },
  };
  const plan = planOfRest(run, steps, minuteMs);
  expect(plan.preview.slice(0, 2)).toEqual([
    'Begun 1 min ago; done so far: 1499 x create_item, 1500 x update_item.',
    'Not done: create_item (refused: No.).',
  ]);
  const further = planOfRest(run, [...steps, step(3_000)], minuteMs);
  expect(further.restsOn).not.toEqual(plan.restsOn);
  expect(JSON.stringify(plan.restsOn).length).toBeLessThan(200);
});

test('a job whose very first step is found done after ten minutes is half done, and neither begun anew nor gone on with unasked', async () => {
  const { resume, confirm, submit, unfinished, clock, sent, yes, world } = await killed('create_sales_order');
  world.traced = { kind: 'done', reply: { create_sales_order: 'found' }, id: '1' };
  await expect.poll(unfinished).toMatchObject([{ status: 'outcome unknown' }]);
  clock.advance(11 * minuteMs);
  expect(replyOf(await submit())).toMatchObject({ status: 'unfinished', workflow_id: yes.confirmation });
  const preview = issued(await resume(yes.confirmation));
  expect(preview.preview.join('\n')).toContain('done so far: create_sales_order.');
  expect(replyOf(await confirm(preview))).toMatchObject({ message: 'fulfilled' });
  expect(sent).toEqual(steps);
});

test('what cannot be told stops the job, and says how to go on', async () => {
  const { resume, yes, world, sent } = await killed('create_package');
  world.traced = { kind: 'unclear', why: 'two packages are like it', facts: { package_id: ['1', '2'] } };
  await expect(resume(yes.confirmation)).rejects.toMatchObject({
    kind: 'outcome_unknown',
    facts: { workflow_id: yes.confirmation, package_id: ['1', '2'] },
  });
  expect(sent).toHaveLength(3);
  world.traced = { kind: 'done', reply: {}, id: '1' };
  await resume(yes.confirmation);
  expect(sent).toEqual(steps);
});

test('a look that fails leaves the job as it was', async () => {
  const { resume, yes, world, sent } = await killed('create_package');
  const traced = world.traced;
  Object.defineProperty(world, 'traced', {
    configurable: true,
    get: () => {
      throw new RateLimited(30, { nothingSent: true });
    },
  });
  await expect(resume(yes.confirmation)).rejects.toMatchObject({ kind: 'partly_done' });
  Object.defineProperty(world, 'traced', { value: traced, writable: true });
  world.traced = { kind: 'done', reply: {}, id: '1' };
  await resume(yes.confirmation);
  expect(sent).toEqual(steps);
});

test('a job that would take longer than a call may answers its id and goes on when asked', async () => {
  const { submit, confirm, resume, sent, world } = job();
  const yes = issued(await submit());
  world.writeMs = 30_000;
  const stopped = replyOf(await confirm(yes));
  expect(stopped).toMatchObject({ status: 'unfinished', workflow_id: yes.confirmation });
  expect(sent).toHaveLength(2);
  expect(replyOf(await resume(yes.confirmation))).toMatchObject({ message: 'fulfilled' });
  expect(sent).toEqual(steps);
});

test('a job that wrote and then could not send is partly done, so that its confirmation is not given back', async () => {
  const { submit, confirm, resume, sent, world } = job();
  const yes = issued(await submit());
  world.before.set('create_package', new RateLimited(30, { nothingSent: true }));
  const outcome = await confirm(yes).catch((error: unknown) => error);
  expect(outcome).toMatchObject({
    kind: 'partly_done',
    nothingSent: false,
    facts: { retry_after_seconds: 30, workflow_id: yes.confirmation },
  });
  expect(replyOf(await confirm(yes))).toMatchObject({ status: 'already_failed' });
  world.before.clear();
  expect(replyOf(await resume(yes.confirmation))).toMatchObject({ message: 'fulfilled' });
  expect(sent).toEqual(steps);
});

test('a long job waits for the call limit as long as its call may, and pauses where that is not enough', async () => {
  const { submit, confirm, resume, sent, world, clock } = job();
  world.isLong = true;
  const yes = issued(await submit());
  world.before.set('create_package', new RateLimited(30, { nothingSent: true }));
  const untilMs = clock.now() + 50_000;
  expect(replyOf(await confirm(yes))).toMatchObject({
    status: 'unfinished',
    workflow_id: yes.confirmation,
    retry_after_seconds: 30,
    next: expect.stringContaining('in 30 s'),
  });
  expect(world.deadlines).toEqual([untilMs, untilMs, untilMs]);
  expect(sent).toEqual(steps.slice(0, 2));
  world.before.clear();
  expect(replyOf(await resume(yes.confirmation))).toMatchObject({ message: 'fulfilled' });
  expect(sent).toEqual(steps);
});

test('a long job whose first step has to wait too long gives its yes back', async () => {
  const { submit, confirm, sent, world } = job();
  world.isLong = true;
  const yes = issued(await submit());
  world.before.set('create_sales_order', new RateLimited(60, { nothingSent: true }));
  await expect(confirm(yes)).rejects.toMatchObject({ kind: 'rate_limited' });
  world.before.clear();
  await confirm(yes);
  expect(sent).toEqual(steps);
});

test('a short job keeps to the patience of the client', async () => {
  const { submit, confirm, world } = job();
  await confirm(issued(await submit()));
  expect(world.deadlines).toEqual([undefined, undefined, undefined, undefined]);
});

test('of an answer only what the job needs is kept, and it is answered the same when the job goes on', async () => {
  const { submit, confirm, resume, world } = job();
  world.keep = (reply) => ({ kept: Object.values(reply)[0] });
  const yes = issued(await submit());
  world.writeMs = 30_000;
  expect(replyOf(await confirm(yes))).toMatchObject({ status: 'unfinished' });
  world.writeMs = 0;
  const made = ['made by 1', 'made by 2', 'made by 3', 'made by 4'];
  expect(replyOf(await resume(yes.confirmation))).toMatchObject({ made });
});

test('a step that was left out is not sent, nor asked about again when the job goes on', async () => {
  const { submit, confirm, resume, unfinished, sent, world } = job();
  const yes = issued(await submit());
  let asked = 0;
  world.instead.set('confirm_sales_order', () => {
    asked += 1;
    return asked === 1 ? { left: 'left out' } : undefined;
  });
  world.after.set('create_package', new OutcomeUnknown('lost'));
  await expect(confirm(yes)).rejects.toThrow('lost');
  const [row] = await unfinished();
  expect(row?.steps).toEqual([
    'create_sales_order',
    'confirm_sales_order (left out: changed since)',
    'create_package (outcome to be looked for)',
  ]);
  world.after.clear();
  const made = ['made by 1', 'left out', 'made by 3', 'made by 4'];
  expect(replyOf(await resume(yes.confirmation))).toMatchObject({ made });
  expect([asked, sent.filter((name) => name === 'confirm_sales_order')]).toEqual([1, []]);
});

test('what was begun and is surely not done is asked about before it is sent once more', async () => {
  const { submit, confirm, resume, sent, world } = job();
  const yes = issued(await submit());
  world.after.set('create_package', new OutcomeUnknown('lost'));
  await expect(confirm(yes)).rejects.toThrow('lost');
  world.after.clear();
  world.instead.set('create_package', () => ({ left: 'left out' }));
  const made = ['made by 1', 'made by 2', 'left out', 'made by 4'];
  expect(replyOf(await resume(yes.confirmation))).toMatchObject({ made });
  expect(sent.filter((name) => name === 'create_package')).toHaveLength(1);
});

test('the plan of a run is not read again before each step: it may be as long as thousands of them', async () => {
  const { submit, confirm, sent, world } = job();
  const yes = issued(await submit());
  world.wholeReads = 0;
  await confirm(yes);
  expect(sent).toEqual(steps);
  // Whether the yes had a run of its own already.
  expect(world.wholeReads).toBe(1);
});

test('a first step that is refused leaves nothing to resume, and the yes can be used again', async () => {
  const { submit, confirm, resume, sent, world } = job();
  const yes = issued(await submit());
  world.before.set('create_sales_order', new RateLimited(30, { nothingSent: true }));
  await expect(confirm(yes)).rejects.toMatchObject({ kind: 'rate_limited' });
  await expect(resume(yes.confirmation)).rejects.toMatchObject({ kind: 'rejected' });
  world.before.clear();
  await confirm(yes);
  expect(sent).toEqual(steps);
});

test('a step that is refused for good can be tried again when its reason is gone', async () => {
  const { submit, confirm, resume, sent, world } = job();
  const yes = issued(await submit());
  world.before.set('create_shipment_order', new Rejected('No carrier.'));
  await expect(confirm(yes)).rejects.toMatchObject({ kind: 'partly_done' });
  await expect(resume(yes.confirmation)).rejects.toMatchObject({ kind: 'partly_done' });
  world.before.clear();
  await resume(yes.confirmation);
  expect(sent).toEqual(steps);
});

test.each(steps)('where %s cannot be made ready, the job goes on later as if it had not been tried', async (at) => {
  const { submit, confirm, resume, sent, world } = job();
  const yes = issued(await submit());
  world.early.set(at, new RateLimited(30, { nothingSent: true }));
  await expect(confirm(yes)).rejects.toMatchObject({ kind: at === steps[0] ? 'rate_limited' : 'partly_done' });
  world.early.clear();
  await (at === steps[0] ? confirm(yes) : resume(yes.confirmation));
  expect(sent).toEqual(steps);
});

test.each([true, false])(
  'a first step that cannot be kept does not leave, and the yes can be used again',
  async (isEndKept) => {
    const { submit, confirm, sent, world } = job();
    const yes = issued(await submit());
    world.room = 0;
    world.isEndKept = isEndKept;
    await expect(confirm(yes)).rejects.toMatchObject({ kind: 'unavailable', nothingSent: true });
    expect(sent).toEqual([]);
    world.room = Number.POSITIVE_INFINITY;
    world.isEndKept = true;
    await confirm(yes);
    expect(sent).toEqual(steps);
  },
);

test.each([1, 2, 3, 4, 5, 6, 7])(
  'a journal that is full after %i entries stops the job, which goes on when there is room',
  async (room) => {
    const { submit, confirm, resume, sent, world } = job();
    const yes = issued(await submit());
    world.room = room;
    const outcome = await confirm(yes).catch((error: unknown) => error);
    const left = Math.ceil(room / 2);
    expect(sent).toEqual(steps.slice(0, left));
    expect(outcome).toMatchObject(left < steps.length ? { kind: 'partly_done' } : { kind: 'answer' });
    world.room = Number.POSITIVE_INFINITY;
    world.traced = { kind: 'done', reply: {}, id: '1' };
    await resume(yes.confirmation);
    expect(sent).toEqual(steps);
  },
);

test('a job that would go on otherwise than it began does not go on', async () => {
  const { resume, yes, world, sent } = await killed('create_package');
  world.second = 'SO-2';
  await expect(resume(yes.confirmation)).rejects.toMatchObject({ kind: 'outcome_unknown' });
  expect(sent).toHaveLength(3);
});

test('of two who resume at the same moment one does, and nothing is done twice', async () => {
  const { resume, yes, world, sent } = await killed('create_package');
  world.traced = { kind: 'done', reply: {}, id: '1' };
  const outcomes = await Promise.allSettled([resume(yes.confirmation), resume(yes.confirmation)]);
  expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
  expect(sent).toEqual(steps);
});

test('who stood still so long that another process took over begins no further step', async () => {
  const { submit, confirm, resume, sent, world, clock, restart } = job();
  const yes = issued(await submit());
  const stopped = gate();
  world.gates.set('confirm_sales_order', stopped.closed);
  const first = confirm(yes).catch((error: unknown) => error);
  await expect.poll(() => sent.length).toBe(2);
  restart();
  clock.advance(11_000);
  world.gates.clear();
  world.traced = { kind: 'done', reply: { confirm_sales_order: 'made by 2' }, id: '1' };
  await resume(yes.confirmation);
  stopped.open();
  await first;
  expect(sent).toEqual(steps);
});

test('the same call again finds the job that was lost on its way', async () => {
  const { submit, confirm, sent, world } = job();
  const yes = issued(await submit());
  world.after.set('create_package', new OutcomeUnknown('No answer came.'));
  await expect(confirm(yes)).rejects.toMatchObject({ kind: 'outcome_unknown' });
  world.after.clear();
  world.traced = { kind: 'done', reply: {}, id: '1' };
  expect(replyOf(await submit())).toMatchObject({ message: 'fulfilled', note: expect.stringContaining('lost') });
  expect(sent).toEqual(steps);
});
