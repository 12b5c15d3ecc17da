import type { Endpoint } from './endpoint.ts';
import type { Grant } from './grants/grant.ts';
import { introspectionPath, jwksPath, revocationPath, tokenPath } from './paths.ts';
import { publicDocument } from './public-document.ts';

/** What {@link createMetadataEndpoint} describes. */
export interface MetadataOptions {
  readonly issuer: string;
  readonly scopes: readonly string[];
  readonly grants: readonly Grant[];
}

/** The ways in which a client may prove itself, at every endpoint that asks for it. */
const authenticationMethods = ['client_secret_basic', 'client_secret_post'];

/** The authorization server's description of itself (RFC 8414 §2): what works, and nothing that does not. */
export function createMetadataEndpoint({ issuer, scopes, grants }: MetadataOptions): Endpoint {
  const document = {
    issuer,
    token_endpoint: issuer + tokenPath,
    jwks_uri: issuer + jwksPath,
    scopes_supported: scopes,
    response_types_supported: [],
    grant_types_supported: grants.map(({ type }) => type),
    token_endpoint_auth_methods_supported: authenticationMethods,
    revocation_endpoint: issuer + revocationPath,
    revocation_endpoint_auth_methods_supported: authenticationMethods,
    introspection_endpoint: issuer + introspectionPath,
    introspection_endpoint_auth_methods_supported: authenticationMethods,
  };
  return publicDocument(() => document);
}
