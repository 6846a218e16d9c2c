import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { isObject } from './json.ts';
import type { Shared } from './shared-store.ts';

/** An access token that is good until then; the host the token reply named. */
export interface AccessToken {
  readonly token: string;
  readonly goodUntilMs: number;
  readonly apiDomain?: string;
}

/** Where a token outlives the process, so that starting often does not use up the ten that are given in ten minutes. */
export interface KeptToken {
  read(): Promise<AccessToken | undefined>;
  write(token: AccessToken): Promise<void>;
}

const cipherName = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/**
 * A token in the store that processes share, sealed with the credentials it was given for: who has the file alone can
 * read no token, and other credentials find none.
 */
export function createKeptToken(shared: Shared, credentials: readonly string[]): KeptToken {
  const digest = (purpose: string) =>
    createHash('sha256')
      .update(JSON.stringify([purpose, ...credentials]))
      .digest();
  const key = digest('seal');
  const place = shared.key(`token/${digest('place').toString('hex').slice(0, 32)}`);

  function seal(token: AccessToken): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv(cipherName, key, iv);
    const sealed = Buffer.concat([cipher.update(JSON.stringify(token), 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
  }

  function open(text: string): AccessToken | undefined {
    const bytes = Buffer.from(text, 'base64');
    const decipher = createDecipheriv(cipherName, key, bytes.subarray(0, ivBytes));
    decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    const rest = bytes.subarray(ivBytes + tagBytes);
    const value: unknown = JSON.parse(Buffer.concat([decipher.update(rest), decipher.final()]).toString('utf8'));
    if (!isObject(value) || typeof value.token !== 'string' || typeof value.goodUntilMs !== 'number') return undefined;
    const { token, goodUntilMs, apiDomain } = value;
    return { token, goodUntilMs, ...(typeof apiDomain === 'string' ? { apiDomain } : {}) };
  }

  return {
    read: async () => {
      const text = await shared.ask((store, nowMs) => store.get(place, nowMs));
      if (typeof text !== 'string') return undefined;
      try {
        return open(text);
      } catch {
        return undefined; // damaged or not ours: a new one is fetched and takes its place
      }
    },
    write: async (token) => {
      await shared.ask((store) => store.put(place, seal(token), token.goodUntilMs));
    },
  };
}
