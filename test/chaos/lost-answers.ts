import type { Input } from '../../src/operations/define.ts';
import type { FaultRule } from '../../src/sandbox/faults-rules.ts';
import { type Company, company, writes } from '../client/writes.ts';
import { dumpOf } from '../helpers/dump.ts';
import { wonDeal } from './api.ts';
import { kindOf, yesTo } from './careful-caller.ts';
import type { Answer } from './server.ts';
import { type ChaoticWorld, chaoticWorld } from './world.ts';

/** Every way in which the answer to a write can be lost, with what was asked for carried out or not. */
export const losses: Readonly<Record<string, FaultRule>> = {
  'reset after': { fault: 'reset_after' },
  'broken off after': { fault: 'reset_after', in_body: true },
  'none after': { fault: 'no_answer_after' },
  'cut after': { fault: 'cut_json' },
  'page after': { fault: 'html', commit: 'after' },
  'gateway after': { fault: 'html', status: 502, commit: 'after' },
  'failure after': { fault: 'server_error', commit: 'after' },
  'slow after': { fault: 'slow_body', ms: 300_000 },
  'reset before': { fault: 'reset_before' },
  'none before': { fault: 'no_answer_before' },
  'page before': { fault: 'html' },
  'gateway before': { fault: 'html', status: 504 },
  'failure before': { fault: 'server_error', status: 503 },
};

/** What keeps the caller from hearing how it ended, so that it asks again. */
export const occasions = ['nothing can be read', 'the answer goes astray', 'the server dies'] as const;

export interface Case {
  readonly tool: string;
  readonly loss: string;
  /** Which of the job's writes loses its answer, counted from 1. */
  readonly nth?: number;
  readonly occasion: (typeof occasions)[number];
  readonly by: 'the tool' | 'confirm_action';
  readonly isRestarted: boolean;
}

const lines = [{ item: 'A-1', quantity: 2 }];
const addressed = { customer: 'Bluebird', items: lines };

/** What takes back what a server on the same folder did, once it was agreed to. */
const undoing =
  (inputOf: (its: Company) => Promise<{ tool: string; input: Input }>) =>
  async (its: Company, world: ChaoticWorld): Promise<Input> => {
    const { tool, input } = await inputOf(its);
    const { ask, stop } = world.start();
    const asked = await ask(tool, input);
    const yes = yesTo(asked);
    const done = yes ? await ask('confirm_action', yes) : asked;
    if (kindOf(done) !== 'done') throw new Error(`${tool} was not done: ${done.text}`);
    const { actions } = (await ask('undo_action', {})).facts;
    stop();
    const [newest] = Array.isArray(actions) ? actions : [];
    return { action_id: String(Object(newest).action_id) };
  };

/** The same as `writes`, for the jobs. */
const jobInputs: Readonly<Record<string, (its: Company, world: ChaoticWorld) => Promise<Input>>> = {
  place_sales_order: async () => addressed,
  'place_sales_order, split': async () => ({
    ...{ customer: 'Bluebird', if_short: 'split' },
    items: [
      { item: 'A-1', quantity: 120 },
      { item: 'B-1', quantity: 2 },
    ],
  }),
  // The second order is the first word for word, and nothing is left for the same call to plan with.
  'place_sales_order, halves': async () => ({
    ...{ customer: 'Bluebird', if_short: 'split', reference_number: 'BB-77' },
    items: [{ item: 'A-1', quantity: 200 }],
  }),
  place_order_from_deal: async () => ({ deal_id: wonDeal }),
  'place_order_from_deal, given': async () => ({
    deal: { id: '77', contact: { name: 'Bluebird' }, products: [{ code: 'A-1', quantity: 2, rate: 11 }] },
  }),
  amend_order: async ({ confirmed }) => ({ order: await confirmed(), lines: [{ item: 'A-1', quantity: 2 }] }),
  record_return: async ({ packed, run }) => {
    const { id, order } = await packed();
    await run('ship_package', { package_id: id, carrier: 'UPS' });
    return { sales_order: order, lines: [{ item: 'A-1', quantity: 1 }] };
  },
  receive_delivery: async ({ issued }) => ({
    purchase_order: (await issued()).id,
    lines: [{ item: 'A-1', quantity: 5 }],
  }),
  import_items: async () => ({
    csv: 'Item Name,SKU,Price,Opening Stock\nDesk Lamp,LMP-1,39.95,12\n,A-1,61,\n',
  }),
  update_prices: async () => ({
    prices: [
      { item: 'A-1', rate: 12 },
      { item: 'B-1', rate: 11 },
    ],
  }),
  set_stock_levels: async () => ({
    rows: [
      { item: 'A-1', quantity: 90 },
      { item: 'B-1', quantity: 55 },
    ],
  }),
  'set_stock_levels, long': async ({ newItem, record }) => {
    const shelves = Array.from({ length: 15 }, (_, index) => `Shelf ${index + 1}`);
    for (const shelf of shelves) await record('create_warehouse', 'warehouse', { warehouse_name: shelf });
    const skus = shelves.map((_, index) => `L-${index + 1}`);
    for (const sku of skus) await newItem(sku);
    // 225 levels, which are two adjustments.
    const rows = skus.flatMap((item) => shelves.map((warehouse) => ({ item, warehouse, quantity: 1 })));
    return { mode: 'change', rows };
  },
  move_stock: async () => ({
    ...{ from: 'Main', to: 'Annex', receive: true },
    items: [{ item: 'A-1', quantity: 5 }],
  }),
  fulfil_sales_order: async () => ({ ...addressed, carrier: 'UPS', tracking_number: '1Z' }),
  reorder_low_stock: async ({ newItem, vendor }) => {
    await newItem('LOW-1', { reorder_level: 5, purchase_rate: 3, vendor_id: vendor });
    return {};
  },
  'undo_action, move': undoing(async () => ({
    tool: 'move_stock',
    input: { from: 'Main', to: 'Annex', receive: true, items: [{ item: 'A-1', quantity: 5 }] },
  })),
  'undo_action, item': undoing(async ({ item }) => ({
    tool: 'update_item',
    input: { item_id: item, rate: 99, description: 'Now better' },
  })),
  'undo_action, contact': undoing(async ({ customer }) => ({
    tool: 'update_contact',
    input: {
      ...{ contact_id: customer, email: 'other@bluebird.example', phone: '7' },
      billing_address: { address: '9 Hill', city: 'Reno' },
      custom_fields: [{ label: 'Tier', value: 'Gold' }],
      contact_persons: [{ first_name: 'Ann', email: 'ann@bluebird.example' }],
    },
  })),
  'undo_action, kit': undoing(async ({ kitId }) => ({
    tool: 'update_composite_item',
    input: { item_id: await kitId(), rate: 99 },
  })),
  'undo_action, order': undoing(async ({ confirmed }) => ({
    tool: 'amend_order',
    input: { order: await confirmed(), lines: [{ item: 'A-1', quantity: 2, rate: 7 }], shipment_date: '2026-12-24' },
  })),
  'undo_action, purchase': undoing(async ({ purchase, linesOf, item }) => {
    const order = await purchase();
    const line_items = [{ line_item_id: linesOf(order)[0]?.line_item_id, item_id: item, quantity: 3, rate: 5 }];
    return { tool: 'update_purchase_order', input: { purchaseorder_id: order.purchaseorder_id, line_items } };
  }),
  'undo_action, rows': undoing(async ({ newItem }) => {
    for (const sku of ['C-1', 'D-1']) await newItem(sku);
    return { tool: 'import_items', input: { csv: 'SKU,Price\nA-1,61\nC-1,62\nD-1,63\n' } };
  }),
  'undo_action, prices': undoing(async () => ({
    tool: 'update_prices',
    input: {
      prices: [
        { item: 'A-1', rate: 12 },
        { item: 'B-1', rate: 11 },
      ],
    },
  })),
};

/** What a tool asks for beyond what its endpoint needs. */
const letter = { subject: 'Your order', body: 'It is on its way.' };
const besides = (tool: string): Input => (tool.startsWith('email_') ? letter : {});

/** One job may stand here several times: its name, a comma, and what is special. */
export const toolIn = (named: string): string => named.split(',')[0] ?? named;

/** How many writes each job makes there. */
export const jobWrites: Readonly<Record<string, number>> = {
  ...{ place_sales_order: 2, 'place_sales_order, split': 4, 'place_sales_order, halves': 4 },
  ...{ place_order_from_deal: 4, 'place_order_from_deal, given': 2 },
  ...{ amend_order: 1, record_return: 1 },
  ...{ fulfil_sales_order: 4, reorder_low_stock: 1, receive_delivery: 1, import_items: 2, update_prices: 2 },
  ...{ set_stock_levels: 1, 'set_stock_levels, long': 2, move_stock: 3 },
  ...{ 'undo_action, item': 1, 'undo_action, contact': 1, 'undo_action, kit': 1, 'undo_action, order': 1 },
  ...{ 'undo_action, move': 3, 'undo_action, purchase': 1, 'undo_action, rows': 3, 'undo_action, prices': 2 },
};

const nothingReads: FaultRule = { fault: 'server_error', status: 503, match: { method: 'GET' } };
const mostRetries = 8;

export const isOpen = (answer: Answer): boolean =>
  /^(outcome_unknown|unavailable|rate_limited|already_running)$/.test(kindOf(answer));

async function inputFor(tool: string, its: Company, world: ChaoticWorld): Promise<Input> {
  const input = jobInputs[tool]?.(its, world) ?? writes[tool]?.(its, world.prepare);
  if (!input) throw new Error(`there is no input for ${tool}`);
  return input;
}

/** The company in which one write is about to be asked for. */
async function ready(tool: string) {
  const world = chaoticWorld({ latencyMs: 10 });
  const { clock, prepare } = world;
  const its = await clock.run(company(prepare));
  const input = await clock.run(inputFor(tool, its, world));
  await clock.run(world.sleep(60_000));
  world.committed.length = 0;
  return { world, clock, input: { ...input, ...besides(tool) } };
}

const outcome = ({ database, committed }: ChaoticWorld, answers: readonly Answer[]) => ({
  dump: dumpOf(database),
  /** Writes that were carried out. */
  written: committed.length,
  answers,
});

/** The world in which nothing is lost. */
export async function plainly(named: string) {
  const { world, clock, input } = await ready(named);
  const tool = toolIn(named);
  const { ask } = world.start();
  const untouched = dumpOf(world.database);
  const first = await clock.run(ask(tool, input));
  const yes = yesTo(first);
  const last = yes ? await clock.run(ask('confirm_action', yes)) : first;
  return { ...outcome(world, [first, last]), last, untouched, isGated: yes !== undefined };
}

/** The world in which the answer is lost, and the same asked again until it is told what became of it. */
export async function retried({ tool: named, loss, nth = 1, occasion, by, isRestarted }: Case, isGated: boolean) {
  const { world, clock, input } = await ready(named);
  const tool = toolIn(named);
  let server = world.start();
  const yes = isGated ? yesTo(await clock.run(server.ask(tool, input))) : undefined;
  const first = () => (yes ? server.ask('confirm_action', yes) : server.ask(tool, input));
  const again = () => (by === 'confirm_action' ? first() : server.ask(tool, input));
  const answers: Answer[] = [];

  const left = loseNth(world, nth, losses[loss], occasion === 'nothing can be read');
  if (occasion === 'the server dies') {
    void first();
    await clock.run(left.then(() => world.sleep(1)));
  } else answers.push(await clock.run(first()));
  world.heal();
  if (isRestarted) {
    server.stop();
    server = world.start();
  }
  for (let retries = 0; retries < mostRetries; retries += 1) {
    const answer = await clock.run(again());
    answers.push(answer);
    if (!isOpen(answer)) break;
    await clock.run(world.sleep(15_000));
  }
  const id = workflowIn(answers.at(-1));
  if (id !== undefined) answers.push(await clock.run(server.ask('resume_workflow', { workflow_id: id })));
  return outcome(world, answers);
}

/** The job that an answer says how to go on with. */
function workflowIn(answer: Answer | undefined): string | undefined {
  if (!answer || kindOf(answer) === 'done' || !answer.text.includes('resume_workflow')) return undefined;
  return /"workflow_id":"([^"]+)"/.exec(answer.text)?.[1] ?? /goes on with it \(([^)]+)\)/.exec(answer.text)?.[1];
}

/** Spoils the nth write that comes, and where nothing can be read all readings after it; resolves when it came. */
function loseNth(world: ChaoticWorld, nth: number, loss: FaultRule | undefined, isBlind: boolean): Promise<void> {
  if (!loss) throw new Error('there is no such loss');
  let writesSeen = 0;
  const lose = () =>
    world.fail({ rules: (['POST', 'PUT', 'DELETE'] as const).map((method) => ({ ...loss, match: { method } })) });
  if (nth === 1) lose();
  return new Promise((resolve) => {
    world.onWrite(() => {
      writesSeen += 1;
      if (writesSeen === nth - 1) lose();
      if (writesSeen !== nth) return;
      world.fail({ rules: isBlind ? [nothingReads] : [] });
      resolve();
    });
  });
}
