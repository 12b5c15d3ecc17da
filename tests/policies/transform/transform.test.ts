import type * as z from 'zod';
import { transform } from '../../../src/policies/transform/transform.ts';

const complaintsAbout = (options: object): string[] =>
  transform.options.safeParse(options).error?.issues.map((issue) => `${issue.path.join('.')}: ${messageOf(issue)}`) ??
  [];

/** Of a key that is wrong, what is wrong with it: the loader tells it so as well. */
const messageOf = (issue: z.core.$ZodIssue): string =>
  issue.code === 'invalid_key' ? issue.issues[0]!.message : issue.message;

const change = (side: string, edits: object) => complaintsAbout({ [side]: { headers: edits } });

test.each([
  'Host',
  'content-length',
  'Transfer-Encoding',
  'connection',
  'x-user-id',
  'X_User_Id',
  'x.roles',
  'X-Forwarded-For',
  'forwarded',
  'x-request-id',
  'via',
  'expect',
  'traceparent',
])('what the service is told in %s is for the gateway alone', (name) => {
  const message = `${name.toLowerCase()} is for the gateway alone to write: see docs/forwarding.md`;
  expect(change('request', { set: { [name]: 'x' } })).toEqual([`request.headers.set.${name}: ${message}`]);
  expect(change('request', { add: { [name]: 'x' } })).toHaveLength(1);
  expect(change('request', { remove: [name] })).toEqual([`request.headers.remove.0: ${message}`]);
  expect(change('request', { rename: { [name]: 'x-other' } })).toHaveLength(1);
  expect(change('request', { rename: { 'x-other': name } })).toHaveLength(1);
});

test.each([
  ['content-encoding', 'content-encoding has to fit the body, which stays as it is'],
  ['Content-Length', 'content-length has to fit the body, which stays as it is'],
  ['Access-Control-Allow-Origin', 'access-control-allow-origin is for the policy cors to write'],
  ['Keep-Alive', 'keep-alive belongs to the connection'],
  ['Proxy-Authenticate', 'proxy-authenticate belongs to the connection'],
  ['X-Request-Id', 'x-request-id is for the gateway alone to write'],
])('a reply keeps its %s', (name, message) => {
  expect(change('response', { remove: [name] })).toEqual([`response.headers.remove.0: ${message}`]);
});

test('what can be sent on as it is can be changed', () => {
  const edits = { remove: ['cookie', 'Origin'], set: { authorization: 'Basic x', 'x-a': '' }, add: { accept: 'a\tb' } };
  expect(change('request', edits)).toEqual([]);
  expect(change('response', { remove: ['set-cookie', 'server'], set: { 'Cache-Control': 'no-store' } })).toEqual([]);
});

test.each([' x', 'x ', 'a\nb', 'a\r\nX: y', 'ä', '\0'])('%j is no value of a field', (value) => {
  expect(change('request', { set: { 'x-a': value } })).toEqual([
    'request.headers.set.x-a: expected a value in printable ASCII, without spaces around it',
  ]);
});

test('a brace that stands alone, and a capture that the route does not have, are told', () => {
  expect(change('request', { set: { 'x-a': 'a{b' } })).toEqual([
    'request.headers.set.x-a: write {name} for what the path captured, and {{ or }} for a brace',
  ]);
  const value = 'x{id}{of}';
  const edits = { set: { a: value }, add: { b: '{{id}}' } };
  const options = transform.options.parse({
    request: { headers: edits, query: edits, json: { set: { 'a.b': value } } },
    response: { headers: edits, json: { set: { a: 1, b: value } } },
  });
  const route = { id: 'r', methods: undefined, params: new Set(['id']), isPublic: true };
  expect(transform.check(options, route, false).map(({ path, message }) => `${path.join(' ')}: ${message}`)).toEqual([
    'request headers set a: route r captures no {of}',
    'request query set a: route r captures no {of}',
    'request json set a.b: route r captures no {of}',
    'response headers set a: route r captures no {of}',
    'response json set b: route r captures no {of}',
  ]);
});

test.each([
  [{ 404: 204 }, 'response.status.404'],
  [{ 304: 200 }, 'response.status.304'],
  [{ 100: 200 }, 'response.status.100'],
  [{ '4xx': 200 }, 'response.status.4xx'],
  [{ 404: 99 }, 'response.status.404'],
])('a status that stands for another body, or for none, is not mapped: %j', (status, path) => {
  expect(complaintsAbout({ response: { status } })).toEqual([
    `${path}: expected a status from 200 to 599 other than 204, 205, 206 and 304`,
  ]);
});

test('fields are told by their paths', () => {
  const json = { keep: ['a..b'], drop: [''], rename: { 'a.*': 'b' }, set: { '*.a': 1, b: '{' } };
  expect(complaintsAbout({ response: { json } })).toEqual([
    'response.json.keep.0: expected a field such as name, customer.address.city or items.*.note',
    'response.json.drop.0: expected a field such as name, customer.address.city or items.*.note',
    'response.json.rename.a.*: expected a field such as name, customer.address.city or items.*.note, with a name at its end',
    'response.json.set.*.a: expected a field such as name or customer.address.city, without *',
    'response.json.set.b: expected a text, a number, true, false or null; in a text {name} stands for what the path captured; {{ and }} stand for braces',
  ]);
});
