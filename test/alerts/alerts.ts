import type { Alert } from '../../src/workflows/watching/alert-port.ts';

/** Something to send. */
export const anAlert = (change: Partial<Alert> = {}): Alert => ({
  subject: 'Low stock alert of 2026-11-23: 1 low, 0 short',
  text: 'Low stock alert\n- DMAT Desk Mat: on hand 4',
  html: '<!doctype html><html><body><h2>Low stock alert</h2></body></html>',
  items: [{ item_id: '1', sku: 'DMAT', stock_on_hand: 4 }],
  ...change,
});
