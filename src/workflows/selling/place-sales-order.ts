import * as z from 'zod';
import { getContact, listContacts } from '../../operations/contacts.ts';
import { day, text } from '../../operations/fields.ts';
import { getItem, listItems } from '../../operations/items.ts';
import { listOrganizations } from '../../operations/organizations.ts';
import { getLowStockReport } from '../../operations/reports.ts';
import { confirmSalesOrder, createSalesOrder, listSalesOrders } from '../../operations/sales-orders.ts';
import { listWarehouseItems, listWarehouses } from '../../operations/warehouses.ts';
import { bindApi } from '../api.ts';
import type { Api, Plan, WorkflowContext, WriteWorkflow } from '../define.ts';
import { parseBy } from '../rows.ts';
import { fillInput, planFilled } from './place-sales-order-fill.ts';
import { orderInput, prepareOrder } from './place-sales-order-prepare.ts';
import { runPlaced } from './place-sales-order-run.ts';
import type { PlaceSteps } from './place-sales-order-steps.ts';

const input = {
  ...orderInput,
  ...fillInput,
  reference_number: text(100, "The customer's own order number").optional(),
  date: day().optional(),
  shipment_date: day().optional(),
  notes: text(5_000).optional(),
};
const schema = z.strictObject(input);
type Order = z.infer<typeof schema>;

async function plan(given: Api, raw: unknown, context: WorkflowContext): Promise<Plan<PlaceSteps>> {
  const order = parseBy(schema, raw);
  const { confirm, if_short } = order;
  const api = bindApi(given, context);
  const prepared = await prepareOrder(api, order, context);
  return planFilled(api, prepared, { header: headerOf(order), confirm, if_short }, context);
}

function headerOf({ reference_number, date, shipment_date, notes }: Order): Record<string, string> {
  const given = { reference_number, date, shipment_date, notes };
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

export const placeSalesOrder: WriteWorkflow = {
  name: 'place_sales_order',
  title: 'Place sales order',
  description:
    'Takes an order: checks all lines, creates the sales order and confirms it, which reserves its stock. Short lines: nothing is written unless if_short says so. Spends 13 calls at most for 10 lines.',
  toolset: 'sales',
  input,
  uses: [
    listContacts,
    getContact,
    listItems,
    getItem,
    listWarehouses,
    listWarehouseItems,
    listOrganizations,
    listSalesOrders,
    getLowStockReport,
    createSalesOrder,
    confirmSalesOrder,
  ],
  plan,
  run: runPlaced,
};
