import { listOrganizations } from '../operations/organizations.ts';
import { getInventoryValuation, getStockOnHand } from '../operations/reports.ts';
import { getSalesOrder, listSalesOrders } from '../operations/sales-orders.ts';
import { getTransfer, listTransfers } from '../operations/transfers.ts';
import { listWarehouses } from '../operations/warehouses.ts';
import { baseCurrency } from '../workflows/currency.ts';
import { minorDigits, minorToNumber, parseMicro, parseScaled } from '../workflows/numbers.ts';
import { rowIn, rowsIn, textIn } from '../workflows/rows.ts';
import type { Report, Row } from './define.ts';
import { linesOf, openOrderRows, readOrders } from './orders.ts';
import { addUnits, unitsAsJson } from './per-unit.ts';
import { computedHeader, createReader, type Reader, record } from './reader.ts';

interface Sums {
  readonly onHand: Map<string, bigint>;
  readonly committed: Map<string, bigint>;
  readonly available: Map<string, bigint>;
  readonly transitIn: Map<string, bigint>;
  readonly transitOut: Map<string, bigint>;
  skus: number;
  orders: number;
  toPack: number;
  toShip: number;
}

const noSums = (): Sums => ({
  onHand: new Map(),
  committed: new Map(),
  available: new Map(),
  transitIn: new Map(),
  transitOut: new Map(),
  ...{ skus: 0, orders: 0, toPack: 0, toShip: 0 },
});

/** Of what is promised and not shipped: the statuses in which anything can be left. */
const waiting = ['Open', 'Confirmed', 'PartiallyPacked', 'Packed', 'PartiallyShipped'];

async function addStock(reader: Reader, at: (warehouseId: string) => Sums): Promise<void> {
  const { rows } = await reader.list('get_stock_on_hand', 'items', {});
  for (const row of rows) {
    const sums = at(textIn(row, 'warehouse_id'));
    const unit = textIn(row, 'unit');
    const onHand = parseMicro(row.on_hand) ?? 0n;
    const committed = parseMicro(row.committed) ?? 0n;
    addUnits(sums.onHand, unit, onHand);
    addUnits(sums.committed, unit, committed);
    addUnits(sums.available, unit, onHand - committed);
    if (onHand !== 0n) sums.skus += 1;
  }
}

/** Counts orders, not pieces: those with anything to ship from there, to pack, and packed but not gone. */
async function addOrders(reader: Reader, at: (warehouseId: string) => Sums): Promise<void> {
  const rows = await openOrderRows(reader, 'sales', waiting);
  for (const order of await readOrders(reader, 'sales', rows)) {
    const lines = linesOf(order, '').filter(({ isCarried }) => isCarried);
    for (const id of new Set(lines.map(({ row }) => textIn(row, 'warehouse_id')))) {
      const here = lines.filter(({ row }) => textIn(row, 'warehouse_id') === id);
      if (here.some(({ shipped, quantity }) => shipped < quantity)) at(id).orders += 1;
      if (here.some(({ packed, quantity }) => packed < quantity)) at(id).toPack += 1;
      if (here.some(({ shipped, packed }) => shipped < packed)) at(id).toShip += 1;
    }
  }
}

async function addTransfers(reader: Reader, at: (warehouseId: string) => Sums, transit: Sums): Promise<void> {
  const { rows } = await reader.list('list_transfers', 'transfers', { filter_by: 'Status.InTransit' });
  const read = (row: Row) => record(reader, 'get_transfer', 'transfer', { transfer_id: row.transfer_id });
  const items = new Set<string>();
  for (const transfer of await reader.each(rows, read, 0.5)) {
    for (const line of rowsIn(transfer, 'line_items')) {
      const left = (parseMicro(line.quantity) ?? 0n) - (parseMicro(line.quantity_received) ?? 0n);
      if (left === 0n) continue;
      const unit = textIn(line, 'unit');
      addUnits(at(textIn(transfer, 'to_warehouse_id')).transitIn, unit, left);
      addUnits(at(textIn(transfer, 'from_warehouse_id')).transitOut, unit, left);
      addUnits(transit.onHand, unit, left);
      items.add(textIn(line, 'item_id'));
    }
  }
  transit.skus = items.size;
}

// An order that waits in two warehouses would count twice, so orders have no sum.
function merged(all: Iterable<Sums>): Sums {
  const total = noSums();
  for (const sums of all)
    for (const key of ['onHand', 'committed', 'available', 'transitIn', 'transitOut'] as const)
      for (const [unit, micro] of sums[key]) addUnits(total[key], unit, micro);
  return total;
}

const figures = (sums: Sums): Row => ({
  on_hand: unitsAsJson(sums.onHand),
  committed: unitsAsJson(sums.committed),
  available: unitsAsJson(sums.available),
  in_transit_in: unitsAsJson(sums.transitIn),
  in_transit_out: unitsAsJson(sums.transitOut),
});

const work = ({ orders, toPack, toShip }: Sums): Row => ({
  open_orders: orders,
  to_pack: toPack,
  to_ship: toShip,
});

export const warehouseSummary: Report = {
  name: 'warehouse-summary',
  title: 'Warehouse summary',
  description:
    'Each warehouse’s stock by unit, value, transit and waiting orders, a row for transit. About 8 calls, one for each warehouse, transfer on its way and open order.',
  columns:
    'warehouse_id name status sku_count on_hand committed available in_transit_in in_transit_out asset_value open_orders to_pack to_ship'.split(
      ' ',
    ),
  uses: [
    ...[listOrganizations, listWarehouses, getStockOnHand, getInventoryValuation],
    ...[listTransfers, getTransfer, listSalesOrders, getSalesOrder],
  ],
  parameters: [],
  read: async (api, _, context) => {
    const reader = createReader(api, context);
    const base = await baseCurrency({ call: reader.call, pages: api.pages }, context);
    const { rows: warehouses } = await reader.list('list_warehouses', 'warehouses', {});
    const sums = new Map(warehouses.map((row) => [textIn(row, 'warehouse_id'), noSums()]));
    const at = (id: string): Sums => sums.get(id) ?? noSums();
    await addStock(reader, at);
    const value = (reply: Row, key: string) =>
      parseScaled(rowIn(rowIn(reply, 'report'), 'totals')[key], minorDigits(base)) ?? 0n;
    const whole = await reader.call('get_inventory_valuation', { per_page: 1 });
    const values = await reader.each(warehouses, ({ warehouse_id }) =>
      reader.call('get_inventory_valuation', { warehouse_id, per_page: 1 }),
    );
    const transit = noSums();
    await addTransfers(reader, at, transit);
    await addOrders(reader, at);
    const money = (minor: bigint) => minorToNumber(minor, base);
    const rows: Row[] = warehouses.map((row, index) => {
      const reply = values[index];
      const here = at(textIn(row, 'warehouse_id'));
      return {
        warehouse_id: row.warehouse_id,
        name: row.warehouse_name,
        status: row.status,
        sku_count: here.skus,
        ...figures(here),
        asset_value: reply ? money(value(reply, 'asset_value')) : null,
        ...work(here),
      };
    });
    const inTransit: Row = {
      name: 'In transit',
      sku_count: transit.skus,
      on_hand: unitsAsJson(transit.onHand),
      asset_value: money(value(whole, 'in_transit_value')),
    };
    const total = merged(sums.values());
    return {
      header: computedHeader(
        'warehouse-summary',
        { ...context, currency: base },
        {
          as_of: context.today,
          row_count: rows.length + 1,
          truncated: reader.cut(),
          basis:
            'physical book, FIFO; quantities by unit; the total value holds what is in transit, the total on hand does not; open_orders, to_pack and to_ship count orders',
        },
      ),
      rows: [...rows, inTransit],
      totals: { ...figures(total), asset_value: money(value(whole, 'asset_value')) },
      truncated: reader.cut(),
      calls: reader.calls(),
    };
  },
};
