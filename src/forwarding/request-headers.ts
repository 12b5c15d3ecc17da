import { plainTags } from '../model/entity-tags.ts';
import type { Exchange } from '../model/exchange.ts';
import { actsForItself, type Principal } from '../model/principal.ts';
import { acceptsTrailers, hopByHop, nominatedFields } from './hop-by-hop.ts';

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
  'x-client-cert-subject',
  'client-cert',
  'client-cert-chain',
  'x-request-id',
  'x-real-ip',
  'forwarded',
  'traceparent',
]);

/** Fields that the gateway writes anew or answers itself. */
const rewritten: ReadonlySet<string> = new Set([
  ...hopByHop,
  ...gatewayOnly,
  'host',
  'expect',
  'via',
  'authorization',
  'content-length',
]);

/** The header fields of a request as the instance gets it, in the caller's order, the gateway's own ones last. */
export function buildRequestHeaders(exchange: Exchange, options: RequestHeaderOptions): string[] {
  const { headers } = exchange;
  let out: string[] = [];
  const nominated = nominatedFields(headers);
  let via = '';
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]!;
    const lower = name.toLowerCase();
    if (lower === 'via') via += `${headers[i + 1]}, `;
    else if (lower === 'authorization' && options.forwardToken) out.push(name, headers[i + 1]!);
    if (rewritten.has(lower) || nominated?.has(lower) || isForwardingField(lower) || isDisguised(lower)) continue;
    // Whoever changes a thing may have read it compressed, and through another route.
    out.push(name, lower === 'if-match' ? plainTags(headers[i + 1]!) : headers[i + 1]!);
  }
  for (const edit of exchange.headerEdits) out = [...edit(out)];
  // The caller's own length where the body goes through as it comes, that of the bytes where they have been buffered.
  if (exchange.body.length !== undefined) out.push('Content-Length', String(exchange.body.length));
  // Of its kind the one that is meant for who makes the reply, and an instance may look for it.
  if (acceptsTrailers(headers)) out.push('TE', 'trailers');
  if (options.preserveHost) out.push('Host', exchange.host);
  out.push('Via', `${via}1.1 ${options.pseudonym}`);
  pushOrigin(out, exchange);
  out.push('X-Request-Id', exchange.id, 'traceparent', exchange.traceparent);
  if (exchange.principal !== undefined) out.push(...identityHeaders(exchange.principal));
  if (exchange.certificate !== undefined) {
    out.push(
      'X-Client-Cert-Subject',
      textValue(exchange.certificate.subject),
      'Client-Cert',
      exchange.certificate.field,
    );
  }
  return out;
}

/**
 * Whether a field, by its name in lower case, is the gateway's to say and nobody else's: of the connection, the framing,
 * where the request came from, or who is asking, in any spelling that a service might take for one of these.
 */
export const isGatewayField = (name: string): boolean =>
  (rewritten.has(name) && name !== 'authorization') || isForwardingField(name) || isDisguised(name);

// All of them, also those that only some services know: X-Forwarded-User, X-Forwarded-Client-Cert and whatever comes next.
const isForwardingField = (name: string): boolean => name.startsWith('x-forwarded-');

// Many servers fold `_` and `.`, some everything that is no letter or digit, when they hand fields to an application.
function isDisguised(name: string): boolean {
  if (!/[^a-z0-9-]/.test(name)) return false;
  const folded = name.replace(/[^a-z0-9]/g, '-');
  return rewritten.has(folded) || isForwardingField(folded);
}

/** Where the request came from, in both ways of saying it: the caller first, then the trusted proxies on the way. */
function pushOrigin(out: string[], { address, proxies, scheme, host }: Exchange): void {
  let way = address;
  let forwarded = `for=${forwardedNode(address)};host="${host}";proto=${scheme}`;
  for (const proxy of proxies) {
    way += `, ${proxy}`;
    forwarded += `, for=${forwardedNode(proxy)}`;
  }
  out.push('X-Forwarded-For', way, 'X-Forwarded-Proto', scheme, 'X-Forwarded-Host', host, 'Forwarded', forwarded);
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

// The same for text with spaces in it; a percent sign stays recognisable.
const textValue = (text: string): string =>
  text.toWellFormed().replace(/[^\x20-\x24\x26-\x7e]/gu, (character) => encodeURIComponent(character));

// RFC 7239 §6: an IPv6 address stands in brackets and quotes.
const forwardedNode = (address: string): string => (address.includes(':') ? `"[${address}]"` : address);
