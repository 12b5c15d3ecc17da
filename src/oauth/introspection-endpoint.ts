import type { Client } from '../model/client.ts';
import type { Principal } from '../model/principal.ts';
import type { GrantStore } from '../stores/grant-store.ts';
import type { OpaqueTokens } from '../tokens/opaque-tokens.ts';
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
  readonly verifier: Pick<TokenVerifier, 'verify'>;
  readonly grants: Pick<GrantStore, 'findByRefresh'>;
  readonly opaqueTokens: OpaqueTokens;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  readonly log: OAuthLog;
}

/**
 * `POST /oauth/introspect` (RFC 7662): says what a live token is about, to a client that can keep a secret and that the
 * token was issued to or is for. To anyone else it is as dead as one that is over, revoked or unknown (§2.2, §4).
 */
export function createIntrospectionEndpoint(options: IntrospectionEndpointOptions): Endpoint {
  const { authenticate, verifier, grants, opaqueTokens, clock, log } = options;

  async function describeRefreshToken(id: string, client: Client): Promise<object | undefined> {
    const found = await grants.findByRefresh(id, clock());
    if (found?.token === undefined || found.grant.clientId !== client.id) return undefined;
    const { scopes, subject } = found.grant;
    return { ...describeScopes(scopes), client_id: client.id, exp: Math.floor(found.token.expiresAt), sub: subject };
  }

  return formEndpoint(async (req, form) => {
    const client = await authenticate(req, form);
    if (client.type !== 'confidential') {
      const reason = 'public, so anyone could be it';
      log.warn('client refused', { clientId: client.id, address: req.ip, reason });
      throw clientAuthenticationFailed(reason);
    }
    const token = readToken(form);
    const refresh = opaqueTokens.read('refresh', token);
    const found =
      refresh === undefined
        ? describeAccessToken(identifyToken(token, verifier), client)
        : await describeRefreshToken(refresh, client);
    return found === undefined ? { active: false } : { active: true, ...found };
  }, log);
}

/** Is this client the one that the token was issued to, or one that it is for? */
function concerns({ clientId, claims }: Principal, { id }: Client): boolean {
  return clientId === id || [claims.aud].flat().includes(id);
}

/** The members of RFC 7662 §2.2 for a live access token that is this client's concern. */
function describeAccessToken(token: Principal | undefined, client: Client): object | undefined {
  if (token === undefined || !concerns(token, client)) return undefined;
  const { scopes, clientId, subject, tokenId, expiresAt, claims } = token;
  return {
    ...describeScopes(scopes),
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

const describeScopes = (scopes: readonly string[]) => scopes.length > 0 && { scope: scopes.join(' ') };
