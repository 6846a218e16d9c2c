import * as z from 'zod';

/** The one tool that says yes. It is the server's own: no endpoint, no effect of its own. */
export const confirmAction = {
  name: 'confirm_action',
  title: 'Confirm a pending action',
  description:
    'Carries out exactly what a preview with confirmation_required showed. Works once, for 5 minutes; used again it only tells the recorded outcome. It may be impossible to undo: the preview says so.',
  input: {
    confirmation: z.string().min(8).max(200),
    summary: z.string().min(1).max(400).describe('Word for word'),
  },
} as const;
