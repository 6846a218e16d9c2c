import * as z from 'zod';

const packLine = z.object({
  /** Of an order that is there; of a new one `line` counts its lines from 0. */
  so_line_item_id: z.string().optional(),
  line: z.number().optional(),
  /** Of that line, so that no other one is packed for it. */
  item_id: z.string().optional(),
  quantity: z.number(),
  warehouse_id: z.string().optional(),
});
const pack = z.object({
  /** Name of the warehouse, empty where nobody says. */
  warehouse: z.string(),
  /** `30 pcs Wireless Bluetooth Headphones (WBH-001)`. */
  contents: z.string(),
  lines: z.array(packLine),
});
const openPackage = z.object({
  package_id: z.string(),
  package_number: z.string(),
  warehouse: z.string(),
  contents: z.string(),
});

/** What a planned fulfilment carries to its run, through the store: read back by this schema. */
export const fulfilSteps = z.object({
  customer: z.string(),
  /** The order that is there. */
  order: z.object({ salesorder_id: z.string(), salesorder_number: z.string() }).optional(),
  /** Else the very input of create_sales_order. */
  create: z.record(z.string(), z.unknown()).optional(),
  confirm: z.boolean(),
  pack: z.array(pack),
  /** Of the packages: `date`, `notes`. */
  packed: z.record(z.string(), z.unknown()),
  /** Packages that were packed before and leave now. */
  ready: z.array(openPackage),
  /** Input of ship_package but its package_id; absent where nothing is shipped. */
  shipped: z.record(z.string(), z.unknown()).optional(),
  left: z.array(
    z.object({
      ...{ sku: z.string(), item_id: z.string(), name: z.string(), left_to_pack: z.number() },
      warehouse: z.string().optional(),
    }),
  ),
  /** Numbers of packages that are packed and not shipped by this. */
  staying: z.array(z.string()),
  /** What is said where nothing is to be done. */
  nothing: z.string().optional(),
});
export type FulfilSteps = z.infer<typeof fulfilSteps>;
