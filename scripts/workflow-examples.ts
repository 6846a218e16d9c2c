/** What a person would ask for, with the demo company, for each whole job. */
export const examples: Readonly<Record<string, Record<string, unknown>>> = {
  find_items: { text: 'usb cable' },
  find_contacts: { text: 'Bluebird' },
  find_orders: { party: 'Tech Solutions Inc' },
  get_record: { kind: 'package', record: 'PKG-00009' },
  check_stock: {
    items: [
      { item: 'WBH-001', quantity: 60 },
      { item: 'UCC-2M', quantity: 10 },
    ],
  },
  place_sales_order: { customer: 'Bluebird Cafe', items: [{ item: 'WBH-001', quantity: 10 }] },
  place_order_from_deal: { deal_id: '5843104000000567001' },
  fulfil_sales_order: { sales_order: 'SO-00012', carrier: 'UPS', tracking_number: '1Z999' },
  reorder_low_stock: {},
  receive_delivery: { vendor: 'CableWorks', lines: [{ item: 'DMAT', quantity: 38 }] },
  chase_late_purchases: {},
  set_stock_levels: {
    warehouse: 'Oakland',
    rows: [
      { item: 'DMAT', quantity: 7 },
      { item: 'UCC-1M', quantity: 150 },
      { item: 'MUG', quantity: 50 },
    ],
  },
  move_stock: { from: 'Oakland', to: 'Newark', items: [{ item: 'MUG', quantity: 20 }], receive: true },
  explain_stock: { item: 'WBH-001' },
  suggest_transfers: {},
  review_pending_orders: { older_than_days: 0 },
  when_available: { sales_order: 'SO-00019' },
  amend_order: { order: 'SO-00016', lines: [{ item: 'UCC-2M', quantity: 8 }] },
  record_return: { sales_order: 'SO-00016', lines: [{ item: 'UCC-2M', quantity: 2 }] },
  daily_report: {},
  low_stock_alert: {},
  import_items: {
    csv: 'Item Name,SKU,Price,Opening Stock\nDesk Lamp,LMP-1,39.95,12\n,WBH-001,61,\n',
  },
  export_items: { search_text: 'cable' },
  update_prices: {
    prices: [
      { item: 'WBH-001', rate: 84.99 },
      { item: 'UCC-2M', rate: 3.5 },
    ],
  },
  get_report: { name: 'low-stock' },
};
