import { describe, expect, test } from 'vitest';
import type { Input } from '../../src/operations/define.ts';
import type { Api, Plan } from '../../src/workflows/define.ts';
import { workflowByName } from '../../src/workflows/index.ts';
import { rowIn, rowsIn } from '../../src/workflows/rows.ts';
import { quiet } from './fake-api.ts';
import { errorOf, fulfilWorld } from './fulfil-world.ts';

/** As a live account answers of goods whose every unit has a number; the sandbox keeps none. */
const withNumbers = (api: Api): Api => ({
  ...api,
  call: async (name, input) => {
    const reply = await api.call(name, input);
    const marked = (row: Input): Input => ({ ...row, track_serial_number: true });
    return {
      ...reply,
      ...('items' in reply ? { items: rowsIn(reply, 'items').map(marked) } : {}),
      ...('item' in reply ? { item: marked(rowIn(reply, 'item')) } : {}),
    };
  },
});

async function planOf(name: string, input: Input): Promise<Plan> {
  const workflow = workflowByName.get(name);
  if (!workflow || !('plan' in workflow)) throw new Error(`There is no job ${name} that writes.`);
  return workflow.plan(withNumbers(fulfilWorld().apiOf(name)), input, quiet);
}

describe('goods that are kept by serial number, which no job gives', () => {
  test('are not counted by units: the row is refused and the others can go without it', async () => {
    const rows = [{ item: 'MUG', quantity: 40 }];
    expect(await errorOf(planOf('set_stock_levels', { rows }))).toMatchObject({
      message: expect.stringContaining('MUG is kept by serial number, and a count of units says of none'),
      facts: { bad_rows: [{ row: 1, verdict: 'serial or batch' }] },
    });
  });

  test('may be refused when they come back or arrive, and that is said before', async () => {
    const lines = [{ item: 'UCC-2M', quantity: 1 }];
    const back = await planOf('record_return', { sales_order: 'SO-00016', lines });
    expect(back.preview).toContain(
      'Likely to be refused: USB-C Cable 2 m (UCC-2M) is kept by serial number, and none is given. Book it in Zoho Inventory.',
    );
    const counted = [{ item: 'DMAT', quantity: 40 }];
    const arrived = await planOf('receive_delivery', { purchase_order: 'PO-00007', lines: counted });
    expect(arrived.preview.join('\n')).toContain('Likely to be refused: Desk Mat (DMAT) is kept by serial number');
  });
});

describe('what is inactive', () => {
  test('comes back into stock, and it is said that nobody can order it', async () => {
    const demo = fulfilWorld();
    await demo.call('deactivate_item', { item_id: (await demo.itemBy('UCC-2M')).item_id });
    const lines = [{ item: 'UCC-2M', quantity: 1 }];
    const { preview } = await demo.planOf('record_return', { sales_order: 'SO-00016', lines });
    expect(preview).toContain(
      'USB-C Cable 2 m (UCC-2M) is inactive: what comes back can be sold once activate_item was called.',
    );
  });

  test('a warehouse is told to be so once, and how to use it', async () => {
    const demo = fulfilWorld();
    const made = await demo.call('create_warehouse', { warehouse_name: 'Fresno' });
    await demo.call('deactivate_warehouse', { warehouse_id: rowIn(made, 'warehouse').warehouse_id });
    const receive = demo.planOf('receive_delivery', { purchase_order: 'PO-00007', warehouse: 'Fresno' });
    expect(await errorOf(receive)).toMatchObject({
      message: expect.stringMatching(
        /^The warehouse Fresno \(\d+\) is inactive and cannot be used\. Activate it or choose another\./,
      ),
    });
    const count = demo.planOf('set_stock_levels', { rows: [{ item: 'MUG', quantity: 1, warehouse: 'Fresno' }] });
    expect(await errorOf(count)).toMatchObject({
      message: expect.stringMatching(
        /inactive warehouse: The warehouse Fresno \(\d+\) is inactive: activate_warehouse first\./,
      ),
    });
  });
});
