import { readFileSync } from 'node:fs';
import { FaultPlanError, readFaultPlan } from './faults-plan.ts';
import type { FaultPlan } from './faults-rules.ts';

/** The plan in a JSON file. Throws FaultPlanError, also for a file that cannot be read. */
export function readFaultFile(path: string): FaultPlan {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new FaultPlanError([`the file cannot be read${why}`]);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FaultPlanError(['the file is not JSON']);
  }
  return readFaultPlan(value);
}
