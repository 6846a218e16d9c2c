import { adjustmentLines } from '../../../src/sandbox/engine/documents/adjustments.ts';
import { kitParts } from '../../../src/sandbox/engine/documents/item-record.ts';
import { createItem as createOpened } from '../../../src/sandbox/engine/documents/items.ts';
import { orderLines } from '../../../src/sandbox/engine/documents/lines.ts';
import { packageLines, packageOf } from '../../../src/sandbox/engine/documents/package-record.ts';
import { reverseReceive } from '../../../src/sandbox/engine/documents/receives.ts';
import { transferLines } from '../../../src/sandbox/engine/documents/transfers.ts';
import { fromMicro } from '../../../src/sandbox/engine/quantity.ts';
import type { World } from '../../../src/sandbox/route.ts';
import {
  activateItem,
  cancelPurchaseOrder,
  confirmSalesOrder,
  createAdjustment,
  createItem,
  createKit,
  createPackage,
  createPurchaseOrder,
  createSalesOrder,
  createShipment,
  createTransfer,
  deactivateItem,
  deleteAdjustment,
  deleteItem,
  deleteKit,
  deletePackage,
  deletePurchaseOrder,
  deleteSalesOrder,
  deleteTransfer,
  deliverPackage,
  issuePurchaseOrder,
  openSalesOrder,
  receivePurchaseOrder,
  receiveTransfer,
  sendTransfer,
  shipPackage,
  updateAdjustment,
  updateKit,
  updatePackage,
  updatePurchaseOrder,
  updateSalesOrder,
  updateTransfer,
  voidSalesOrder,
} from './through-routes.ts';
import { ids } from './world.ts';

/** What a random act works with: the documents made so far and three free numbers. */
export interface Scene {
  readonly world: World;
  readonly goods: string[];
  readonly kits: string[];
  readonly sales: string[];
  readonly purchases: string[];
  readonly receives: string[];
  readonly packages: string[];
  readonly transfers: string[];
  readonly adjustments: string[];
}

export interface Draw {
  readonly act: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Goods with opening stock in both warehouses at odd costs, one without stock, one of millionths, and a kit. */
export function createScene(world: World): Scene {
  const item = (name: string, main: number, east: number, cost: number) =>
    createOpened(
      world,
      {
        name,
        rate: 9.99,
        purchase_rate: cost,
        warehouses: [
          { warehouse_id: ids.main, initial_stock: main },
          { warehouse_id: ids.east, initial_stock: east, initial_stock_rate: cost / 3 },
        ],
      },
      // On the first of the days below, so that documents of each of them find stock.
      { openingDate: '2025-01-31' },
    );
  const goods = [
    item('Amp', 30, 7, 19.99),
    item('Cable', 500, 120, 0.0125),
    item('Speaker', 12, 40, 33.333333),
    item('Wire by the metre', 99.5, 0, 1.1),
    item('Gift', 20, 0, 0),
    item('New', 0, 0, 7),
  ];
  const [amp = '', , speaker = ''] = goods;
  const kits = [
    createKit(world, {
      name: 'Set',
      rate: 99,
      mapped_items: [
        { item_id: amp, quantity: 1 },
        { item_id: speaker, quantity: 2 },
      ],
    }),
  ];
  return { world, goods, kits, sales: [], purchases: [], receives: [], packages: [], transfers: [], adjustments: [] };
}

const pick = (list: readonly string[], index: number): string => list[index % Math.max(1, list.length)] ?? '0';
// Recent documents are still open; older ones mostly refuse.
const recent = (list: readonly string[], index: number): string => pick(list.slice(-12), index);
const place = (index: number) => (index % 3 === 0 ? ids.east : ids.main);
const amount = (c: number) => (c % 7 === 0 ? (c % 50) + 0.25 : (c % 20) + 1);
const days = ['2025-03-15', '2025-03-14', '2025-02-28', '2025-01-31'];

function sell({ world, goods, kits, sales }: Scene, { a, b, c }: Draw): void {
  const line = (n: number) => {
    const isKit = n % 6 === 0;
    const quantity = isKit ? (c % 4) + 1 : amount(c + n);
    return { item_id: isKit ? pick(kits, n) : pick(goods, n), quantity, warehouse_id: place(b), discount: n % 3 };
  };
  const id = createSalesOrder(world, {
    customer_id: a % 5 === 0 ? ids.yenCustomer : ids.customer,
    date: days[b % 4],
    line_items: [line(a), ...(a % 2 === 0 ? [line(a + b + 1)] : [])],
  });
  sales.push(id);
  if (c % 4 !== 0) (c % 2 === 0 ? openSalesOrder : confirmSalesOrder)(world, id);
}

function buy({ world, goods, purchases }: Scene, { a, b, c }: Draw): void {
  const line = (n: number) => ({
    item_id: pick(goods, n),
    quantity: amount(c + n) * 3,
    warehouse_id: place(n),
    discount: n % 4,
    ...(n % 2 === 0 ? { rate: (n % 97) / 7 } : {}),
  });
  const id = createPurchaseOrder(world, {
    vendor_id: a % 3 === 0 ? ids.euroVendor : ids.vendor,
    date: days[b % 4],
    ...(a % 2 === 0 ? { expected_delivery_date: days[c % 4] } : {}),
    line_items: [line(a), ...(b % 2 === 0 ? [line(b)] : [])],
  });
  purchases.push(id);
  if (c % 5 !== 0) issuePurchaseOrder(world, id);
}

function receive({ world, purchases, receives }: Scene, { a, b, c }: Draw): void {
  const id = recent(purchases, a);
  const line_items = orderLines(world.db, id)
    .filter((line) => line.receivedMicro < line.quantityMicro)
    .map((line) => {
      const left = fromMicro(line.quantityMicro - line.receivedMicro);
      const quantity_received = c % 6 === 0 ? left + 1 : c % 2 === 0 ? left : Math.max(0.25, Math.floor(left / 2));
      return { line_item_id: line.line_item_id, quantity_received, warehouse_id: place(b) };
    });
  receives.push(receivePurchaseOrder(world, id, { receive_date: days[b % 4], line_items }));
}

function pack({ world, sales, packages }: Scene, { a, b, c }: Draw): void {
  const salesorder_id = recent(sales, a);
  const line_items = orderLines(world.db, salesorder_id)
    .filter((line) => line.packedMicro < line.quantityMicro)
    .map((line) => {
      const left = fromMicro(line.quantityMicro - line.packedMicro);
      const quantity = c % 9 === 0 ? left + 1 : b % 2 === 0 || left < 1 ? left : Math.ceil(left / 2);
      return { so_line_item_id: line.line_item_id, quantity, ...(c % 5 === 0 ? { warehouse_id: place(c) } : {}) };
    });
  packages.push(createPackage(world, { salesorder_id, date: days[3], line_items }));
}

function editLines(scene: Scene, kind: 'sales' | 'purchases', { a, c }: Draw): void {
  const id = recent(scene[kind], a);
  const lines = orderLines(scene.world.db, id).map((line) => {
    const done = fromMicro(Math.max(line.packedMicro, line.receivedMicro));
    const quantity = c % 3 === 0 ? done || 1 : fromMicro(line.quantityMicro) + (c % 5) - 2;
    return { line_item_id: line.line_item_id, quantity };
  });
  const line_items = c % 4 === 0 ? lines.slice(1) : lines;
  (kind === 'sales' ? updateSalesOrder : updatePurchaseOrder)(scene.world, id, { line_items });
}

function adjust({ world, goods, adjustments }: Scene, { a, b, c }: Draw): void {
  const quantity = amount(c);
  const line = (n: number) => ({
    item_id: pick(goods, n),
    warehouse_id: place(b + n),
    ...[
      { quantity_adjusted: quantity, adjust_quantity_by: 'increase' },
      { quantity_adjusted: quantity, adjust_quantity_by: 'decrease' },
      { quantity_adjusted: quantity * 2, adjust_quantity_by: 'set_to' },
      { quantity_adjusted: -quantity },
    ][(a + n) % 4],
  });
  const line_items = [line(a), ...(c % 3 === 0 ? [line(a + 1)] : [])];
  adjustments.push(createAdjustment(world, { date: days[b % 4], line_items }));
}

function adjustValue({ world, goods, adjustments }: Scene, { a, b, c }: Draw): void {
  const value_adjusted = c % 2 === 0 ? (c % 500) / 10 + 0.01 : -(c % 60) / 10 - 0.01;
  const line_items = [{ item_id: pick(goods, a), warehouse_id: place(b), value_adjusted }];
  adjustments.push(createAdjustment(world, { adjustment_type: 'value', line_items }));
}

function transfer({ world, goods, transfers }: Scene, { a, b, c }: Draw): void {
  const from = place(b);
  const line_items = [a, a + c].map((n) => ({ item_id: pick(goods, n), quantity: amount(c + n) }));
  const to_warehouse_id = from === ids.main ? ids.east : ids.main;
  const id = createTransfer(world, { from_warehouse_id: from, to_warehouse_id, date: days[b % 4], line_items });
  transfers.push(id);
}

function arrive({ world, transfers }: Scene, { a, b, c }: Draw): void {
  const id = recent(transfers, a);
  const rows = transferLines(world.db, id).map((line) => {
    const left = fromMicro(line.sentMicro - line.receivedMicro);
    return { line_item_id: line.line_item_id, quantity_received: left > 1 ? Math.floor(left / 2) : left || 1 };
  });
  receiveTransfer(world, id, b % 2 === 0 ? { line_items: [rows[c % rows.length]] } : {});
}

/** Changes lines of a draft: keeps some, adds one, or turns the way round. */
function editTransfer({ world, goods, transfers }: Scene, { a, b, c }: Draw): void {
  const id = recent(transfers, a);
  const kept = transferLines(world.db, id).map(({ line_item_id }) => ({ line_item_id, quantity: amount(c) }));
  const line_items = b % 3 === 0 ? [...kept.slice(1), { item_id: pick(goods, b), quantity: amount(a) }] : kept;
  const turned = { from_warehouse_id: ids.east, to_warehouse_id: ids.main };
  updateTransfer(world, id, { line_items, ...(c % 5 === 0 ? turned : {}) });
}

// A company keeps a dozen items of each sort; more would leave each with too little history to go wrong.
const most = 12;

function makeKit({ world, goods, kits }: Scene, { a, b, c }: Draw): void {
  const mapped_items = [a, b, c].map((n) => ({ item_id: pick(goods, n), quantity: (n % 3) + (n % 2 === 0 ? 1 : 0.5) }));
  const id = createKit(world, {
    name: `Kit ${a}`,
    rate: (b % 100) / 3,
    mapped_items: mapped_items.slice(0, (c % 3) + 1),
  });
  kits[kits.length < most ? kits.length : a % most] = id;
}

/** Changes the recipe; orders that name the kit keep the one they were written with. */
function editKit({ world, goods, kits }: Scene, { a, b, c }: Draw): void {
  const id = pick(kits, a);
  const kept = kitParts(world.db, id)
    .slice(c % 2)
    .map(({ item_id }) => ({ item_id, quantity: (b % 4) + 1 }));
  updateKit(world, id, { mapped_items: [...kept, ...(c % 3 === 0 ? [{ item_id: pick(goods, b), quantity: 1 }] : [])] });
}

function makeItem({ world, goods }: Scene, { a, b, c }: Draw): void {
  const opening = c % 2 === 0 ? { initial_stock: amount(c), initial_stock_rate: (b % 900) / 7 } : {};
  const id = createItem(world, { name: `Item ${a}`, rate: 5, purchase_rate: (a % 500) / 9, ...opening });
  goods[goods.length < most ? goods.length : a % most] = id;
}

/** One shipment for the packages of one order that are ready. */
function shipTogether({ world, packages }: Scene, { a }: Draw): void {
  const first = recent(packages, a);
  const { salesorder_id } = packageOf(world.db, first);
  const package_ids = packages.slice(-12).filter((id) => {
    const found = packageOf(world.db, id);
    return found.salesorder_id === salesorder_id && found.status !== 'shipped' && found.status !== 'delivered';
  });
  createShipment(world, { salesorder_id, package_ids });
}

/** Every act there is, the common ones more often. An act that is refused has made nothing. */
export const acts: readonly ((scene: Scene, draw: Draw) => unknown)[] = [
  ...[sell, sell, sell, buy, buy, receive, receive, receive, pack, pack, pack, pack],
  ...[adjust, adjust, adjustValue, transfer, transfer, arrive, arrive],
  ({ world, packages }, { a }) => shipPackage(world, recent(packages, a), {}),
  ({ world, packages }, { a }) => shipPackage(world, recent(packages, a), { shipment_date: days[a % 4] }),
  ({ world, packages }, { a }) => shipPackage(world, recent(packages, a), { carrier: 'FedEx' }),
  ({ world, packages }, { a }) => deliverPackage(world, recent(packages, a)),
  ({ world, packages }, { a }) => deliverPackage(world, recent(packages, a)),
  ({ world, packages }, { a }) => deletePackage(world, recent(packages, a)),
  ({ world, packages }, { a, b }) => {
    const id = recent(packages, a);
    const line_items = packageLines(world.db, id).map(({ so_line_item_id, quantityMicro }) => ({
      so_line_item_id,
      quantity: fromMicro(quantityMicro) + (b % 3) - 1,
    }));
    updatePackage(world, id, { line_items });
  },
  ({ world, sales }, { a }) => confirmSalesOrder(world, recent(sales, a)),
  ({ world, sales }, { a }) => voidSalesOrder(world, recent(sales, a)),
  ({ world, sales }, { a }) => deleteSalesOrder(world, recent(sales, a)),
  (scene, draw) => editLines(scene, 'sales', draw),
  (scene, draw) => editLines(scene, 'purchases', draw),
  ({ world, purchases }, { a }) => issuePurchaseOrder(world, recent(purchases, a)),
  ({ world, purchases }, { a }) => cancelPurchaseOrder(world, recent(purchases, a)),
  ({ world, purchases }, { a }) => deletePurchaseOrder(world, recent(purchases, a)),
  ({ world, receives }, { a }) => reverseReceive(world, recent(receives, a)),
  ({ world, transfers }, { a }) => sendTransfer(world, recent(transfers, a)),
  ({ world, transfers }, { a }) => sendTransfer(world, recent(transfers, a)),
  ({ world, transfers }, { a }) => sendTransfer(world, recent(transfers, a), { date: days[a % 4] }),
  ({ world, transfers }, { a }) => updateTransfer(world, recent(transfers, a), { status: 'cancelled' }),
  editTransfer,
  editTransfer,
  makeKit,
  editKit,
  ({ world, kits }, { a }) => deleteKit(world, pick(kits, a)),
  makeItem,
  ({ world, goods }, { a }) => deleteItem(world, pick(goods, a)),
  ({ world, goods }, { a }) => deactivateItem(world, pick(goods, a)),
  ({ world, goods }, { a }) => activateItem(world, pick(goods, a)),
  ({ world, goods }, { a }) => activateItem(world, pick(goods, a)),
  shipTogether,
  ({ world, transfers }, { a }) => deleteTransfer(world, recent(transfers, a)),
  ({ world, adjustments }, { a }) => deleteAdjustment(world, recent(adjustments, a)),
  ({ world, adjustments }, { a, c }) => {
    const id = recent(adjustments, a);
    const line_items = adjustmentLines(world.db, id).map(({ item_id, warehouse_id, fields }) => ({
      ...fields,
      item_id,
      warehouse_id,
      ...(fields.value_adjusted === undefined ? { quantity_adjusted: (c % 9) + 1 } : {}),
    }));
    updateAdjustment(world, id, { line_items });
  },
];
