import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { connectV1 } from '../helpers/clients.ts';
import { startSandbox } from '../helpers/servers.ts';
import { temporaryDirectory } from '../helpers/world.ts';

const environment = (directory: string, more: Record<string, string> = {}) => ({
  PATH: process.env.PATH ?? '',
  HOME: directory,
  INVENTORY_DATA_DIR: directory,
  INVENTORY_LOG_LEVEL: 'warn',
  ...more,
});

function audit(directory: string, ...args: string[]): { code: number | null; lines: string[] } {
  const options = { env: environment(directory), encoding: 'utf8' } as const;
  const { status, stdout } = spawnSync(process.execPath, ['dist/main.js', 'audit', ...args], options);
  return { code: status, lines: stdout.split('\n').slice(0, -1) };
}

const firstFile = (directory: string) => join(directory, 'audit', 'audit-000001.jsonl');
const newContact = (contact_name: string) => ({ contact_name, contact_type: 'customer' });

/** A server, a question, its yes and a refusal: three lines. */
async function aMorning(directory: string, env: Record<string, string> = {}) {
  const client = await connectV1({ env: environment(directory, env) });
  const { facts } = await client.call('list_contacts', { contact_name: 'Test Customer' });
  const [contact] = facts.contacts as { contact_id: string }[];
  const asked = await client.call('delete_contact', { contact_id: contact?.contact_id });
  await client.call('confirm_action', { confirmation: asked.facts.confirmation, summary: asked.facts.summary });
  await client.call('create_contact', { contact_name: 'Without a type', contact_tpye: 'customer' });
  await client.close();
}

test('what a server did is verified and told by the same program', async () => {
  const directory = temporaryDirectory();
  await aMorning(directory);
  const verified = audit(directory, 'verify');
  expect(verified.lines).toEqual([
    expect.stringMatching(/^ok: 3 lines, from \d{4}-\S+Z to \d{4}-\S+Z$/),
    expect.stringMatching(/^end: seq 3, hash [0-9a-f]{64}$/),
  ]);
  expect(verified.code).toBe(0);

  const told = audit(directory, 'tail');
  expect(told.code).toBe(0);
  expect(told.lines).toEqual([
    expect.stringMatching(/Z {2}local:\S+ {2}delete_contact {2}confirmation_required {2}Delete customer Test Customer/),
    expect.stringMatching(/Z {2}local:\S+ {2}confirm_action {2}done {2}Delete customer Test Customer/),
    expect.stringMatching(/Z {2}local:\S+ {2}create_contact {2}failed {2}Unknown field "contact_tpye"/),
  ]);
  expect(audit(directory, 'tail', '-n', '1').lines).toEqual(told.lines.slice(2));
  const raw = audit(directory, 'tail', '-n', '2', '--json').lines;
  expect(raw).toEqual(readFileSync(firstFile(directory), 'utf8').split('\n').slice(1, 3));
});

test('an edited line makes verify name it and end with 1', async () => {
  const directory = temporaryDirectory();
  await aMorning(directory);
  const text = readFileSync(firstFile(directory), 'utf8');
  writeFileSync(firstFile(directory), text.replace('"status":"done"', '"status":"none"'));
  const { code, lines } = audit(directory, 'verify');
  expect(lines[0]).toBe('not ok: audit-000001.jsonl line 2 (seq 2) was edited: its hash is not that of what it says');
  expect(lines[1]).toBe('before it: 1 line as written');
  expect(code).toBe(1);
});

test('a file that was carried to another machine is verified there', async () => {
  const directory = temporaryDirectory();
  await aMorning(directory);
  const elsewhere = temporaryDirectory();
  mkdirSync(join(elsewhere, 'copy'));
  writeFileSync(join(elsewhere, 'copy', 'audit-000001.jsonl'), readFileSync(firstFile(directory)));
  const { code, lines } = audit(elsewhere, 'verify', join(elsewhere, 'copy'));
  expect([code, lines[0]]).toEqual([0, expect.stringMatching(/^ok: 3 lines/)]);
  expect(lines.at(-1)).toContain('whether lines are missing at the end cannot be told');
  expect(existsSync(join(elsewhere, 'copy', 'head.sqlite'))).toBe(false);
});

test('where no audit is, verify and tail say so and end with 1', () => {
  const directory = temporaryDirectory();
  for (const task of ['verify', 'tail'])
    expect(audit(directory, task)).toEqual({ code: 1, lines: [`There is no audit at ${join(directory, 'audit')}.`] });
});

test('tail --follow tells each call as it ends, and stops when it is told to', async () => {
  const directory = temporaryDirectory();
  const child = spawn(process.execPath, ['dist/main.js', 'audit', 'tail', '--follow'], { env: environment(directory) });
  const exited = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const client = await connectV1({ env: environment(directory) });
  await client.call('create_contact', newContact('First'));
  expect((await lines.next()).value).toMatch(/create_contact {2}done {2}create_contact/);
  await client.call('create_contact', newContact('Second'));
  expect((await lines.next()).value).toMatch(/create_contact {2}done/);
  await client.close();
  child.kill('SIGINT');
  expect((await exited)[0]).toBe(0);
});

test('the operator can turn it off', async () => {
  const directory = temporaryDirectory();
  await aMorning(directory, { INVENTORY_AUDIT: 'off' });
  expect(existsSync(join(directory, 'audit'))).toBe(false);
});

test('where the audit cannot be written, writes are done and answered all the same, and the log says what is lost', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'audit'), 'a file in the way');
  let log = '';
  const stderr = (text: string) => {
    log += text;
  };
  const client = await connectV1({ env: environment(directory), stderr });
  const { isError } = await client.call('create_contact', newContact('Kept'));
  expect(isError).toBe(false);
  rmSync(join(directory, 'audit'));
  await client.call('create_contact', newContact('Kept too'));
  await client.close();
  expect(log).toContain('A line of the audit in');
  expect(audit(directory, 'tail').lines).toEqual([
    expect.stringMatching(/gap {2}1$/),
    expect.stringMatching(/create_contact {2}done/),
  ]);
  expect(audit(directory, 'verify').code).toBe(0);
});

test('no credential of an account, and no confirmation, stands in any file of it', async () => {
  const directory = temporaryDirectory();
  const variables = await startSandbox();
  const client = await connectV1({ env: environment(directory, variables) });
  const { facts } = await client.call('list_contacts', { contact_name: 'Test Customer' });
  const [contact] = facts.contacts as { contact_id: string }[];
  const asked = await client.call('delete_contact', { contact_id: contact?.contact_id });
  const planted = [variables.ZOHO_CLIENT_SECRET, variables.ZOHO_REFRESH_TOKEN, String(asked.facts.confirmation)];
  for (const text of planted)
    await client.call('create_contact', {
      ...newContact(`Mr ${text}`),
      notes: `Keep ${text} safe`,
      company_name: text,
    });
  await client.close();
  const folder = join(directory, 'audit');
  const written = ['audit-000001.jsonl', 'head.sqlite']
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join();
  expect(written).toContain('Keep [hidden] safe');
  for (const text of planted) expect(written).not.toContain(text);
});
