import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  type webcrypto,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningAlgorithm, StoredKey } from '../stores/key-store.ts';
import { damaged } from './key-sealing.ts';

/** What a verifier needs of a key (RFC 7517 §4, RFC 7518 §6): public members only. */
export type PublicJwk = { readonly use: 'sig'; readonly alg: SigningAlgorithm; readonly kid: string } & (
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string }
  | { readonly kty: 'EC'; readonly crv: string; readonly x: string; readonly y: string }
);

/** A key, ready for use. Its times are those of the {@link StoredKey}. */
export interface SigningKey {
  /** `kid`. */
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly publicJwk: PublicJwk;
  readonly createdAt: number;
  readonly activeFrom: number;
  readonly removedFrom: number | undefined;
}

const generate = promisify(generateKeyPair);

/**
 * Makes a new key: RSA of 2048 bits for RS256, P-256 for ES256. Times in seconds since the epoch.
 * @param activeFrom when it begins to sign
 */
export async function generateSigningKey(
  algorithm: SigningAlgorithm,
  createdAt: number,
  activeFrom = createdAt,
): Promise<StoredKey> {
  const { privateKey, publicKey } =
    algorithm === 'RS256'
      ? await generate('rsa', { modulusLength: 2048 })
      : await generate('ec', { namedCurve: 'prime256v1' });
  return {
    id: thumbprintOf(publicKey.export({ format: 'jwk' })),
    algorithm,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    createdAt,
    activeFrom,
    removedFrom: undefined,
  };
}

/**
 * Reads a key as the store keeps it.
 *
 * @throws StoreError when it is damaged or not a key of its algorithm.
 */
export function readSigningKey(stored: StoredKey): SigningKey {
  const { id, algorithm } = stored;
  try {
    const privateKey = createPrivateKey(stored.privateKey);
    const publicKey = createPublicKey(privateKey);
    const jwk = publicKey.export({ format: 'jwk' });
    return { ...stored, privateKey, publicKey, publicJwk: describe(jwk, algorithm, id) };
  } catch (cause) {
    throw damaged(`signing key ${id}`, cause);
  }
}

/** Copies the public members by name, so that a private one has no way out. */
function describe(jwk: webcrypto.JsonWebKey, alg: SigningAlgorithm, kid: string): PublicJwk {
  if (alg === 'RS256' && jwk.kty === 'RSA') return { kty: 'RSA', use: 'sig', alg, kid, n: jwk.n!, e: jwk.e! };
  if (alg === 'ES256' && jwk.crv === 'P-256') {
    return { kty: 'EC', use: 'sig', alg, kid, crv: jwk.crv, x: jwk.x!, y: jwk.y! };
  }
  throw new Error(`This is not a key for ${alg}.`);
}

/** RFC 7638 §3: the hash over the required members, in the order of their names. */
function thumbprintOf({ crv, e, kty, n, x, y }: webcrypto.JsonWebKey): string {
  const required = kty === 'RSA' ? { e, kty, n } : { crv, kty, x, y };
  return createHash('sha256').update(JSON.stringify(required)).digest('base64url');
}
