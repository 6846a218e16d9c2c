import type { Database } from '../../../sqlite.ts';
import { allWarehouses, findContact, findTax } from '../directory.ts';
import { imageKeys } from '../documents/images.ts';
import { baseDigits, findItem, type Item, kitParts } from '../documents/item-record.ts';
import { recipeNow } from '../documents/lines.ts';
import { fromMicro, fromMinor } from '../quantity.ts';
import { assetValue, buildable, type Figures, type ItemFigures, itemFigures, noFigures } from '../stock.ts';

type Json = Record<string, unknown>;

const stockKeys = (figures: Figures): Json => ({
  stock_on_hand: fromMicro(figures.onHand),
  available_stock: fromMicro(figures.available),
  actual_available_stock: fromMicro(figures.available),
  committed_stock: fromMicro(figures.committed),
  quantity_ordered: fromMicro(figures.ordered),
  quantity_in_transit: fromMicro(figures.inTransit),
});

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

function kitKeys(db: Database, item: Item): Json {
  const kits = fromMicro(sum(buildable(db, recipeNow(db, item.item_id)).values()));
  return { available_stock: kits, actual_available_stock: kits };
}

/** An item as a list prints it: its stock over all warehouses; of a kit how many can be built; of a service none. */
export function itemRow(db: Database, item: Item, figures?: ItemFigures): Json {
  const tax = item.tax_id === '' ? undefined : findTax(db, item.tax_id);
  const vendor = item.vendor_id === '' ? undefined : findContact(db, item.vendor_id);
  const { kind } = item;
  return {
    item_id: item.item_id,
    name: item.name,
    sku: item.sku,
    unit: item.unit,
    status: item.status,
    product_type: item.product_type,
    item_type: item.item_type,
    is_combo_product: kind === 'kit',
    track_inventory: kind === 'goods',
    rate: fromMicro(item.rateMicro),
    purchase_rate: fromMicro(item.purchaseRateMicro),
    is_taxable: item.isTaxable,
    ...(tax
      ? { tax_id: tax.tax_id, tax_name: tax.name, tax_percentage: fromMicro(tax.percentage_micro) }
      : { tax_id: '', tax_name: '', tax_percentage: 0 }),
    ...(vendor ? { vendor_id: vendor.contact_id, vendor_name: vendor.contact_name } : {}),
    reorder_level: fromMicro(item.reorderLevelMicro),
    ...(kind === 'goods' ? stockKeys(figures ?? itemFigures(db, item.item_id)) : {}),
    ...(kind === 'kit' ? kitKeys(db, item) : {}),
    ...item.fields,
    ...imageKeys(db, item.item_id),
    created_time: item.created_time,
    last_modified_time: item.last_modified_time,
  };
}

function warehouseRows(db: Database, figures: ItemFigures): Json[] {
  return allWarehouses(db)
    .filter(({ warehouse_id, status }) => status === 'active' || figures.byWarehouse.has(warehouse_id))
    .map(({ warehouse_id, warehouse_name, status, is_primary }) => {
      const here = figures.byWarehouse.get(warehouse_id) ?? noFigures;
      return {
        warehouse_id,
        warehouse_name,
        status,
        is_primary,
        warehouse_stock_on_hand: fromMicro(here.onHand),
        warehouse_available_stock: fromMicro(here.available),
        warehouse_actual_available_stock: fromMicro(here.available),
        warehouse_committed_stock: fromMicro(here.committed),
        warehouse_quantity_packed: fromMicro(here.packed),
        warehouse_quantity_ordered: fromMicro(here.ordered),
      };
    });
}

function mappedItems(db: Database, kitId: string): Json[] {
  return kitParts(db, kitId).map(({ item_id, quantityMicro, warehouse_id }) => {
    const part = findItem(db, item_id);
    return {
      item_id,
      name: part?.name ?? '',
      sku: part?.sku ?? '',
      unit: part?.unit ?? '',
      quantity: fromMicro(quantityMicro),
      ...(warehouse_id === '' ? {} : { warehouse_id }),
      ...(part?.kind === 'goods' ? { available_stock: fromMicro(itemFigures(db, item_id).available) } : {}),
    };
  });
}

/** An item with all it has: per warehouse and value for tracked goods, the recipe for kits. */
export function itemRecord(db: Database, item: Item): Json {
  if (item.kind === 'kit') {
    const kits = buildable(db, recipeNow(db, item.item_id));
    const warehouses = allWarehouses(db)
      .filter(({ warehouse_id, status }) => status === 'active' || (kits.get(warehouse_id) ?? 0) > 0)
      .map(({ warehouse_id, warehouse_name, status, is_primary }) => ({
        warehouse_id,
        warehouse_name,
        status,
        is_primary,
        warehouse_available_stock: fromMicro(kits.get(warehouse_id) ?? 0),
        warehouse_actual_available_stock: fromMicro(kits.get(warehouse_id) ?? 0),
      }));
    return { ...itemRow(db, item), mapped_items: mappedItems(db, item.item_id), warehouses };
  }
  if (item.kind !== 'goods') return itemRow(db, item);
  const figures = itemFigures(db, item.item_id);
  return {
    ...itemRow(db, item, figures),
    asset_value: fromMinor(assetValue(db, item.item_id), baseDigits(db)),
    warehouses: warehouseRows(db, figures),
  };
}

/** The stock of an item alone. */
export function stockRecord(db: Database, item: Item): Json {
  const { item_id, name, sku, unit } = item;
  if (item.kind !== 'goods') {
    const { available_stock, actual_available_stock, warehouses, mapped_items } = itemRecord(db, item);
    const kit = { available_stock, actual_available_stock, mapped_items, warehouses };
    return { item_id, name, sku, unit, track_inventory: false, ...(item.kind === 'kit' ? kit : {}) };
  }
  const figures = itemFigures(db, item_id);
  return { item_id, name, sku, unit, ...stockKeys(figures), warehouses: warehouseRows(db, figures) };
}
