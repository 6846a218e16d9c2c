import * as z from 'zod';
import { getContact, listContacts } from '../operations/contacts.ts';
import { quantity, someText } from '../operations/fields.ts';
import { getItem, listItems } from '../operations/items.ts';
import { listOrganizations } from '../operations/organizations.ts';
import { createPurchaseOrder, getPurchaseOrder, listPurchaseOrders } from '../operations/purchase-orders.ts';
import { getLowStockReport } from '../operations/reports.ts';
import { listWarehouseItems, listWarehouses } from '../operations/warehouses.ts';
import { bindApi } from './api.ts';
import { figuresOf, isKit, isTracked, onOrderOf, readItems } from './availability.ts';
import { baseCurrency } from './currency.ts';
import type { Api, Plan, WorkflowContext, WriteWorkflow } from './define.ts';
import { type Incoming, type IncomingByItem, incomingWords, mostOrders, readIncoming } from './incoming.ts';
import { formatMicro, parseMicro, sumOf } from './numbers.ts';
import { type LeftOut, type Need, reorderPlan } from './reorder-plan.ts';
import { type Limits, type Reorder, reorderOf, type Stock } from './reorder-rules.ts';
import { runReorder } from './reorder-run.ts';
import { readVendors, type VendorTerms } from './reorder-vendors.ts';
import { lookUpItems, refuseProblems, resolveContact } from './resolve.ts';
import { microIn, parseBy, type Row, rowsIn, textIn } from './rows.ts';
import { readSplits } from './splits.ts';
import { named, plainText } from './text.ts';

const input = {
  rule: z
    .enum(['position', 'reference'])
    .describe('position counts open orders and drafts; reference = max(2 x level - on hand, level), blind to both')
    .default('position'),
  items: z
    .array(
      z.strictObject({
        item: someText(200, 'Id, SKU, barcode or exact name'),
        max_level: quantity('Fill up to this, else 2 x the reorder level').optional(),
        minimum_quantity: quantity('Order at least this').optional(),
        pack_multiple: quantity('Order whole packs of this many').optional(),
      }),
    )
    .min(1)
    .max(200)
    .describe('Only these, else all that is low')
    .optional(),
  default_vendor: someText(200, 'Id or exact name; for items without a vendor').optional(),
};
const schema = z.strictObject(input);
type Wish = z.infer<typeof schema>;

const leftOutOf = (row: Row, reason: string): LeftOut => ({
  item: plainText(row.name),
  sku: plainText(row.sku, 60),
  item_id: textIn(row, 'item_id'),
  reason,
});

async function plan(given: Api, raw: unknown, context: WorkflowContext): Promise<Plan> {
  const wish = parseBy(schema, raw);
  const api = bindApi(given, context);
  const defaultVendor =
    wish.default_vendor === undefined
      ? undefined
      : await resolveContact(api, wish.default_vendor, 'vendor', { forWrite: true });
  context.progress('Reading what is low');
  const { rows, limits } = await readCandidates(api, wish);

  const leftOut: LeftOut[] = [];
  const countable = rows.filter((row) => {
    const reason = unfit(row);
    if (reason) leftOut.push(leftOutOf(row, reason));
    return !reason;
  });
  context.progress('Reading draft purchase orders');
  const drafts = await readDrafts(api, countable);
  const needs: Need[] = [];
  const enough: { row: Row; stock: Stock; reorder: Reorder }[] = [];
  for (const row of countable) {
    const itemId = textIn(row, 'item_id');
    const stock = stockOf(row, drafts.byItem.get(itemId) ?? []);
    const reorder = reorderOf(wish.rule, stock, limits.get(itemId));
    const vendorId = textIn(row, 'vendor_id') || (defaultVendor ? textIn(defaultVendor, 'contact_id') : '');
    if (reorder.quantity > 0n)
      needs.push({ row, itemId, name: plainText(row.name), sku: plainText(row.sku, 60), stock, reorder, vendorId });
    else enough.push({ row, stock, reorder });
  }
  leftOut.push(...(await explainEnough(api, enough, drafts, context)));
  const withoutTerms = needs.filter(
    ({ row, vendorId }) => vendorId === '' || (microIn(row, 'purchase_rate') ?? 0n) <= 0n,
  );
  leftOut.push(...(await explainUnbuyable(api, withoutTerms)));

  const buyable = needs.filter((need) => !withoutTerms.includes(need));
  context.progress('Reading vendors');
  const base = buyable.length === 0 ? (context.currency ?? '') : await baseCurrency(api, context);
  const vendors = await readVendors(api, [...new Set(buyable.map(({ vendorId }) => vendorId))], base);
  const ordered = buyable.filter((need) => {
    const reason = vendorTrouble(vendors.get(need.vendorId));
    if (reason) leftOut.push(leftOutOf(need.row, reason));
    return !reason;
  });
  return reorderPlan({ rule: wish.rule, needs: ordered, vendors, leftOut, base, truncated: drafts.truncated });
}

async function readCandidates(api: Api, wish: Wish): Promise<{ rows: Row[]; limits: Map<string, Limits> }> {
  const limits = new Map<string, Limits>();
  if (!wish.items) {
    const report = await api.call('get_low_stock_report', {});
    const listed = [...rowsIn(report, 'items'), ...rowsIn(report, 'shortages')];
    const reported = new Map(listed.map((row) => [textIn(row, 'item_id'), row]));
    // The report lacks what is in transit, and the status; all figures come from one reading of the items.
    const fresh = await readItems(api, [...reported.keys()]);
    const rows = [...reported].map(([itemId, row]) => ({ ...row, ...fresh.get(itemId) }));
    return { rows, limits };
  }
  const lookup = await lookUpItems(
    api,
    wish.items.map(({ item }) => item),
    { forWrite: false },
  );
  refuseProblems(lookup.problems);
  const rows = new Map<string, Row>();
  for (const { item, max_level, minimum_quantity, pack_multiple } of wish.items) {
    const row = lookup.found.get(item);
    if (!row) continue;
    rows.set(textIn(row, 'item_id'), row);
    limits.set(textIn(row, 'item_id'), {
      target: parseMicro(max_level),
      minimum: parseMicro(minimum_quantity),
      pack: parseMicro(pack_multiple),
    });
  }
  return { rows: [...rows.values()], limits };
}

function unfit(row: Row): string | undefined {
  if (isKit(row)) return 'a kit: order its parts instead';
  if (!isTracked(row)) return 'its stock is not tracked';
  return textIn(row, 'status') === 'inactive' ? 'inactive' : undefined;
}

async function readDrafts(api: Api, rows: readonly Row[]): Promise<IncomingByItem> {
  if (rows.length === 0) return { byItem: new Map(), truncated: false };
  const wanted = new Map(rows.map((row) => [textIn(row, 'item_id'), undefined]));
  return readIncoming(api, 'draft', { most: mostOrders, wanted });
}

function stockOf(row: Row, drafts: readonly Incoming[]): Stock {
  const { onHand, committed } = figuresOf(row);
  return {
    onHand,
    committed,
    onOrder: onOrderOf(row),
    inDrafts: sumOf(drafts.map((draft) => draft.quantity)),
    inTransit: microIn(row, 'quantity_in_transit') ?? 0n,
    level: microIn(row, 'reorder_level') ?? 0n,
  };
}

/** Why nothing more is ordered of these: which orders bring it, and when. */
async function explainEnough(
  api: Api,
  enough: readonly { row: Row; stock: Stock; reorder: Reorder }[],
  drafts: IncomingByItem,
  context: WorkflowContext,
): Promise<LeftOut[]> {
  const awaited = new Map(
    enough
      .filter(({ stock }) => stock.onOrder > 0n)
      .map(({ row, stock }) => [textIn(row, 'item_id'), stock.onOrder] as const),
  );
  const issued: IncomingByItem =
    awaited.size === 0
      ? { byItem: new Map(), truncated: false }
      : await readIncoming(api, 'issued', { most: mostOrders, wanted: awaited });
  return enough.map(({ row, stock, reorder }) => {
    const itemId = textIn(row, 'item_id');
    const coming = [
      ...(issued.byItem.get(itemId) ?? []).map(
        (order) => `${formatMicro(order.quantity)} in ${incomingWords(order, context.today)}`,
      ),
      ...(drafts.byItem.get(itemId) ?? []).map(
        (draft) => `${formatMicro(draft.quantity)} in draft ${named(draft.number, 40)}`,
      ),
    ];
    if (stock.level <= 0n && reorder.position >= 0n) return leftOutOf(row, 'no reorder level');
    return leftOutOf(row, coming.length === 0 ? reorder.why : `enough on order (${coming.join('; ')}): ${reorder.why}`);
  });
}

/** No vendor or no price: says so, and where stock stands that a transfer could move. */
async function explainUnbuyable(api: Api, needs: readonly Need[]): Promise<LeftOut[]> {
  if (needs.length === 0) return [];
  const rows = new Map(needs.map(({ itemId, row }) => [itemId, row]));
  const splits = await readSplits(api, [...rows.keys()], rows);
  return needs.map(({ row, itemId, vendorId }) => {
    const reason = vendorId === '' ? 'no vendor' : 'no purchase price';
    const remedy = vendorId === '' ? 'set one on the item, or give default_vendor' : 'set purchase_rate on the item';
    const places = (splits.get(itemId) ?? []).filter(({ onHand }) => onHand > 0n);
    const where = places.map(({ warehouseName, onHand }) => `${formatMicro(onHand)} in ${named(warehouseName)}`);
    const transfer = places.length > 1 ? `; ${where.join(', ')}: a transfer may help where it runs short` : '';
    return leftOutOf(row, `${reason}: ${remedy}${transfer}`);
  });
}

function vendorTrouble(vendor: VendorTerms | undefined): string | undefined {
  if (!vendor) return 'its vendor does not exist any more';
  if (!vendor.active) return `its vendor ${named(vendor.name)} is inactive`;
  if (vendor.exchange.nano === undefined)
    return `no exchange rate is known for ${vendor.exchange.currency}, the currency of ${named(vendor.name)}`;
  return undefined;
}

export const reorderLowStock: WriteWorkflow = {
  name: 'reorder_low_stock',
  title: 'Reorder low stock',
  description:
    'Plans what to buy of items at or below their reorder level and, after a yes, writes one draft purchase order per vendor. Counts what is on order and in drafts, so that a second run orders nothing. Drafts bind nobody until issue_purchase_order.',
  toolset: 'purchasing',
  input,
  uses: [
    getLowStockReport,
    listItems,
    getItem,
    listContacts,
    getContact,
    listOrganizations,
    listWarehouses,
    listWarehouseItems,
    listPurchaseOrders,
    getPurchaseOrder,
    createPurchaseOrder,
  ],
  alwaysConfirm: true,
  plan,
  run: runReorder,
};
