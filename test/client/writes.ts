import type { Reply } from '../../src/client/client.ts';
import type { Input } from '../../src/operations/define.ts';

type Do = (name: string, input: Input) => Promise<Reply>;

/** A small company and what a write of each kind needs. */
export async function company(run: Do) {
  const record = async (name: string, key: string, input: Input): Promise<Record<string, unknown>> => {
    const found = (await run(name, input))[key];
    if (typeof found !== 'object' || found === null) throw new Error(`${name} answered no ${key}`);
    return { ...found };
  };
  const idOf = async (name: string, key: string, id: string, input: Input) =>
    String((await record(name, key, input))[id]);
  const linesOf = (found: Record<string, unknown>): Record<string, unknown>[] =>
    Array.isArray(found.line_items) ? found.line_items : [];

  const main = await idOf('create_warehouse', 'warehouse', 'warehouse_id', {
    warehouse_name: 'Main',
    is_primary: true,
  });
  const other = await idOf('create_warehouse', 'warehouse', 'warehouse_id', { warehouse_name: 'Annex' });
  const customer = await idOf('create_contact', 'contact', 'contact_id', {
    contact_name: 'Bluebird',
    contact_type: 'customer',
  });
  const vendor = await idOf('create_contact', 'contact', 'contact_id', {
    contact_name: 'Acme',
    contact_type: 'vendor',
  });
  const newItem = (sku: string, more: Input = {}) =>
    idOf('create_item', 'item', 'item_id', { name: `Item ${sku}`, sku, rate: 10, item_type: 'inventory', ...more });
  const item = await newItem('A-1', { initial_stock: 100, initial_stock_rate: 4 });
  const part = await newItem('B-1', { initial_stock: 50, initial_stock_rate: 2 });
  const line = { item_id: item, quantity: 3, rate: 10 };

  const order = (more: Input = {}) =>
    idOf('create_sales_order', 'salesorder', 'salesorder_id', { customer_id: customer, line_items: [line], ...more });
  const confirmed = async () => {
    const id = await order();
    await run('confirm_sales_order', { salesorder_id: id });
    return id;
  };
  const purchase = () =>
    record('create_purchase_order', 'purchaseorder', {
      vendor_id: vendor,
      line_items: [{ item_id: item, quantity: 8, rate: 4 }],
    });
  const issued = async () => {
    const made = await purchase();
    await run('issue_purchase_order', { purchaseorder_id: made.purchaseorder_id });
    return { id: String(made.purchaseorder_id), line: String(linesOf(made)[0]?.line_item_id) };
  };
  const packing = async () => {
    const salesorder_id = await confirmed();
    const found = await record('get_sales_order', 'salesorder', { salesorder_id });
    return { salesorder_id, line_items: [{ so_line_item_id: linesOf(found)[0]?.line_item_id, quantity: 2 }] };
  };
  const packed = async () => {
    const input = await packing();
    return { id: await idOf('create_package', 'package', 'package_id', input), order: input.salesorder_id };
  };
  const transfer = () =>
    idOf('create_transfer', 'transfer', 'transfer_id', {
      from_warehouse_id: main,
      to_warehouse_id: other,
      line_items: [{ item_id: item, quantity: 5 }],
    });
  const sent = async () => {
    const id = await transfer();
    await run('send_transfer', { transfer_id: id });
    return id;
  };
  const adjustment = {
    adjustment_type: 'quantity',
    reason: 'Damaged goods',
    line_items: [{ item_id: item, warehouse_id: main, quantity_adjusted: 2, adjust_quantity_by: 'decrease' }],
  };
  const adjusted = () => idOf('create_stock_adjustment', 'inventory_adjustment', 'inventory_adjustment_id', adjustment);
  const kit = (sku: string) => ({ name: `Kit ${sku}`, sku, rate: 30, mapped_items: [{ item_id: part, quantity: 2 }] });
  const kitId = () => idOf('create_composite_item', 'composite_item', 'item_id', kit('K-1'));

  return {
    ...{
      main,
      other,
      customer,
      vendor,
      item,
      part,
      line,
      newItem,
      order,
      confirmed,
      purchase,
      issued,
      packing,
      packed,
    },
    ...{ run, transfer, sent, adjustment, adjusted, kit, kitId, linesOf, record },
  };
}

export type Company = Awaited<ReturnType<typeof company>>;

/** The smallest PNG. */
const image = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** For every operation that writes: prepares what it needs and answers its input. */
export const writes: Readonly<Record<string, (its: Company, run: Do) => Promise<Input>>> = {
  create_item: async () => ({ name: 'Lamp', sku: 'LAMP', rate: 20, item_type: 'inventory', unit: 'pcs' }),
  update_item: async ({ item }) => ({ item_id: item, rate: 12.5, description: 'Now better' }),
  delete_item: async ({ newItem }) => ({ item_id: await newItem('C-1') }),
  activate_item: async ({ newItem }, run) => {
    const item_id = await newItem('C-1');
    await run('deactivate_item', { item_id });
    return { item_id };
  },
  deactivate_item: async ({ newItem }) => ({ item_id: await newItem('C-1') }),
  upload_item_image: async ({ item }) => ({ item_id: item, image, file_name: 'lamp.png' }),
  delete_item_image: async ({ item }, run) => {
    await run('upload_item_image', { item_id: item, image, file_name: 'lamp.png' });
    return { item_id: item };
  },
  create_contact: async () => ({
    contact_name: 'Marble Hotel',
    contact_type: 'customer',
    email: 'desk@marble.example',
  }),
  update_contact: async ({ customer }) => ({ contact_id: customer, phone: '555-0100' }),
  delete_contact: async (_, run) => {
    const { contact } = await run('create_contact', { contact_name: 'Gone', contact_type: 'customer' });
    return { contact_id: (contact as { contact_id: string }).contact_id }; // the sandbox's own reply
  },
  create_warehouse: async () => ({ warehouse_name: 'Portland' }),
  update_warehouse: async ({ other }) => ({ warehouse_id: other, phone: '555-0101' }),
  delete_warehouse: async ({ other }) => ({ warehouse_id: other }),
  activate_warehouse: async ({ other }, run) => {
    await run('deactivate_warehouse', { warehouse_id: other });
    return { warehouse_id: other };
  },
  deactivate_warehouse: async ({ other }) => ({ warehouse_id: other }),
  create_stock_adjustment: async ({ adjustment }) => adjustment,
  update_stock_adjustment: async ({ adjusted, adjustment }) => ({
    ...adjustment,
    inventory_adjustment_id: await adjusted(),
    description: 'Counted again',
  }),
  delete_stock_adjustment: async ({ adjusted }) => ({ inventory_adjustment_id: await adjusted() }),
  create_composite_item: async ({ kit }) => kit('K-2'),
  update_composite_item: async ({ kit, kitId }) => ({ ...kit('K-1'), item_id: await kitId(), rate: 31 }),
  delete_composite_item: async ({ kitId }) => ({ item_id: await kitId() }),
  create_transfer: async ({ main, other, item }) => ({
    from_warehouse_id: main,
    to_warehouse_id: other,
    line_items: [{ item_id: item, quantity: 6 }],
  }),
  update_transfer: async ({ transfer }) => ({ transfer_id: await transfer(), notes: 'By van' }),
  delete_transfer: async ({ transfer }) => ({ transfer_id: await transfer() }),
  send_transfer: async ({ transfer }) => ({ transfer_id: await transfer() }),
  receive_transfer: async ({ sent }) => ({ transfer_id: await sent() }),
  create_sales_order: async ({ customer, line }) => ({ customer_id: customer, line_items: [line], notes: 'By Friday' }),
  update_sales_order: async ({ order }) => ({ salesorder_id: await order(), notes: 'By Monday' }),
  delete_sales_order: async ({ order }) => ({ salesorder_id: await order() }),
  open_sales_order: async ({ order }) => ({ salesorder_id: await order() }),
  confirm_sales_order: async ({ order }) => ({ salesorder_id: await order() }),
  void_sales_order: async ({ confirmed }) => ({ salesorder_id: await confirmed() }),
  email_sales_order: async ({ order }) => ({ salesorder_id: await order(), to_mail_ids: ['a@b.example'] }),
  create_purchase_order: async ({ vendor, item }) => ({
    vendor_id: vendor,
    line_items: [{ item_id: item, quantity: 9, rate: 4 }],
  }),
  update_purchase_order: async ({ purchase }) => ({
    purchaseorder_id: (await purchase()).purchaseorder_id,
    notes: 'Dock 2',
  }),
  delete_purchase_order: async ({ purchase }) => ({ purchaseorder_id: (await purchase()).purchaseorder_id }),
  issue_purchase_order: async ({ purchase }) => ({ purchaseorder_id: (await purchase()).purchaseorder_id }),
  cancel_purchase_order: async ({ issued }) => ({ purchaseorder_id: (await issued()).id }),
  receive_purchase_order: async ({ issued }) => {
    const { id, line } = await issued();
    return { purchaseorder_id: id, line_items: [{ line_item_id: line, quantity_received: 3 }] };
  },
  email_purchase_order: async ({ purchase }) => ({
    purchaseorder_id: (await purchase()).purchaseorder_id,
    to_mail_ids: ['a@b.example'],
  }),
  create_package: async ({ packing }) => packing(),
  update_package: async ({ packed }) => ({ package_id: (await packed()).id, notes: 'Fragile' }),
  delete_package: async ({ packed }) => ({ package_id: (await packed()).id }),
  ship_package: async ({ packed }) => ({ package_id: (await packed()).id, carrier: 'UPS', tracking_number: '1Z' }),
  deliver_package: async ({ packed }, run) => {
    const { id } = await packed();
    await run('ship_package', { package_id: id, carrier: 'UPS' });
    return { package_id: id };
  },
  create_shipment_order: async ({ packed }) => {
    const { id, order } = await packed();
    return { salesorder_id: order, package_ids: [id], carrier: 'UPS', tracking_number: '1Z' };
  },
};
