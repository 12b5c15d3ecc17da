import type { Endpoint } from './endpoint.ts';
import type { Grant } from './grants/grant.ts';
import { jwksPath, tokenPath } from './paths.ts';
import { publicDocument } from './public-document.ts';

/** What {@link createMetadataEndpoint} describes. */
export interface MetadataOptions {
  readonly issuer: string;
  readonly scopes: readonly string[];
  readonly grants: readonly Grant[];
}

/** The authorization server's description of itself (RFC 8414 §2): what works, and nothing that does not. */
export function createMetadataEndpoint({ issuer, scopes, grants }: MetadataOptions): Endpoint {
  const document = {
    issuer,
    token_endpoint: issuer + tokenPath,
    jwks_uri: issuer + jwksPath,
    scopes_supported: scopes,
    response_types_supported: [],
    grant_types_supported: grants.map(({ type }) => type),
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  };
  return publicDocument(() => document);
}
