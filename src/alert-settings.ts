import { loopbackHosts } from './command-line.ts';

// Whom alerts go to, as the operator writes it. Read with the other settings by `config.ts`.

const printable = /^[\x21-\x7e]+$/;
// No sign that could end an address in a header, or join two of them.
const mailAddress = /^[a-z\d._%+'-]{1,64}@[a-z\d-]+(\.[a-z\d-]+)*$/i;
export const isMailAddress = (text: string): boolean => mailAddress.test(text) && text.length <= 254;

const isLocal = (url: URL): boolean => loopbackHosts.includes(url.hostname);

/** `smtps://user:password@host:port`; nothing behind the port, where libraries take options that print secrets. */
export function isSmtpUrl(text: string): boolean {
  if (!printable.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password, pathname, search, hash } = new URL(text);
  const isPlain = ['', '/'].includes(pathname) && search === '' && hash === '';
  const isDecodable = [username, password].every((part) => !/%(?![\da-f]{2})/i.test(part));
  return (
    /^smtps?:$/.test(protocol) && hostname !== '' && isPlain && isDecodable && (password === '' || username !== '')
  );
}

/** Stock travels there: unencrypted only where nothing leaves the machine. */
export function isWebhookUrl(text: string): boolean {
  if (!printable.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url))) && url.username === '';
}

export const mailAddresses = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter(Boolean))];

/** Where mail is handed in. Ports: RFC 8314 (465, TLS from the start) and RFC 6409 (587, STARTTLS). */
export function mailServerOf(text: string) {
  const url = new URL(text);
  const isSecure = url.protocol === 'smtps:';
  const user = decodeURIComponent(url.username);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (isSecure ? 465 : 587),
    isSecure,
    isLocal: isLocal(url),
    ...(user === '' ? {} : { login: { user, password: decodeURIComponent(url.password) } }),
  };
}

/** What of these addresses must stand nowhere: each as it is, and the part that opens something. */
export function secretsOfUrls({ smtpUrl, webhook }: { smtpUrl?: string; webhook?: string }): string[] {
  const found: string[] = [];
  if (smtpUrl !== undefined) {
    const { password } = new URL(smtpUrl);
    found.push(smtpUrl, password, decodeURIComponent(password));
  }
  if (webhook !== undefined) {
    const { href, pathname, search } = new URL(webhook);
    found.push(webhook, href, `${pathname}${search}`);
  }
  return found.filter((text) => text.length > 1);
}

/** What is wrong with the settings taken together. `has` tells whether one is set. */
export function judgeAlerts(has: (name: string) => boolean, isWatch: boolean): string[] {
  const mail = ['INVENTORY_SMTP_URL', 'INVENTORY_ALERT_TO', 'INVENTORY_ALERT_FROM'];
  const absent = mail.filter((name) => !has(name));
  if (absent.length > 0 && absent.length < mail.length)
    return [`Alerts by e-mail need ${mail.join(', ')}. Missing: ${absent.join(', ')}`];
  if (!isWatch || absent.length === 0 || has('INVENTORY_ALERT_WEBHOOK')) return [];
  return [`watch has nobody to tell: set INVENTORY_ALERT_WEBHOOK, or ${mail.join(', ')}`];
}
