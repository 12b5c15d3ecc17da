import type { Revocations } from '../tokens/revocation.ts';
import type { TokenVerifier } from '../tokens/verify.ts';
import type { AuthenticateRequest } from './client-authenticator.ts';
import type { Endpoint } from './endpoint.ts';
import { formEndpoint } from './form-endpoint.ts';
import { identifyToken, readToken } from './identify-token.ts';
import type { OAuthLog } from './log.ts';

/** What {@link createRevocationEndpoint} needs. */
export interface RevocationEndpointOptions {
  readonly authenticate: AuthenticateRequest;
  readonly verifier: TokenVerifier;
  readonly revocations: Revocations;
  readonly log: OAuthLog;
}

/**
 * `POST /oauth/revoke` (RFC 7009): a client takes back a token of its own. A token that is unknown, over or another
 * client's gets the same 200 (§2.2). `token_type_hint` is ignored: it can only speed up a search (§2.1), and there is
 * none.
 */
export function createRevocationEndpoint(options: RevocationEndpointOptions): Endpoint {
  const { authenticate, verifier, revocations, log } = options;
  return formEndpoint(async (req, form) => {
    const client = await authenticate(req, form);
    const token = identifyToken(readToken(form), verifier);
    if (token?.clientId !== client.id) return undefined;
    await revocations.revoke({ level: 'token', id: token.tokenId });
    log.info('token revoked', { clientId: client.id, jti: token.tokenId });
    return undefined;
  }, log);
}
