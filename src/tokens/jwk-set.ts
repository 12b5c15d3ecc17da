import { createPublicKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';
import type { SigningAlgorithm } from '../stores/key-store.ts';

/** Keys of another issuer. */
export interface PublicKeys {
  /** How many can be used. */
  readonly size: number;
  find(id: string, algorithm: SigningAlgorithm): KeyObject | undefined;
}

const maxKeys = 100;
const maxIdLength = 128;
/** Whoever has one of these can sign, so a key that is published with one proves nothing (RFC 7518 §6). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * Reads a key set (RFC 7517 §5): of its keys those for RS256 (RSA of 2048 to 8192 bits) and ES256 (P-256) that are
 * public, for signatures, and the only one of their id and algorithm. The others are left out: an issuer may have more
 * keys than we know to use.
 *
 * @throws Error when it is no key set, or has more than 100 keys.
 */
export function readJwkSet(document: unknown): PublicKeys {
  const list = (document as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(list)) throw new Error('the document is no key set');
  if (list.length > maxKeys) throw new Error(`the key set has more than ${maxKeys} keys`);
  const keys = new Map<string, KeyObject>();
  const ambiguous = new Set<string>();
  for (const member of list) {
    const read = readJwk(member);
    if (read === undefined) continue;
    const name = nameOf(read.id, read.algorithm);
    if (keys.has(name)) ambiguous.add(name);
    keys.set(name, read.key);
  }
  for (const name of ambiguous) keys.delete(name);
  return { size: keys.size, find: (id, algorithm) => keys.get(nameOf(id, algorithm)) };
}

const nameOf = (id: string, algorithm: SigningAlgorithm): string => `${algorithm} ${id}`;

function readJwk(jwk: unknown): { id: string; algorithm: SigningAlgorithm; key: KeyObject } | undefined {
  if (typeof jwk !== 'object' || jwk === null) return undefined;
  const { kid, kty, alg, use, key_ops: operations, crv, n, e, x, y } = jwk as Record<string, unknown>;
  const algorithm = kty === 'RSA' ? 'RS256' : kty === 'EC' && crv === 'P-256' ? 'ES256' : undefined;
  if (algorithm === undefined || (alg !== undefined && alg !== algorithm)) return undefined;
  if (typeof kid !== 'string' || kid.length > maxIdLength) return undefined;
  if (use !== undefined && use !== 'sig') return undefined;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return undefined;
  if (privateMembers.some((name) => Object.hasOwn(jwk, name))) return undefined;
  const members = algorithm === 'RS256' ? { kty, n, e } : { kty, crv, x, y };
  const key = importKey({ key: members as JsonWebKeyInput['key'], format: 'jwk' });
  return key !== undefined && isStrong(key) ? { id: kid, algorithm, key } : undefined;
}

function importKey(input: JsonWebKeyInput): KeyObject | undefined {
  try {
    return createPublicKey(input);
  } catch {
    return undefined;
  }
}

// The exponent 1 would make every text its own signature, and huge ones cost as much as signing.
function isStrong({ asymmetricKeyDetails: details = {} }: KeyObject): boolean {
  const { modulusLength, publicExponent = 0n } = details;
  if (modulusLength === undefined) return details.namedCurve === 'prime256v1';
  return modulusLength >= 2048 && modulusLength <= 8192 && publicExponent > 2n && publicExponent < 2n ** 32n;
}
