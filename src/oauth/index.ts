import type { RequestHandler } from 'express';
import { createTokenIssuer } from '../tokens/issue.ts';
import type { SigningKeys } from '../tokens/keys.ts';
import type { Revocations } from '../tokens/revocation.ts';
import type { TokenVerifier } from '../tokens/verify.ts';
import { createClientAuthenticator } from './client-authenticator.ts';
import type { ClientDirectory } from './client-directory.ts';
import type { Endpoint } from './endpoint.ts';
import { grants } from './grants/index.ts';
import { createIntrospectionEndpoint } from './introspection-endpoint.ts';
import { createJwksEndpoint } from './jwks.ts';
import type { OAuthLog } from './log.ts';
import { createMetadataEndpoint } from './metadata.ts';
import { OAuthError } from './oauth-error.ts';
import { pathsOf } from './paths.ts';
import { createRevocationEndpoint } from './revocation-endpoint.ts';
import { sendError } from './send-error.ts';
import { createTokenEndpoint } from './token-endpoint.ts';

/** What the authorization server needs. */
export interface OAuthOptions {
  /** Absolute URL without a trailing slash; endpoints live below its path. */
  readonly issuer: string;
  /** `aud` of access tokens. */
  readonly audience: string;
  /** The names of all scopes. */
  readonly scopes: readonly string[];
  readonly clients: ClientDirectory;
  readonly keys: SigningKeys;
  readonly revocations: Revocations;
  /** Verifies the tokens that this server issues. */
  readonly verifier: TokenVerifier;
  /** Seconds. */
  readonly accessTokenLifetime: number;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  readonly log: OAuthLog;
}

/** The authorization server, as the edge sees it. */
export interface OAuth {
  /** Is this canonical path one of the endpoints? */
  handles(path: string): boolean;
  /** Answers for the endpoints; passes on everything else. Goes by `req.path`. */
  readonly router: RequestHandler;
}

/** Puts the authorization server together. */
export function createOAuth(options: OAuthOptions): OAuth {
  const { issuer, keys, log } = options;
  const paths = pathsOf(issuer);
  const authenticate = createClientAuthenticator(options);
  const metadata = createMetadataEndpoint({ issuer, scopes: options.scopes, grants });
  const endpoints = new Map<string, Endpoint>([
    [paths.token, createTokenEndpoint({ ...options, authenticate, grants, tokens: createTokenIssuer(options) })],
    [paths.revocation, createRevocationEndpoint({ ...options, authenticate })],
    [paths.introspection, createIntrospectionEndpoint({ ...options, authenticate })],
    [paths.jwks, createJwksEndpoint(keys)],
    ...paths.metadata.map((path): [string, Endpoint] => [path, metadata]),
  ]);
  return {
    handles: (path) => endpoints.has(path),
    router(req, res, next) {
      const endpoint = endpoints.get(req.path);
      if (endpoint === undefined) return next();
      if (endpoint.methods.includes(req.method)) return endpoint.handle(req, res);
      const headers = { Allow: endpoint.methods.join(', '), 'Cache-Control': 'no-store' };
      sendError(
        res,
        new OAuthError('invalid_request', 'Use one of the methods in Allow.', { status: 405, headers }),
        log,
      );
    },
  };
}
