import type { Client } from '../model/client.ts';
import type { Endpoint } from './endpoint.ts';
import type { Grant } from './grants/grant.ts';
import { authorizationPath, introspectionPath, jwksPath, logoutPath, revocationPath, tokenPath } from './paths.ts';
import { publicDocument } from './public-document.ts';

/** What {@link createMetadataEndpoint} describes. */
export interface MetadataOptions {
  readonly issuer: string;
  readonly scopes: readonly string[];
  readonly grants: readonly Grant[];
  /** The clients of the configuration. */
  readonly clients: readonly Client[];
}

/** The ways in which a client may prove itself where it has to have a secret … */
const withSecret = ['client_secret_basic', 'client_secret_post'];

/** The authorization server's description of itself (RFC 8414 §2): what works, and nothing that does not. */
export function createMetadataEndpoint({ issuer, scopes, grants, clients }: MetadataOptions): Endpoint {
  const forUsers = grants.some((grant) => grant.forUsers);
  // … and where public clients come, too: they have something to do here only if there are users.
  const authenticationMethods = forUsers ? [...withSecret, 'none'] : withSecret;
  const isOffered = ({ type }: Grant) => type !== 'password' || usesPassword(clients);
  const document = {
    issuer,
    ...(forUsers && { authorization_endpoint: issuer + authorizationPath }),
    token_endpoint: issuer + tokenPath,
    jwks_uri: issuer + jwksPath,
    scopes_supported: scopes,
    response_types_supported: forUsers ? ['code'] : [],
    ...(forUsers && { response_modes_supported: ['query'] }),
    grant_types_supported: grants.filter(isOffered).map(({ type }) => type),
    token_endpoint_auth_methods_supported: authenticationMethods,
    revocation_endpoint: issuer + revocationPath,
    revocation_endpoint_auth_methods_supported: authenticationMethods,
    introspection_endpoint: issuer + introspectionPath,
    introspection_endpoint_auth_methods_supported: withSecret,
    ...(forUsers && {
      // Of OpenID Connect RP-Initiated Logout §2.1, which registered it for this document.
      end_session_endpoint: issuer + logoutPath,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    }),
  };
  return publicDocument(() => document);
}

const usesPassword = (clients: readonly Client[]): boolean => clients.some(({ grants }) => grants.includes('password'));
