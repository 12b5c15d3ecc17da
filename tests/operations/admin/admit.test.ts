import { hashSecret } from '../../../src/config/secret-hash.ts';
import { createMemoryAuditStore } from '../../../src/stores/memory/memory-audit-store.ts';
import { StoreError } from '../../../src/stores/store-error.ts';
import { adminToken, createOperator } from './operator.ts';

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

describe('admitted is', () => {
  test.each(['Bearer', 'bearer', 'BEARER'])('who has the admin token, by %s', async (scheme) => {
    const { call } = await createOperator();
    expect((await call('get', '/keys', { Authorization: `${scheme} ${adminToken}` })).status).toBe(200);
  });

  test('an access token of this server with the scope, as who it speaks for', async () => {
    const { call, issueToken, administered } = await createOperator({ tokenHash: undefined });
    const token = await issueToken({ scopes: ['customers:read', 'garita:admin'] });
    expect((await call('post', '/keys', bearer(token))).status).toBe(201);
    expect(await administered.events()).toEqual([
      expect.objectContaining({ type: 'key.rotated', actor: 'deployer', address: '127.0.0.1' }),
    ]);
  });

  test('the admin token, by that name', async () => {
    const { as, administered } = await createOperator();
    await as('post', '/keys');
    expect(await administered.events()).toEqual([
      expect.objectContaining({ type: 'key.rotated', actor: 'admin token', address: '127.0.0.1' }),
    ]);
  });
});

describe('refused is', () => {
  test.each([undefined, hashSecret(adminToken)])('who brings nothing (admin token: %s)', async (tokenHash) => {
    const { call, administered } = await createOperator({ tokenHash });
    for (const path of ['/keys', '/openapi.json', '/nothing', '']) {
      const answer = await call('get', path === '' ? '/' : path);
      expect([answer.status, answer.headers['www-authenticate'], answer.body.code]).toEqual([
        401,
        'Bearer realm="garita"',
        'ADMIN_UNAUTHENTICATED',
      ]);
    }
    expect(await administered.events()).toEqual([]);
  });

  test.each<[string, Record<string, string>]>([
    [
      'the admin token as a password',
      { Authorization: `Basic ${Buffer.from(`admin:${adminToken}`).toString('base64')}` },
    ],
    ['the admin token in a cookie', { Cookie: `token=${adminToken}; __Host-garita-session=${adminToken}` }],
    ['the admin token in fields of other gateways', { 'X-Api-Key': adminToken, 'Kong-Admin-Token': adminToken }],
    ['the admin token without a scheme', { Authorization: adminToken }],
  ])('%s', async (_, headers) => {
    const { call } = await createOperator();
    expect((await call('get', '/keys', headers)).status).toBe(401);
  });

  test('a token in the URL', async () => {
    const { call } = await createOperator();
    expect((await call('get', `/keys?access_token=${encodeURIComponent(adminToken)}`)).status).toBe(401);
  });

  test('the admin token where none is configured', async () => {
    const { call } = await createOperator({ tokenHash: undefined });
    for (const token of [adminToken, '', 'undefined']) {
      expect((await call('get', '/keys', bearer(token))).status).toBe(401);
    }
  });

  test.each(['', 'wrong', `${adminToken}x`, adminToken.slice(1), hashSecret(adminToken)])('%p', async (token) => {
    const { call, administered } = await createOperator();
    const answer = await call('get', '/keys', bearer(token));
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      401,
      'Bearer realm="garita", error="invalid_token", error_description="The token is not valid"',
    ]);
    expect(await administered.events()).toEqual([
      { type: 'admin.refused', address: '127.0.0.1', detail: expect.any(String) },
    ]);
  });

  test('an access token without the scope', async () => {
    const { call, issueToken, administered } = await createOperator();
    for (const scopes of [[], ['garita:admins'], ['garita'], ['customers:read']]) {
      const answer = await call('get', '/keys', bearer(await issueToken({ scopes })));
      expect([answer.status, answer.body.code, answer.headers['www-authenticate']]).toEqual([
        403,
        'ADMIN_FORBIDDEN',
        'Bearer realm="garita", error="insufficient_scope", scope="garita:admin"',
      ]);
    }
    expect((await administered.events())[0]).toEqual({
      type: 'admin.refused',
      actor: 'deployer',
      address: '127.0.0.1',
      detail: 'an access token without the scope garita:admin',
    });
  });

  test('an access token for somebody else, one that is over, and one that was revoked', async () => {
    const { call, issueToken, administered } = await createOperator();
    const elsewhere = await issueToken({ audience: 'https://other.example' });
    const token = await issueToken();
    expect((await call('get', '/keys', bearer(elsewhere))).status).toBe(401);
    expect((await call('get', '/keys', bearer(token))).status).toBe(200);
    await administered.revocations.revoke({ level: 'client', id: 'deployer' });
    expect((await call('get', '/keys', bearer(token))).status).toBe(401);
    const another = await issueToken();
    administered.now += 400;
    expect((await call('get', '/keys', bearer(another))).status).toBe(401);
  });

  test('who sends two tokens', async () => {
    const { call } = await createOperator();
    const test = call('get', '/keys');
    const answer = await test.set('Authorization', [`Bearer ${adminToken}`, `Bearer ${adminToken}`] as never);
    expect([answer.status, answer.body.code]).toEqual([400, 'ADMIN_BAD_REQUEST']);
  });

  test('no token is in the audit or in the log', async () => {
    const { call, issueToken, administered, log } = await createOperator();
    const token = await issueToken({ scopes: [] });
    await call('get', '/keys', bearer(token));
    await call('get', '/keys', bearer('a-guess-at-the-token'));
    const told = JSON.stringify([await administered.events(), log]);
    expect(told).not.toContain(token.slice(0, 20));
    expect(told).not.toContain('a-guess');
    expect(log).toHaveLength(2);
  });
});

describe('guessing', () => {
  test('is slowed after 20 failures, whatever comes then, and stays out of the audit', async () => {
    const { call, as, administered } = await createOperator();
    for (let i = 0; i < 20; i += 1) expect((await call('get', '/keys', bearer('guess'))).status).toBe(401);
    const answer = await as('get', '/keys');
    expect([answer.status, answer.body.code, answer.headers['retry-after']]).toEqual([429, 'ADMIN_THROTTLED', '60']);
    for (let i = 0; i < 5; i += 1) await call('get', '/keys', bearer('guess'));
    expect(await administered.events()).toHaveLength(20);
    administered.now += 61;
    expect((await as('get', '/keys')).status).toBe(200);
  });

  test('counts tokens without the scope too, and never what was good', async () => {
    const { call, as, issueToken } = await createOperator();
    const token = await issueToken({ scopes: [] });
    for (let i = 0; i < 30; i += 1) expect((await as('get', '/keys')).status).toBe(200);
    for (let i = 0; i < 20; i += 1) expect((await call('get', '/keys', bearer(token))).status).toBe(403);
    expect((await call('get', '/keys', bearer(token))).status).toBe(429);
  });

  test('does not keep out who has the admin token already, nor lets anybody else in beside them', async () => {
    const { call, as, administered } = await createOperator();
    await as('get', '/keys');
    for (let i = 0; i < 25; i += 1) await call('get', '/keys', bearer('guess'));
    expect((await as('get', '/keys')).status).toBe(200);
    expect((await call('get', '/keys', bearer('guess'))).status).toBe(429);
    expect(await administered.events()).toHaveLength(20);
  });

  test('many at once get no more tries', async () => {
    const { call } = await createOperator();
    const answers = await Promise.all(Array.from({ length: 40 }, () => call('get', '/keys', bearer('guess'))));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(20);
  });
});

test('an audit that cannot be written admits nobody', async () => {
  const audit = { ...createMemoryAuditStore(), append: () => Promise.reject(new StoreError('the disk is full')) };
  const { call, log } = await createOperator({ stores: { audit } });
  expect((await call('get', '/keys', bearer('guess'))).status).toBe(401);
  expect(log.map(({ message }) => message)).toContain('a refusal of the admin API is missing in the audit');
});
