import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/config/load.ts';
import { findFreePort } from './find-free-port.ts';
import { adminToken, startAdminListener } from './start-admin-listener.ts';
import { garita, type Outcome, type Place } from './surroundings.ts';

const configuration = `
version: 1
issuer: http://127.0.0.1:8080
oauth:
  signing: ES256
  scopes: { read: Read, write: Write }
  users: { use: embedded }
  clients:
    - { id: reporting-job, secret: demo-only-reporting, grants: [client_credentials], scopes: [read] }
`;

interface Way {
  readonly name: string;
  /** What every command says on stderr. */
  readonly note: RegExp;
  prepare(folder: string): Promise<{ readonly close: () => Promise<void> }>;
}

const ways: readonly Way[] = [
  {
    name: 'where no gateway runs',
    note: /^no gateway runs at http:\/\/127\.0\.0\.1:\d+: working on the store directly\n/,
    async prepare(folder) {
      const port = await findFreePort();
      const store = 'store: { use: sqlite, with: { file: garita.db } }\n';
      await writeFile(
        join(folder, 'garita.yaml'),
        `${configuration}listen: { operations: "127.0.0.1:${port}" }\n${store}`,
      );
      return { close: async () => {} };
    },
  },
  {
    name: 'over the admin API',
    note: /^/,
    async prepare(folder) {
      const { config } = parseConfig(configuration, { file: 'garita.yaml', environment: {} });
      const listener = await startAdminListener(config.oauth.clients, Object.keys(config.oauth.scopes));
      const listen = `listen: { operations: "127.0.0.1:${listener.port}" }\nstore: { use: memory }\n`;
      await writeFile(join(folder, 'garita.yaml'), configuration + listen);
      return listener;
    },
  },
];

describe.each(ways)('$name', ({ prepare, note }) => {
  let cwd: string;
  let close: () => Promise<void>;
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'garita-administration-'));
    ({ close } = await prepare(cwd));
  });
  afterEach(async () => {
    await close();
    await rm(cwd, { recursive: true });
  });

  async function run(args: string, place: Place = {}): Promise<Outcome> {
    const outcome = await garita(args.split(' '), { cwd, environment: { GARITA_ADMIN_TOKEN: adminToken }, ...place });
    return { ...outcome, stderr: outcome.stderr.replace(note, '') };
  }

  async function list(args: string): Promise<Record<string, unknown>[]> {
    const { code, stdout, stderr } = await run(`${args} --json`);
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout);
  }

  const succeed = async (args: string, place: Place = {}): Promise<string> => {
    const outcome = await run(args, place);
    expect(outcome).toEqual({ code: 0, stdout: expect.any(String), stderr: '' });
    return outcome.stdout;
  };

  const addUser = (username: string, options = ''): Promise<string> =>
    succeed(`user add ${username} --password-stdin${options}`, { input: 'correct horse battery\n' });

  test('a public client is added, listed, disabled and enabled', async () => {
    const added = 'client add --id storefront --type public --redirect-uri http://127.0.0.1:8080/demo/ --scope read';
    expect(await succeed(added)).toBe('added the public client storefront\n');
    expect(await succeed('client list')).toBe(
      [
        'CLIENT         TYPE          GRANTS                            SCOPES  FROM           STATE    SECRET BEFORE',
        'reporting-job  confidential  client_credentials                read    configuration  enabled  -',
        'storefront     public        authorization_code refresh_token  read    store          enabled  -',
        '',
      ].join('\n'),
    );
    expect(await succeed('client disable storefront')).toBe('disabled the client storefront\n');
    expect(await list('client list')).toMatchObject([{ disabled: false }, { id: 'storefront', disabled: true }]);
    expect(await succeed('client enable storefront')).toBe('enabled the client storefront\n');
    expect(await list('client list')).toMatchObject([{ disabled: false }, { id: 'storefront', disabled: false }]);
  });

  test('every option of a client arrives', async () => {
    const written = [
      'client add --id app --name Storefront --application native --grant authorization_code --grant refresh_token',
      '--scope read --scope write --redirect-uri http://127.0.0.1/callback --redirect-uri com.example.app:/callback',
      '--post-logout-redirect-uri http://127.0.0.1/bye --origin https://app.example.com',
      '--resource https://orders.example.com --authentication client_secret_post --pkce optional',
      '--refresh-idle 1h --refresh-max 2d --role editor --claim tenant=north --claim note=a=b --first-party --json',
    ].join(' ');
    const { client, secret } = JSON.parse(await succeed(written)) as { client: unknown; secret: string };
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(client).toMatchObject({
      id: 'app',
      name: 'Storefront',
      type: 'confidential',
      application: 'native',
      firstParty: true,
      grants: ['authorization_code', 'refresh_token'],
      scopes: ['read', 'write'],
      redirectUris: ['http://127.0.0.1/callback', 'com.example.app:/callback'],
      postLogoutRedirectUris: ['http://127.0.0.1/bye'],
      origins: ['https://app.example.com'],
      resources: ['https://orders.example.com'],
      authentication: ['client_secret_post'],
      requirePkce: false,
      refreshTokens: { idle: 3_600, max: 172_800 },
      roles: ['editor'],
      claims: { tenant: 'north', note: 'a=b' },
      from: 'store',
    });
  });

  test('a secret is shown once, and the one before goes on working for a while', async () => {
    const sentence = 'Give this secret to the client, and to nobody else. It is shown only once and kept nowhere:\n';
    const first = await succeed('client add --id job');
    expect(first).toMatch(new RegExp(`^added the confidential client job\\n${sentence} {2}([\\w-]{43})\\n$`));
    const second = await succeed('client rotate-secret job');
    expect(second).toMatch(
      new RegExp(`^${sentence} {2}([\\w-]{43})\\nThe secret before goes on working for 24h\\.\\n$`),
    );
    expect(await succeed('client list')).toMatch(/^job .* store +enabled +ends in 24 h$/m);
    expect(await succeed('client rotate-secret job --overlap 0s')).toMatch(/\nThe secret before works no longer\.\n$/);
    expect(await succeed('client list')).toMatch(/^job .* store +enabled +-$/m);
  });

  test.each([
    ['client add --id reporting-job', /^the id "reporting-job" is taken by a client of the configuration/],
    ['client add --id a --scope wirte', /scopes\[0\]: the scope "wirte" is not declared .* did you mean "write"\?/],
    ['client disable nobody', /^there is no client "nobody"/],
    ['client disable reporting-job', /from the configuration/],
    ['user disable nobody', /^there is no user "nobody": name one by id or username/],
    ['grant revoke nothing', /^there is no live grant "nothing"/],
    ['key drop nothing --yes', /^there is no key "nothing"/],
    ['revoke user nobody', /^there is no user "nobody"/],
  ])('garita %s is refused in one line', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(stderr.trim()).not.toContain('\n');
  });

  test('a user is added, changed and listed; the password is nowhere to be seen', async () => {
    const added = await addUser('ada@example.com', ' --role editor --attribute name=Ada');
    const [, id] = /^added the user ada@example\.com \(([\w-]{36})\)\n$/.exec(added) ?? [];
    expect(await list('user list')).toEqual([
      {
        id,
        username: 'ada@example.com',
        roles: ['editor'],
        attributes: { name: 'Ada' },
        disabled: false,
        createdAt: expect.any(Number),
      },
    ]);
    expect(await succeed('user roles ada@example.com --role admin --role editor')).toBe(
      `ada@example.com (${id}) has the roles admin, editor now and is signed out everywhere\n`,
    );
    expect(await succeed(`user roles ${id} --none`)).toBe(
      `ada@example.com (${id}) has no roles now and is signed out everywhere\n`,
    );
    const typed = { isTerminal: true, input: 'another long password\ranother long password\r' };
    expect(await run('user password ada@example.com', typed)).toEqual({
      code: 0,
      stdout: `changed the password of ada@example.com (${id}) and signed them out everywhere\n`,
      stderr: expect.stringMatching(/^Password: \nOnce more: \n/),
    });
    expect(await succeed(`user disable ${id}`)).toBe(`disabled the user ada@example.com (${id})\n`);
    expect(await succeed('user list')).toMatch(new RegExp(`^ada@example.com +${id} +- +\\d{4}-\\S+ +disabled$`, 'm'));
    expect(await succeed(`user enable ${id}`)).toBe(`enabled the user ada@example.com (${id})\n`);
    expect(await succeed('audit')).not.toMatch(/correct horse|another long/);
  });

  test('a short password is refused', async () => {
    const { code, stderr } = await run('user add ada --password-stdin', { input: 'short\n' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^the user cannot be taken: password: /);
    expect(stderr).not.toContain('"short"');
  });

  test('a long list is cut, and says so', async () => {
    for (const name of ['ada', 'bob', 'cleo']) await addUser(name);
    const { code, stdout, stderr } = await run('user list --limit 2');
    expect([code, stderr]).toEqual([0, 'there are more than the 2 shown here: see --limit\n']);
    expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual(['USERNAME', 'ada', 'bob', '']);
    expect(await list('user list --limit 3')).toHaveLength(3);
  });

  test('keys are rotated and dropped', async () => {
    const [first] = await list('key list');
    expect(first).toMatchObject({ algorithm: 'ES256', state: 'active' });
    const said = await succeed('key rotate');
    const [, next] = /^the new ES256 key (\S+) is published and signs in \d\d min\n$/.exec(said) ?? [];
    expect(await list('key list')).toMatchObject([{ id: first!.id }, { id: next, state: 'next' }]);
    expect(await run('key rotate')).toMatchObject({ code: 1, stderr: expect.stringMatching(/^a new key is waiting/) });
    expect(await succeed(`key drop ${next} --yes`)).toBe(`dropped the key ${next}\n`);
    expect(await list('key list')).toMatchObject([{ id: first!.id }]);
  });

  test('everything is revoked after a yes, and not after anything else', async () => {
    const said = 'revoked every access token and every grant\n';
    expect(await run('revoke everything')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--yes'),
    });
    expect(await run('revoke everything', { isTerminal: true, input: 'n\r' })).toMatchObject({ code: 1, stdout: '' });
    expect(await list('audit --type tokens.revoked')).toEqual([]);
    expect(await run('revoke everything', { isTerminal: true, input: 'y\r' })).toMatchObject({ code: 0, stdout: said });
    expect(await succeed('revoke everything --yes')).toBe(said);
    expect(await list('audit --type tokens.revoked')).toHaveLength(2);
  });

  test('revocations of each kind are in the audit', async () => {
    const [, id] = /\((.*)\)/.exec(await addUser('ada')) ?? [];
    expect(await succeed('revoke token jti-1')).toBe('revoked the access token jti-1\n');
    expect(await succeed('revoke grant g-1')).toBe('revoked every token of the grant g-1\n');
    expect(await succeed('revoke client reporting-job')).toBe(
      'revoked every token and grant of the client reporting-job\n',
    );
    expect(await succeed('revoke user ada')).toBe(`revoked every token, grant and session of the user ${id}\n`);
    const events = await list('audit --type tokens.revoked');
    expect(events).toMatchObject([{ subject: id }, { clientId: 'reporting-job' }, { grantId: 'g-1' }, {}]);
  });

  test('tokens of a client that nobody knows are revoked, with a word about it: the id may be mistyped', async () => {
    expect(await run('revoke client reporting-jbo')).toEqual({
      code: 0,
      stdout: 'revoked every token and grant of the client reporting-jbo\n',
      stderr: 'there is no client reporting-jbo now: check the id, unless this is one that was removed\n',
    });
    expect(await list('audit --type tokens.revoked')).toMatchObject([{ clientId: 'reporting-jbo' }]);
  });

  test('a public client is for users: without a redirect URI it is told what is missing', async () => {
    const { code, stderr } = await run('client add --id app --type public');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^the client cannot be taken: .*needs redirectUris$/m)]);
  });

  test('the audit is searched by type, client, subject and time', async () => {
    await succeed('client add --id job');
    const [, id] = /\((.*)\)/.exec(await addUser('ada')) ?? [];
    await succeed('client disable job');
    expect(await list('audit --client job')).toMatchObject([{ type: 'client.changed' }, { type: 'client.added' }]);
    expect(await list(`audit --subject ${id}`)).toMatchObject([{ type: 'user.added' }]);
    expect(await list('audit --client job --type client.added')).toHaveLength(1);
    expect(await list('audit --until 1h')).toEqual([]);
    expect(await list('audit --since 1h')).toHaveLength(3);
    expect(await list('audit --actor nobody')).toEqual([]);
    expect(await succeed('audit --type client.added')).toMatch(
      /^TIME +EVENT +BY +USER +CLIENT +ADDRESS +DETAIL\n\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d {2}client\.added +\S.* job +/,
    );
  });

  test('grants can be listed where there are none', async () => {
    expect(await succeed('grant list --subject ada --client job')).toBe('GRANT  USER  CLIENT  SCOPES  GIVEN  ENDS\n');
    expect(await list('grant list')).toEqual([]);
  });
});

test.each([
  ['audit --type user.refusd', '--type: there is no type "user.refusd": did you mean "user.refused"?'],
  ['audit --since 1x', '--since: expected 2h, 30m, 7d or a time such as 2026-11-21T14:05, got "1x"'],
  ['audit --limit 0', '--limit: expected a whole number from 1 to 1000000, got "0"'],
  ['client rotate-secret job --overlap 1', '--overlap: expected a duration such as 30m, 24h or 7d, got "1"'],
  ['client add --id a --claim tenant', '--claim: expected a name and a text such as tenant=north, got "tenant"'],
  ['user roles ada', 'garita user roles needs either --role <role> or --none'],
  ['user roles ada --role a --none', 'garita user roles needs either --role <role> or --none'],
  [
    'key list --admin-url 127.0.0.1:9090',
    '--admin-url: expected an address such as http://127.0.0.1:9090, got "127.0.0.1:9090"',
  ],
])('garita %s is wrong usage', async (args, message) => {
  const [group, command] = args.split(' ');
  const hint = group === 'audit' ? group : `${group} ${command}`;
  const stderr = `${message}\nTry: garita ${hint} --help\n`;
  expect(await garita(args.split(' '))).toEqual({ code: 2, stdout: '', stderr });
});
