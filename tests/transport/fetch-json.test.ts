import { fetchJson, maxAgeOf } from '../../src/transport/fetch-json.ts';
import { createTransport } from '../../src/transport/transport.ts';
import { always, refusingPort, type Script, startScriptedUpstream } from '../support/scripted-upstream.ts';

const transport = createTransport({ connectionsPerInstance: 4 });
afterAll(() => transport.close());

const limits = { maxBytes: 100, timeout: 1_000 };

async function fetchFrom(script: Script, path = '/', further = {}) {
  const upstream = await startScriptedUpstream(script);
  const answer = fetchJson(transport, new URL(path, upstream.url), { ...limits, ...further });
  // The test looks at it later.
  answer.catch(() => {});
  return { upstream, answer };
}

test('reads a document with GET', async () => {
  const { upstream, answer } = await fetchFrom(always(200, ['Cache-Control: max-age=5'], '{"a":[1]}'), '/keys?of=me');
  expect(await answer).toEqual({ value: { a: [1] }, headers: expect.arrayContaining(['max-age=5']) });
  const [seen] = upstream.requests;
  expect([seen!.method, seen!.target, seen!.header('Accept')]).toEqual(['GET', '/keys?of=me', 'application/json']);
});

test('takes as many bytes as it may, and no more', async () => {
  const exactly = `"${'x'.repeat(98)}"`;
  expect((await (await fetchFrom(always(200, [], exactly))).answer).value).toHaveLength(98);
  const { upstream, answer } = await fetchFrom(always(200, [], `${exactly} `));
  await expect(answer).rejects.toThrow('the document has more than 100 bytes');
  await upstream.disconnected();
});

test.each([301, 302, 307, 204, 404, 500])('takes no other status than 200, and follows nobody: %d', async (status) => {
  const { upstream, answer } = await fetchFrom(always(status, ['Location: /elsewhere'], status === 204 ? '' : '{}'));
  await expect(answer).rejects.toMatchObject({
    name: 'UnexpectedStatus',
    message: `the answer is ${status} instead of 200`,
  });
  expect(upstream.requests).toHaveLength(1);
});

test('says nothing of what was in a document that is no JSON', async () => {
  const { answer } = await fetchFrom(always(200, [], 'top secret'));
  await expect(answer).rejects.toThrow(/^the document is not JSON$/);
});

test('a document that is cut off is none', async () => {
  const { answer } = await fetchFrom((_, socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"a":1}'));
  await expect(answer).rejects.toThrow();
});

test.each<[string, Script]>([
  ['that never answers', () => {}],
  ['whose body never ends', (_, socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{')],
])('waits no longer than it may for a server %s', async (_, script) => {
  const { upstream, answer } = await fetchFrom(script, '/', { timeout: 30 });
  await expect(answer).rejects.toThrow(/30 ms/);
  await upstream.disconnected();
});

test('nobody there', async () => {
  const url = new URL(`http://127.0.0.1:${await refusingPort()}/`);
  await expect(fetchJson(transport, url, limits)).rejects.toMatchObject({ failure: 'unreachable' });
});

test.each([
  [['Cache-Control', 'public, max-age=600'], 600],
  [['cache-control', 'no-cache', 'Cache-Control', 'Max-Age="7"'], 7],
  [['Cache-Control', 's-maxage=9'], undefined],
  [['Cache-Control', 'max-age=-1'], undefined],
  [['Cache-Control', 'max-age=x, max-age=3'], 3],
  [[], undefined],
])('max-age of %j: %p', (headers, seconds) => {
  expect(maxAgeOf(headers)).toBe(seconds);
});
