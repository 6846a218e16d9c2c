// Writes what is generated from the catalog; with --check says what would change and exits 1.
import { readFile, writeFile } from 'node:fs/promises';
import { allCards } from '../src/mcp/describe.ts';

const files: Record<string, string> = {
  'src/mcp/tools.generated.json': `${JSON.stringify(allCards())}\n`,
};

const check = process.argv.includes('--check');
let stale = 0;
for (const [path, content] of Object.entries(files)) {
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (kept === content) continue;
  stale += 1;
  if (check) console.error(`${path} is out of date: run npm run generate`);
  else await writeFile(path, content);
}
if (check && stale > 0) process.exitCode = 1;
else console.log(check ? 'generated files are up to date' : `${stale} generated files written`);
