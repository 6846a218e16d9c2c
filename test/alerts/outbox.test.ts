import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { createOutbox } from '../../src/alerts/outbox.ts';
import type { Way } from '../../src/alerts/way.ts';
import { OutcomeUnknown, Rejected } from '../../src/errors.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import type { Alert } from '../../src/workflows/watching/alert-port.ts';
import { createClock, temporaryDirectory } from '../helpers/world.ts';
import { anAlert } from './alerts.ts';

const hourMs = 60 * 60_000;

/** An outbox whose one way answers as told; `sent` is what left it. */
function outboxed(directory = temporaryDirectory(), answer: () => Promise<void> = async () => undefined) {
  const clock = createClock();
  const state = openEmbeddedState({ directory, now: clock.now });
  onTestFinished(() => state.close());
  const sent: Alert[] = [];
  const way: Way = {
    way: 'email',
    to: ['ops@meridian.example'],
    words: 'by e-mail to ops@meridian.example',
    mark: 'the mark',
    send: async (alert) => {
      sent.push(alert);
      await answer();
      return { refused: [] };
    },
  };
  const outboxOf = (ways: readonly Way[], organization = '1') =>
    createOutbox({ ways, state, now: clock.now, randomId: randomUUID, organization, demo: false });
  const outbox = outboxOf([way]);
  const input = (alert = anAlert(), more = {}) => ({ way: way.way, to: [...way.to], alert, ...more });
  const earlier = async (alert = anAlert()) => {
    const { ways } = await outbox.tellWays({ alert });
    const [{ earlier: found } = {}] = ways as { earlier?: { id: string; status: string } }[]; // as `tellWays` says
    return found;
  };
  return { outbox, outboxOf, way, sent, clock, input, earlier };
}

test('the same alert is sent once within the hour, and says so', async () => {
  const { outbox, sent, clock, input } = outboxed();
  expect(await outbox.send(input(), {})).toMatchObject({ status: 'sent' });
  clock.advance(hourMs - 1);
  expect(await outbox.send(input(), {})).toEqual({ status: 'already_sent', sent_at: '2026-01-15T18:00:00.000Z' });
  expect(sent).toHaveLength(1);
  clock.advance(1);
  expect(await outbox.send(input(), {})).toMatchObject({ status: 'sent' });
  expect(sent).toHaveLength(2);
});

test('another text, other recipients and another organization are another alert', async () => {
  const { outbox, outboxOf, way, sent, input } = outboxed();
  await outbox.send(input(), {});
  await outbox.send(input(anAlert({ text: 'another' })), {});
  await outboxOf([{ ...way, mark: 'other recipients' }]).send(input(), {});
  await outboxOf([way], '2').send(input(), {});
  expect(sent).toHaveLength(4);
});

test('two processes that send the same at the same moment send it once', async () => {
  const directory = temporaryDirectory();
  let answer: () => void = () => undefined;
  const slow = () =>
    new Promise<void>((resolve) => {
      answer = resolve;
    });
  const first = outboxed(directory, slow);
  const second = outboxed(directory);
  const begun = first.outbox.send(first.input(), {});
  await expect.poll(() => first.sent.length).toBe(1);
  await expect(second.outbox.send(second.input(), {})).rejects.toMatchObject({
    kind: 'unavailable',
    nothingSent: true,
    message: expect.stringContaining('being sent at this moment'),
  });
  answer();
  await begun;
  expect(await second.outbox.send(second.input(), {})).toMatchObject({ status: 'already_sent' });
  expect(second.sent).toEqual([]);
});

test('what may have arrived is not sent again, unless by who knows of it', async () => {
  const lost = async () => {
    throw new OutcomeUnknown('no answer');
  };
  const directory = temporaryDirectory();
  const { outbox, sent, input, earlier } = outboxed(directory, lost);
  await expect(outbox.send(input(), {})).rejects.toThrow(OutcomeUnknown);
  const first = await earlier();
  expect(first).toMatchObject({ status: 'sending' });
  await expect(outbox.send(input(), {})).rejects.toMatchObject({ kind: 'rejected', nothingSent: true });
  expect(sent).toHaveLength(1);
  const knowing = outboxed(directory);
  expect(await knowing.outbox.send(input(anAlert(), { after: first?.id }), {})).toMatchObject({ status: 'sent' });
  // Who knows of the first only does not send a third.
  expect(await outbox.send(input(anAlert(), { after: first?.id }), {})).toMatchObject({ status: 'already_sent' });
  expect(sent).toHaveLength(1);
});

test('what was refused may be sent at once, and is not taken for sent', async () => {
  const refusals = [new Rejected('refused')];
  const refuse = async () => {
    const refusal = refusals.pop();
    if (refusal) throw refusal;
  };
  const { outbox, sent, input, earlier } = outboxed(temporaryDirectory(), refuse);
  await expect(outbox.send(input(), {})).rejects.toThrow('refused');
  expect(await earlier()).toBeUndefined();
  expect(await outbox.send(input(), {})).toMatchObject({ status: 'sent' });
  expect(sent).toHaveLength(2);
});

test('nothing leaves that the journal could not write down', async () => {
  const { outbox, sent, input } = outboxed();
  const onAttempt = () => {
    throw new Error('disk full');
  };
  await expect(outbox.send(input(), { onAttempt })).rejects.toThrow('disk full');
  expect(sent).toEqual([]);
  expect(await outbox.send(input(), {})).toMatchObject({ status: 'sent' });
});

test('a sending of a process that died is known where it was kept as sent, and else told to be unknown', async () => {
  const { outbox, input, earlier } = outboxed();
  const attempt = { id: '', startedAtMs: 0 };
  const onAttempt = ({ id }: { id: string }) => {
    attempt.id = id;
  };
  await outbox.send(input(), { onAttempt });
  expect((await earlier())?.id).toBe(attempt.id);
  expect(await outbox.trace(input(), attempt)).toMatchObject({ kind: 'done', reply: { status: 'sent' } });
  expect(await outbox.trace(input(), { ...attempt, id: 'another' })).toMatchObject({ kind: 'unclear' });
});

test('recipients that the operator changed after the preview get nothing', async () => {
  const { outboxOf, way, sent, input } = outboxed();
  const changed = outboxOf([{ ...way, to: ['other@meridian.example'] }]);
  await expect(changed.send(input(), {})).rejects.toMatchObject({ kind: 'denied', nothingSent: true });
  expect(sent).toEqual([]);
});
