const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const requestLine = new RegExp(`^${token} /[\\x21-\\x7e]* HTTP/1\\.1$`);
const fieldLine = new RegExp(`^${token}:[ \\t]?[\\t\\x20-\\x7e\\x80-\\xff]*$`);

/** Fields that belong to one connection, beside Connection itself, TE and Upgrade. */
const hopByHop = ['keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'trailer', 'expect'];

/**
 * What is wrong with the header of a request as a gateway sends it: one well-formed request in one reading (RFC 9112),
 * one Host, one framing at the most, nothing that belongs to the caller's connection.
 * @param head latin1, without the empty line
 */
export function lintRequest(head: string): string[] {
  const [first = '', ...lines] = head.split('\r\n');
  const faults: string[] = [];
  if (!requestLine.test(first) || first.includes('#')) faults.push(`request line ${JSON.stringify(first)}`);
  for (const line of lines) if (!fieldLine.test(line)) faults.push(`field ${JSON.stringify(line)}`);
  const valuesOf = (name: string): string[] =>
    lines
      .filter((line) => line.slice(0, line.indexOf(':')).toLowerCase() === name)
      .map((line) => line.slice(line.indexOf(':') + 1).trim());
  const require = (holds: boolean, what: string): void => {
    if (!holds) faults.push(`${what}: ${JSON.stringify(head)}`);
  };
  const hosts = valuesOf('host');
  require(hosts.length === 1 && hosts[0] !== '', 'one Host');
  const lengths = valuesOf('content-length');
  const codings = valuesOf('transfer-encoding');
  require(lengths.length + codings.length <= 1, 'one framing');
  require(lengths.every((value) => /^\d+$/.test(value)), 'a length that is a number');
  require(codings.every((value) => value === 'chunked'), 'chunked and nothing else');
  require(valuesOf('te').every((value) => value === 'trailers'), 'TE for trailers only');
  require(hopByHop.every((name) => valuesOf(name).length === 0), 'no field of another connection');
  const isWebSocket = valuesOf('upgrade').join().toLowerCase() === 'websocket';
  require(isWebSocket || valuesOf('upgrade').length === 0, 'no upgrade but to a WebSocket');
  const allowed = isWebSocket ? ['upgrade'] : ['keep-alive', 'close'];
  require(valuesOf('connection').length === 1 &&
    allowed.includes(valuesOf('connection')[0]!.toLowerCase()), `Connection with ${allowed.join(' or ')}`);
  return faults;
}
