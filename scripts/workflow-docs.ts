import { getReport } from '../src/reports/get-report.ts';
import { type Workflow, workflowEffect } from '../src/workflows/define.ts';
import { workflows } from '../src/workflows/index.ts';
import { sendAlert } from '../src/workflows/watching/alert-port.ts';
import { type Answered, startInProcess } from './in-process.ts';
import { examples } from './workflow-examples.ts';

const longestLines = 40;
const longestLine = 400;

/** As it was answered; what is long is cut, and says so. */
function shown(text: string): string[] {
  const lines = text
    .split('\n')
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)} ...` : line));
  const cut = lines.length - longestLines;
  return cut > 0 ? [...lines.slice(0, longestLines), `... ${cut} more lines`] : lines;
}

const spent = ({ apiCalls }: Answered): string => `${apiCalls} API call${apiCalls === 1 ? '' : 's'}`;

const block = (lines: readonly string[]): string[] => ['```text', ...lines, '```'];

/** One job in a demo company of its own: what was asked, what was answered, and what the yes did. */
async function section(workflow: Workflow): Promise<string> {
  const head = [`## ${workflow.title} (\`${workflow.name}\`)`, '', workflow.description, ''];
  const kind = `Effect \`${workflowEffect(workflow)}\`, toolset \`${workflow.toolset}\`.`;
  // The transcripts are made where there is nobody to send to.
  if (workflow.uses.includes(sendAlert))
    return [...head, `${kind} No transcript: it sends to people outside.`].join('\n');
  const input = examples[workflow.name];
  if (!input) throw new Error(`${workflow.name} has no example in scripts/workflow-examples.ts`);
  const { call, close } = startInProcess();
  const answer = await call(workflow.name, input);
  if (answer.isError) throw new Error(`the example of ${workflow.name} fails: ${answer.text}`);
  const { confirmation, summary, status } = answer.facts;
  const asked = status === 'confirmation_required';
  const done = asked ? await call('confirm_action', { confirmation, summary }) : undefined;
  close();
  if (done?.isError) throw new Error(`the yes to the example of ${workflow.name} fails: ${done.text}`);
  return [
    ...head,
    `${kind} Here: ${spent(answer)}${done ? `, and ${spent(done)} after the yes, which reads again what the preview rested on` : ''}.`,
    '',
    ...block([`> ${workflow.name} ${JSON.stringify(input)}`, ...shown(answer.text)]),
    ...(done ? ['', ...block(['> confirm_action, with the words of the summary', ...shown(done.text)])] : []),
  ].join('\n');
}

/** docs/workflows.md: every whole job with a real transcript on the demo company. */
export async function workflowDocs(): Promise<string> {
  const sections: string[] = [];
  for (const workflow of [...workflows, getReport]) sections.push(await section(workflow));
  return [
    '# Whole jobs',
    '',
    'Each is one tool. The transcripts are real answers of the sandbox on its demo company, made by `npm run generate` and compared in every check; each begins with a fresh company. Fields of each tool: [tools.md](tools.md).',
    '',
    sections.join('\n\n'),
    '',
  ].join('\n');
}
