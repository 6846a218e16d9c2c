import { describe, expect, it } from 'vitest';
import type { Input } from '../../src/operations/define.ts';
import {
  compositeItemBody,
  contactBody,
  itemBody,
  packageBody,
  purchaseOrderBody,
  receiveBody,
  salesOrderBody,
  shipBody,
  stockAdjustmentBody,
  transferBody,
  warehouseBody,
} from '../operations/examples.ts';
import { lossyWorld, outcomeOf, reset } from './lossy.ts';
import { type Company, company } from './writes.ts';

/** The longest request bodies of the reference, with ids of the company. Taxes are left out: the company has none. */
const { tax_id: _itemTax, ...item } = itemBody;
const { tax_id: _kitTax, ...kit } = compositeItemBody;
const { currency_id: _currency, ...contact } = contactBody;
const linesFor = (its: Company, lines: readonly object[]) =>
  lines.map((line, index) => {
    const { tax_id: _, ...rest } = { tax_id: '', ...line };
    return { ...rest, item_id: [its.item, its.part][index], warehouse_id: its.main };
  });

const shipment = { ...shipBody, shipment_date: '2026-11-23' };

const order = (its: Company) => ({
  ...salesOrderBody,
  customer_id: its.customer,
  line_items: linesFor(its, salesOrderBody.line_items),
});
const purchase = (its: Company) => ({
  ...purchaseOrderBody,
  vendor_id: its.vendor,
  line_items: linesFor(its, purchaseOrderBody.line_items),
});
const adjustment = (its: Company) => ({
  ...stockAdjustmentBody,
  adjustment_type: 'Write-off',
  line_items: linesFor(its, stockAdjustmentBody.line_items),
});
const transfer = (its: Company) => ({
  ...transferBody,
  from_warehouse_id: its.main,
  to_warehouse_id: its.other,
  line_items: [{ ...transferBody.line_items[0], item_id: its.item }],
});
const parcel = async (its: Company) => {
  const { salesorder_id, line_items } = await its.packing();
  return { ...packageBody, salesorder_id, line_items: [{ ...line_items[0], quantity: 1.5, warehouse_id: its.main }] };
};

const bodies: Readonly<Record<string, (its: Company) => Input | Promise<Input>>> = {
  create_item: (its) => ({ ...item, vendor_id: its.vendor }),
  create_composite_item: (its) => ({ ...kit, mapped_items: [{ item_id: its.part, quantity: 2 }] }),
  create_contact: () => contact,
  create_warehouse: () => warehouseBody,
  create_sales_order: order,
  create_purchase_order: purchase,
  create_stock_adjustment: adjustment,
  create_transfer: transfer,
  create_package: parcel,
  create_shipment_order: async (its) => {
    const { id, order: salesorder_id } = await its.packed();
    return { salesorder_id, package_ids: [id], shipment_number: 'SHP-77', ...shipment, notes: 'Ring twice' };
  },
  ship_package: async (its) => ({ package_id: (await its.packed()).id, ...shipment }),
  deliver_package: async (its) => {
    const { id } = await its.packed();
    await its.run('ship_package', { package_id: id });
    return { package_id: id, delivered_date: '2026-11-23' };
  },
  receive_purchase_order: async (its) => {
    const { id, line } = await its.issued();
    const lines = [{ line_item_id: line, quantity_received: 2.25, warehouse_id: its.other }];
    return { ...receiveBody, purchaseorder_id: id, line_items: lines };
  },
  update_item: async (its) => ({ ...item, item_id: await its.newItem('D-1'), vendor_id: its.vendor }),
  update_composite_item: async (its) => ({
    ...{ ...kit, item_id: await its.kitId() },
    mapped_items: [{ item_id: its.part, quantity: 5 }],
  }),
  update_contact: (its) => ({ ...contact, contact_id: its.customer }),
  update_warehouse: (its) => ({ ...warehouseBody, warehouse_id: its.other }),
  update_sales_order: async (its) => ({ ...order(its), salesorder_id: await its.order() }),
  update_purchase_order: async (its) => ({
    ...purchase(its),
    purchaseorder_id: String((await its.purchase()).purchaseorder_id),
  }),
  update_stock_adjustment: async (its) => ({ ...adjustment(its), inventory_adjustment_id: await its.adjusted() }),
  update_transfer: async (its) => ({ ...transfer(its), transfer_id: await its.transfer() }),
  update_package: async (its) => {
    const { salesorder_id: _, line_items: __, ...rest } = await parcel(its);
    return { ...rest, package_id: (await its.packed()).id };
  },
};

async function world(name: string, ...losses: Parameters<ReturnType<typeof lossyWorld>['lose']>) {
  const lossy = lossyWorld();
  const its = await company(lossy.call);
  const input = (await bodies[name]?.(its)) ?? {};
  lossy.pass(60_000);
  lossy.lose(...losses);
  const before = lossy.seen.length;
  const outcome = await outcomeOf(lossy.call(name, input));
  return { outcome, dump: lossy.dump(), sent: lossy.seen.slice(before).filter((line) => !line.startsWith('GET')) };
}

describe('a write with all that the reference shows of it', () => {
  it.each(Object.keys(bodies))(
    '%s is recognised when its answer is lost, and sent again when it is not there',
    async (name) => {
      const plain = await world(name);
      expect(plain.outcome).not.toHaveProperty('error');
      const done = await world(name, reset('after'));
      expect(done.outcome).not.toHaveProperty('error');
      expect(done.dump).toBe(plain.dump);
      const isPut = name.startsWith('update_');
      if (!isPut) expect(done.sent).toHaveLength(1);
      const absent = await world(name, reset('before'));
      expect(absent.outcome).not.toHaveProperty('error');
      expect(absent.dump).toBe(plain.dump);
      expect(absent.sent).toHaveLength(2);
    },
  );
});
