import type { Client } from '../model/client.ts';

/** A loopback address in `http`, the port, the rest (RFC 8252 §7.3): never `localhost`, which may lead elsewhere. */
const loopback = /^http:\/\/(127\.0\.0\.1|\[::1\])(?::([1-9]\d{0,4}))?((?:[/?].*)?)$/;

/**
 * May codes of this client be sent there? Compared as it is written, code unit by code unit (RFC 9700 §2.1): nothing is
 * decoded or normalised. A native client may use any port of the loopback address that it registered.
 */
export function matchesRedirectUri(sent: string, { application, redirectUris }: Client): boolean {
  if (redirectUris.includes(sent)) return true;
  return application === 'native' && redirectUris.some((registered) => differsByPort(sent, registered));
}

function differsByPort(sent: string, registered: string): boolean {
  const [, host, port = '80', rest] = loopback.exec(sent) ?? [];
  const known = loopback.exec(registered);
  return host !== undefined && host === known?.[1] && rest === known[3] && Number(port) <= 65_535;
}
