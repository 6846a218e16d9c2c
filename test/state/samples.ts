import { randomUUID } from 'node:crypto';
import type { PendingAction, WriteNote } from '../../src/state/state.ts';

export const start = Date.UTC(2026, 10, 23, 9);
const minuteMs = 60_000;

export const pendingAction = (changes: Partial<PendingAction> = {}): PendingAction => ({
  id: randomUUID(),
  tool: 'delete_item',
  arguments: { item_id: '460000000026001' },
  organization: '460000000000001',
  caller: 'local',
  via: 'token',
  summary: 'Delete item Desk Mat (DMAT): 4 on hand',
  preview: 'Delete item Desk Mat (DMAT): 4 on hand\nThis cannot be undone.',
  plan: { operation: 'delete_item', input: { item_id: '460000000026001' } },
  restsOn: { on_hand: '4', status: 'active' },
  createdAtMs: start,
  expiresAtMs: start + 5 * minuteMs,
  ...changes,
});

export const writeNote = (changes: Partial<WriteNote> = {}): WriteNote => ({
  id: randomUUID(),
  organization: '460000000000001',
  caller: 'local',
  tool: 'create_sales_order',
  fingerprint: 'f1',
  isCreate: true,
  amountMinor: 7_999,
  atMs: start,
  ...changes,
});
