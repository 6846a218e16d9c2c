import { createAdjustment } from '../engine/documents/adjustments.ts';
import { createItem, setItemStatus } from '../engine/documents/items.ts';
import { createKit } from '../engine/documents/kits.ts';
import { orderLines } from '../engine/documents/lines.ts';
import { createPackage, deliverPackage, shipPackage } from '../engine/documents/packages.ts';
import { cancelPurchaseOrder, createPurchaseOrder, issuePurchaseOrder } from '../engine/documents/purchase-orders.ts';
import { receivePurchaseOrder } from '../engine/documents/receives.ts';
import { confirmSalesOrder, createSalesOrder, voidSalesOrder } from '../engine/documents/sales-orders.ts';
import { createTransfer, receiveTransfer, sendTransfer } from '../engine/documents/transfers.ts';
import { fromMicro } from '../engine/quantity.ts';
import type { World } from '../route.ts';
import { addDays } from '../zones.ts';
import type { Company } from './company.ts';
import { type ItemRow, itemRows } from './items.ts';
import {
  adjustments,
  type Place,
  type Purchase,
  purchases,
  type Sale,
  sales,
  type Transfer,
  transfers,
} from './orders.ts';

/** Something that happened so many days before the day of seeding. */
export interface Event {
  readonly daysAgo: number;
  readonly happen: (world: World) => void;
}

/** Ids by the names the rows use. */
export interface Books {
  readonly company: Company;
  readonly contacts: ReadonlyMap<string, string>;
  readonly warehouses: ReadonlyMap<string, string>;
  readonly items: Map<string, string>;
}

function idOf(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`The seed names ${name}, which it does not create.`);
  return id;
}

function listItem(world: World, books: Books, row: ItemRow): void {
  const places: readonly Place[] = ['Oakland', 'Newark', 'Portland'];
  const warehouses = places
    .map((place, index) => ({ warehouse_id: idOf(books.warehouses, place), initial_stock: row.stock[index] ?? 0 }))
    .filter(({ initial_stock }) => initial_stock > 0);
  const id = createItem(world, {
    sku: row.sku,
    name: row.name,
    unit: row.unit ?? 'pcs',
    description: row.description ?? '',
    rate: row.rate,
    purchase_rate: row.cost,
    product_type: row.kind ?? 'goods',
    track_inventory: row.kind === undefined,
    is_taxable: true,
    tax_id: books.company.salesTaxId,
    reorder_level: row.level ?? 0,
    ...(row.vendor ? { vendor_id: idOf(books.contacts, row.vendor) } : {}),
    ...row.more,
    warehouses,
  });
  books.items.set(row.sku, id);
}

function itemEvents(books: Books): Event[] {
  const listed = itemRows.map((row) => ({
    daysAgo: row.opened ?? 400,
    happen: (world: World) => listItem(world, books, row),
  }));
  const kit: Event = {
    daysAgo: 205,
    happen: (world) => {
      const mapped_items = [
        { item_id: idOf(books.items, 'AMP-10'), quantity: 1 },
        { item_id: idOf(books.items, 'SHELF-SPK'), quantity: 2 },
      ];
      const id = createKit(world, {
        ...{ sku: 'AUDIO-SET', name: 'Audio Set', unit: 'set', rate: 499.99, mapped_items },
        ...{ is_taxable: true, tax_id: books.company.salesTaxId },
        description: 'A mini amplifier and two shelf speakers',
      });
      books.items.set('AUDIO-SET', id);
    },
  };
  const retired: Event = {
    daysAgo: 30,
    happen: (world) => setItemStatus(world, idOf(books.items, 'CARD-H'), 'inactive'),
  };
  return [...listed, kit, retired];
}

const bodyLines = (books: Books, lines: Sale['lines']) =>
  lines.map(([sku, quantity, place, more]) => ({
    item_id: idOf(books.items, sku),
    quantity,
    warehouse_id: idOf(books.warehouses, place ?? 'Oakland'),
    ...more,
  }));

/** An event on that day, or none when the row says nothing about it. */
const on = (daysAgo: number | undefined, happen: (world: World) => void): Event[] =>
  daysAgo === undefined ? [] : [{ daysAgo, happen }];

function saleEvents(books: Books, sale: Sale): Event[] {
  let order = '';
  let parcel = '';
  const pack = (world: World) => {
    const line_items = orderLines(world.db, order).map((line) => ({
      so_line_item_id: line.line_item_id,
      quantity: sale.packedQuantity ?? fromMicro(line.quantityMicro),
    }));
    parcel = createPackage(world, { salesorder_id: order, line_items });
  };
  return [
    ...on(sale.day, (world) => {
      order = createSalesOrder(world, {
        salesorder_number: sale.number,
        customer_id: idOf(books.contacts, sale.customer),
        line_items: bodyLines(books, sale.lines),
        ...sale.more,
      });
    }),
    ...on(sale.confirmed, (world) => confirmSalesOrder(world, order)),
    ...on(sale.voided, (world) => voidSalesOrder(world, order)),
    ...on(sale.packed, pack),
    ...on(sale.shipped, (world) => void shipPackage(world, parcel, { carrier: 'UPS' })),
    ...on(sale.delivered, (world) => void deliverPackage(world, parcel, {})),
  ];
}

function purchaseEvents(books: Books, purchase: Purchase, today: string): Event[] {
  let order = '';
  const due = addDays(today, -purchase.due);
  const receive = (world: World, share: number) => {
    const line_items = orderLines(world.db, order).map((line) => ({
      line_item_id: line.line_item_id,
      quantity_received: fromMicro(line.quantityMicro) * share,
    }));
    receivePurchaseOrder(world, order, { line_items });
  };
  return [
    ...on(purchase.day, (world) => {
      order = createPurchaseOrder(world, {
        purchaseorder_number: purchase.number,
        vendor_id: idOf(books.contacts, purchase.vendor),
        delivery_date: due,
        expected_delivery_date: due,
        line_items: bodyLines(books, purchase.lines),
        ...purchase.more,
      });
    }),
    ...on(purchase.issued, (world) => issuePurchaseOrder(world, order)),
    ...on(purchase.cancelled, (world) => cancelPurchaseOrder(world, order)),
    ...(purchase.received ?? []).flatMap(([day, share]) => on(day, (world) => receive(world, share))),
  ];
}

function transferEvents(books: Books, transfer: Transfer): Event[] {
  let id = '';
  return [
    ...on(transfer.day, (world) => {
      id = createTransfer(world, {
        transfer_number: transfer.number,
        from_warehouse_id: idOf(books.warehouses, transfer.from),
        to_warehouse_id: idOf(books.warehouses, transfer.to),
        line_items: transfer.lines.map(([sku, quantity]) => ({ item_id: idOf(books.items, sku), quantity })),
        notes: transfer.notes,
      });
      sendTransfer(world, id, {});
    }),
    ...on(transfer.received, (world) => receiveTransfer(world, id, {})),
  ];
}

const adjustmentEvents = (books: Books): Event[] =>
  adjustments.map(({ day, reason, description, lines }) => ({
    daysAgo: day,
    happen: (world) =>
      void createAdjustment(world, {
        ...{ adjustment_type: 'quantity', reason, description },
        line_items: lines.map(([sku, place, quantity]) => ({
          item_id: idOf(books.items, sku),
          warehouse_id: idOf(books.warehouses, place),
          quantity_adjusted: quantity,
        })),
      }),
  }));

/** Everything that happened, in the order of its days, `today` being yyyy-mm-dd. */
export function demoEvents(books: Books, today: string): Event[] {
  const events = [
    ...itemEvents(books),
    ...purchases.flatMap((purchase) => purchaseEvents(books, purchase, today)),
    ...transfers.flatMap((transfer) => transferEvents(books, transfer)),
    ...adjustmentEvents(books),
    ...sales.flatMap((sale) => saleEvents(books, sale)),
  ];
  // The sort is stable: of one day, items come first, and an order is made before it is confirmed.
  return events.sort((a, b) => b.daysAgo - a.daysAgo);
}
