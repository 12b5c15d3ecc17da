import type { Client } from '../model/client.ts';
import type { GrantStore } from '../stores/grant-store.ts';
import type { OpaqueTokens } from '../tokens/opaque-tokens.ts';
import type { Revocations } from '../tokens/revocation.ts';
import type { TokenVerifier } from '../tokens/verify.ts';
import type { Audit } from './audit.ts';
import type { AuthenticateRequest } from './client-authenticator.ts';
import { narrowOrigin } from './cors.ts';
import type { EndGrants } from './end-grants.ts';
import type { Endpoint } from './endpoint.ts';
import { formEndpoint } from './form-endpoint.ts';
import { identifyToken, readToken } from './identify-token.ts';
import type { OAuthLog } from './log.ts';

/** What {@link createRevocationEndpoint} needs. */
export interface RevocationEndpointOptions {
  readonly authenticate: AuthenticateRequest;
  readonly verifier: Pick<TokenVerifier, 'verify'>;
  readonly revocations: Pick<Revocations, 'revoke'>;
  readonly grants: Pick<GrantStore, 'findByRefresh'>;
  readonly endGrants: EndGrants;
  readonly opaqueTokens: OpaqueTokens;
  readonly audit: Audit;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  readonly log: OAuthLog;
}

/**
 * `POST /oauth/revoke` (RFC 7009): a client takes back a token of its own. An access token ends alone, a refresh token,
 * even one that was replaced since, ends its grant with all tokens of it (§2.1). A token that is unknown, over or another client's gets the same 200
 * (§2.2). `token_type_hint` is ignored: it can only speed up a search, and there is none.
 */
export function createRevocationEndpoint(options: RevocationEndpointOptions): Endpoint {
  const { authenticate, verifier, revocations, grants, endGrants, opaqueTokens, audit, clock, log } = options;

  async function revokeRefreshToken(id: string, client: Client, address: string): Promise<void> {
    const found = await grants.findByRefresh(id, clock());
    if (found?.grant.clientId !== client.id) return;
    await endGrants.one(found.grant.id, { actor: client.id, address, detail: 'by the client' });
    log.info('grant revoked', { clientId: client.id, grantId: found.grant.id });
  }

  async function revokeAccessToken(token: string, client: Client, address: string): Promise<void> {
    const principal = identifyToken(token, verifier);
    if (principal?.clientId !== client.id) return;
    const { tokenId, subject, grantId } = principal;
    await revocations.revoke({ level: 'token', id: tokenId });
    const about = { subject, clientId: client.id, address, ...(grantId !== undefined && { grantId }) };
    await audit.record({ type: 'token.revoked', actor: client.id, ...about });
    log.info('token revoked', { clientId: client.id, jti: tokenId });
  }

  return formEndpoint(async (req, form) => {
    const client = await authenticate(req, form);
    narrowOrigin(req, client);
    const token = readToken(form);
    const refresh = opaqueTokens.read('refresh', token);
    const address = req.ip ?? '';
    if (refresh !== undefined) await revokeRefreshToken(refresh, client, address);
    else await revokeAccessToken(token, client, address);
    return undefined;
  }, log);
}
