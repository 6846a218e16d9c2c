import { describeReplay } from './replayed.ts';

describeReplay('place_sales_order', { customer: 'Bluebird Cafe', items: [{ item: 'MUG', quantity: 6 }] }, [
  'create_sales_order',
  'confirm_sales_order',
]);

describeReplay('place_order_from_deal', { deal_id: '5843104000000567003' }, [
  'create_contact',
  'create_sales_order',
  'confirm_sales_order',
  'update_crm_deal',
]);

describeReplay('reorder_low_stock', { default_vendor: 'PaperCo' }, ['create_purchase_order', 'create_purchase_order']);

describeReplay(
  'fulfil_sales_order',
  {
    customer: 'Bluebird Cafe',
    items: [
      { item: 'WBH-001', quantity: 6 },
      { item: 'WBH-001', quantity: 5, warehouse: 'Newark' },
    ],
    carrier: 'FedEx',
  },
  [
    ...['create_sales_order', 'confirm_sales_order', 'create_package', 'create_package'],
    ...['ship_package', 'ship_package'],
  ],
);
