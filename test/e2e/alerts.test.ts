import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { headersOf, type MailServerOptions, startMailServer } from '../alerts/mail-server.ts';
import { startWebhook } from '../alerts/webhook-server.ts';
import { type ClientOptions, connectors, type TestClient } from '../helpers/clients.ts';
import { spawnRaw } from '../helpers/raw.ts';
import { temporaryDirectory } from '../helpers/world.ts';

const tool = 'send_low_stock_alert';
type Facts = Record<string, unknown>;
const password = 'plantedMailPassword0123456789';

const mailSettings = (url: string) => ({
  INVENTORY_SMTP_URL: url,
  INVENTORY_ALERT_TO: 'ops@meridian.example',
  INVENTORY_ALERT_FROM: 'stock@meridian.example',
});

async function started(
  era: 'v1' | 'v2',
  env: Record<string, string>,
  options: ClientOptions = {},
  directory = temporaryDirectory(),
): Promise<TestClient> {
  const settings = { INVENTORY_LOG_LEVEL: 'warn', INVENTORY_DATA_DIR: directory, ...env };
  const client = await connectors[era]({ env: settings }, options);
  onTestFinished(() => client.close());
  return client;
}

describe('send_low_stock_alert of the built server', () => {
  test('mails after confirm_action, once, and answers the same yes with what was done', async () => {
    const { mails, url } = await startMailServer();
    const client = await started('v1', mailSettings(url));
    const { facts } = await client.call(tool);
    expect(facts.status).toBe('confirmation_required');
    expect(mails).toEqual([]);
    const yes = { confirmation: facts.confirmation, summary: facts.summary };
    expect((await client.call('confirm_action', yes)).facts).toMatchObject({ sent: [{ way: 'email' }] });
    expect((await client.call('confirm_action', yes)).facts).toMatchObject({ status: 'already_done' });
    expect((await client.call(tool)).text).toContain('This very alert was sent');
    expect(mails).toHaveLength(1);
  });

  test('posts to the webhook after a form', async () => {
    const { posted, url, host } = await startWebhook();
    const onForm = () => ({ action: 'accept' as const, content: { confirm: true } });
    const client = await started('v2', { INVENTORY_ALERT_WEBHOOK: url }, { onForm });
    const { facts } = await client.call(tool);
    expect(facts).toMatchObject({ sent: [{ way: 'webhook', to: [host] }] });
    expect(client.forms.join('\n')).toContain(`the webhook at ${host}`);
    expect(client.forms.join('\n')).not.toContain('planted');
    expect(posted).toHaveLength(1);
  });

  test('is not there for a read-only server, and the alert itself is', async () => {
    const client = await started('v1', { INVENTORY_READ_ONLY: '1' });
    const names = (await client.tools()).map(({ name }) => name);
    expect(names).toContain('low_stock_alert');
    expect(names).not.toContain(tool);
  });

  test('killed between sending and its record, it sends nothing twice, and says that nobody knows', {
    timeout: 60_000,
  }, async () => {
    const options: { onMessage?: 'silence' } = { onMessage: 'silence' };
    const { mails, url, message } = await startMailServer(options);
    const directory = temporaryDirectory();
    const first = spawnRaw({ directory, env: { INVENTORY_CONFIRM: 'token', ...mailSettings(url) } });
    await first.initialize();
    const { result } = await first.call(tool, {});
    const { confirmation, summary } = (result?.structuredContent ?? {}) as Facts; // parse boundary: what the wire brought
    void first.call('confirm_action', { confirmation, summary });
    await message();
    first.child.kill('SIGKILL');
    await first.exited;

    delete options.onMessage;
    const client = await started('v1', mailSettings(url), {}, directory);
    const open = await client.call(tool);
    expect(open.facts).toMatchObject({ error: { kind: 'outcome_unknown' } });
    expect(open.text).toContain('again: true');
    expect(mails).toHaveLength(1);
    const { facts } = await client.call(tool, { again: true });
    expect((facts.preview as string[]).join('\n')).toContain('nobody knows whether it arrived');
    expect(mails).toHaveLength(1);
    await client.call('confirm_action', { confirmation: facts.confirmation, summary: facts.summary });
    expect(mails).toHaveLength(2);
  });
});

const watch = (env: Record<string, string>, args = ['--once'], directory = temporaryDirectory()) =>
  spawnRaw({ directory, args: ['watch', ...args], env: { INVENTORY_LOG_LEVEL: 'info', ...env } });

describe('watch', () => {
  test('--once mails what is low and ends; the next one on the folder has nothing to say', async () => {
    const { mails, url } = await startMailServer();
    const directory = temporaryDirectory();
    const first = watch(mailSettings(url), ['--once'], directory);
    expect(await first.exited).toBe(0);
    const [mail] = mails;
    if (!mail) throw new Error(`no mail came: ${first.stderr()}`);
    expect(headersOf(mail).find((line) => line.startsWith('Subject'))).toContain('4 low, 1 short, 1 late purchase');
    expect(first.strayLines).toEqual([]);
    const next = watch(mailSettings(url), ['--once'], directory);
    expect(await next.exited).toBe(0);
    expect(next.stderr()).toContain('Nothing new to tell');
    expect(mails).toHaveLength(1);
  });

  test('killed after it mailed, the next one on the folder does not mail it again', async () => {
    const { mails, message, url } = await startMailServer();
    const directory = temporaryDirectory();
    const killed = watch(mailSettings(url), ['--every', '1m'], directory);
    await message();
    await expect.poll(() => killed.stderr(), { timeout: 20_000 }).toContain('Alert sent');
    killed.child.kill('SIGKILL');
    await killed.exited;
    const next = watch(mailSettings(url), ['--once'], directory);
    expect(await next.exited).toBe(0);
    expect(next.stderr()).toMatch(/Nothing new to tell|Another watcher on this data folder/);
    expect(mails).toHaveLength(1);
  });

  test('--once of two crontabs at the same moment mails once', async () => {
    const { mails, url } = await startMailServer();
    const directory = temporaryDirectory();
    const both = [watch(mailSettings(url), ['--once'], directory), watch(mailSettings(url), ['--once'], directory)];
    expect(await Promise.all(both.map(({ exited }) => exited))).toEqual([0, 0]);
    expect(mails).toHaveLength(1);
  });

  test('--once that could not tell ends with 1, says why, and the next one tells', async () => {
    const options: { refuses?: string[] } = { refuses: ['ops@meridian.example'] };
    const { mails, url } = await startMailServer(options);
    const directory = temporaryDirectory();
    const failing = watch(mailSettings(url), ['--once'], directory);
    expect(await failing.exited).toBe(1);
    expect(failing.stderr()).toMatch(/refused the recipient ops@meridian.example .*550/);
    options.refuses?.pop();
    expect(await watch(mailSettings(url), ['--once'], directory).exited).toBe(0);
    expect(mails).toHaveLength(1);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('goes on until %s, and ends with 0', async (signal) => {
    const { message, url } = await startMailServer();
    const watcher = watch(mailSettings(url), ['--every', '1m']);
    await message();
    watcher.child.kill(signal);
    expect(await watcher.exited).toBe(0);
    expect(watcher.stderr()).toContain('Stopped watching.');
  });

  test('is ended by no API that is down', async () => {
    const { url } = await startMailServer();
    const env = {
      ...mailSettings(url),
      ...{ ZOHO_ACCESS_TOKEN: '1000.access', ZOHO_ORGANIZATION_ID: '1', ZOHO_API_DOMAIN: 'http://127.0.0.1:9' },
    };
    const watcher = watch(env, ['--every', '1m']);
    await expect.poll(() => watcher.stderr(), { timeout: 30_000 }).toContain('Looking again in 1 min.');
    watcher.child.kill('SIGTERM');
    expect(await watcher.exited).toBe(0);
  });

  test.each([
    ['nobody to tell', {}, [], /watch has nobody to tell: set INVENTORY_ALERT_WEBHOOK, or INVENTORY_SMTP_URL/],
    [
      'half of the mail',
      { INVENTORY_ALERT_TO: 'a@b.example' },
      [],
      /Missing: INVENTORY_SMTP_URL, INVENTORY_ALERT_FROM/,
    ],
    ['an interval of seconds', {}, ['--every', '10s'], /--every must be a time from 1m to 24h/],
  ])('does not start with %s', async (_, env, args, words) => {
    const watcher = watch(env, args);
    expect(await watcher.exited).toBe(1);
    expect(watcher.stderr()).toMatch(words);
  });
});

/** Every file below, as letters. */
const filesIn = (directory: string): string =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString('latin1'))
    .join('\n');

describe('the mail password and the token of the webhook are in nothing that is written', () => {
  const login = { user: 'ada', password };
  const cases: [string, MailServerOptions, number, boolean][] = [
    ['both work', { login }, 200, true],
    ['both refuse', { login: { ...login, password: 'another' } }, 500, false],
    ['both are lost', { login, onMessage: 'hang up' }, 302, false],
  ];
  test.each(cases)('where %s', async (_, mail, status, works) => {
    const { port } = await startMailServer(mail);
    const hook = await startWebhook((reply) => reply.writeHead(status, { location: hook.url }).end(hook.url));
    const directory = temporaryDirectory();
    const env = {
      INVENTORY_CONFIRM: 'token',
      ...mailSettings(`smtp://ada:${password}@127.0.0.1:${port}`),
      INVENTORY_ALERT_WEBHOOK: hook.url,
      INVENTORY_LOG_LEVEL: 'trace',
    };
    const server = spawnRaw({ directory, env });
    await server.initialize();
    const { result } = await server.call(tool, {});
    const { confirmation, summary } = (result?.structuredContent ?? {}) as Facts; // parse boundary: what the wire brought
    const answer = await server.call('confirm_action', { confirmation, summary });
    expect(answer.result?.isError ?? false).toBe(!works);
    server.child.stdin.end();
    await server.exited;
    const watcher = watch(env, ['--once'], directory);
    await watcher.exited;
    const written = [JSON.stringify(server.messages), server.stderr(), watcher.stderr(), filesIn(directory)].join('\n');
    expect(written).toContain('ops@meridian.example');
    for (const secret of [password, 'plantedWebhookToken', Buffer.from(`\0ada\0${password}`).toString('base64')])
      expect(written).not.toContain(secret);
  });

  test.each([
    ['INVENTORY_SMTP_URL', `smtp://ada:${password}@host/path`],
    ['INVENTORY_SMTP_URL', `smtp://ada:${password}@host?debug=true`],
    ['INVENTORY_ALERT_WEBHOOK', 'http://hooks.example/plantedWebhookToken'],
  ])('nor where %s is no address', async (name, value) => {
    const server = spawnRaw({ env: { [name]: value } });
    expect(await server.exited).toBe(1);
    expect(server.stderr()).toContain(`${name} must be`);
    expect(server.stderr()).not.toContain('planted');
  });
});
