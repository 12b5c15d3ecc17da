import { type HeaderList, listMembers } from '../model/headers.ts';

const prefix = 'bearer.';

/**
 * Moves access tokens that a handshake offers as subprotocols `bearer.<token>` to `Authorization`, where scripts of a page
 * cannot put them: each becomes a field of its own. The subprotocols that are left stay in their order.
 */
export function moveProtocolTokens(headers: HeaderList): HeaderList {
  const offered = listMembers(headers, 'sec-websocket-protocol');
  const tokens = offered.filter((protocol) => protocol.startsWith(prefix));
  if (tokens.length === 0) return headers;
  const out: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]!.toLowerCase() !== 'sec-websocket-protocol') out.push(headers[i]!, headers[i + 1]!);
  }
  const others = offered.filter((protocol) => !protocol.startsWith(prefix));
  if (others.length > 0) out.push('Sec-WebSocket-Protocol', others.join(', '));
  for (const token of tokens) out.push('Authorization', `Bearer ${token.slice(prefix.length)}`);
  return out;
}
