import { connectRaw, fieldsOf, rawRequest, statusOf } from '../support/raw-client.ts';
import { always, refusingPort, reply, type Script, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startGateway } from '../support/start-gateway.ts';

const customers = `
routes:
  - id: customers
    match: { path: "/customers/{id}" }
    to: { service: things }
    access: { scopes: [write] }
    policies:
      - use: rate-limit
        with: { limit: 100, per: 1m }
      - use: validate
        with:
          bodyLimit: 200B
          params: { type: object, properties: { id: { type: integer, minimum: 1 } } }
          query: { type: object, properties: { page: { type: integer }, tag: { type: array, items: { type: string } } }, additionalProperties: false }
          headers: { type: object, properties: { x-tenant: { type: string, pattern: "^[a-z]+$" } }, required: [x-tenant] }
          body:
            type: object
            properties: { name: { type: string, minLength: 1 }, password: { type: string, minLength: 12 }, tags: { type: array, items: { type: string } } }
            required: [name]
            additionalProperties: false
`;

const open = (schema: string, further = '') => `
routes:
  - id: open
    match: { path: "/*" }
    to: { service: things }
    access: public
    policies: [{ use: validate, with: { body: ${schema}${further} } }]
`;

async function startOver(routes: string, script = always(200, [], 'done')) {
  const upstream = await startScriptedUpstream(script);
  const gateway = await startGateway(`services: { things: { instances: ["${upstream.url}"] } }\n${routes}`);
  return { upstream, gateway };
}

const json = 'Content-Type: application/json\r\n';
const close = 'Connection: close\r\n';
const post = (path: string, fields: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\n${fields}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

interface Problem {
  readonly code: string;
  readonly errors: readonly { in: string; at: string; message: string }[];
}
const problemOf = (answer: string): Problem =>
  JSON.parse(Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4), 'latin1').toString()) as Problem;

test('a request that fits goes through, its body byte for byte', async () => {
  const { gateway, upstream } = await startOver(customers);
  const fields = `Authorization: ${await gateway.bearer('writer')}\r\nX-Tenant: north\r\n${json}${close}`;
  const body = '{ "name" : "\\u0041na",\n "tags":[ ] , "password":"a long secret" }';
  const answer = await rawRequest(gateway.port, post('/customers/7?page=2&tag=a&tag=b', fields, body));
  expect(statusOf(answer)).toBe(200);
  const [seen] = upstream.requests;
  expect(await seen!.body).toBe(body);
  expect([seen!.target, seen!.header('content-length')]).toEqual([
    '/customers/7?page=2&tag=a&tag=b',
    String(body.length),
  ]);
});

test('what is wrong is told place by place, without the values, and nothing goes to the service', async () => {
  const { gateway, upstream } = await startOver(customers);
  const authorization = `Authorization: ${await gateway.bearer('writer')}\r\n`;
  const path = '/customers/0?page=0x1&tag=a&other=hunter2&page=2';
  const inHead = await rawRequest(
    gateway.port,
    post(path, `${authorization}${json}${close}X-Tenant: Hunter2\r\n`, '{}'),
  );
  expect([statusOf(inHead), fieldsOf(inHead, 'content-type')]).toEqual([400, ['application/problem+json']]);
  expect(problemOf(inHead)).toMatchObject({
    code: 'GW_REQUEST_INVALID',
    type: 'urn:garita:problem:request-invalid',
    errors: [
      { in: 'path', at: 'id', message: 'must be >= 1' },
      { in: 'query', at: 'other', message: 'must NOT have additional properties' },
      { in: 'query', at: 'page', message: 'must be integer' },
      { in: 'header', at: 'x-tenant', message: 'must match pattern "^[a-z]+$"' },
    ],
  });
  const body = '{"password":"hunter2","tags":["a",7],"x/y":1}';
  const inBody = await rawRequest(
    gateway.port,
    post('/customers/1', `${authorization}${json}${close}X-Tenant: north\r\n`, body),
  );
  expect(problemOf(inBody).errors).toEqual([
    { in: 'body', at: '/name', message: "must have required property 'name'" },
    { in: 'body', at: '/x~1y', message: 'must NOT have additional properties' },
    { in: 'body', at: '/password', message: 'must NOT have fewer than 12 characters' },
    { in: 'body', at: '/tags/1', message: 'must be string' },
  ]);
  expect((inHead + inBody).toLowerCase()).not.toContain('hunter2');
  expect(upstream.connections).toBe(0);
  await gateway.logged({ status: 400, error: 'GW_REQUEST_INVALID', route: 'customers' });
});

test('it comes after the token, the scope and the limit', async () => {
  const { gateway, upstream } = await startOver(customers);
  const ask = (fields: string) => rawRequest(gateway.port, post('/customers/x', `${fields}${json}${close}`, 'no JSON'));
  expect(statusOf(await ask(''))).toBe(401);
  expect(statusOf(await ask(`Authorization: ${await gateway.bearer('reader')}\r\n`))).toBe(403);
  const invalid = await ask(`Authorization: ${await gateway.bearer('writer')}\r\n`);
  expect([statusOf(invalid), fieldsOf(invalid, 'ratelimit')]).toEqual([400, ['"client";r=99;t=60']]);
  expect(upstream.connections).toBe(0);
});

describe('the body', () => {
  const anything = open('{ type: object }');

  test.each([
    ['missing', `GET /x HTTP/1.1\r\nHost: a\r\n${close}\r\n`],
    ['missing', `HEAD /x HTTP/1.1\r\nHost: a\r\n${close}\r\n`],
    ['of no bytes', post('/x', json + close, '')],
    ['of no chunks', `POST /x HTTP/1.1\r\nHost: a\r\n${json}${close}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ])('%s: that is told', async (_, bytes) => {
    const { gateway, upstream } = await startOver(anything);
    const answer = await rawRequest(gateway.port, bytes);
    expect(statusOf(answer)).toBe(400);
    if (!bytes.startsWith('HEAD'))
      expect(problemOf(answer).errors).toEqual([{ in: 'body', at: '', message: 'must not be missing' }]);
    expect(upstream.connections).toBe(0);
  });

  test.each([
    ['no type', '', ['Accept', 'application/json']],
    ['another type', 'Content-Type: text/plain\r\n', ['Accept', 'application/json']],
    ['two types', `${json}Content-Type: text/plain\r\n`, ['Accept', 'application/json']],
    ['two types in one', 'Content-Type: application/json, text/plain\r\n', ['Accept', 'application/json']],
    ['another charset', 'Content-Type: application/json; charset=utf-16\r\n', ['Accept', 'application/json']],
    ['compressed', `${json}Content-Encoding: gzip\r\n`, ['Accept-Encoding', 'identity']],
  ])('%s: 415, and it says what is read', async (_, fields, [name, value]) => {
    const { gateway, upstream } = await startOver(anything);
    const answer = await rawRequest(gateway.port, post('/x', fields + close, '{}'));
    expect([statusOf(answer), problemOf(answer).code]).toEqual([415, 'GW_MEDIA_TYPE_UNSUPPORTED']);
    expect(fieldsOf(answer, name!)).toEqual([value]);
    expect(upstream.connections).toBe(0);
  });

  test.each(['application/json', 'Application/JSON ; Charset="UTF-8"', 'application/json;profile=x'])(
    '%s is read',
    async (type) => {
      const { gateway } = await startOver(anything);
      expect(statusOf(await rawRequest(gateway.port, post('/x', `Content-Type: ${type}\r\n${close}`, '{}')))).toBe(200);
    },
  );

  test.each([
    ['{"a":1', 'must be JSON: it is not at position 6'],
    ['{"role":"user","role":"admin"}', 'must not have the key "role" twice in one object'],
    ['{"__proto__":{"role":"admin"}}', 'must not have a key "__proto__"'],
    ['{"a":"\xff"}', 'must be UTF-8'],
    [`{"a":${'['.repeat(64)}${']'.repeat(64)}}`, 'must not be nested deeper than 64 levels'],
  ])('%j: %s', async (body, message) => {
    const { gateway, upstream } = await startOver(anything);
    const bytes = Buffer.from(body, 'latin1');
    const head = `POST /x HTTP/1.1\r\nHost: a\r\n${json}${close}Content-Length: ${bytes.length}\r\n\r\n`;
    const answer = await rawRequest(gateway.port, Buffer.concat([Buffer.from(head), bytes]));
    expect([statusOf(answer), problemOf(answer).errors]).toEqual([400, [{ in: 'body', at: '', message }]]);
    expect(upstream.connections).toBe(0);
  });

  test('chunks are put together: the service gets the same bytes with their length', async () => {
    const { gateway, upstream } = await startOver(anything);
    const caller = await connectRaw(gateway.port);
    caller.write(`POST /x HTTP/1.1\r\nHost: a\r\n${json}${close}Transfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n`);
    await new Promise(setImmediate);
    expect(upstream.connections).toBe(0);
    caller.write('4\r\n":1}\r\n0\r\n\r\n');
    expect(statusOf(await caller.closed)).toBe(200);
    const [seen] = upstream.requests;
    expect([await seen!.body, seen!.header('content-length'), seen!.header('transfer-encoding')]).toEqual([
      '{"a":1}',
      '7',
      undefined,
    ]);
  });

  test('many things are wrong: twenty are told, and of a large body the first one', async () => {
    const { gateway } = await startOver(open('{ type: array, items: { type: integer } }'));
    const ask = async (items: number) =>
      problemOf(await rawRequest(gateway.port, post('/x', json + close, JSON.stringify(Array(items).fill('x')))))
        .errors;
    expect((await ask(3)).map(({ at }) => at)).toEqual(['/0', '/1', '/2']);
    expect(await ask(100)).toHaveLength(20);
    expect(await ask(10_000)).toHaveLength(1);
  });

  test('a long key comes back cut', async () => {
    const { gateway } = await startOver(open('{ type: object, additionalProperties: false }'));
    const body = JSON.stringify({ ['k'.repeat(5000)]: 1 });
    const [error] = problemOf(await rawRequest(gateway.port, post('/x', json + close, body))).errors;
    expect(error!.at).toBe(`/${'k'.repeat(199)}…`);
  });

  test('another instance gets the same bytes when the first refuses the connection', async () => {
    const echo: Script = async (seen, socket) => void socket.write(reply(200, [], await seen.body));
    const upstream = await startScriptedUpstream(echo);
    const instances = [`http://127.0.0.1:${await refusingPort()}`, upstream.url];
    const gateway = await startGateway(
      `services: { things: { balance: round-robin, instances: ${JSON.stringify(instances)} } }\n${anything}`,
    );
    const ask = () => rawRequest(gateway.port, post('/x', json + close, '{"a":1}'));
    expect([await ask(), await ask()].map((answer) => answer.endsWith('{"a":1}'))).toEqual([true, true]);
    await gateway.logged({ path: '/x', attempts: 2 });
  });
});

describe('a body over the bound', () => {
  const small = open('{ type: object }', ', bodyLimit: 10B');

  test('declared: 413 before a byte is read or asked for', async () => {
    const { gateway, upstream } = await startOver(small);
    const caller = await connectRaw(gateway.port);
    caller.write(`POST /x HTTP/1.1\r\nHost: a\r\n${json}Expect: 100-continue\r\nContent-Length: 100000\r\n\r\n`);
    const answer = await caller.closed;
    expect([statusOf(answer), problemOf(answer).code]).toEqual([413, 'GW_BODY_TOO_LARGE']);
    expect(fieldsOf(answer, 'connection')).toEqual(['close']);
    expect(answer).not.toContain('100 Continue');
    expect(upstream.connections).toBe(0);
  });

  test('chunked: 413 when it has come to light', async () => {
    const { gateway, upstream } = await startOver(small);
    const caller = await connectRaw(gateway.port);
    caller.write(`POST /x HTTP/1.1\r\nHost: a\r\n${json}Transfer-Encoding: chunked\r\n\r\n8\r\n{"a":1, \r\n`);
    await new Promise(setImmediate);
    expect(caller.received).toBe('');
    caller.write('3\r\n"b"\r\n');
    const answer = await caller.closed;
    expect([statusOf(answer), problemOf(answer).code]).toEqual([413, 'GW_BODY_TOO_LARGE']);
    expect(upstream.connections).toBe(0);
  });

  test('exactly at the bound it is read', async () => {
    const { gateway } = await startOver(small);
    expect(statusOf(await rawRequest(gateway.port, post('/x', json + close, '{"abcd":1}')))).toBe(200);
  });

  test('the bound of all bodies counts as well', async () => {
    const { gateway } = await startOver(`limits: { body: 5B }\n${small}`);
    expect(statusOf(await rawRequest(gateway.port, post('/x', json + close, '{"a":1}')))).toBe(413);
  });
});

describe('Expect: 100-continue', () => {
  const expecting = `${json}${close}Expect: 100-continue\r\n`;

  test('the body is asked for when the rest of the request fits, and before the service hears of it', async () => {
    const { gateway, upstream } = await startOver(open('{ type: object }'));
    const caller = await connectRaw(gateway.port);
    caller.write(`POST /x HTTP/1.1\r\nHost: a\r\n${expecting}Content-Length: 2\r\n\r\n`);
    expect(await caller.until('100 Continue\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    expect(upstream.connections).toBe(0);
    caller.write('{}');
    expect(await caller.closed).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  });

  test('who is refused for the query is never asked for the body', async () => {
    const { gateway } = await startOver(open('{ type: object }', ', query: { type: object, required: [page] }'));
    const answer = await rawRequest(
      gateway.port,
      `POST /x HTTP/1.1\r\nHost: a\r\n${expecting}Content-Length: 100000\r\n\r\n`,
    );
    expect(statusOf(answer)).toBe(400);
    expect(problemOf(answer).errors).toEqual([
      { in: 'query', at: 'page', message: "must have required property 'page'" },
    ]);
  });
});

test('a caller who leaves while the body is buffered stops it, and nothing is begun', async () => {
  const { gateway, upstream } = await startOver(open('{ type: object }'));
  const caller = await connectRaw(gateway.port);
  caller.write(`POST /x HTTP/1.1\r\nHost: a\r\n${json}Content-Length: 100\r\n\r\n{"a":`);
  await new Promise(setImmediate);
  caller.socket.destroy();
  expect(await gateway.logged({ path: '/x' })).toMatchObject({ status: 499, complete: false });
  await new Promise(setImmediate);
  expect(upstream.connections).toBe(0);
  expect(gateway.log.filter(({ level }) => level === 'error')).toEqual([]);
});

test('the connection serves the next request after a refusal', async () => {
  const { gateway } = await startOver(open('{ type: object }'));
  const caller = await connectRaw(gateway.port);
  caller.write(post('/x', json, '[]'));
  expect(statusOf(await caller.until('must be object'))).toBe(400);
  caller.write(post('/x', json + close, '{}'));
  expect(await caller.closed).toMatch(/HTTP\/1\.1 200 .*done$/s);
});

test('a route without a schema for the body streams it', async () => {
  const { gateway, upstream } = await startOver(
    open('{ type: object }').replace('body: { type: object }', 'query: { type: object }'),
  );
  const caller = await connectRaw(gateway.port);
  caller.write('PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n');
  const seen = await upstream.request(1);
  expect(seen.header('transfer-encoding')).toBe('chunked');
});
