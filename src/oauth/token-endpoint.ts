import type { Request } from 'express';
import type { Client } from '../model/client.ts';
import type { TokenIssuer } from '../tokens/issue.ts';
import type { AuthenticateRequest } from './client-authenticator.ts';
import { narrowOrigin } from './cors.ts';
import type { Endpoint } from './endpoint.ts';
import { createEngine } from './engine.ts';
import type { Form } from './form.ts';
import { formEndpoint } from './form-endpoint.ts';
import type { Grant, GrantServices } from './grants/grant.ts';
import { OAuthError } from './oauth-error.ts';
import { createTurns } from './take-turns.ts';

/** What {@link createTokenEndpoint} needs. */
export interface TokenEndpointOptions {
  readonly authenticate: AuthenticateRequest;
  readonly grants: readonly Grant[];
  readonly tokens: TokenIssuer;
  readonly services: GrantServices;
}

/** The answer of RFC 6749 §5.1. */
interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly refresh_token?: string;
  /** Absent where the token is for nothing in particular: an empty one is not allowed (RFC 6749 §3.3). */
  readonly scope?: string;
}

/** `POST /oauth/token` (RFC 6749 §3.2). */
export function createTokenEndpoint({ authenticate, grants, tokens, services }: TokenEndpointOptions): Endpoint {
  const { accessTokenLifetime, log } = services;
  const engine = createEngine({ tokens, services });
  const takeTurns = createTurns();

  async function answer(req: Request, form: Form): Promise<TokenResponse> {
    const client = await authenticate(req, form); //                §3.2.1
    narrowOrigin(req, client); //                                   only the client's own scripts may read on
    const grant = selectGrant(form.get('grant_type'), client); //   §5.2: unsupported is not the same as unauthorized
    const request = { client, form, address: req.ip ?? '' };
    const { accessToken, permission } = await inTurn(form, () => engine.run(grant, request)); // §4
    const { scopes, refreshToken, grant: stored } = permission;
    log.info('token issued', {
      clientId: client.id,
      grant: grant.type,
      scopes,
      jti: accessToken.id,
      ...(stored && { grantId: stored.id }),
    });
    return {
      access_token: accessToken.token,
      token_type: 'Bearer',
      expires_in: accessTokenLifetime,
      ...(refreshToken !== undefined && { refresh_token: refreshToken }),
      ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    };
  }

  /** The first use of a code is over before the second one ends what came of it (§4.1.2). */
  function inTurn<T>(form: Form, run: () => Promise<T>): Promise<T> {
    const code = form.get('code');
    return code === undefined ? run() : takeTurns(code, run);
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
