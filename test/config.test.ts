import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { isSmtpUrl, mailServerOf } from '../src/alert-settings.ts';
import { ConfigError, type ConfigSources, helpText, readConfig, secret, secretsOf } from '../src/config.ts';

const full = {
  ZOHO_CLIENT_ID: '1000.ABC',
  ZOHO_CLIENT_SECRET: 'very-secret',
  ZOHO_REFRESH_TOKEN: '1000.refresh.token',
  ZOHO_ORGANIZATION_ID: '10234695',
};

const read = (env: ConfigSources['env'] = {}, argv: string[] = [], platform: NodeJS.Platform = 'linux') =>
  readConfig({ env, argv, homeDirectory: platform === 'win32' ? 'C:\\Users\\ada' : '/home/ada', platform });

function faultsOf(env: ConfigSources['env'], argv: string[] = []): readonly string[] {
  try {
    read(env, argv);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('without any settings', () => {
  it('the server runs on the sandbox over stdio, with every default stated', () => {
    expect(read()).toEqual({
      command: { kind: 'stdio' },
      mode: 'sandbox',
      confirm: 'auto',
      readOnly: false,
      dataDirectory: '/home/ada/.local/share/zoho-inventory-mcp',
      audit: { on: true, maxBytes: 10_485_760 },
      alerts: {},
      logLevel: 'info',
      warnings: [],
    });
  });

  it('the same is true when a desktop client sends every setting blank or as its placeholder', () => {
    const env = {
      ZOHO_CLIENT_ID: '',
      ZOHO_CLIENT_SECRET: '  ',
      ZOHO_REFRESH_TOKEN: '$' + '{user_config.refresh_token}',
      ZOHO_ORGANIZATION_ID: '$' + '{user_config.organization_id}',
      ZOHO_DATA_CENTER: '$' + '{user_config.data_center}',
      INVENTORY_READ_ONLY: '$' + '{user_config.read_only}',
      ZOHO_PLAM: '',
    };
    expect(read(env)).toEqual(read());
  });
});

describe('credentials', () => {
  it('make the server talk to the account', () => {
    const { mode, zoho } = read({ ...full, ZOHO_DATA_CENTER: 'EU', ZOHO_PLAN: 'Premium' });
    expect(mode).toBe('live');
    expect(zoho).toMatchObject({ organizationId: '10234695', dataCenter: 'eu', plan: 'premium' });
    expect(
      zoho?.credentials.kind === 'refresh' && [
        zoho.credentials.clientId,
        zoho.credentials.clientSecret.reveal(),
        zoho.credentials.refreshToken.reveal(),
      ],
    ).toEqual(['1000.ABC', 'very-secret', '1000.refresh.token']);
  });

  it('name no plan when the operator did not, the reference figures of the plans, and the US data centre', () => {
    const { zoho } = read(full);
    expect(zoho).not.toHaveProperty('plan');
    expect(zoho).toMatchObject({ dataCenter: 'us', planFigures: 'reference' });
    expect(read({ ...full, ZOHO_PLAN_LIMITS: 'Live' }).zoho?.planFigures).toBe('live');
  });

  it('may be an access token instead of the three', () => {
    const { zoho } = read({ ZOHO_ACCESS_TOKEN: 'abc', ZOHO_ORGANIZATION_ID: '1' });
    expect(zoho?.credentials.kind === 'access' && zoho.credentials.accessToken.reveal()).toBe('abc');
  });

  it('are the three when both ways are set in full, and the log hears of it', () => {
    const config = read({ ...full, ZOHO_ACCESS_TOKEN: 'abc' });
    expect(config.zoho?.credentials.kind).toBe('refresh');
    expect(config.warnings).toEqual([expect.stringContaining('ZOHO_ACCESS_TOKEN is not used')]);
  });

  it.each(Object.keys(full))('without %s alone, the start stops and names it and no other', (absent) => {
    const [fault, ...more] = faultsOf({ ...full, [absent]: '' });
    expect(more).toEqual([]);
    expect(fault).toContain(`Missing: ${absent}.`);
  });

  it.each(Object.keys(full))('with %s alone, the start stops and names the three others', (only) => {
    const [fault] = faultsOf({ [only]: full.ZOHO_ORGANIZATION_ID });
    const missing = fault?.match(/Missing: ([A-Z_, ]+)/)?.[1]?.trim();
    expect(missing).toBe(
      Object.keys(full)
        .filter((name) => name !== only)
        .join(', '),
    );
  });

  it('of an access token alone lack the organization', () => {
    expect(faultsOf({ ZOHO_ACCESS_TOKEN: 'abc' })).toEqual([expect.stringContaining('Missing: ZOHO_ORGANIZATION_ID.')]);
  });

  it('mixed of both ways stop the start with both ways out', () => {
    const env = { ZOHO_ACCESS_TOKEN: 'abc', ZOHO_ORGANIZATION_ID: '1', ZOHO_CLIENT_ID: 'x' };
    expect(faultsOf(env)).toEqual([
      expect.stringMatching(/unset ZOHO_CLIENT_ID, or also set ZOHO_CLIENT_SECRET, ZOHO_REFRESH_TOKEN/),
    ]);
  });

  it('do not matter to the sandbox command', () => {
    expect(read({ ZOHO_CLIENT_ID: 'x' }, ['sandbox']).mode).toBe('sandbox');
    expect(read(full, ['sandbox']).mode).toBe('sandbox');
  });

  it('are shown by no printer, and no fault shows a wrong one', () => {
    const config = read({ ...full, ZOHO_ACCESS_TOKEN: 'direct-token' });
    const printed = [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      `${config.zoho?.credentials}`,
    ];
    for (const text of printed) expect(text).not.toMatch(/very-secret|1000\.refresh|direct-token/);
    expect(JSON.stringify(config.zoho)).toContain('"clientSecret":"[hidden]"');

    const faults = faultsOf({ ...full, ZOHO_CLIENT_SECRET: 'two words', ZOHO_REFRESH_TOKEN: 'also\u0007wrong' });
    expect(faults).toHaveLength(2);
    expect(faults.join()).not.toMatch(/two|words|also/);
  });
});

describe('a secret', () => {
  it('prints as [hidden] every way there is, and gives its value only when asked', () => {
    const hidden = secret('s3cr3t');
    expect([`${hidden}`, String(hidden), JSON.stringify([hidden]), inspect({ hidden }), inspect(hidden)]).toEqual([
      '[hidden]',
      '[hidden]',
      '["[hidden]"]',
      '{ hidden: [hidden] }',
      '[hidden]',
    ]);
    expect(hidden.reveal()).toBe('s3cr3t');
  });
});

describe('values', () => {
  it.each<[string, string]>([
    ['ZOHO_DATA_CENTER', 'usa'],
    ['ZOHO_PLAN', 'gold'],
    ['ZOHO_PLAN_LIMITS', 'life'],
    ['ZOHO_ORGANIZATION_ID', '12-34'],
    ['ZOHO_ORGANIZATION_ID', '../x'],
    ['ZOHO_API_DOMAIN', 'www.zohoapis.com'],
    ['ZOHO_API_DOMAIN', 'http://www.zohoapis.com'],
    ['ZOHO_API_DOMAIN', 'http://127.0.0.1.example.com'],
    ['ZOHO_API_DOMAIN', 'https://www.zohoapis.com/inventory/v1'],
    ['ZOHO_API_DOMAIN', 'https://user:pass@www.zohoapis.com'],
    ['ZOHO_ACCOUNTS_URL', 'https://accounts.zoho.com/?x=1'],
    ['ZOHO_ACCOUNTS_URL', 'ftp://localhost'],
    ['INVENTORY_CONFIRM', 'never'],
    ['INVENTORY_CONFIRM_ABOVE', '-1'],
    ['INVENTORY_CONFIRM_ABOVE', '1,000'],
    ['INVENTORY_CONFIRM_ABOVE', '1e309'],
    ['INVENTORY_CONFIRM_ABOVE', '5 USD'],
    ['INVENTORY_READ_ONLY', 'maybe'],
    ['INVENTORY_AUDIT', 'maybe'],
    ['INVENTORY_AUDIT_MAX_BYTES', '10MB'],
    ['INVENTORY_AUDIT_MAX_BYTES', '1000'],
    ['INVENTORY_MARK', 'notes'],
    ['INVENTORY_MARK', 'custom_field:'],
    ['INVENTORY_MARK', 'custom field:Call'],
    ['INVENTORY_LOG_LEVEL', 'loud'],
  ])('%s cannot be %s', (name, value) => {
    const [fault, ...more] = faultsOf({ ...full, [name]: value });
    expect(more).toEqual([]);
    expect(fault).toMatch(new RegExp(`^${name} must be `));
    expect(fault).not.toContain('pass');
  });

  it('may be written in any case and with space around them', () => {
    const config = read({
      ...full,
      ZOHO_DATA_CENTER: ' Au ',
      INVENTORY_CONFIRM: 'TOKEN',
      INVENTORY_LOG_LEVEL: 'Debug',
    });
    expect([config.zoho?.dataCenter, config.confirm, config.logLevel]).toEqual(['au', 'token', 'debug']);
  });

  it.each([
    ['https://www.zohoapis.eu', 'https://www.zohoapis.eu'],
    ['https://www.zohoapis.eu/', 'https://www.zohoapis.eu'],
    ['https://API.example.com:8443', 'https://api.example.com:8443'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
    ['http://localhost:4000/', 'http://localhost:4000'],
    ['http://[::1]:4000', 'http://[::1]:4000'],
  ])('host %s is taken as %s', (value, origin) => {
    const { zoho } = read({ ...full, ZOHO_API_DOMAIN: value, ZOHO_ACCOUNTS_URL: value });
    expect([zoho?.apiDomain, zoho?.accountsUrl]).toEqual([origin, origin]);
  });

  it('of hosts without credentials are warned about, since the sandbox runs', () => {
    const config = read({ ZOHO_API_DOMAIN: 'https://x.example' });
    expect([config.mode, config.warnings.length]).toEqual(['sandbox', 1]);
    expect(config.warnings[0]).toContain('ZOHO_API_DOMAIN');
  });

  it.each([
    ['1', true],
    ['TRUE', true],
    ['0', false],
    ['false', false],
  ])('INVENTORY_READ_ONLY=%s means %s', (value, readOnly) => {
    expect(read({ INVENTORY_READ_ONLY: value }).readOnly).toBe(readOnly);
  });

  it.each([
    ['0', 0],
    ['500', 500],
    ['499.99', 499.99],
  ])('INVENTORY_CONFIRM_ABOVE=%s is an amount', (value, amount) => {
    expect(read({ INVENTORY_CONFIRM_ABOVE: value }).confirmAbove).toBe(amount);
  });

  it.each([
    ['reference_number', 'reference_number'],
    ['custom_field: Call id', 'custom_field:Call id'],
    ['', undefined],
  ])('INVENTORY_MARK=%j names the field %j', (value, field) => {
    expect(read({ INVENTORY_MARK: value }).mark).toBe(field);
  });

  it('with several faults are all named in one message', () => {
    const env = { ZOHO_CLIENT_ID: 'x', ZOHO_PLAN: 'gold', INVENTORY_REDONLY: '1' };
    const faults = faultsOf(env, ['--verbose']);
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual(['--verbose', 'INVENTORY_REDONLY', 'The', 'ZOHO_PLAN']);
    expect(() => read(env, ['--verbose'])).toThrow(faults[3]);
  });
});

describe('names', () => {
  it.each([
    ['ZOHO_CLIENTID', 'ZOHO_CLIENT_ID'],
    ['ZOHO_REFERSH_TOKEN', 'ZOHO_REFRESH_TOKEN'],
    ['ZOHO_ORGANISATION_ID', 'ZOHO_ORGANIZATION_ID'],
    ['ZOHO_DATA_CENTRE', 'ZOHO_DATA_CENTER'],
    ['INVENTORY_READONLY', 'INVENTORY_READ_ONLY'],
    ['INVENTROY_READ_ONLY', 'INVENTORY_READ_ONLY'],
    ['inventory_read_only', 'INVENTORY_READ_ONLY'],
  ])('%s stops the start and says %s', (wrong, right) => {
    expect(faultsOf({ [wrong]: 'secret-value' })).toEqual([`${wrong} is no setting; did you mean ${right}?`]);
  });

  it('of other programs are one line of warning, and the rest of the environment none', () => {
    const config = read({ ZOHO_CRM_TOKEN: 'a', INVENTORY_SERVICE_HOST: 'b', PATH: '/bin', ZOHOTEL: 'c' });
    expect(config.warnings).toEqual([
      'Not settings of this server, and not read: ZOHO_CRM_TOKEN, INVENTORY_SERVICE_HOST',
    ]);
  });

  it('differ in nothing by their case on Windows', () => {
    expect(read({ inventory_read_only: '1', AppData: 'D:\\Roaming' }, [], 'win32')).toMatchObject({
      readOnly: true,
      dataDirectory: 'D:\\Roaming\\zoho-inventory-mcp',
    });
  });
});

describe('the data folder', () => {
  it.each<[NodeJS.Platform, Record<string, string>, string]>([
    ['linux', {}, '/home/ada/.local/share/zoho-inventory-mcp'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/zoho-inventory-mcp'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ada/.local/share/zoho-inventory-mcp'],
    ['linux', { XDG_DATA_HOME: '/data', INVENTORY_DATA_DIR: '/srv/state' }, '/srv/state'],
    ['linux', { INVENTORY_DATA_DIR: '~/state' }, '/home/ada/state'],
    ['linux', { INVENTORY_DATA_DIR: '~else/state' }, '~else/state'],
    ['darwin', { XDG_DATA_HOME: '/data' }, '/home/ada/Library/Application Support/zoho-inventory-mcp'],
    ['win32', { APPDATA: 'D:\\Roaming' }, 'D:\\Roaming\\zoho-inventory-mcp'],
    ['win32', {}, 'C:\\Users\\ada\\AppData\\Roaming\\zoho-inventory-mcp'],
  ])('on %s with %j is %s', (platform, env, folder) => {
    expect(read(env, [], platform).dataDirectory).toBe(folder);
  });
});

describe('the command line', () => {
  const command = (...argv: string[]) => read({}, argv).command;

  it('names the command and its flags', () => {
    expect(command('http')).toEqual({ kind: 'http', port: 3333, host: '127.0.0.1' });
    expect(command('http', '--port', '80', '--host=localhost')).toEqual({ kind: 'http', port: 80, host: 'localhost' });
    expect(command('sandbox')).toEqual({ kind: 'sandbox', port: 0, seed: 'demo' });
    expect(command('--port=0', 'sandbox', '--data', '~/s.sqlite', '--seed', 'empty')).toEqual({
      kind: 'sandbox',
      port: 0,
      data: '/home/ada/s.sqlite',
      seed: 'empty',
    });
    expect([command('--help'), command('-h'), command('http', '--version')]).toEqual([
      { kind: 'help' },
      { kind: 'help' },
      { kind: 'version' },
    ]);
  });

  it('gives the sandbox command the file of the setting, unless it names one', () => {
    const env = { INVENTORY_SANDBOX_DATA: '/a.sqlite' };
    expect(read(env).sandboxData).toBe('/a.sqlite');
    expect(read(env, ['sandbox']).command).toMatchObject({ data: '/a.sqlite' });
    expect(read(env, ['sandbox', '--data', '/b.sqlite']).command).toMatchObject({ data: '/b.sqlite' });
  });

  it('looks at the audit whatever account is set', () => {
    expect(read({ ZOHO_CLIENT_ID: 'x' }, ['audit', 'verify']).command).toEqual({ kind: 'audit', task: 'verify' });
    expect(read({}, ['audit', 'verify', '/a']).command).toEqual({ kind: 'audit', task: 'verify', path: '/a' });
    const tail = { kind: 'audit', task: 'tail', count: 20, follow: false, json: false };
    expect(read({}, ['audit', 'tail']).command).toEqual(tail);
    expect(read({}, ['audit', 'tail', '-n', '5', '-f']).command).toEqual({ ...tail, count: 5, follow: true });
    expect(read({}, ['audit', '--json', 'tail', '--lines=7']).command).toEqual({ ...tail, count: 7, json: true });
  });

  it('keeps an audit unless the operator says otherwise', () => {
    expect(read({ INVENTORY_AUDIT: 'Off', INVENTORY_AUDIT_MAX_BYTES: '65536' }).audit).toEqual({
      on: false,
      maxBytes: 65_536,
    });
  });

  it('lets files be saved only into a folder that was named', () => {
    expect(read().filesDirectory).toBeUndefined();
    expect(read({ INVENTORY_FILES_DIR: '~/slips' }).filesDirectory).toBe('/home/ada/slips');
  });

  it('can make the server read-only, and never more than the setting allows', () => {
    expect(read({}, ['--read-only']).readOnly).toBe(true);
    expect(read({ INVENTORY_READ_ONLY: '0' }, ['http', '--read-only']).readOnly).toBe(true);
    expect(read({ INVENTORY_READ_ONLY: '1' }).readOnly).toBe(true);
  });

  it('answers for help and version whatever else is wrong', () => {
    expect(read({ ZOHO_CLIENT_ID: 'x', ZOHO_PLAM: 'y' }, ['--help', '--wrong']).command.kind).toBe('help');
    expect(read({ ZOHO_PLAN: 'gold' }, ['-v']).command.kind).toBe('version');
  });

  it.each<[string[], string]>([
    [['--readonly'], '--readonly is no flag; did you mean --read-only?'],
    [['--read-onyl'], '--read-onyl is no flag; did you mean --read-only?'],
    [['--token=secret'], '--token is no flag; there are'],
    [['-x'], '-x is no flag'],
    [['--__proto__'], '--__proto__ is no flag'],
    [['htpp'], 'htpp is no command; did you mean http?'],
    [['serve'], 'serve is no command; there are stdio, http, sandbox, audit'],
    [['http', 'extra'], '"extra" is one word too many'],
    [['--port', '1'], '--port belongs to http and sandbox, not to stdio'],
    [['sandbox', '--read-only'], '--read-only belongs to stdio and http, not to sandbox'],
    [['http', '--port'], '--port needs a value'],
    [['http', '--port='], '--port needs a value'],
    [['http', '--port', '--host'], '--port needs a value'],
    [['--read-only=false'], '--read-only takes no value'],
    [['http', '--port', '65536'], '--port must be a number from 0 to 65535'],
    [['http', '--port', '0x50'], '--port must be a number from 0 to 65535'],
    [['http', '--host', '0.0.0.0'], '--host must be this machine'],
    [['http', '--host', '192.168.1.5'], 'there is no access control yet'],
    [['sandbox', '--seed', 'full'], '--seed must be demo or empty'],
    [['audit'], 'audit is followed by verify or tail'],
    [['audit', 'show'], 'audit is followed by verify or tail'],
    [['audit', 'verify', '-n', '5'], '--lines belongs to audit tail'],
    [['audit', 'verify', 'a', 'b'], '"b" is one word too many'],
    [['audit', 'tail', 'a'], '"a" is one word too many'],
    [['audit', 'tail', '-n', 'many'], '--lines must be a number'],
    [['stdio', '--follow'], '--follow belongs to audit, not to stdio'],
    [['http', '--faults', 'f.json'], '--faults belongs to sandbox, not to http'],
  ])('%j stops the start: %s', (argv, words) => {
    const faults = faultsOf({}, argv);
    expect(faults).toEqual([expect.stringContaining(words)]);
    expect(faults[0]).not.toContain('secret');
  });
});

it('the help page names every command, flag and setting', () => {
  const page = helpText();
  for (const word of [
    'http',
    'sandbox',
    '--port',
    '--host',
    '--data',
    '--seed',
    '--faults',
    'audit verify',
    'audit tail',
    '--follow',
    '--read-only',
    '--help',
    '--version',
  ])
    expect(page).toContain(word);
  for (const name of [...Object.keys(full), 'ZOHO_ACCESS_TOKEN', 'ZOHO_PLAN', 'INVENTORY_SANDBOX_DATA'])
    expect(page).toContain(name);
  expect(page).not.toContain('undefined');
});

describe('alerts', () => {
  const mail = {
    INVENTORY_SMTP_URL: 'smtps://ada:p%40ss-word-1@mail.example:2465',
    INVENTORY_ALERT_TO: 'ops@meridian.example, buyer@meridian.example;ops@meridian.example',
    INVENTORY_ALERT_FROM: 'stock@meridian.example',
  };
  const webhook = { INVENTORY_ALERT_WEBHOOK: 'https://hooks.example/services/T0/token-of-the-hook' };

  it('go to the addresses and the webhook that are set, and no setting shows how', () => {
    const config = read({ ...mail, ...webhook });
    expect(config.alerts.mail).toMatchObject({
      from: 'stock@meridian.example',
      to: ['ops@meridian.example', 'buyer@meridian.example'],
    });
    const shown = inspect(config, { depth: 9 }) + JSON.stringify(config);
    for (const hidden of ['p%40ss', 'p@ss', 'mail.example', 'hooks.example']) expect(shown).not.toContain(hidden);
    expect(secretsOf(config)).toEqual(
      expect.arrayContaining(['p@ss-word-1', 'p%40ss-word-1', '/services/T0/token-of-the-hook']),
    );
  });

  it.each([
    ['smtp://mail.example', { host: 'mail.example', port: 587, isSecure: false, isLocal: false }],
    ['smtps://mail.example', { host: 'mail.example', port: 465, isSecure: true, isLocal: false }],
    ['smtp://[::1]:25', { host: '::1', port: 25, isSecure: false, isLocal: true }],
    ['smtps://ada:p%40ss@mail.example', { login: { user: 'ada', password: 'p@ss' } }],
  ])('%s is a mail server', (url, server) => {
    expect(isSmtpUrl(url)).toBe(true);
    expect(mailServerOf(url)).toMatchObject(server);
  });

  it.each([
    ['INVENTORY_SMTP_URL', 'https://mail.example'],
    ['INVENTORY_SMTP_URL', 'smtp://mail.example?logger=true'],
    ['INVENTORY_SMTP_URL', 'smtp://mail.example/x'],
    ['INVENTORY_SMTP_URL', 'smtp://:word@mail.example'],
    ['INVENTORY_SMTP_URL', 'smtp://ada:50%@mail.example'],
    ['INVENTORY_ALERT_TO', 'ops'],
    ['INVENTORY_ALERT_TO', 'Ops <ops@meridian.example>'],
    ['INVENTORY_ALERT_TO', Array.from({ length: 21 }, (_, index) => `a${index}@b.example`).join()],
    ['INVENTORY_ALERT_FROM', 'a@b.example, c@d.example'],
    ['INVENTORY_ALERT_FROM', 'a@b.example\r\nBcc: c@d.example'],
    ['INVENTORY_ALERT_WEBHOOK', 'http://hooks.example/x'],
    ['INVENTORY_ALERT_WEBHOOK', 'https://ada:word@hooks.example/x'],
    ['INVENTORY_ALERT_WEBHOOK', 'file:///etc/passwd'],
  ])('%s is not %s', (name, value) => {
    expect(faultsOf({ ...mail, ...webhook, [name]: value })).toEqual([expect.stringContaining(`${name} must be`)]);
  });

  it('by mail need all three settings, and watch needs somebody to tell', () => {
    const { INVENTORY_ALERT_FROM: _, ...half } = mail;
    expect(faultsOf(half)).toEqual([expect.stringContaining('Missing: INVENTORY_ALERT_FROM')]);
    expect(faultsOf({}, ['watch'])).toEqual([expect.stringContaining('watch has nobody to tell')]);
    expect(faultsOf(mail, ['watch'])).toEqual([]);
    expect(faultsOf(webhook, ['watch'])).toEqual([]);
    expect(faultsOf(half, ['sandbox'])).toEqual([]);
  });
});

describe('watch', () => {
  const webhook = { INVENTORY_ALERT_WEBHOOK: 'http://127.0.0.1:8080/x' };
  const minuteMs = 60_000;

  it.each([
    [[], { everyMs: 15 * minuteMs, once: false }],
    [['--every', '2h'], { everyMs: 120 * minuteMs, once: false }],
    [['--every=1m', '--once'], { everyMs: minuteMs, once: true }],
    [['--every', '24h'], { everyMs: 1_440 * minuteMs, once: false }],
  ])('takes %j', (args, wanted) => {
    expect(read(webhook, ['watch', ...args]).command).toEqual({ kind: 'watch', ...wanted });
  });

  it.each(['0m', '25h', '10s', '15', '1.5h', 'm'])('does not look every %s', (every) => {
    expect(faultsOf(webhook, ['watch', '--every', every])).toEqual([expect.stringContaining('--every must be')]);
  });

  it('has flags of its own', () => {
    expect(faultsOf(webhook, ['stdio', '--once'])).toEqual([expect.stringContaining('--once belongs to watch')]);
  });
});
