import { describe, expect, test } from 'vitest';
import { NotFound } from '../../src/errors.ts';
import { planOperation } from '../../src/mcp/plan.ts';
import type { Input } from '../../src/operations/define.ts';
import { type DemoWorld, demoWorld, operationNamed, rowsOf } from '../helpers/reads.ts';

const plan = (world: DemoWorld, name: string, input: Input) =>
  planOperation(operationNamed(name), input, { reads: world.reads, today: world.today });

const idIn = (reply: Record<string, unknown>, key: string, field: string): string =>
  String(rowsOf([reply[key]])[0]?.[field]);

/** Packs `quantity` of the first line of an order. */
async function packed(world: DemoWorld, number: string, quantity: number, body: Input = {}) {
  const order = await world.salesOrder(number);
  const so_line_item_id = rowsOf(order.line_items)[0]?.line_item_id;
  const made = await world.call('create_package', {
    salesorder_id: order.salesorder_id,
    line_items: [{ so_line_item_id, quantity }],
    ...body,
  });
  const package_id = idIn(made, 'package', 'package_id');
  return { package_id, so_line_item_id, salesorder_id: String(order.salesorder_id) };
}

const numberOf = async (world: DemoWorld, package_id: string) =>
  idIn(await world.call('get_package', { package_id }), 'package', 'package_number');

describe('shipping a package', () => {
  test('shows what leaves which warehouse, on hand before and after, carrier, tracking and address', async () => {
    const world = demoWorld();
    const { package_id } = await packed(world, 'SO-00012', 30, { carrier: 'FedEx' });
    const number = await numberOf(world, package_id);
    const { summary, preview } = await plan(world, 'ship_package', { package_id, tracking_number: '1Z999' });
    expect(summary).toBe(
      `Ship ${number} of SO-00012 to Tech Solutions Inc: 30 pcs Wireless Bluetooth Headphones (WBH-001), by FedEx`,
    );
    expect(preview).toContain('- 30 pcs Wireless Bluetooth Headphones (WBH-001), Oakland');
    expect(preview).toContain('Wireless Bluetooth Headphones (WBH-001) leaves Oakland: on hand 60 -> 30 pcs');
    expect(preview).toContain('Carrier "FedEx", tracking number "1Z999".');
    expect(preview.join('\n')).toMatch(/Goes to: ".+"/);
    expect(preview).toContain(`Shipped on ${world.today} (today).`);
    expect(preview).toContain('The goods leave stock; it cannot be undone by this server.');
    expect(preview.join('\n')).not.toContain('Likely to be refused');
  });

  test('foretells what the run does', async () => {
    const world = demoWorld();
    const { package_id } = await packed(world, 'SO-00012', 30);
    const planned = await plan(world, 'ship_package', { package_id });
    expect(planned.preview.join('\n')).toContain('on hand 60 -> 30 pcs');
    await world.call('ship_package', { package_id });
    const oakland = rowsOf((await world.item('WBH-001')).warehouses).find((row) => row.warehouse_name === 'Oakland');
    expect(oakland?.warehouse_stock_on_hand).toBe(30);
  });

  test('of a kit shows its parts', async () => {
    const world = demoWorld();
    const made = await world.call('create_sales_order', {
      customer_id: (await world.contact('Bluebird Cafe')).contact_id,
      line_items: [
        {
          item_id: (await world.item('AUDIO-SET')).item_id,
          quantity: 2,
          warehouse_id: (await world.warehouse('Newark')).warehouse_id,
        },
      ],
    });
    const salesorder_id = idIn(made, 'salesorder', 'salesorder_id');
    await world.call('confirm_sales_order', { salesorder_id });
    const number = idIn(made, 'salesorder', 'salesorder_number');
    // The amplifiers lie in Oakland; two of them are brought first.
    await world.call('create_stock_adjustment', {
      date: world.today,
      reason: 'Stocktaking results',
      adjustment_type: 'quantity',
      line_items: [
        {
          item_id: (await world.item('AMP-10')).item_id,
          warehouse_id: (await world.warehouse('Newark')).warehouse_id,
          quantity_adjusted: 2,
        },
      ],
    });
    const { package_id } = await packed(world, number, 2);
    const { preview } = await plan(world, 'ship_package', { package_id });
    expect(preview).toContain('Mini Amplifier (AMP-10) leaves Newark: on hand 2 -> 0 pcs');
    expect(preview).toContain('Shelf Speaker (SHELF-SPK) leaves Newark: on hand 10 -> 6 pcs');
  });

  test('that left already, or on a wrong day, is called likely to be refused', async () => {
    const world = demoWorld();
    const { package_id } = await packed(world, 'SO-00012', 30);
    const number = await numberOf(world, package_id);
    const early = await plan(world, 'ship_package', { package_id, shipment_date: '2020-01-01' });
    expect(early.preview).toContain(`Likely to be refused: ${number} was packed later, on ${world.today}.`);
    const late = await plan(world, 'ship_package', { package_id, shipment_date: '2099-01-01' });
    expect(late.preview).toContain('Likely to be refused: the date 2099-01-01 lies ahead.');
    await world.call('ship_package', { package_id });
    const again = await plan(world, 'ship_package', { package_id });
    expect(again.preview).toContain(`Likely to be refused: ${number} is shipped already.`);
    await expect(world.call('ship_package', { package_id })).rejects.toMatchObject({ kind: 'rejected' });
  });

  test('rests on other facts once somebody changed the package or its stock', async () => {
    const world = demoWorld();
    const { package_id, so_line_item_id } = await packed(world, 'SO-00012', 20);
    const first = await plan(world, 'ship_package', { package_id });
    expect((await plan(world, 'ship_package', { package_id })).restsOn).toEqual(first.restsOn);
    await world.call('update_package', { package_id, line_items: [{ so_line_item_id, quantity: 5 }] });
    expect((await plan(world, 'ship_package', { package_id })).restsOn).not.toEqual(first.restsOn);
  });

  test('has no preview when the package cannot be read', async () => {
    await expect(plan(demoWorld(), 'ship_package', { package_id: '1' })).rejects.toBeInstanceOf(NotFound);
  });
});

describe('a shipment order', () => {
  test('adds up the packages, and names those of another order', async () => {
    const world = demoWorld();
    const first = await packed(world, 'SO-00012', 10);
    const second = await packed(world, 'SO-00012', 15);
    const input = { salesorder_id: first.salesorder_id, package_ids: [first.package_id, second.package_id] };
    const { summary, preview } = await plan(world, 'create_shipment_order', input);
    expect(summary).toMatch(/^Ship 2 packages \(PKG-\d+, PKG-\d+\) to Tech Solutions Inc: 25 pcs Wireless/);
    expect(preview).toContain('Wireless Bluetooth Headphones (WBH-001) leaves Oakland: on hand 60 -> 35 pcs');
    expect(preview.join('\n')).not.toContain('Likely to be refused');
    const strange = await plan(world, 'create_shipment_order', { ...input, salesorder_id: '1' });
    expect(strange.preview.filter((line) => line.startsWith('Likely to be refused'))).toHaveLength(2);
  });
});

describe('unpacking', () => {
  test('by a delete shows what is free again', async () => {
    const world = demoWorld();
    const { package_id } = await packed(world, 'SO-00012', 30);
    const { summary, preview } = await plan(world, 'delete_package', { package_id });
    expect(summary).toMatch(
      /^Delete package PKG-\d+ of SO-00012, Tech Solutions Inc, draft: unpacks 30 pcs Wireless Bluetooth Headphones/,
    );
    expect(preview.join('\n')).toContain('what is on hand does not change');
    await world.call('ship_package', { package_id });
    const shipped = await plan(world, 'delete_package', { package_id });
    expect(shipped.preview).toContain('Likely to be refused: it is shipped.');
  });

  test('by an update that leaves a line out asks first, one that keeps all lines does not', async () => {
    const world = demoWorld();
    const { packages } = await world.call('list_packages', { package_number: 'PKG-00009' });
    const package_id = String(rowsOf(packages)[0]?.package_id);
    const record = rowsOf([(await world.call('get_package', { package_id })).package])[0] ?? {};
    const lines = rowsOf(record.line_items).map(({ so_line_item_id, quantity }) => ({ so_line_item_id, quantity }));
    expect(lines.length).toBeGreaterThan(0);
    const same = await plan(world, 'update_package', { package_id, line_items: lines });
    expect(same.raises).toEqual([]);
    const swapped = [{ so_line_item_id: '1', quantity: 1 }];
    const dropping = await plan(world, 'update_package', { package_id, line_items: swapped });
    expect(dropping.raises.map(({ rule }) => rule)).toEqual(['drops_lines']);
    expect(dropping.raises[0]?.reason).toMatch(/^An update replaces the whole list, and this one would drop \d+ pcs /);
    expect(dropping.summary).toMatch(/^Update package PKG-00009 of SO-00017: unpacks /);
  });
});

describe('a package that no rule can raise', () => {
  test('is created, updated and delivered without a reading', async () => {
    const world = demoWorld();
    world.readsMade();
    const created = await plan(world, 'create_package', {
      salesorder_id: '77',
      package_number: 'PKG-X',
      line_items: [
        { so_line_item_id: '5', quantity: 2 },
        { so_line_item_id: '6', quantity: 0.5 },
      ],
    });
    expect(created.summary).toBe('Create package PKG-X of sales order id 77: 2 lines, 2.5 in all');
    expect((await plan(world, 'update_package', { package_id: '8', notes: 'x' })).summary).toBe(
      'Update package id 8: notes',
    );
    expect((await plan(world, 'deliver_package', { package_id: '8' })).summary).toBe('Mark package id 8 as delivered');
    expect(world.readsMade()).toEqual([]);
  });
});
