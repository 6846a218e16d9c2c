import * as z from 'zod';
import { placeSteps } from './place-sales-order-steps.ts';

const row = z.record(z.string(), z.unknown());

/** What a planned order of a deal carries to its run, through the store: read back by this schema. */
export const dealSteps = z.object({
  deal: z.object({ id: z.string(), name: z.string(), writesBack: z.boolean() }),
  /** The very input of create_contact, where the customer does not stand yet. */
  create: z.record(z.string(), z.string()).optional(),
  order: placeSteps.optional(),
  /** Products that no line could be made of. */
  unmatched: z.array(row),
  /** Orders of this deal that stand already: then nothing is ordered, and the deal in the CRM gets at most the name of one. */
  standing: z.object({ message: z.string(), orders: z.array(row), missing: row.optional() }).optional(),
});
export type DealSteps = z.infer<typeof dealSteps>;
