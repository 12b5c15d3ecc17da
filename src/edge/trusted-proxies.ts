import { BlockList, isIPv6 } from 'node:net';
import type { TrustedProxies } from '../config/schema.ts';
import { namedRanges, parseRange } from '../config/trusted-proxies.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { type HeaderList, headersOf, listMembers } from '../model/headers.ts';
import { type ForwardedElement, parseForwarded } from './forwarded.ts';
import { readForwardedFor, readNode } from './node-address.ts';

/** How a request came to the gateway. */
export interface Way {
  /** Who sent it: the nearest address that no trusted proxy has. */
  readonly address: string;
  /** The trusted proxies that it went through since, the nearest last. */
  readonly proxies: readonly string[];
  readonly scheme: 'http' | 'https';
  /** The host that was asked for, when the proxies say so. */
  readonly host: string | undefined;
  /** The port that was asked for, likewise. */
  readonly port: number | undefined;
}

/** The proxies whose word counts. */
export interface ProxyTrust {
  isTrusted(address: string): boolean;
  /**
   * What a trusted peer says of a request's way. What it does not say is as for any other caller.
   * Throws {@link GatewayError} 400 for fields that are malformed or contradict themselves: they decide who is limited
   * and who passes for secure, so that no guess would be safe.
   * @param scheme that of the connection
   */
  read(headers: HeaderList, peer: string, scheme: Way['scheme']): Way;
}

/** Compiles `listen.trustedProxies`. */
export function createProxyTrust({ addresses, fields }: TrustedProxies): ProxyTrust {
  const isTrusted = compileRanges(addresses);
  const counts = new Set<string>(fields);
  return {
    isTrusted,
    read: (headers, peer, scheme) =>
      counts.has('forwarded')
        ? readForwarded(headers, { peer, scheme, isTrusted })
        : readXForwarded(headers, { peer, scheme, isTrusted, counts }),
  };
}

function compileRanges(written: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of written.flatMap((entry) => namedRanges[entry] ?? [entry])) {
    const { address, prefix, family } = parseRange(range)!;
    list.addSubnet(address, prefix, family);
  }
  return (address) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

interface Connection {
  readonly peer: string;
  readonly scheme: Way['scheme'];
  readonly isTrusted: (address: string) => boolean;
}

function readXForwarded(headers: HeaderList, from: Connection & { readonly counts: ReadonlySet<string> }): Way {
  const saidIn = (name: string): string | undefined => {
    const [value, ...more] = from.counts.has(name) ? headersOf(headers, name) : [];
    if (more.length > 0) throw malformed(name);
    return value;
  };
  const hops = from.counts.has('x-forwarded-for') ? listMembers(headers, 'x-forwarded-for') : [];
  const { address, proxies } = walk(hops, from, (hop) => readForwardedFor(hop) ?? refuse('X-Forwarded-For'));
  const port = saidIn('x-forwarded-port');
  if (port !== undefined && !/^[1-9]\d{0,4}$/.test(port)) throw malformed('X-Forwarded-Port');
  return {
    address,
    proxies,
    scheme: readScheme(saidIn('x-forwarded-proto'), 'X-Forwarded-Proto') ?? from.scheme,
    host: saidIn('x-forwarded-host'),
    port: port === undefined ? undefined : Number(port),
  };
}

function readForwarded(headers: HeaderList, from: Connection): Way {
  const hops = headersOf(headers, 'forwarded').flatMap((line) => parseForwarded(line) ?? refuse('Forwarded'));
  const nodeOf = ({ for: node }: ForwardedElement): string =>
    node === undefined ? 'unknown' : (readNode(node) ?? refuse('Forwarded'));
  const { address, proxies, last } = walk(hops, from, nodeOf);
  const scheme = readScheme(last?.proto, 'Forwarded') ?? from.scheme;
  return { address, proxies, scheme, host: last?.host, port: undefined };
}

/**
 * Goes back along the way, from the nearest hop, for as long as the one who reports it is trusted: what is further away
 * is only what the caller says. A hop that is hidden ends it; the proxy that hides it counts as the caller then.
 */
function walk<Hop>(hops: readonly Hop[], { peer, isTrusted }: Connection, nodeOf: (hop: Hop) => string) {
  const proxies: string[] = [];
  let address = peer;
  let last: Hop | undefined;
  for (let i = hops.length - 1; i >= 0 && isTrusted(address); i -= 1) {
    last = hops[i]!;
    const node = nodeOf(last);
    if (node === 'unknown') break;
    proxies.unshift(address);
    address = node;
  }
  return { address, proxies, last };
}

function readScheme(written: string | undefined, field: string): Way['scheme'] | undefined {
  if (written === undefined) return undefined;
  const scheme = schemes.get(written.toLowerCase());
  if (scheme === undefined) throw malformed(field);
  return scheme;
}

// Some proxies say of a WebSocket that it came over one.
const schemes: ReadonlyMap<string, Way['scheme']> = new Map([
  ['http', 'http'],
  ['https', 'https'],
  ['ws', 'http'],
  ['wss', 'https'],
]);

const malformed = (field: string): GatewayError =>
  new GatewayError('GW_BAD_REQUEST', {
    cause: new Error(`a trusted proxy sent ${field} that cannot be read in one way`),
  });

function refuse(field: string): never {
  throw malformed(field);
}
