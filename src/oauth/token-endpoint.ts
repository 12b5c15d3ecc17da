import type { Request, Response } from 'express';
import type { Client } from '../model/client.ts';
import type { TokenIssuer } from '../tokens/issue.ts';
import { authenticateClient } from './client-authentication.ts';
import { readClientCredentials } from './client-credentials.ts';
import type { ClientDirectory } from './client-directory.ts';
import type { Endpoint } from './endpoint.ts';
import { createEngine } from './engine.ts';
import { type Form, readForm } from './form.ts';
import type { Grant } from './grants/grant.ts';
import { createGuessLimit } from './guess-limit.ts';
import type { OAuthLog } from './log.ts';
import { OAuthError } from './oauth-error.ts';
import { resolveScopes } from './scopes.ts';
import { sendError } from './send-error.ts';

/** What {@link createTokenEndpoint} needs. */
export interface TokenEndpointOptions {
  readonly clients: ClientDirectory;
  readonly grants: readonly Grant[];
  readonly tokens: TokenIssuer;
  /** Seconds. */
  readonly accessTokenLifetime: number;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
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
  const { clients, grants, accessTokenLifetime, clock, log } = options;
  const engine = createEngine(options);
  const guessLimit = createGuessLimit(clock);

  async function answer(req: Request, res: Response): Promise<TokenResponse> {
    const form = await readForm(req, res); //                       §3.2: no parameter more than once
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

  async function authenticate(req: Request, form: Form): Promise<Client> {
    const credentials = readClientCredentials(req, form);
    const address = req.ip ?? '';
    const clientId = credentials?.clientId ?? '';
    guessLimit.refuse(address, clientId);
    try {
      return await authenticateClient(credentials, clients);
    } catch (error) {
      if (error instanceof OAuthError) {
        guessLimit.fail(address, clientId);
        log.warn('client refused', { clientId, address, reason: error.cause });
      }
      throw error;
    }
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

  return {
    methods: ['POST'],
    async handle(req, res) {
      res.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
      try {
        res.json(await answer(req, res));
      } catch (error) {
        sendError(res, error, log);
      }
    },
  };
}
