import { exchangeText } from '../../src/transport/exchange-text.ts';
import { createTransport } from '../../src/transport/transport.ts';
import { always, startScriptedUpstream } from '../support/scripted-upstream.ts';

const transport = createTransport({ connectionsPerInstance: 2 });
afterAll(() => transport.close());

const limits = { maxBytes: 10, timeout: 1_000, read: [200, 401] };
const question = { method: 'POST', path: '/x?y', headers: ['X-Of', 'test'], body: Buffer.from('añá') };

test('sends what it is given, with its length, and gives back the whole answer', async () => {
  const upstream = await startScriptedUpstream(always(401, ['X-From: upstream'], 'ñ'));
  const answer = await exchangeText(transport, upstream.url, question, limits);
  expect(answer).toEqual({ status: 401, headers: expect.arrayContaining(['X-From', 'upstream']), text: 'ñ' });
  const [seen] = upstream.requests;
  expect([seen!.method, seen!.target, seen!.header('x-of'), seen!.header('content-length')]).toEqual([
    'POST',
    '/x?y',
    'test',
    '5',
  ]);
});

test('the body of a status that does not matter may be as long as it likes', async () => {
  const upstream = await startScriptedUpstream(always(500, [], 'x'.repeat(11)));
  expect(await exchangeText(transport, upstream.url, question, limits)).toMatchObject({ status: 500, text: '' });
});

test('that of one that matters may not', async () => {
  const upstream = await startScriptedUpstream(always(200, [], 'x'.repeat(11)));
  await expect(exchangeText(transport, upstream.url, question, limits)).rejects.toThrow('more than 10 bytes');
  await upstream.disconnected();
});
