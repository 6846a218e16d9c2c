// A stock keeper's morning through an MCP client: what the demo shows and what the tests hold both clients to.
// Every step checks what it sees and throws when it is not as it should be.

export interface MorningClient {
  readonly call: (name: string, args?: Record<string, unknown>) => Promise<ToolAnswer>;
}

export interface ToolAnswer {
  readonly text: string;
  readonly facts: Record<string, unknown>;
  readonly isError: boolean;
}

type Row = Record<string, unknown>;

export interface StockRow {
  readonly sku: string;
  readonly on_hand: number;
  readonly committed: number;
  readonly available: number;
}

/** What the morning left behind, to be held against the inventory's own database. */
export interface Morning {
  readonly before: readonly StockRow[];
  readonly after: readonly StockRow[];
  readonly orderNumber: string;
  readonly purchaseOrderNumber: string;
}

const watched = ['WBH-001', 'UCC-1M', 'UCC-2M', 'DMAT', 'SPK-BT', 'LAMP', 'HUB-7', 'MUG'];

export function table(rows: readonly Row[], columns: readonly string[]): string[] {
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  const numeric = columns.map((column) =>
    rows.every((row) => typeof row[column] === 'number' || row[column] === undefined),
  );
  return cells.map((line) =>
    `  ${line.map((cell, index) => (numeric[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0))).join('  ')}`.trimEnd(),
  );
}

function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`not as it should be: ${what}`);
}

const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? value : []) as Row[]; // parse boundary: checked by each step
const rowOf = (value: unknown): Row => (typeof value === 'object' && value !== null ? value : {}) as Row; // parse boundary: as above

/** Runs the whole morning. `say` gets the transcript, line by line. */
export async function morning(client: MorningClient, say: (line: string) => void): Promise<Morning> {
  const heading = (text: string) => {
    say('');
    say(`== ${text}`);
  };
  const ask = async (name: string, args: Record<string, unknown> = {}) => {
    say(`> ${name} ${JSON.stringify(args)}`);
    return client.call(name, args);
  };
  /** A call that may be stopped by the guard; where it is, shows the preview and says yes. */
  const confirmed = async (name: string, args: Record<string, unknown>) => {
    const answer = await ask(name, args);
    if (answer.facts.status !== 'confirmation_required') return answer;
    must(answer.text.startsWith('Nothing has been done yet.'), 'a stopped call says that nothing was done');
    for (const line of rowsOf(answer.facts.preview)) say(`  | ${String(line)}`);
    const { confirmation, summary } = answer.facts;
    say(`> confirm_action "${String(summary)}"`);
    return client.call('confirm_action', { confirmation, summary });
  };
  const stock = async (): Promise<StockRow[]> => {
    const { facts } = await client.call('list_items', { per_page: 200, filter_by: 'Status.All' });
    const bySku = new Map(rowsOf(facts.items).map((row) => [row.sku, row]));
    return watched.map((sku) => {
      const row = bySku.get(sku) ?? {};
      return {
        sku,
        on_hand: Number(row.stock_on_hand),
        committed: Number(row.committed_stock),
        available: Number(row.available_stock),
      };
    });
  };
  const showStock = (rows: readonly StockRow[]) => {
    for (const line of table(
      rows.map((row) => ({ ...row })),
      ['sku', 'on_hand', 'committed', 'available'],
    ))
      say(line);
  };
  const showOrders = async () => {
    const sales = await client.call('list_sales_orders', { per_page: 200 });
    const open = rowsOf(sales.facts.salesorders).filter(
      ({ status }) => !['closed', 'void', 'delivered'].includes(String(status)),
    );
    for (const line of table(open, ['salesorder_number', 'date', 'status', 'customer_name', 'total', 'currency_code']))
      say(line);
    const purchases = await client.call('list_purchase_orders', { per_page: 200 });
    const openPurchases = rowsOf(purchases.facts.purchaseorders).filter(({ status }) =>
      ['draft', 'issued', 'partially_received'].includes(String(status)),
    );
    for (const line of table(openPurchases, [
      'purchaseorder_number',
      'date',
      'status',
      'vendor_name',
      'total',
      'currency_code',
    ]))
      say(line);
    return { open, openPurchases };
  };

  heading('Stock and open orders before');
  const before = await stock();
  showStock(before);
  await showOrders();

  heading('What is low?');
  const low = await ask('get_low_stock_report');
  const lowItems = rowsOf(low.facts.items);
  for (const line of table(lowItems, [
    'sku',
    'name',
    'stock_on_hand',
    'available_stock',
    'reorder_level',
    'vendor_name',
  ]))
    say(line);
  must(
    ['DMAT', 'HUB-7', 'LAMP', 'SPK-BT'].every((sku) => lowItems.some((row) => row.sku === sku)) &&
      lowItems.length === 4,
    'low are DMAT, HUB-7, LAMP and SPK-BT',
  );

  heading('Can we promise 60 headphones? No. 10? Yes.');
  const no = await ask('check_stock', { items: [{ item: 'WBH-001', quantity: 60 }] });
  const [short = {}] = rowsOf(no.facts.items);
  say(`  ${String(no.facts.message)} Can be promised: ${String(short.can_be_promised)}, short: ${String(short.short)}`);
  must(
    short.verdict === 'short' && short.can_be_promised === 50 && short.short === 10,
    '50 headphones can be promised',
  );
  const yes = await ask('check_stock', { items: [{ item: 'WBH-001', quantity: 10 }] });
  say(`  ${String(yes.facts.message)}`);
  must(rowsOf(yes.facts.items)[0]?.verdict === 'enough', '10 headphones are there');

  heading('Take an order');
  const unclear = await ask('place_sales_order', { customer: 'Bluebird', items: [{ item: 'WBH-001', quantity: 10 }] });
  say(`  ${unclear.text.split('\n')[0]}`);
  must(
    unclear.isError && rowsOf(rowOf(unclear.facts.error).candidates).length === 2,
    'an ambiguous customer is answered with candidates',
  );
  const placed = await ask('place_sales_order', {
    customer: 'Bluebird Cafe',
    items: [
      { item: 'WBH-001', quantity: 10 },
      { item: 'USB-C Cable 1 m', quantity: 4 },
    ],
  });
  must(!placed.isError, `the order is placed: ${placed.text}`);
  const order = rowOf(placed.facts.salesorder);
  say(`  ${String(placed.facts.message)}`);
  for (const line of table(rowsOf(order.line_items), [
    'sku',
    'name',
    'quantity',
    'rate',
    'item_total',
    'can_be_promised_now',
  ]))
    say(line);
  say(`  total ${String(order.total)} ${String(order.currency_code)}`);
  must(
    order.status === 'confirmed' && order.customer_name === 'Bluebird Cafe',
    'the order is confirmed for the right customer',
  );

  heading('Delete a draft: stopped by the guard, then confirmed');
  const found = await ask('list_sales_orders', { salesorder_number: 'SO-00014' });
  const [draft = {}] = rowsOf(found.facts.salesorders);
  const deleted = await confirmed('delete_sales_order', { salesorder_id: draft.salesorder_id });
  must(!deleted.isError, `the draft is deleted: ${deleted.text}`);
  say(`  ${deleted.text}`);
  const gone = await ask('get_sales_order', { salesorder_id: draft.salesorder_id });
  say(`  ${gone.text.split('\n')[0]}`);
  must(gone.isError && rowOf(gone.facts.error).kind === 'not_found', 'the deleted draft is gone');

  heading('Reorder what is low: the plan, then the drafts');
  const reordered = await confirmed('reorder_low_stock', {});
  must(!reordered.isError, `the reorder is done: ${reordered.text}`);
  say(`  ${String(reordered.facts.message)}`);
  const drafts = rowsOf(reordered.facts.purchaseorders);
  const [purchase = {}] = drafts;
  const [line = {}] = rowsOf(purchase.line_items);
  for (const text of table(drafts, ['purchaseorder_number', 'vendor_name', 'status', 'total', 'currency_code']))
    say(text);
  must(
    drafts.length === 1 && purchase.vendor_name === 'Nordklang GmbH' && purchase.currency_code === 'EUR',
    'one draft to Nordklang in EUR',
  );
  must(line.sku === 'SPK-BT' && line.quantity === 25, '25 speakers and nothing else');

  heading('Reorder again: nothing to do');
  const again = await ask('reorder_low_stock');
  say(`  ${String(again.facts.message)}`);
  for (const text of table(rowsOf(again.facts.left_out), ['sku', 'item', 'reason'])) say(text);
  must(!again.isError && rowsOf(again.facts.purchaseorders).length === 0, 'a second run orders nothing');

  heading('Stock and open orders after');
  const after = await stock();
  showStock(after);
  const { open, openPurchases } = await showOrders();
  const headphones = after.find(({ sku }) => sku === 'WBH-001');
  must(
    headphones?.committed === 40 && headphones.available === 40 && headphones.on_hand === 80,
    'ten more headphones are promised',
  );
  must(
    open.some((row) => row.salesorder_number === order.salesorder_number),
    'the new order is open',
  );
  must(!open.some((row) => row.salesorder_number === 'SO-00014'), 'the deleted draft is not listed');
  must(
    openPurchases.some((row) => row.purchaseorder_number === purchase.purchaseorder_number),
    'the new draft is listed',
  );
  return {
    before,
    after,
    orderNumber: String(order.salesorder_number),
    purchaseOrderNumber: String(purchase.purchaseorder_number),
  };
}
