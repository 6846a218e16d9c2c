import { expect, test, vi } from 'vitest';
import { createMail } from '../../src/alerts/mail.ts';
import { anAlert } from './alerts.ts';

vi.mock('../../src/alerts/mail-library.ts', () => {
  throw new Error('Cannot find module mail-library.js');
});

test('an alert that could not be put together was surely not sent, so that it is told again', async () => {
  const place = { host: '127.0.0.1', port: 1, isSecure: false, isLocal: true };
  const mail = createMail({ ...place, from: 'stock@meridian.example', to: ['ops@meridian.example'] });
  const error = await mail.send(anAlert(), 'sending-1').catch((failure: unknown) => failure);
  expect(error).toMatchObject({ kind: 'unavailable', nothingSent: true });
  expect(String(error)).toContain('No mail was sent');
});
