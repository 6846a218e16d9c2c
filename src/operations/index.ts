import * as contacts from './contacts.ts';
import type { Operation } from './define.ts';
import * as items from './items.ts';
import * as organizations from './organizations.ts';
import * as purchaseOrders from './purchase-orders.ts';
import * as reports from './reports.ts';
import * as salesOrders from './sales-orders.ts';
import * as warehouses from './warehouses.ts';

