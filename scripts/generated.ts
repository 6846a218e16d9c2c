// Writes what is generated from the catalog; with --check says what would change and exits 1.
import { readFile, writeFile } from 'node:fs/promises';
import { allCards } from '../src/mcp/cards.ts';
import { confirmAction } from '../src/mcp/confirm-action.ts';
import { getApiUsage } from '../src/mcp/get-api-usage.ts';
import { jobs } from '../src/mcp/jobs.ts';
import { listedCards } from '../src/mcp/toolsets.ts';
import { operations } from '../src/operations/index.ts';
import { reports } from '../src/reports/index.ts';
import { workflowEffect } from '../src/workflows/define.ts';
import { fontWidths } from './font-widths.ts';
import { toolDocs } from './tool-docs.ts';
import { workflowDocs } from './workflow-docs.ts';

const firstSentence = (text: string) => /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;

function toolTable(): string {
  const rows = [
    ...jobs.map((workflow) => [
      `\`${workflow.name}\``,
      workflowEffect(workflow),
      'a whole job',
      firstSentence(workflow.description),
    ]),
    ...operations.map(({ name, effect, method, path, description }) => [
      `\`${name}\``,
      effect,
      `${method} ${path}`,
      firstSentence(description),
    ]),
    [`\`${getApiUsage.name}\``, getApiUsage.effect, '', firstSentence(getApiUsage.description)],
    [`\`${confirmAction.name}\``, 'the yes', '', firstSentence(confirmAction.description)],
  ];
  return [
    '| tool | effect | endpoint | |',
    '|---|---|---|---|',
    ...rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`),
  ].join('\n');
}

async function readme(): Promise<string> {
  const kept = await readFile('README.md', 'utf8');
  return kept.replace(
    /<!-- tools:begin -->[\s\S]*<!-- tools:end -->/,
    () => `<!-- tools:begin -->\n${toolTable()}\n<!-- tools:end -->`,
  );
}

async function manifest(): Promise<string> {
  const kept = JSON.parse(await readFile('manifest.json', 'utf8')) as Record<string, unknown>;
  // The bundle's default: what it lists when nobody changes its settings.
  const listed = listedCards(allCards(), { toolsets: ['core'], readOnly: false, confirm: 'auto' });
  const tools = listed.map(({ name, description }) => ({ name, description: firstSentence(description) }));
  return `${JSON.stringify({ ...kept, tools }, null, 2)}\n`;
}

const files: Record<string, string> = {
  'src/mcp/tools.generated.json': `${JSON.stringify(allCards())}\n`,
  'src/mcp/reports.generated.json': `${JSON.stringify(reports.map(({ name, title, description }) => ({ name, title, description })))}\n`,
  'src/charts/font-widths.generated.json': fontWidths(),
  'docs/tools.md': toolDocs(),
  'docs/workflows.md': await workflowDocs(),
  'README.md': await readme(),
  'manifest.json': await manifest(),
};

const check = process.argv.includes('--check');
const stale: string[] = [];
for (const [path, content] of Object.entries(files)) {
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (kept === content) continue;
  stale.push(path);
  if (!check) await writeFile(path, content);
}
if (check && stale.length > 0) {
  console.error(`out of date: ${stale.join(', ')}. Run npm run generate`);
  process.exitCode = 1;
} else {
  console.log(stale.length === 0 ? 'generated files are up to date' : `written: ${stale.join(', ')}`);
}
