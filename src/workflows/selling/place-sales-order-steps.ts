import * as z from 'zod';

const placedLine = z.object({
  item: z.string(),
  sku: z.string(),
  item_id: z.string(),
  unit: z.string(),
  warehouse: z.string().optional(),
  warehouse_id: z.string().optional(),
  quantity: z.number(),
  rate: z.number(),
  amount: z.number(),
  can_be_promised_before: z.number().optional(),
  can_be_promised_after: z.number().optional(),
  /** Of the item in all, before the order; a warehouse may have had less. */
  item_available_before: z.number().optional(),
});
const elsewhere = z.object({
  item: z.string(),
  sku: z.string(),
  item_id: z.string(),
  ordered: z.number(),
  warehouse: z.string(),
  can_be_promised_there: z.number(),
  elsewhere: z.string(),
});
/** What a planned order carries to its run, through the store: read back by this schema. */
export const placeSteps = z.object({
  /** The very input of create_sales_order. */
  create: z.record(z.string(), z.unknown()),
  confirm: z.boolean(),
  customer: z.string(),
  lines: z.array(placedLine),
  leftOut: z.array(z.record(z.string(), z.unknown())),
  elsewhere: z.array(elsewhere),
  /** True when one page of list_items holds the whole catalog. */
  onePage: z.boolean(),
  /** A second order, of what cannot be promised now. */
  second: z.object({ create: z.record(z.string(), z.unknown()), lines: z.array(placedLine) }).optional(),
});
export type PlaceSteps = z.infer<typeof placeSteps>;
export type PlacedLine = PlaceSteps['lines'][number];
