/** Request bodies of the API reference, word for word; each must be accepted unchanged. */
const billingAddress = {
  address: '123 Business Street',
  street2: 'Suite 100',
  city: 'San Francisco',
  state: 'CA',
  zip: '94102',
  country: 'USA',
  fax: '555-0199',
};

const techAvenue = {
  address: '456 Tech Avenue',
  city: 'San Jose',
  state: 'CA',
  zip: '95113',
  country: 'USA',
  fax: '',
};

export const itemBody = {
  name: 'Wireless Bluetooth Headphones',
  sku: 'WBH-001',
  unit: 'pcs',
  description: 'Premium wireless headphones with noise cancellation',
  rate: 79.99,
  purchase_rate: 45.0,
  tax_id: '12345000000456789',
  product_type: 'goods',
  is_taxable: true,
  track_inventory: true,
  initial_stock: 100,
  initial_stock_rate: 45.0,
  reorder_level: 20,
  hsn_or_sac: '8518',
  upc: '123456789012',
  ean: '1234567890123',
  isbn: '',
  part_number: 'WBH-MODEL-X',
  item_type: 'inventory',
  vendor_id: '12345000000234567',
  manufacturer: 'AudioTech Inc',
  brand: 'AudioTech',
  weight: 0.5,
  weight_unit: 'kg',
  dimensions: { length: 20, width: 18, height: 8, unit: 'cm' },
  custom_fields: [
    { label: 'Color', value: 'Black' },
    { label: 'Warranty', value: '1 Year' },
  ],
};

export const salesOrderBody = {
  customer_id: '12345000000234567',
  salesorder_number: 'SO-00001',
  reference_number: 'PO-CUST-123',
  date: '2025-01-15',
  shipment_date: '2025-01-20',
  salesorder_type: 'standard',
  priority: 'high',
  payment_terms: 15,
  payment_terms_label: 'Net 15',
  delivery_method: 'Express Shipping',
  salesperson_name: 'John Doe',
  custom_fields: [],
  line_items: [
    {
      item_id: '12345000000567890',
      name: 'Wireless Bluetooth Headphones',
      description: 'Black color, 1 year warranty',
      rate: 79.99,
      quantity: 25,
      discount: 5,
      discount_amount: 100.0,
      tax_id: '12345000000456789',
      warehouse_id: '12345000000678901',
    },
    {
      item_id: '12345000000567891',
      name: 'USB-C Charging Cable',
      description: '2 meter length',
      rate: 12.99,
      quantity: 50,
      discount: 0,
      tax_id: '12345000000456789',
      warehouse_id: '12345000000678901',
    },
  ],
  notes: 'Customer requested express shipping',
  terms: 'Payment due within 15 days',
  shipping_charge: 25.0,
  adjustment: -10.0,
  adjustment_description: 'Bulk order discount',
  billing_address: billingAddress,
  shipping_address: {
    address: '456 Warehouse Road',
    street2: 'Loading Dock B',
    city: 'Oakland',
    state: 'CA',
    zip: '94601',
    country: 'USA',
    fax: '',
  },
};

export const purchaseOrderBody = {
  vendor_id: '12345000000234567',
  purchaseorder_number: 'PO-00001',
  reference_number: 'REF-2025-001',
  date: '2025-01-15',
  delivery_date: '2025-02-01',
  expected_delivery_date: '2025-02-01',
  delivery_customer_id: '',
  attention: 'Purchasing Department',
  purchaseorder_type: 'regular',
  line_items: [
    {
      item_id: '12345000000567890',
      name: 'Wireless Bluetooth Headphones',
      description: 'Bulk order for stock replenishment',
      rate: 45.0,
      quantity: 200,
      discount: 2,
      tax_id: '12345000000456789',
      warehouse_id: '12345000000678901',
    },
  ],
  notes: 'Delivery to main warehouse loading dock',
  terms: 'Payment within 30 days of delivery',
  shipping_charge: 150.0,
  adjustment: -50.0,
  adjustment_description: 'Volume discount',
  delivery_address: {
    address: '789 Warehouse Boulevard',
    street2: 'Receiving Dock A',
    city: 'Oakland',
    state: 'CA',
    zip: '94601',
    country: 'USA',
  },
};

export const receiveBody = {
  receive_date: '2025-02-01',
  line_items: [{ line_item_id: '12345000000890123', quantity_received: 200, warehouse_id: '12345000000678901' }],
  notes: 'All items received in good condition',
};

export const packageBody = {
  salesorder_id: '12345000000789012',
  package_number: 'PKG-00001',
  date: '2025-01-18',
  shipment_date: '2025-01-20',
  carrier: 'FedEx',
  service_type: 'Express',
  tracking_number: '1Z999AA10123456784',
  line_items: [{ so_line_item_id: '12345000000890123', quantity: 25, warehouse_id: '12345000000678901' }],
  notes: 'Handle with care - fragile electronics',
  dimensions: { length: 50, width: 40, height: 30, unit: 'cm' },
  weight: 12.5,
  weight_unit: 'kg',
  shipping_charge: 25.0,
  package_custom_fields: [],
};

export const shipBody = {
  shipment_date: '2025-01-20',
  tracking_number: '1Z999AA10123456784',
  carrier: 'FedEx',
  service_type: 'Express',
};

export const warehouseBody = {
  warehouse_name: 'West Coast Distribution Center',
  attention: 'Warehouse Manager',
  address: {
    address: '789 Warehouse Boulevard',
    street2: 'Building 3',
    city: 'Oakland',
    state: 'CA',
    zip: '94601',
    country: 'USA',
    phone: '555-0188',
    fax: '',
  },
  email: 'warehouse@company.com',
  phone: '555-0188',
  is_primary: false,
  custom_fields: [],
};

export const contactBody = {
  contact_name: 'Tech Solutions Inc',
  contact_type: 'customer',
  company_name: 'Tech Solutions Inc',
  payment_terms: 30,
  payment_terms_label: 'Net 30',
  currency_id: '12345000000000099',
  website: 'www.techsolutions.com',
  billing_address: { ...techAvenue, street2: 'Floor 5' },
  shipping_address: { ...techAvenue, street2: 'Loading Dock' },
  contact_persons: [
    {
      first_name: 'Sarah',
      last_name: 'Johnson',
      email: 'sarah.johnson@techsolutions.com',
      phone: '555-0156',
      mobile: '555-0157',
      is_primary_contact: true,
    },
  ],
  custom_fields: [],
};

/** Shorter bodies that the reference also sends. */
export const shortItemBody = {
  name: 'Wireless Mouse',
  sku: 'WM-001',
  rate: 29.99,
  initial_stock: 100,
  reorder_level: 20,
};
export const shortSalesOrderBody = {
  customer_id: '12345000000234567',
  line_items: [{ item_id: '12345000000567890', quantity: 5 }],
};
export const crmSalesOrderBody = {
  customer_id: '12345000000234567',
  date: '2025-01-15',
  shipment_date: '2025-01-22',
  reference_number: 'CRM-DEAL-12345000000567890',
  line_items: [{ item_id: '12345000000567890', quantity: 5, rate: 79.99, warehouse_id: '12345000000678901' }],
  notes: 'Order created from CRM Deal: Autumn',
};
export const crmContactBody = {
  contact_name: 'Sarah Johnson',
  company_name: 'Tech Solutions Inc',
  contact_type: 'customer',
  email: 'sarah.johnson@techsolutions.com',
  phone: '555-0156',
};
export const reorderBody = {
  vendor_id: '12345000000234567',
  date: '2025-01-15',
  line_items: [{ item_id: '12345000000567890', quantity: 40, rate: 45.0 }],
};

export const stockAdjustmentBody = {
  date: '2025-01-15',
  adjustment_number: 'ADJ-00001',
  reference_number: 'INV-COUNT-Q1-2025',
  reason: 'Physical inventory count',
  description: 'Quarterly inventory count adjustment',
  adjustment_type: 'quantity',
  line_items: [
    {
      item_id: '12345000000567890',
      warehouse_id: '12345000000678901',
      quantity_adjusted: -5,
      adjust_quantity_by: 'decrease',
      description: 'Found 5 damaged units during count',
    },
    {
      item_id: '12345000000567891',
      warehouse_id: '12345000000678901',
      quantity_adjusted: 10,
      adjust_quantity_by: 'increase',
      description: 'Missing units found in secondary storage',
    },
  ],
};
export const shortStockAdjustmentBody = {
  date: '2025-01-15',
  adjustment_number: 'ADJ-00001',
  reason: 'Physical inventory count',
  adjustment_type: 'quantity',
  line_items: [
    {
      item_id: '12345000000567890',
      warehouse_id: '12345000000678901',
      quantity_adjusted: -5,
      adjust_quantity_by: 'decrease',
      description: 'Found 5 damaged units during count',
    },
  ],
};
export const bulkStockUpdateBody = {
  date: '2025-01-15',
  reason: 'Bulk stock update',
  adjustment_type: 'quantity',
  line_items: [
    {
      item_id: '12345000000567890',
      warehouse_id: '12345000000678901',
      quantity_adjusted: 100,
      adjust_quantity_by: 'set_to',
      description: 'Bulk stock update',
    },
  ],
};
export const compositeItemBody = {
  name: 'Complete Home Audio System',
  sku: 'CHAS-BUNDLE-001',
  unit: 'set',
  description: 'Complete audio system bundle with speakers and amplifier',
  rate: 499.99,
  is_taxable: true,
  tax_id: '12345000000456789',
  mapped_items: [
    { item_id: '12345000000567890', quantity: 1, warehouse_id: '12345000000678901' },
    { item_id: '12345000000567892', quantity: 2, warehouse_id: '12345000000678901' },
    { item_id: '12345000000567893', quantity: 1, warehouse_id: '12345000000678901' },
  ],
  custom_fields: [],
};
export const transferBody = {
  transfer_number: 'TRN-00001',
  date: '2025-01-15',
  from_warehouse_id: '12345000000678901',
  to_warehouse_id: '12345000000678902',
  expected_delivery_date: '2025-01-18',
  line_items: [{ item_id: '12345000000567890', quantity: 50, description: 'Restocking east coast warehouse' }],
  notes: 'Urgent transfer for upcoming sales event',
  shipping_charge: 75.0,
};
export const shortTransferBody = {
  date: '2025-01-15',
  from_warehouse_id: '12345000000678901',
  to_warehouse_id: '12345000000678902',
  line_items: [{ item_id: '12345000000567890', quantity: 50, description: '' }],
  notes: 'Warehouse transfer',
};
