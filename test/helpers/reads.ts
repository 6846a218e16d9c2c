import { createInventoryClient } from '../../src/client/client.ts';
import { sleep } from '../../src/client/wait.ts';
import type { Reads } from '../../src/mcp/plan.ts';
import type { Input, Operation } from '../../src/operations/define.ts';
import { operationByName } from '../../src/operations/index.ts';
import { createSandbox, sandboxOrganizationId } from '../../src/sandbox/server.ts';
import { calendarDay } from '../../src/sandbox/zones.ts';
import { openDatabase } from '../../src/sqlite.ts';

type Row = Record<string, unknown>;

/** Noon in Oakland on a Monday; T of the demo company. */
export const noon = Date.parse('2026-03-16T12:00:00-07:00');

/** The demo company, with the reads that a plan is given and with writes to change it in between. */
export interface DemoWorld {
  readonly reads: Reads;
  readonly today: string;
  /** Names of the operations read since the last call of this function. */
  readonly readsMade: () => string[];
  /** Any operation, reads and writes; throws what the API refuses. */
  readonly call: (name: string, input: Input) => Promise<Row>;
  readonly item: (sku: string) => Promise<Row>;
  readonly contact: (name: string) => Promise<Row>;
  readonly warehouse: (name: string) => Promise<Row>;
  readonly salesOrder: (number: string) => Promise<Row>;
  readonly purchaseOrder: (number: string) => Promise<Row>;
}

export const operationNamed = (name: string): Operation => {
  const operation = operationByName.get(name);
  if (!operation) throw new Error(`there is no operation ${name}`);
  return operation;
};

export const rowsOf = (value: unknown): Row[] =>
  Array.isArray(value) ? value.filter((row): row is Row => typeof row === 'object' && row !== null) : [];

function rowAt(reply: Row, key: string): Row {
  const [row] = rowsOf([reply[key]]);
  if (!row) throw new Error(`no ${key} in ${JSON.stringify(reply)}`);
  return row;
}

/** A fresh demo company in memory. */
export function demoWorld(): DemoWorld {
  const sandbox = createSandbox({
    database: openDatabase(':memory:'),
    now: () => noon,
    seed: 'demo',
    accessToken: 'good',
    limits: { perMinute: 100_000, perDay: 1_000_000 },
  });
  let made: string[] = [];
  const client = createInventoryClient({
    ...{ apiDomain: 'http://sandbox.test', accessToken: 'good', organizationId: sandboxOrganizationId },
    limits: { perMinute: 100_000, perDay: 1_000_000, atOnce: 10 },
    dispatch: (request) => sandbox.handle(request),
    now: () => noon,
    sleep,
    random: () => 0.5,
  });
  const call = (name: string, input: Input): Promise<Row> => client.call(operationNamed(name), input);
  const find = async (list: string, key: string, filter: Input, isIt: (row: Row) => boolean): Promise<Row> => {
    const found = rowsOf((await call(list, { per_page: 200, ...filter }))[key]).find(isIt);
    if (!found) throw new Error(`${list} has no ${JSON.stringify(filter)}`);
    return found;
  };
  const one = async (list: string, key: string, get: string, reply: string, id: string, filter: Input) => {
    const [[field, value] = []] = Object.entries(filter);
    const row = await find(list, key, filter, (candidate) => field !== undefined && candidate[field] === value);
    return rowAt(await call(get, { [id]: row[id] }), reply);
  };
  return {
    today: calendarDay(noon, 'America/Los_Angeles'),
    reads: {
      call: async (name, input) => {
        if (operationNamed(name).effect !== 'read') throw new Error(`a plan may only read, and ${name} writes`);
        made.push(name);
        return call(name, input);
      },
    },
    readsMade: () => {
      const names = made;
      made = [];
      return names;
    },
    call,
    item: (sku) => one('list_items', 'items', 'get_item', 'item', 'item_id', { sku }),
    contact: (contact_name) =>
      one('list_contacts', 'contacts', 'get_contact', 'contact', 'contact_id', { contact_name }),
    warehouse: (name) =>
      find('list_warehouses', 'warehouses', { search_text: name }, (row) => row.warehouse_name === name),
    salesOrder: (salesorder_number) =>
      one('list_sales_orders', 'salesorders', 'get_sales_order', 'salesorder', 'salesorder_id', { salesorder_number }),
    purchaseOrder: (purchaseorder_number) =>
      one('list_purchase_orders', 'purchaseorders', 'get_purchase_order', 'purchaseorder', 'purchaseorder_id', {
        purchaseorder_number,
      }),
  };
}
