/** The `Sec-WebSocket-Accept` that fits a {@link handshake} (RFC 6455 §1.3). */
export const accept = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

/** A client's half of the handshake, with lines of its own. */
export const handshake = (path: string, ...lines: string[]): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: gateway.test',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...lines,
    '\r\n',
  ].join('\r\n');

/** A server's half, with lines of its own. */
export const switching = (...lines: string[]): string =>
  [
    'HTTP/1.1 101 Switching Protocols',
    'Connection: Upgrade',
    'Upgrade: websocket',
    `Sec-WebSocket-Accept: ${accept}`,
    ...lines,
    '\r\n',
  ].join('\r\n');
