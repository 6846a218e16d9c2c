import { getReport } from '../reports/get-report.ts';
import type { Workflow } from '../workflows/define.ts';
import { workflows } from '../workflows/index.ts';

/** Every tool that is more than one endpoint: the workflows, then the reports. In the order tools are listed. */
export const jobs: readonly Workflow[] = [...workflows, getReport];

export const jobByName: ReadonlyMap<string, Workflow> = new Map(jobs.map((job) => [job.name, job]));
