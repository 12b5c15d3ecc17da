import type { SigningKeys } from '../tokens/keys.ts';
import type { Endpoint } from './endpoint.ts';
import { publicDocument } from './public-document.ts';

/** The public keys of this server (RFC 7517 §5). */
export function createJwksEndpoint(keys: Pick<SigningKeys, 'publicJwks'>): Endpoint {
  return publicDocument(() => keys.publicJwks());
}
