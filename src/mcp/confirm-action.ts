import * as z from 'zod';

/** The one tool that says yes. It is the server's own: no endpoint, no effect of its own. */
export const confirmAction = {
  name: 'confirm_action',
  title: 'Confirm a pending action',
  description:
    'Carries out the one action whose preview ended in confirmation_required, exactly as previewed. Works once, for 5 minutes; used again it repeats the recorded outcome and does nothing. What is done may be impossible to undo: the preview says so.',
  input: {
    confirmation: z.string().min(8).max(200).describe('The confirmation of the preview'),
    summary: z.string().min(1).max(400).describe("The preview's summary, word for word"),
  },
} as const;
