import { expect } from 'vitest';
import { type auditedCompany, type Row, yes } from './audited.ts';

export type Company = ReturnType<typeof auditedCompany>;
export const rows = (value: unknown) => value as Row[];

export const itemId = (company: Company, sku: string) => company.idOf('list_items', 'items', 'item_id', { sku });

/** Asks, says yes where asked to, and answers what came of it. */
export async function done(company: Company, tool: string, args: unknown): Promise<Row> {
  const asked = await company.ask(tool, args);
  const answer =
    asked.facts.status === 'confirmation_required' ? await company.ask('confirm_action', yes(asked.facts)) : asked;
  expect(answer.isError, JSON.stringify(answer.facts)).toBe(false);
  return answer.facts;
}
