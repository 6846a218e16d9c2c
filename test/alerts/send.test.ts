import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openInventory } from '../../src/connect.ts';
import { createLog } from '../../src/log.ts';
import type { CallContext } from '../../src/mcp/caller.ts';
import { createClock, temporaryDirectory } from '../helpers/world.ts';
import { headersOf, type MailServerOptions, partOf, startMailServer } from './mail-server.ts';
import { startWebhook } from './webhook-server.ts';

const hourMs = 60 * 60_000;
const tool = 'send_low_stock_alert';
type Facts = Record<string, unknown>;

const context: CallContext = {
  caller: 'local:ada',
  era: 'legacy',
  clientName: 'test',
  declaresForms: false,
  signal: new AbortController().signal,
  progress: () => undefined,
};

/** The whole of what answers calls, over the demo company, with these settings. */
function opened(env: Record<string, string>, directory = temporaryDirectory()) {
  const clock = createClock(Date.UTC(2026, 10, 23, 18, 0, 0));
  const config = readConfig({
    env: { INVENTORY_DATA_DIR: directory, INVENTORY_LOG_LEVEL: 'silent', ...env },
    ...{ argv: [], homeDirectory: directory, platform: 'linux' },
  });
  const { calls } = openInventory({ config, log: createLog('silent'), now: clock.now, randomId: randomUUID });
  const call = async (name: string, args: Facts = {}): Promise<Facts> => {
    const result = await calls(name, args, context);
    const facts = 'structuredContent' in result ? result.structuredContent : {};
    return facts as Facts; // parse boundary: what a client gets
  };
  const confirm = ({ confirmation, summary }: Facts) => call('confirm_action', { confirmation, summary });
  const send = async (args: Facts = {}) => confirm(await call(tool, args));
  return { call, confirm, send, clock };
}

const mailSettings = (url: string, to = 'ops@meridian.example, buyer@meridian.example') => ({
  INVENTORY_SMTP_URL: url,
  INVENTORY_ALERT_TO: to,
  INVENTORY_ALERT_FROM: 'stock@meridian.example',
});

async function mailing(server: MailServerOptions = {}) {
  const { mails, url } = await startMailServer(server);
  return { mails, ...opened(mailSettings(url)) };
}

test('nothing is sent before the yes, and the preview shows recipients and text', async () => {
  const { mails, call, confirm } = await mailing();
  const asked = await call(tool);
  expect(asked).toMatchObject({
    status: 'confirmation_required',
    summary: 'Send the low stock alert of 2026-11-23 (4 low, 1 short) to ops@meridian.example and 1 more',
  });
  const preview = (asked.preview as string[]).join('\n');
  expect(preview).toContain('Goes out by e-mail to ops@meridian.example, buyer@meridian.example.');
  expect(preview).toContain('cannot be called back');
  expect(preview).toContain('Subject: [sandbox] Low stock alert of 2026-11-23: 4 low, 1 short');
  expect(preview).toContain('- DMAT Desk Mat: on hand 4');
  expect(mails).toEqual([]);
  expect(await confirm(asked)).toMatchObject({
    message: 'Sent by e-mail to ops@meridian.example, buyer@meridian.example.',
  });
  const [mail] = mails;
  if (!mail) throw new Error('no mail came');
  expect(mails).toHaveLength(1);
  expect(mail.to).toEqual(['ops@meridian.example', 'buyer@meridian.example']);
  // What left is what was shown.
  for (const line of partOf(mail, 'text/plain').trim().split('\n')) expect(preview).toContain(line.trim());
  expect(headersOf(mail).find((line) => line.startsWith('Subject'))).toContain('[sandbox] Low stock alert');
  expect(partOf(mail, 'text/html')).toContain('<td>DMAT</td>');
});

test('the same alert within the hour is not sent again, and the answer says when it was', async () => {
  const { mails, call, send, clock } = await mailing();
  await send();
  clock.advance(hourMs - 60_000);
  expect(await call(tool)).toMatchObject({
    message: expect.stringMatching(/^This very alert was sent by e-mail to .* at 18:00 UTC\. It is not sent again/),
    sent: [],
  });
  expect(mails).toHaveLength(1);
  clock.advance(60_000);
  await send();
  expect(mails).toHaveLength(2);
});

test('again: true sends it once more, after a yes that knows of the first', async () => {
  const { mails, call, send } = await mailing();
  await send();
  const asked = await call(tool, { again: true });
  expect((asked.preview as string[]).join('\n')).toMatch(
    /was sent by e-mail to .* at 18:00 UTC\. A yes sends it again/,
  );
  expect(mails).toHaveLength(1);
  await send({ again: true });
  expect(mails).toHaveLength(2);
});

test('two yeses to the same alert send it once', async () => {
  const directory = temporaryDirectory();
  const { mails, url } = await startMailServer();
  const [first, second] = [opened(mailSettings(url), directory), opened(mailSettings(url), directory)];
  const asked = [await first.call(tool), await second.call(tool, { again: false })];
  const answers = await Promise.all([first.confirm(asked[0] ?? {}), second.confirm(asked[1] ?? {})]);
  expect(answers).toHaveLength(2);
  expect(mails).toHaveLength(1);
});

test('a yes used again sends nothing', async () => {
  const { mails, call, confirm } = await mailing();
  const asked = await call(tool);
  await confirm(asked);
  expect(await confirm(asked)).toMatchObject({ status: 'already_done' });
  expect(mails).toHaveLength(1);
});

test('stock that moved between preview and yes asks anew', async () => {
  const { mails, call, confirm } = await mailing();
  const asked = await call(tool);
  await call('create_item', { name: 'Low Item', sku: 'LOW-1', rate: 1, reorder_level: 5 });
  const anew = await confirm(asked);
  expect(anew).toMatchObject({ status: 'confirmation_required', summary: expect.stringContaining('(5 low, 1 short)') });
  expect(mails).toEqual([]);
  await confirm(anew);
  expect(mails).toHaveLength(1);
});

test('where the operator set nobody it says which settings are missing', async () => {
  const { call } = opened({});
  expect(await call(tool)).toMatchObject({
    error: {
      kind: 'denied',
      message: expect.stringMatching(/INVENTORY_ALERT_WEBHOOK, or INVENTORY_SMTP_URL with INVENTORY_ALERT_TO/),
    },
  });
});

describe('of two ways', () => {
  async function both(server: MailServerOptions, status: number) {
    const { mails, url } = await startMailServer(server);
    const answer = { status };
    const webhook = await startWebhook((reply) => reply.writeHead(answer.status).end());
    const world = opened({ ...mailSettings(url), INVENTORY_ALERT_WEBHOOK: webhook.url });
    return { mails, webhook, answer, ...world };
  }

  test('both are sent with one yes', async () => {
    const { mails, webhook, send } = await both({}, 200);
    expect(await send()).toMatchObject({ sent: [{ way: 'email' }, { way: 'webhook', to: [webhook.host] }] });
    expect(mails).toHaveLength(1);
    expect(webhook.posted).toHaveLength(1);
  });

  test('one that is refused keeps the other from nothing, and only it is sent when the job goes on', async () => {
    const { mails, webhook, answer, send, call } = await both({}, 500);
    const { error } = await send();
    expect(error).toMatchObject({
      kind: 'partly_done',
      message: expect.stringContaining(`The webhook at ${webhook.host} answered 500`),
      done: [expect.stringContaining('by e-mail')],
      failed: [expect.stringContaining('to the webhook')],
    });
    answer.status = 200;
    const { workflow_id } = error as Facts;
    expect(await call('resume_workflow', { workflow_id })).toMatchObject({
      sent: [{ way: 'email' }, { way: 'webhook' }],
    });
    expect(mails).toHaveLength(1);
    expect(webhook.posted).toHaveLength(2);
  });

  test('a mail server that says no is told, and the webhook has it', async () => {
    const { webhook, send } = await both({ refuses: ['ops@meridian.example', 'buyer@meridian.example'] }, 200);
    expect((await send()).error).toMatchObject({
      kind: 'partly_done',
      message: expect.stringMatching(/Sent to the webhook at .* refused all recipients .* \(550\)/),
    });
    expect(webhook.posted).toHaveLength(1);
  });

  test('where both refuse, both are told, and a new yes may try again', async () => {
    const { webhook, answer, send } = await both({ onMessage: 552 }, 403);
    const { error } = await send();
    expect(error).toMatchObject({
      kind: 'rejected',
      message: expect.stringMatching(/refused the message.*answered 403/),
    });
    answer.status = 200;
    await send();
    expect(webhook.posted).toHaveLength(2);
  });
});

test('a wrong password is told without the password', async () => {
  const { url } = await startMailServer({ login: { user: 'ada', password: 'rightPassword0123456789' } });
  const { send } = opened(mailSettings(url.replace('right', 'planted')));
  const answer = await send();
  expect(answer.error).toMatchObject({ kind: 'rejected', message: expect.stringContaining('user or password') });
  expect(JSON.stringify(answer)).not.toContain('plantedPassword');
});

test('a message whose answer was lost is told as unknown, not sent again without a yes, and with again: true it is', async () => {
  const options: { onMessage?: 'hang up' } = { onMessage: 'hang up' };
  const { mails, call, send, confirm } = await mailing(options);
  expect((await send()).error).toMatchObject({
    kind: 'outcome_unknown',
    message: expect.stringMatching(/may or may not have arrived.*again: true/),
  });
  expect((await call(tool)).error).toMatchObject({ kind: 'outcome_unknown' });
  expect(mails).toHaveLength(1);
  delete options.onMessage;
  const asked = await call(tool, { again: true });
  expect((asked.preview as string[]).join('\n')).toContain('nobody knows whether it arrived. A yes sends it again.');
  expect(await confirm(asked)).toMatchObject({ sent: [{ way: 'email' }] });
  expect(mails).toHaveLength(2);
});
