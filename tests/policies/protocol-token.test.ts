import { moveProtocolTokens } from '../../src/policies/protocol-token.ts';

test('the token goes where tokens belong, the subprotocols stay', () => {
  expect(
    moveProtocolTokens([
      'sec-websocket-protocol',
      'chat.v2, bearer.a.b',
      'A',
      '1',
      'Sec-WebSocket-Protocol',
      'chat.v1',
    ]),
  ).toEqual(['A', '1', 'Sec-WebSocket-Protocol', 'chat.v2, chat.v1', 'Authorization', 'Bearer a.b']);
});

test('nothing is left of a field that only had the token', () => {
  expect(moveProtocolTokens(['Sec-WebSocket-Protocol', 'bearer.x'])).toEqual(['Authorization', 'Bearer x']);
});

test('several tokens are several fields, also beside one that was there', () => {
  expect(moveProtocolTokens(['Authorization', 'Bearer a', 'Sec-WebSocket-Protocol', 'bearer.b,bearer.c'])).toEqual([
    'Authorization',
    'Bearer a',
    'Authorization',
    'Bearer b',
    'Authorization',
    'Bearer c',
  ]);
});

test.each([[[]], [['Sec-WebSocket-Protocol', 'chat, Bearer.x, bearer']]])('%j stays as it is', (headers) => {
  expect(moveProtocolTokens(headers)).toBe(headers);
});
