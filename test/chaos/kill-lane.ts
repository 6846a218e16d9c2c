import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import type { TestClient } from '../helpers/clients.ts';
import { goOn, type Job } from './kill-caller.ts';
import { type Hits, jobOf, type Luck, skus, wayOn } from './kill-luck.ts';
import { fulfilKilled, type Moment, measure, phaseOf, unlessKilled } from './kill-moments.ts';
import { createKillWorld, type KillWorld } from './kill-world.ts';

/** After it no call limit counts what was asked before. */
const minuteMs = 60_000;

/** The server that dies and is begun anew, and another one on the same folder. */
interface Servers {
  own: TestClient;
  other: TestClient;
}

/** One job after the other on one state folder, as long as there are moments. */
export async function lane(luck: Luck, next: Iterator<[number, Moment]>, hits: Hits): Promise<void> {
  const world = await createKillWorld(luck.chance);
  const servers: Servers = { own: await world.start(), other: await world.start() };
  await measure(jobOf('WARM-1', luck), servers.own);
  const lengths = await measure(jobOf('WARM-2', luck), servers.own);
  const wholeMs = [...lengths.values()].reduce((sum, length) => sum + length, 0);
  const look = lookOut(world);
  const jobs: Job[] = [];

  /** Until its caller is told that it is done: by the next server or the other one, which may die too. */
  async function goOnSomehow(job: Job, sinceMs: number): Promise<void> {
    const { way, pauseMs } = wayOn(job, world.clock.now() - sinceMs, luck);
    world.clock.advance(pauseMs);
    const where = luck.hit(0.2) ? 'other' : 'own';
    hits.count('ways', `${way} after ${pauseMs / 1000} s${where === 'own' ? '' : ', other server'}`);
    const work = goOn(job, servers[where], way, world.clock);
    if (luck.hit(0.75)) return work;

    await Promise.race([work, new Promise((resolve) => setTimeout(resolve, luck.chance() * wholeMs))]);
    await Promise.all([world.kill(servers[where]), work.catch(unlessKilled)]);
    hits.count('again', phaseOf(job, look.steps(job)));
    servers[where] = await world.start();
    return goOnSomehow(job, sinceMs);
  }

  for (let step = next.next(); !step.done; step = next.next()) {
    const [round, moment] = step.value;
    world.clock.advance(minuteMs);
    const job = jobOf(`ROUND-${round}`, luck);
    // Now and then the very same goods were ordered a moment before.
    if (luck.hit(0.15)) {
      const twin = { ...job, wish: { ...job.wish, tracking_number: `TWIN-${round}` }, key: `TWIN-${round}`, heard: [] };
      await measure(twin, servers.own);
      jobs.push(twin);
    }
    jobs.push(job);
    await fulfilKilled(job, servers.own, moment, { lengths, kill: world.kill });
    hits.count('first', phaseOf(job, look.steps(job)));
    servers.own = await world.start();
    await goOnSomehow(job, world.clock.now());
    look.atBooks(jobs);
  }
  expect((await servers.own.call('list_unfinished_workflows')).facts).toEqual({ workflows: [] });
  look.atJournal(jobs);
  for (const [what, times] of Object.entries(world.road.orphans)) hits.count('orphans', what, times);
}

/** What must be so after each job, and in the end, of all that was done since. */
function lookOut(world: KillWorld) {
  const books = world.books();
  const state = world.state();
  const before = { orders: books.orders().length, stock: skus.map(books.stock) };
  const soldOf = (jobs: readonly Job[], index: number) =>
    jobs.reduce((sum, { wish }) => sum + (wish.items[index]?.quantity ?? 0), 0);

  return {
    steps: state.steps,
    atBooks: (jobs: readonly Job[]) => {
      const expected = jobs.map(({ wish }) => ({
        status: 'shipped',
        lines: wish.items.map(({ item, quantity }) => `${quantity} ${item}`).join(', '),
        packages: 1,
        shipments: wish.tracking_number,
      }));
      expect(books.orders().slice(before.orders)).toEqual(expected);
      for (const [index, sku] of skus.entries()) {
        const { customer = 0, ...places } = before.stock[index] ?? {};
        const sold = soldOf(jobs, index);
        const [oakland = ''] = Object.keys(places);
        const now = { ...places, customer: customer + sold, [oakland]: (places[oakland] ?? 0) - sold };
        expect(books.stock(sku)).toEqual(now);
      }
      expect(state.checks()).toEqual([[{ integrity_check: 'ok' }], [{ integrity_check: 'ok' }]]);
    },
    atJournal: (jobs: readonly Job[]) => {
      for (const job of jobs) {
        const ended = state.told(job).filter(([status]) => status !== 'failed');
        expect(ended).toEqual([['done', 'done', 'done', 'done', 'done']]);
      }
      const spoken = [...jobs.flatMap(({ heard }) => heard), ...world.said].join('\n');
      expect(spoken).not.toMatch(/locked|damaged|could not be kept/i);
      const audit = execFileSync(process.execPath, ['dist/main.js', 'audit', 'verify'], { env: world.env });
      expect(audit.toString()).toMatch(/^ok: /);
    },
  };
}
