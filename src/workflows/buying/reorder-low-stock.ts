import * as z from 'zod';
import { getContact, listContacts } from '../../operations/contacts.ts';
import { money, quantity, someText, wholeNumber } from '../../operations/fields.ts';
import { getItem, listItems } from '../../operations/items.ts';
import { listOrganizations } from '../../operations/organizations.ts';
import { createPurchaseOrder, getPurchaseOrder, listPurchaseOrders } from '../../operations/purchase-orders.ts';
import { getLowStockReport } from '../../operations/reports.ts';
import { getTransfer, listTransfers } from '../../operations/transfers.ts';
import { listWarehouseItems, listWarehouses } from '../../operations/warehouses.ts';
import { bindApi, metered } from '../api.ts';
import { figuresOf } from '../availability.ts';
import { baseCurrency } from '../currency.ts';
import { dayAfter } from '../days.ts';
import type { Api, Plan, WorkflowContext, WriteWorkflow } from '../define.ts';
import { type Incoming, type IncomingByItem, mostOrders, nothingComes, readIncoming } from '../incoming.ts';
import { maxOf, minorDigits, parseMicro, parseScaled, sumOf } from '../numbers.ts';
import { resolveContact, resolveWarehouse } from '../resolve.ts';
import { microIn, parseBy, type Row, textIn } from '../rows.ts';
import { plainText } from '../text.ts';
import { type Candidates, readCandidates } from './reorder-candidates.ts';
import { explainEnough, explainUnbuyable, leftOutOf, unfit, vendorTrouble } from './reorder-explain.ts';
import type { LeftOut, Need } from './reorder-found.ts';
import { reorderPlan } from './reorder-plan.ts';
import { type Reorder, reorderOf, type Stock } from './reorder-rules.ts';
import { runReorder } from './reorder-run.ts';
import { readVendors } from './reorder-vendors.ts';

const input = {
  rule: z.enum(['position', 'reference']).describe('reference is blind to open orders and drafts').default('position'),
  items: z
    .array(
      z.strictObject({
        item: someText(200, 'Id, SKU, barcode or name'),
        max_level: quantity('Default 2 x the level').optional(),
        minimum_quantity: quantity().optional(),
        pack_multiple: quantity().optional(),
      }),
    )
    .min(1)
    .max(200)
    .describe('Else all that is low')
    .optional(),
  default_vendor: someText(200, 'For items without a vendor').optional(),
  vendors: z.array(someText(200)).max(20).describe('Only these').optional(),
  skip_vendors: z.array(someText(200)).max(20).optional(),
  warehouse: someText(200, 'Only this one').optional(),
  pack_size: quantity('Default pack_multiple').optional(),
  min_order_value: money('Base currency; leaves out vendors below').optional(),
  lead_time_days: wholeNumber(0, 730).optional(),
};
const schema = z.strictObject(input);

/**
 * Spends at most 3 calls, one a draft order that exists and one a vendor, where a page holds the items. Why the rest is left
 * out is told as far as these calls go; where items or a warehouse are named it is asked for, and looked up in full.
 */
async function plan(given: Api, raw: unknown, context: WorkflowContext): Promise<Plan> {
  const wish = parseBy(schema, raw);
  const { api, made } = metered(bindApi(given, context));
  const defaultVendor =
    wish.default_vendor === undefined
      ? undefined
      : await resolveContact(api, wish.default_vendor, 'vendor', { forWrite: true });
  const place =
    wish.warehouse === undefined ? undefined : await resolveWarehouse(api, wish.warehouse, { forWrite: true });
  const warehouse = place && { id: textIn(place, 'warehouse_id'), name: plainText(place.warehouse_name, 60) };
  const isWanted = await vendorFilter(api, wish);
  context.progress('Reading what is low');
  const candidates = await readCandidates(api, wish.items, warehouse?.id);

  const leftOut: LeftOut[] = [];
  const countable = candidates.rows.filter((row) => {
    const reason = unfit(row);
    if (reason) leftOut.push(leftOutOf(row, reason));
    return !reason;
  });
  context.progress('Reading draft purchase orders');
  const drafts = await readDrafts(api, countable, warehouse?.id);
  const needs: Need[] = [];
  const enough: { row: Row; stock: Stock; reorder: Reorder }[] = [];
  for (const row of countable) {
    const itemId = textIn(row, 'item_id');
    const stock = stockOf(row, candidates, drafts.byItem.get(itemId) ?? []);
    const own = candidates.limits.get(itemId);
    const reorder = reorderOf(wish.rule, stock, { ...own, pack: own?.pack ?? parseMicro(wish.pack_size) });
    const vendorId = textIn(row, 'vendor_id') || (defaultVendor ? textIn(defaultVendor, 'contact_id') : '');
    const elsewhere = warehouse ? availableElsewhere(row, stock) : 0n;
    const words = { name: plainText(row.name), sku: plainText(row.sku, 60) };
    if (reorder.quantity > 0n && !isWanted(vendorId))
      leftOut.push(leftOutOf(row, 'its vendor is not among those wanted'));
    else if (reorder.quantity > 0n) needs.push({ row, itemId, ...words, stock, reorder, vendorId, elsewhere });
    else enough.push({ row, stock, reorder });
  }
  const withoutTerms = needs.filter(
    ({ row, vendorId }) => vendorId === '' || (microIn(row, 'purchase_rate') ?? 0n) <= 0n,
  );
  const buyable = needs.filter((need) => !withoutTerms.includes(need));
  context.progress('Reading vendors');
  const known = context.currency ?? drafts.base;
  const base = buyable.length === 0 ? (known ?? '') : (known ?? (await baseCurrency(api, context)));
  const vendorIds = new Set(buyable.map(({ vendorId }) => vendorId));
  const vendors = await readVendors(api, [...vendorIds], base, defaultVendor);
  const isNarrowed = wish.items !== undefined || warehouse !== undefined;
  const spare = () => (isNarrowed ? Number.POSITIVE_INFINITY : 3 + drafts.read + vendorIds.size - made());
  leftOut.push(...(await explainEnough(api, enough, drafts, { warehouseId: warehouse?.id, spare }, context)));
  leftOut.push(...(await explainUnbuyable(api, withoutTerms, spare)));
  const ordered = buyable.filter((need) => {
    const reason = vendorTrouble(vendors.get(need.vendorId));
    if (reason) leftOut.push(leftOutOf(need.row, reason));
    return !reason;
  });
  return reorderPlan({
    ...{ rule: wish.rule, needs: ordered, vendors, leftOut, base, truncated: drafts.truncated },
    ...{ warehouse, notCarried: candidates.notCarried },
    leastMinor: parseScaled(wish.min_order_value, minorDigits(base)) ?? 0n,
    expected: wish.lead_time_days === undefined ? undefined : dayAfter(context.today, wish.lead_time_days),
  });
}

type Wish = z.infer<typeof schema>;

/** Whether to order from a vendor, by id, as the wish says; one call for each that it names. */
async function vendorFilter(api: Api, { vendors, skip_vendors = [] }: Wish): Promise<(vendorId: string) => boolean> {
  const idsOf = async (names: readonly string[]) => {
    const ids = new Set<string>();
    for (const name of names)
      ids.add(textIn(await resolveContact(api, name, 'vendor', { forWrite: true }), 'contact_id'));
    return ids;
  };
  const only = vendors && (await idsOf(vendors));
  const skipped = await idsOf(skip_vendors);
  return (vendorId) => (only?.has(vendorId) ?? true) && !skipped.has(vendorId);
}

async function readDrafts(api: Api, rows: readonly Row[], warehouseId: string | undefined): Promise<IncomingByItem> {
  if (rows.length === 0) return nothingComes;
  const wanted = new Map(rows.map((row) => [textIn(row, 'item_id'), undefined]));
  return readIncoming(api, 'draft', { most: mostOrders, wanted, warehouseId });
}

const stockOf = (row: Row, { standing }: Candidates, drafts: readonly Incoming[]): Stock => ({
  ...standing(row),
  inDrafts: sumOf(drafts.map((draft) => draft.quantity)),
  level: microIn(row, 'reorder_level') ?? 0n,
});

/** What the other warehouses could give: a transfer may do instead of a purchase. */
function availableElsewhere(row: Row, here: Stock): bigint {
  const all = figuresOf(row);
  return maxOf(0n, all.onHand - all.committed - (here.onHand - here.committed));
}

export const reorderLowStock: WriteWorkflow = {
  name: 'reorder_low_stock',
  title: 'Reorder low stock',
  description:
    'Plans what to buy at or below reorder level and, after a yes, writes a draft purchase order per vendor. A second run orders nothing. Drafts bind nobody until issue_purchase_order. 3 calls + 1 a vendor + 1 a draft; + 2 beyond 200 items.',
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
    listTransfers,
    getTransfer,
    listPurchaseOrders,
    getPurchaseOrder,
    createPurchaseOrder,
  ],
  alwaysConfirm: true,
  plan,
  run: runReorder,
};
