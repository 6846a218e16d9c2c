import type { Input } from '../../src/operations/define.ts';
import type { Call, JobsWorld } from './world.ts';

type Fields = Record<string, unknown>;
const rows = (value: unknown): Fields[] => (Array.isArray(value) ? value : []);

/** What is told where `USB-C Cable` was asked for. */
export const cables = ['USB-C Cable 1 m', 'USB-C Cable 2 m'];

const rowOf = async (world: JobsWorld, list: string, key: string, filter: Input): Promise<Fields> => {
  const [row] = rows((await world.others(list, filter))[key]);
  if (!row) throw new Error(`${list} has no ${JSON.stringify(filter)}`);
  return row;
};

/** A second vendor, so that `Cable` names two. */
export async function twoCableVendors({ others }: JobsWorld): Promise<Input> {
  await others('create_contact', { contact_name: 'CableWorks North', contact_type: 'vendor' });
  return { vendor: 'Cable' };
}

/** A row of an import whose vendor is known by a company name that two have. */
/** A deal that was won, of a customer the company knows. */
export const dealOf = (code: string, quantity: number, contact: Input = { name: 'Bluebird Cafe' }): Input => ({
  deal: { id: '77', name: 'Spring order', contact, products: [{ code, quantity }] },
});

export async function dealOfOneCompany({ others }: JobsWorld): Promise<Input> {
  for (const side of ['East', 'West'])
    await others('create_contact', {
      ...{ contact_name: `Deal Union ${side}`, company_name: 'Deal Union', contact_type: 'customer' },
    });
  return dealOf('UCC-2M', 2, { name: 'Nobody Known', company: 'Deal Union' });
}

export async function twoVendorsOfOneCompany({ others }: JobsWorld): Promise<Input> {
  for (const side of ['East', 'West'])
    await others('create_contact', {
      ...{ contact_name: `Cable Union ${side}`, company_name: 'Cable Union', contact_type: 'vendor' },
    });
  return { csv: 'Item Name,SKU,Price,Vendor\nDesk Lamp,LMP-1,39.95,Cable Union\n' };
}

/** Somebody else takes so many out of a warehouse. */
export const takes =
  (sku: string, quantity: number, warehouse = 'Oakland') =>
  async (world: JobsWorld) => {
    const { item_id } = await rowOf(world, 'list_items', 'items', { sku });
    const all = rows((await world.others('list_warehouses', {})).warehouses);
    const warehouse_id = all.find(({ warehouse_name }) => warehouse_name === warehouse)?.warehouse_id;
    const line_items = [{ item_id, warehouse_id, quantity_adjusted: -quantity }];
    await world.others('create_stock_adjustment', { reason: 'Broken', line_items });
  };

/** Somebody else sets another price. */
export const reprices = (sku: string, rate: number) => async (world: JobsWorld) => {
  const { item_id } = await rowOf(world, 'list_items', 'items', { sku });
  await world.others('update_item', { item_id, rate });
};

/** Somebody else receives so many of PO-00007. */
export const receives = (sku: string, quantity: number) => async (world: JobsWorld) => {
  const { purchaseorder_id } = await rowOf(world, 'list_purchase_orders', 'purchaseorders', {
    purchaseorder_number: 'PO-00007',
  });
  const reply = await world.others('get_purchase_order', { purchaseorder_id });
  const line = rows((reply.purchaseorder as Fields).line_items).find((one) => one.sku === sku); // parse boundary: the sandbox's reply
  const line_items = [{ line_item_id: line?.line_item_id, quantity_received: quantity }];
  await world.others('receive_purchase_order', { purchaseorder_id, line_items });
};

/** Somebody else writes a note on an order. */
export const notes = (salesorder_number: string) => async (world: JobsWorld) => {
  const { salesorder_id } = await rowOf(world, 'list_sales_orders', 'salesorders', { salesorder_number });
  await world.others('update_sales_order', { salesorder_id, notes: 'Call before noon' });
};

/** A move that the caller made, with a yes; its id as `undo_action` takes it. */
export async function movedMugs(_: JobsWorld, call: Call): Promise<Input> {
  const items = [{ item: 'MUG', quantity: 20 }];
  const { facts } = await call('move_stock', { from: 'Oakland', to: 'Newark', items, receive: true });
  await call('confirm_action', { confirmation: facts.confirmation, summary: facts.summary });
  return { action_id: rows((await call('undo_action')).facts.actions)[0]?.action_id };
}
