import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { startSandbox } from '../../src/connect.ts';
import { temporaryDirectory } from '../helpers/world.ts';

function fileOf(text: string): string {
  const file = join(temporaryDirectory(), 'faults.json');
  writeFileSync(file, text);
  return file;
}

/** `sandbox --faults FILE`, as the command line says it. */
async function start(file: string) {
  const argv = ['sandbox', '--seed', 'empty', '--faults', file];
  const { command } = readConfig({ env: {}, argv, homeDirectory: '/home/ada', platform: 'linux' });
  if (command.kind !== 'sandbox') throw new Error('This is no sandbox.');
  const started = await startSandbox(command, Date.now);
  onTestFinished(started.close);
  return started;
}

const token = (url: string) => fetch(`${url}/oauth/v2/token`, { method: 'POST' }).then(({ status }) => status);

describe('sandbox --faults FILE', () => {
  it('shows the faults of the file', async () => {
    const rule = { fault: 'server_error', status: 503, count: 1, match: { path: '/oauth/v2/token' } };
    const { url } = await start(fileOf(JSON.stringify({ rules: [rule] })));
    expect([await token(url), await token(url)]).toEqual([503, 200]);
  });

  it.each([
    ['{"rules":[{"fault":"cut_jsn"}]}', '- --faults: rules[0].fault must be one of reset_before'],
    ['{"rules":[{"fault":"html","status":1}],"sed":1}', '- --faults: rules[0].status must be a status'],
    ['{"rules":', '- --faults: the file is not JSON'],
  ])('stops the start with the words a setting would: %s', async (text, words) => {
    const refusal = start(fileOf(text));
    await expect(refusal).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringContaining(words) });
  });

  it('takes the example of the README', async () => {
    const example = /```json\n(\{\s*"seed"[\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';
    const { url } = await start(fileOf(example));
    const { headers } = await fetch(`${url}/inventory/v1/organizations`);
    const slowMs = Date.now() - Date.parse(headers.get('date') ?? '');
    expect(slowMs).toBeGreaterThanOrEqual(60_000);
    expect((await fetch(`${url}/inventory/v1/organizations`)).headers.get('retry-after')).toBe('5');
  });

  it('says which file is not there', async () => {
    await expect(start('/nowhere/faults.json')).rejects.toThrow('--faults: the file cannot be read (ENOENT)');
  });

  it('finds the file in the home folder', () => {
    const argv = ['sandbox', '--faults', '~/f.json'];
    const { command } = readConfig({ env: {}, argv, homeDirectory: '/home/ada', platform: 'linux' });
    expect(command).toMatchObject({ faultsFile: '/home/ada/f.json' });
  });
});
