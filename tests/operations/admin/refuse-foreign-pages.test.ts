import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import type { Request, Response } from 'express';
import request from 'supertest';
import type { AdminError } from '../../../src/operations/admin/admin-error.ts';
import { refuseForeignPages } from '../../../src/operations/admin/refuse-foreign-pages.ts';
import { adminToken, createOperator, type Headers } from './operator.ts';

const good = { Authorization: `Bearer ${adminToken}` };
const statusOf = async (headers: Headers, hosts: readonly string[] = [], method: 'get' | 'post' = 'get') => {
  const { call } = await createOperator({ hosts });
  const answer = await call(method, '/keys', { ...good, ...headers });
  return [answer.status, answer.body.code];
};

describe('Host', () => {
  test.each(['127.0.0.1:9090', '127.8.9.1', 'localhost:1', 'LOCALHOST', '[::1]:9090'])(
    '%s is this machine',
    async (Host) => {
      expect(await statusOf({ Host })).toEqual([200, undefined]);
    },
  );

  test.each<[string, string]>([
    ['garita.internal', 'garita.internal:9090'],
    ['Garita.Internal', 'GARITA.internal'],
    ['10.0.0.5', '10.0.0.5:9090'],
    ['fd00::5', '[fd00::5]:9090'],
    ['[fd00::5]', '[fd00::5]'],
  ])('%s is configured, so %s is ours', async (host, Host) => {
    expect(await statusOf({ Host }, [host])).toEqual([200, undefined]);
  });

  test.each([
    'evil.example',
    'evil.example:9090',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'x.garita.internal',
    'garita.internal.evil.example',
    'garita.internal@evil.example',
    '10.0.0.6',
    '0.0.0.0:9090',
    '2130706433',
    '[fd00::6]',
    'localhost,evil.example',
    'localhost:9090:1',
    '',
  ])('%p is not', async (Host) => {
    expect(await statusOf({ Host }, ['garita.internal', '10.0.0.5'])).toEqual([421, 'ADMIN_WRONG_HOST']);
  });

  test.each([
    ['192.0.2.9:9090', '192.0.2.9', 'next'],
    ['192.0.2.9', '::ffff:192.0.2.9', 'next'],
    ['[2001:db8::9]:9090', '2001:db8::9', 'next'],
    ['192.0.2.9:9090', '192.0.2.8', 'ADMIN_WRONG_HOST'],
  ])('%s at a connection to %s: %s', (host, localAddress, expected) => {
    const asked = {
      originalUrl: '/admin/keys',
      headersDistinct: { host: [host] },
      socket: { localAddress },
    } as unknown as Request;
    let outcome = '';
    const next = (): void => {
      outcome = 'next';
    };
    try {
      refuseForeignPages([])(asked, {} as Response, next);
    } catch (error) {
      outcome = (error as AdminError).code;
    }
    expect(outcome).toBe(expected);
  });

  test.each([
    ['there is only one', 'GET /admin/keys HTTP/1.1', 'Host: evil.example'],
    ['none stands in the target', 'GET http://evil.example/admin/keys HTTP/1.1', 'Accept: */*'],
  ])('%s', async (_, start, further) => {
    const { app } = await createOperator();
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    const lines = [start, 'Host: localhost', further, 'Connection: close'];
    socket.end(`${lines.join('\r\n')}\r\n\r\n`);
    const answer = (await socket.toArray()).join('');
    server.close();
    expect(answer).toMatch(/^HTTP\/1\.1 421 /);
  });

  test('a forwarded name does not count', async () => {
    expect(
      await statusOf({ Host: 'evil.example', 'X-Forwarded-Host': 'localhost', Forwarded: 'host=localhost' }),
    ).toEqual([421, 'ADMIN_WRONG_HOST']);
  });

  test('is looked at before anything else, and for the admin API only', async () => {
    const { app, call, administered } = await createOperator();
    const Host = 'prometheus.example';
    expect((await request(app).get('/readyz').set({ Host, Origin: 'https://evil.example' })).status).toBe(200);
    expect((await call('get', '/keys', { Host, Authorization: 'Bearer guess' })).status).toBe(421);
    expect(await administered.events()).toEqual([]);
  });
});

describe('pages of other sites', () => {
  const Host = '127.0.0.1:9090';

  test.each<[string, Headers]>([
    ['its own page', { Host, Origin: 'http://127.0.0.1:9090', 'Sec-Fetch-Site': 'same-origin' }],
    ['its own page behind TLS', { Host, Origin: 'https://127.0.0.1:9090' }],
    ['the address bar', { Host, 'Sec-Fetch-Site': 'none' }],
    ['no browser', { Host }],
  ])('not refused: %s', async (_, headers) => {
    expect(await statusOf(headers)).toEqual([200, undefined]);
  });

  test.each<[string, Headers]>([
    ['another site', { Host, Origin: 'https://evil.example' }],
    ['another port of this machine', { Host, Origin: 'http://127.0.0.1:8080' }],
    ['another name of this machine', { Host, Origin: 'http://localhost:9090' }],
    ['a sandboxed page', { Host, Origin: 'null' }],
    ['an empty origin', { Host, Origin: '' }],
    ['an origin that ends alike', { Host, Origin: 'http://evil.example/127.0.0.1:9090' }],
    ['an image of another site', { Host, 'Sec-Fetch-Site': 'cross-site' }],
    ['a neighbouring site', { Host, 'Sec-Fetch-Site': 'same-site' }],
    ['a value of tomorrow', { Host, 'Sec-Fetch-Site': 'neighbour' }],
    ['a contradiction', { Host, Origin: 'http://127.0.0.1:9090', 'Sec-Fetch-Site': 'cross-site' }],
  ])('refused: %s', async (_, headers) => {
    expect(await statusOf(headers)).toEqual([403, 'ADMIN_CROSS_SITE']);
    expect(await statusOf(headers, [], 'post')).toEqual([403, 'ADMIN_CROSS_SITE']);
  });

  test('nobody is ever told that they may (CORS)', async () => {
    const { call } = await createOperator();
    const preflight = await call('options', '/keys', {
      Origin: 'https://evil.example',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization',
    });
    const own = await call('get', '/keys', { ...good, Host, Origin: `http://${Host}` });
    expect([preflight.status, own.status]).toEqual([403, 200]);
    for (const { headers } of [preflight, own]) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});
