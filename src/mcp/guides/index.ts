import type { Guide } from './define.ts';
import { monthEnd } from './month-end.ts';
import { morningCheck } from './morning-check.ts';
import { reorder } from './reorder.ts';
import { stockCount } from './stock-count.ts';
import { takeOrder } from './take-order.ts';

/** In the order they are listed. */
export const guides: readonly Guide[] = [morningCheck, takeOrder, stockCount, monthEnd, reorder];
