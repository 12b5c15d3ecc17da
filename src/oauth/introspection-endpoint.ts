import type { Client } from '../model/client.ts';
import type { Principal } from '../model/principal.ts';
import type { TokenVerifier } from '../tokens/verify.ts';
import { clientAuthenticationFailed } from './client-authentication.ts';
import type { AuthenticateRequest } from './client-authenticator.ts';
import type { Endpoint } from './endpoint.ts';
import { formEndpoint } from './form-endpoint.ts';
import { identifyToken, readToken } from './identify-token.ts';
import type { OAuthLog } from './log.ts';

/** What {@link createIntrospectionEndpoint} needs. */
export interface IntrospectionEndpointOptions {
  readonly authenticate: AuthenticateRequest;
  readonly verifier: TokenVerifier;
  readonly log: OAuthLog;
}

/**
 * `POST /oauth/introspect` (RFC 7662): says what a live token is about, to a client that can keep a secret and that the
 * token was issued to or is for. To anyone else it is as dead as one that is over, revoked or unknown (§2.2, §4).
 */
export function createIntrospectionEndpoint({ authenticate, verifier, log }: IntrospectionEndpointOptions): Endpoint {
  return formEndpoint(async (req, form) => {
    const client = await authenticate(req, form);
    if (client.type !== 'confidential') {
      const reason = 'public, so anyone could be it';
      log.warn('client refused', { clientId: client.id, address: req.ip, reason });
      throw clientAuthenticationFailed(reason);
    }
    const token = identifyToken(readToken(form), verifier);
    return token !== undefined && concerns(token, client) ? describe(token) : { active: false };
  }, log);
}

/** Is this client the one that the token was issued to, or one that it is for? */
function concerns({ clientId, claims }: Principal, { id }: Client): boolean {
  return clientId === id || [claims.aud].flat().includes(id);
}

/** The answer of RFC 7662 §2.2 for a live token. */
function describe({ scopes, clientId, subject, tokenId, expiresAt, claims }: Principal): object {
  return {
    active: true,
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    client_id: clientId,
    token_type: 'Bearer',
    exp: expiresAt,
    iat: claims.iat,
    sub: subject,
    aud: claims.aud,
    iss: claims.iss,
    jti: tokenId,
  };
}
