import { createHash } from 'node:crypto';
import { GatewayError } from '../errors/gateway-error.ts';
import { type HeaderList, headersOf, listMembers } from '../model/headers.ts';

/**
 * Refuses a client's half of the handshake that no server could accept (RFC 6455 §4.2.1): an instance that declines what
 * the gateway took for a WebSocket would otherwise read frames as requests. Throws 400, or 426 for another version.
 */
export function checkHandshake(headers: HeaderList): void {
  const versions = headersOf(headers, 'sec-websocket-version');
  if (versions.length !== 1 || versions[0] !== '13') {
    const offer = ['Sec-WebSocket-Version', '13', 'Upgrade', 'websocket', 'Connection', 'Upgrade, close'];
    throw new GatewayError('GW_UPGRADE_REQUIRED', { headers: offer });
  }
  const keys = headersOf(headers, 'sec-websocket-key');
  // Sixteen bytes in base64.
  if (keys.length === 1 && /^[A-Za-z0-9+/]{21}[AQgw]==$/.test(keys[0]!)) return;
  throw new GatewayError('GW_BAD_REQUEST', { cause: new Error('the handshake needs one valid Sec-WebSocket-Key') });
}

/**
 * What is wrong with the 101 of an instance as the answer to a handshake (RFC 6455 §4.1); undefined when it is one.
 * @param asked the header fields that the instance got
 */
export function faultOfAnswer(answer: HeaderList, asked: HeaderList): string | undefined {
  const upgrades = listMembers(answer, 'upgrade');
  if (upgrades.length !== 1 || upgrades[0]!.toLowerCase() !== 'websocket') return 'it upgrades to something else';
  const [accept, ...more] = headersOf(answer, 'sec-websocket-accept');
  if (more.length > 0 || accept !== acceptOf(headersOf(asked, 'sec-websocket-key')[0] ?? ''))
    return 'its Sec-WebSocket-Accept does not fit';
  const chosen = headersOf(answer, 'sec-websocket-protocol');
  const offered = listMembers(asked, 'sec-websocket-protocol');
  if (chosen.length > 1 || chosen.some((protocol) => !offered.includes(protocol)))
    return 'it chose a subprotocol that was not offered';
  return undefined;
}

const acceptOf = (key: string): string =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
