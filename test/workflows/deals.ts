import type { Input } from '../../src/operations/define.ts';
import type { Api, Plan, WriteWorkflow } from '../../src/workflows/define.ts';
import { workflowByName } from '../../src/workflows/index.ts';
import { type Row, rowIn, rowsIn } from '../../src/workflows/rows.ts';
import type { demoWorld } from './demo-world.ts';
import { anItem, fakeApi, quiet, type Shelf } from './fake-api.ts';

export type World = ReturnType<typeof demoWorld>;

export const job = 'place_order_from_deal';
/** Can be ordered whole, has a code nobody knows and a short line, is of somebody new. */
export const [terrace, foyer, opening] = ['5843104000000567001', '5843104000000567002', '5843104000000567003'] as const;

export const place = async (world: World, input: Input) => world.run(job, await world.plan(job, input));

export const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) => error,
  );

export const list = async (world: World, call: string, key: string) =>
  rowsIn(await world.call(call, { per_page: 200 }), key);

/** What a deal could have written: contacts, orders, and the deal itself. */
export const written = async (world: World, dealId: string = terrace) => [
  (await list(world, 'list_contacts', 'contacts')).length,
  (await list(world, 'list_sales_orders', 'salesorders')).length,
  rowIn(await world.call('get_crm_deal', { deal_id: dealId }), 'deal').Inventory_SO_ID,
];

/** A deal as an argument. */
export const given = (more: Row = {}) => ({
  id: '4711',
  name: 'Patio sound',
  contact: { name: 'Nora Blake', email: 'nora@bluebirdcafe.example' },
  products: [
    { code: 'WBH-001', quantity: 4, rate: 79.99 },
    { code: 'UCC-2M', quantity: 6, rate: 12.99 },
  ],
  ...more,
});

function workflow(): WriteWorkflow {
  const found = workflowByName.get(job);
  if (!found || !('plan' in found)) throw new Error(`${job} is no writing workflow`);
  return found;
}

export const planOver = (api: Api, input: Input): Promise<Plan> => workflow().plan(api, input, quiet);

export const mug = anItem({ sku: 'MUG', stock: 50, rate: 12 });

/** A plan over a shelf of records, for what the demo company does not have. */
export const planned = (shelf: Shelf, contact: Row, more: Row = {}): Promise<Plan> => {
  const deal = given({ contact, products: [{ code: 'MUG', quantity: 10, rate: 11 }], ...more });
  return planOver(fakeApi({ items: [mug], ...shelf }), { deal });
};
