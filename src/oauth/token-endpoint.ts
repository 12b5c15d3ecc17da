import type { Request } from 'express';
import type { Client } from '../model/client.ts';
import type { TokenIssuer } from '../tokens/issue.ts';
import type { AuthenticateRequest } from './client-authenticator.ts';
import type { Endpoint } from './endpoint.ts';
import { createEngine } from './engine.ts';
import type { Form } from './form.ts';
import { formEndpoint } from './form-endpoint.ts';
import type { Grant } from './grants/grant.ts';
import type { OAuthLog } from './log.ts';
import { OAuthError } from './oauth-error.ts';
import { resolveScopes } from './scopes.ts';

/** What {@link createTokenEndpoint} needs. */
export interface TokenEndpointOptions {
  readonly authenticate: AuthenticateRequest;
  readonly grants: readonly Grant[];
  readonly tokens: TokenIssuer;
  /** Seconds. */
  readonly accessTokenLifetime: number;
  readonly log: OAuthLog;
}

/** The answer of RFC 6749 §5.1. */
interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  /** Absent where the token is for nothing in particular: an empty one is not allowed (RFC 6749 §3.3). */
  readonly scope?: string;
}

/** `POST /oauth/token` (RFC 6749 §3.2). */
export function createTokenEndpoint(options: TokenEndpointOptions): Endpoint {
  const { authenticate, grants, accessTokenLifetime, log } = options;
  const engine = createEngine(options);

  async function answer(req: Request, form: Form): Promise<TokenResponse> {
    const client = await authenticate(req, form); //                §3.2.1
    const grant = selectGrant(form.get('grant_type'), client); //   §5.2: unsupported is not the same as unauthorized
    const scopes = resolveScopes(form.get('scope'), client); //     §3.3
    const { token, id } = await engine.run(grant, { client, form, scopes }); // §4
    log.info('token issued', { clientId: client.id, grant: grant.type, scopes, jti: id });
    const scope = scopes.join(' ');
    return {
      access_token: token,
      token_type: 'Bearer',
      expires_in: accessTokenLifetime,
      ...(scope !== '' && { scope }),
    };
  }

  function selectGrant(type: string | undefined, client: Client): Grant {
    if (type === undefined) throw new OAuthError('invalid_request', 'The parameter grant_type is missing.');
    const grant = grants.find((candidate) => candidate.type === type);
    if (grant === undefined) {
      throw new OAuthError('unsupported_grant_type', 'This server does not support this grant.');
    }
    if (!client.grants.includes(grant.type)) {
      throw new OAuthError('unauthorized_client', 'The client may not use this grant.');
    }
    return grant;
  }

  return formEndpoint(answer, log);
}
