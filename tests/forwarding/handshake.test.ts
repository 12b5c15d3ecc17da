import { checkHandshake, faultOfAnswer } from '../../src/forwarding/handshake.ts';

const key = ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='];
const version = ['Sec-WebSocket-Version', '13'];

test('the handshake of RFC 6455 §1.3 is one', () => {
  expect(() => checkHandshake([...version, ...key])).not.toThrow();
});

test.each([
  ['an older version', ['Sec-WebSocket-Version', '8', ...key]],
  ['no version', key],
  ['two versions', [...version, ...version, ...key]],
  ['a list of versions', ['Sec-WebSocket-Version', '13, 8', ...key]],
])('%s: 426, and the version that is spoken', (_, headers) => {
  expect(() => checkHandshake(headers)).toThrow(
    expect.objectContaining({ status: 426, headers: expect.arrayContaining(['Sec-WebSocket-Version', '13']) }),
  );
});

test.each([
  ['no key', []],
  ['two keys', [...key, ...key]],
  ['a short key', ['Sec-WebSocket-Key', 'AAAA']],
  ['fifteen bytes', ['Sec-WebSocket-Key', 'AAAAAAAAAAAAAAAAAAAA']],
  ['no base64', ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZ!==']],
])('%s: 400', (_, headers) => {
  expect(() => checkHandshake([...version, ...headers])).toThrow(expect.objectContaining({ code: 'GW_BAD_REQUEST' }));
});

describe('an answer', () => {
  const accept = ['Sec-WebSocket-Accept', 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='];
  const upgrade = ['Upgrade', 'WebSocket'];
  const asked = [...key, 'Sec-WebSocket-Protocol', 'a, b'];

  test.each([
    ['the one of RFC 6455 §1.3', [...upgrade, ...accept]],
    ['one with a subprotocol', [...upgrade, ...accept, 'Sec-WebSocket-Protocol', 'b']],
  ])('opens the tunnel: %s', (_, answer) => {
    expect(faultOfAnswer(answer, asked)).toBeUndefined();
  });

  test.each([
    ['no Upgrade', accept],
    ['another protocol', ['Upgrade', 'h2c', ...accept]],
    ['two protocols', ['Upgrade', 'websocket, h2c', ...accept]],
    ['no Sec-WebSocket-Accept', upgrade],
    ['that of another key', [...upgrade, 'Sec-WebSocket-Accept', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=']],
    ['two of them', [...upgrade, ...accept, ...accept]],
    ['a subprotocol that was not offered', [...upgrade, ...accept, 'Sec-WebSocket-Protocol', 'c']],
    ['two subprotocols', [...upgrade, ...accept, 'Sec-WebSocket-Protocol', 'a', 'Sec-WebSocket-Protocol', 'b']],
  ])('does not: %s', (_, answer) => {
    expect(faultOfAnswer(answer, asked)).toEqual(expect.any(String));
  });
});
