import { randomUUID } from 'node:crypto';
import type { PendingAction, Run } from '../../src/state/state.ts';

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

export const run = (changes: Partial<Run> = {}): Run => ({
  id: randomUUID(),
  organization: '460000000000001',
  caller: 'local',
  tool: 'create_sales_order',
  fingerprint: 'f1',
  arguments: { customer_id: '460000000031001' },
  plan: { summary: 'Sales order for Bluebird Cafe', steps: { operation: 'create_sales_order' } },
  isCreate: true,
  amountMinor: 7_999,
  startedAtMs: start,
  ...changes,
});

/** Since when and until when something happened, where the moment itself is not known. */
export type Span = readonly [number, number];
const spanOf = (moment: number | Span): Span => (typeof moment === 'number' ? [moment, moment] : moment);

/** How many of these fall, for certain, into the fullest window of that length. */
export function mostInAnyWindow(moments: readonly (number | Span)[], windowMs: number): number {
  const spans = moments.map(spanOf);
  const inWindow = (from: number) => spans.filter(([since, until]) => since >= from && until < from + windowMs).length;
  return Math.max(0, ...spans.map(([since]) => inWindow(since)));
}
