import type { Exchange } from '../model/exchange.ts';
import { actsForItself, type Principal } from '../model/principal.ts';
import { hopByHop, nominatedFields } from './hop-by-hop.ts';

/** What a service asks of the requests that it gets. */
export interface RequestHeaderOptions {
  /** Send the caller's Host; otherwise the instance's own address is the Host. */
  readonly preserveHost: boolean;
  /** Send the caller's access token along. */
  readonly forwardToken: boolean;
  /** What this gateway calls itself in `Via`. */
  readonly pseudonym: string;
}

/** Fields that only the gateway may say: a caller's own are dropped, however they are spelled. */
const gatewayOnly: ReadonlySet<string> = new Set([
  'x-user-id',
  'x-client-id',
  'x-scopes',
  'x-roles',
  'x-request-id',
  'x-real-ip',
  'forwarded',
  'traceparent',
]);

/** Fields that the gateway writes anew or answers itself. */
const rewritten: ReadonlySet<string> = new Set([...hopByHop, ...gatewayOnly, 'host', 'expect', 'via', 'authorization']);

/** The header fields of a request as the instance gets it, in the caller's order, the gateway's own ones last. */
export function buildRequestHeaders(exchange: Exchange, options: RequestHeaderOptions): string[] {
  const { headers } = exchange;
  const out: string[] = [];
  const nominated = nominatedFields(headers);
  let via = '';
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]!;
    const lower = name.toLowerCase();
    if (lower === 'via') via += `${headers[i + 1]}, `;
    else if (lower === 'authorization' && options.forwardToken) out.push(name, headers[i + 1]!);
    if (rewritten.has(lower) || nominated?.has(lower) || isForwardingField(lower) || isDisguised(lower)) continue;
    out.push(name, headers[i + 1]!);
  }
  if (options.preserveHost) out.push('Host', exchange.host);
  const { address } = exchange;
  out.push('Via', `${via}1.1 ${options.pseudonym}`);
  out.push('X-Forwarded-For', address, 'X-Forwarded-Proto', exchange.scheme, 'X-Forwarded-Host', exchange.host);
  out.push('Forwarded', `for=${forwardedNode(address)};host="${exchange.host}";proto=${exchange.scheme}`);
  out.push('X-Request-Id', exchange.id, 'traceparent', exchange.traceparent);
  if (exchange.principal !== undefined) out.push(...identityHeaders(exchange.principal));
  return out;
}

// All of them, also those that only some services know: X-Forwarded-User, X-Forwarded-Client-Cert and whatever comes next.
const isForwardingField = (name: string): boolean => name.startsWith('x-forwarded-');

// Many servers fold `_` and `.`, some everything that is no letter or digit, when they hand fields to an application.
function isDisguised(name: string): boolean {
  if (!/[^a-z0-9-]/.test(name)) return false;
  const folded = name.replace(/[^a-z0-9]/g, '-');
  return rewritten.has(folded) || folded === 'content-length' || isForwardingField(folded);
}

function identityHeaders(principal: Principal): readonly string[] {
  return [
    ...(actsForItself(principal) ? [] : ['X-User-Id', fieldValue(principal.subject)]),
    ...['X-Client-Id', fieldValue(principal.clientId), 'X-Scopes', principal.scopes.join(' ')],
    ...(principal.roles.length === 0 ? [] : ['X-Roles', principal.roles.map(fieldValue).join(' ')]),
  ];
}

// A claim may hold any character, a field may not: what is not plain visible ASCII is percent-encoded.
const fieldValue = (text: string): string =>
  /^[\x21-\x24\x26-\x7e]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed());

// RFC 7239 §6: an IPv6 address stands in brackets and quotes.
const forwardedNode = (address: string): string => (address.includes(':') ? `"[${address}]"` : address);
