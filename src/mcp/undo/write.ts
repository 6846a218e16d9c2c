import * as z from 'zod';

/**
 * What a write that puts former values back is held against right before it leaves. Between the yes and the last of a
 * thousand rows lie minutes, in which people go on working.
 */
const check = z.object({
  /** Of the record, as a person calls it. */
  name: z.string(),
  /** What the undone write left in the fields that go back. */
  left: z.record(z.string(), z.unknown()),
  /** Of the list of items, on which it stood at the yes; absent where it is read by itself. */
  page: z.number().optional(),
});
export type Check = z.infer<typeof check>;

/** A write that reverses. Plain JSON, for a plan is kept. */
export const write = z.object({
  operation: z.string(),
  input: z.record(z.string(), z.unknown()),
  /** `deleting SO-00020`. */
  title: z.string(),
  /** The transfer is the one that this job made just before. */
  ofNew: z.boolean().optional(),
  /** Of one that puts values back. */
  check: check.optional(),
  /** One of many alike: where it is refused, the others go on and it is told. */
  mayStay: z.boolean().optional(),
});
export type Write = z.infer<typeof write>;
