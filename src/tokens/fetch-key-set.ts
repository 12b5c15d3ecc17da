import { isFetchable } from '../config/external-issuer.ts';
import { fetchJson, maxAgeOf, UnexpectedStatus } from '../transport/fetch-json.ts';
import type { Transport } from '../transport/transport.ts';
import { type PublicKeys, readJwkSet } from './jwk-set.ts';

/** Whose keys to fetch, and how. */
export interface KeySetSource {
  readonly issuer: string;
  /** Where the key set is; undefined to look it up in the issuer's metadata. */
  readonly keys: string | undefined;
  readonly transport: Transport;
}

/** Keys as they were just fetched. */
export interface FetchedKeys {
  readonly keys: PublicKeys;
  /** How long they may be kept by what the issuer says, in seconds. */
  readonly maxAge: number | undefined;
}

const limits = { maxBytes: 64_000, timeout: 2_000 };

/** Makes what fetches the key set of an issuer. It rejects with the reason, for the log, when there is none. */
export function createKeySetFetcher({ issuer, keys, transport }: KeySetSource): () => Promise<FetchedKeys> {
  const known = keys === undefined ? undefined : new URL(keys);
  let found: URL | undefined;
  return async () => {
    const url = known ?? found ?? (await locateKeys(issuer, transport));
    // Looked up again after a failure only: key sets seldom move.
    found = undefined;
    const { value, headers } = await fetchJson(transport, url, limits);
    const set = readJwkSet(value);
    found = url;
    return { keys: set, maxAge: maxAgeOf(headers) };
  };
}

/** Finds the key set by the issuer's metadata: RFC 8414 §3, or OpenID Connect Discovery 1.0 §4. */
async function locateKeys(issuer: string, transport: Transport): Promise<URL> {
  let missing: UnexpectedStatus | undefined;
  for (const url of metadataUrls(issuer)) {
    try {
      const { value } = await fetchJson(transport, url, limits);
      return readKeysUrl(value, issuer);
    } catch (error) {
      if (!(error instanceof UnexpectedStatus)) throw error;
      missing = error;
    }
  }
  throw new Error(`no metadata at the issuer: ${missing?.message}`);
}

/** RFC 8414 puts the well-known part before the path of the issuer, OpenID Connect, and many issuers, behind it. */
function metadataUrls(issuer: string): URL[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const urls = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/oauth-authorization-server`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
  return [...new Set(urls)].map((url) => new URL(url));
}

/**
 * Where the metadata of an issuer says that its keys are. Metadata that name another issuer are somebody else's
 * (RFC 8414 §3.3), and one that is reached by https has no say about what is on this machine.
 *
 * @throws Error when there is no such place.
 */
export function readKeysUrl(metadata: unknown, issuer: string): URL {
  const { issuer: named, jwks_uri: keys } = (metadata ?? {}) as { issuer?: unknown; jwks_uri?: unknown };
  if (named !== issuer) throw new Error('the metadata names another issuer');
  const url = typeof keys === 'string' ? URL.parse(keys) : null;
  if (url === null || !isFetchable(url) || (isSecure(issuer) && url.protocol !== 'https:'))
    throw new Error('the metadata names no key set that can be fetched safely');
  return url;
}

const isSecure = (url: string): boolean => url.startsWith('https:');
