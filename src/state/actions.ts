import type { Database, Row } from '../sqlite.ts';
import { fromJson, sortedJson, toJson } from './json.ts';
import type { ActionStatus, KeptAction, PendingAction } from './state.ts';

function toKeptAction(row: Row): KeptAction {
  const outcome = fromJson(row.outcome);
  return {
    id: String(row.id),
    tool: String(row.tool),
    arguments: fromJson(row.arguments) as Record<string, unknown>, // parse boundary: our own row, written by keepAction
    organization: String(row.organization),
    caller: String(row.caller),
    via: row.via as PendingAction['via'], // parse boundary: our own row, written by keepAction
    summary: String(row.summary),
    preview: String(row.preview),
    plan: fromJson(row.plan),
    restsOn: fromJson(row.rests_on),
    createdAtMs: Number(row.created_at_ms),
    expiresAtMs: Number(row.expires_at_ms),
    status: row.status as ActionStatus, // parse boundary: our own row, only this file writes the column
    changedAtMs: Number(row.changed_at_ms),
    ...(outcome === undefined ? {} : { outcome }),
  };
}

export function keepAction(database: Database, action: PendingAction): void {
  const argumentsText = sortedJson(action.arguments);
  database.transaction(() => {
    database
      .prepare(
        `UPDATE pending_action SET status = 'replaced', changed_at_ms = ?
         WHERE status = 'pending' AND caller = ? AND tool = ? AND organization = ? AND via = ? AND arguments = ?`,
      )
      .run(action.createdAtMs, action.caller, action.tool, action.organization, action.via, argumentsText);
    database
      .prepare(
        `INSERT INTO pending_action (id, tool, arguments, organization, caller, via, summary, preview, plan, rests_on,
           created_at_ms, expires_at_ms, status, changed_at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?)`,
      )
      .run(
        action.id,
        action.tool,
        argumentsText,
        action.organization,
        action.caller,
        action.via,
        action.summary,
        action.preview,
        toJson(action.plan),
        toJson(action.restsOn),
        action.createdAtMs,
        action.expiresAtMs,
        action.createdAtMs,
      );
  });
}

export function findAction(database: Database, id: string): KeptAction | undefined {
  const row = database.prepare('SELECT * FROM pending_action WHERE id = ?').get(id);
  return row && toKeptAction(row);
}

/** One statement decides, so that of any number of processes exactly one sees a change. */
export function takeAction(database: Database, id: string, nowMs: number): boolean {
  const taken = database
    .prepare(
      `UPDATE pending_action SET status = 'running', changed_at_ms = ?
       WHERE id = ? AND status = 'pending' AND expires_at_ms > ?`,
    )
    .run(nowMs, id, nowMs);
  return taken.changes === 1;
}

/**
 * Back to pending; or to replaced when the same question was asked again while this one was running, for else two
 * confirmations of one act would be open.
 */
export function giveActionBack(database: Database, id: string, nowMs: number): void {
  database
    .prepare(
      `UPDATE pending_action AS mine SET changed_at_ms = ?, status = CASE WHEN EXISTS (
         SELECT 1 FROM pending_action AS other WHERE other.status = 'pending' AND other.caller = mine.caller
           AND other.tool = mine.tool AND other.organization = mine.organization AND other.via = mine.via
           AND other.arguments = mine.arguments
       ) THEN 'replaced' ELSE 'pending' END
       WHERE id = ? AND status = 'running'`,
    )
    .run(nowMs, id);
}

export function settleAction(
  database: Database,
  id: string,
  status: ActionStatus,
  outcome: unknown,
  nowMs: number,
): void {
  database
    .prepare(
      `UPDATE pending_action SET status = ?, outcome = ?, changed_at_ms = ? WHERE id = ? AND status IN ('running', 'unknown')`,
    )
    .run(status, toJson(outcome), nowMs, id);
}

/** Questions nobody answered in time, and what ended or was left running, older than the given moments. */
export function forgetActions(database: Database, expiredBeforeMs: number, endedBeforeMs: number): void {
  database.prepare(`DELETE FROM pending_action WHERE status = 'pending' AND expires_at_ms < ?`).run(expiredBeforeMs);
  database.prepare(`DELETE FROM pending_action WHERE status <> 'pending' AND changed_at_ms < ?`).run(endedBeforeMs);
}
