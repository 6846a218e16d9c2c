import type { ToolCard } from './describe.ts';

/**
 * What an agent needs most: to find, to sell, to fulfil, to buy, to move, to look back. At most 3,000 tokens; the desktop
 * bundle's default, because a desktop client pays for every tool in every conversation.
 */
export const core: ReadonlySet<string> = new Set([
  'find_items',
  'find_contacts',
  'find_orders',
  'get_record',
  'check_stock',
  'place_sales_order',
  'amend_order',
  'fulfil_sales_order',
  'review_pending_orders',
  'reorder_low_stock',
  'receive_delivery',
  'move_stock',
  'set_stock_levels',
  'record_return',
  'explain_stock',
  'get_report',
]);

export interface Choice {
  /** Absent = all. */
  readonly toolsets?: readonly string[];
  readonly readOnly: boolean;
  readonly confirm: 'auto' | 'token' | 'elicitation';
}

/** The tools an operator switched on, in the order of the cards; the server's own are there when something listed writes. */
export function listedCards(cards: readonly ToolCard[], { toolsets, readOnly, confirm }: Choice): readonly ToolCard[] {
  const isOn = ({ name, toolset }: ToolCard) =>
    !toolsets || (toolset !== undefined && toolsets.includes(toolset)) || (toolsets.includes('core') && core.has(name));
  const tools = cards.filter(
    (card) => card.toolset !== undefined && isOn(card) && (!readOnly || card.annotations.readOnlyHint),
  );
  const mayWrite = tools.some(({ annotations }) => !annotations.readOnlyHint);
  const isCoreAlone = toolsets?.every((toolset) => toolset === 'core') ?? false;
  const isOwn = ({ name, toolset }: ToolCard) =>
    toolset === undefined &&
    mayWrite &&
    (name !== 'confirm_action' || confirm !== 'elicitation') &&
    // For what it costs, core holds only what a write cannot do without.
    (name !== 'undo_action' || !isCoreAlone);
  return [...tools, ...cards.filter(isOwn)];
}
