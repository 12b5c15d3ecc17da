import type { RequestHandler } from 'express';
import type { UsersConfig } from '../config/users.ts';
import type { Stores } from '../stores/stores.ts';
import { createTokenIssuer } from '../tokens/issue.ts';
import type { SigningKeys } from '../tokens/keys.ts';
import { createOpaqueTokens } from '../tokens/opaque-tokens.ts';
import type { Revocations } from '../tokens/revocation.ts';
import type { TokenVerifier } from '../tokens/verify.ts';
import type { Audit } from './audit.ts';
import { createClientAuthenticator } from './client-authenticator.ts';
import type { ClientDirectory } from './client-directory.ts';
import { forScripts } from './cors.ts';
import type { EndGrants } from './end-grants.ts';
import type { Endpoint } from './endpoint.ts';
import type { GrantServices } from './grants/grant.ts';
import { grants as allGrants } from './grants/index.ts';
import { createIntrospectionEndpoint } from './introspection-endpoint.ts';
import { createJwksEndpoint } from './jwks.ts';
import type { OAuthLog } from './log.ts';
import { createMetadataEndpoint } from './metadata.ts';
import { OAuthError } from './oauth-error.ts';
import type { PageAssets } from './pages/assets.ts';
import { pathsOf } from './paths.ts';
import { createResourceMetadataEndpoint } from './resource-metadata.ts';
import { createRevocationEndpoint } from './revocation-endpoint.ts';
import { sendError } from './send-error.ts';
import { createTokenEndpoint } from './token-endpoint.ts';
import { createUserEndpoints } from './user-endpoints.ts';
import { scopesFor } from './users/scopes-for-user.ts';
import type { SignIn } from './users/sign-in.ts';
import type { UserDirectory } from './users/user-directory.ts';

/** What the authorization server needs. */
export interface OAuthOptions {
  /** Absolute URL without a trailing slash; endpoints live below its path. */
  readonly issuer: string;
  /** The usual `aud` of access tokens. */
  readonly audience: string;
  /** Every scope with its description for people. */
  readonly scopes: Readonly<Record<string, string>>;
  readonly clients: ClientDirectory;
  readonly stores: Pick<Stores, 'grants' | 'sessions' | 'interactions' | 'consents'>;
  readonly keys: Pick<SigningKeys, 'current' | 'publicJwks' | 'opaqueSecret'>;
  readonly revocations: Pick<Revocations, 'epoch' | 'revoke'>;
  readonly endGrants: EndGrants;
  readonly audit: Audit;
  /** Verifies the tokens that this server issues, whoever they are for. */
  readonly verifier: Pick<TokenVerifier, 'verify'>;
  /** Without it there is nobody who could sign in, and nowhere to do so. */
  readonly users: UsersOptions | undefined;
  /** Seconds. */
  readonly accessTokenLifetime: number;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  readonly log: OAuthLog;
}

/** Who can sign in, and how. */
export interface UsersOptions {
  readonly directory: Pick<UserDirectory, 'find'>;
  readonly signIn: SignIn;
  /** Scopes that only users with certain roles get. */
  readonly restricted: UsersConfig['scopes'];
  /** How long a browser stays signed in, in seconds. */
  readonly sessions: { readonly idle: number; readonly max: number };
  /** Whose pages these are, and what they look like. */
  readonly pages: { readonly name: string; readonly assets: PageAssets };
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
  const { log } = options;
  const endpoints = createEndpoints(options);
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

function createEndpoints(options: OAuthOptions): ReadonlyMap<string, Endpoint> {
  const { issuer, audience, clients, stores, keys, users, log } = options;
  const services: GrantServices = {
    ...options,
    ...(users === undefined ? nobody : usersOf(users)),
    grants: stores.grants,
    opaqueTokens: createOpaqueTokens({ secret: keys.opaqueSecret }),
  };
  const authenticate = createClientAuthenticator(options);
  const grants = allGrants.filter(({ forUsers }) => users !== undefined || !forUsers);
  const tokenEndpoint = createTokenEndpoint({ authenticate, grants, tokens: createTokenIssuer(options), services });
  const revocationEndpoint = createRevocationEndpoint({ ...options, ...services, authenticate });

  const paths = pathsOf(issuer);
  const scopes = Object.keys(options.scopes);
  const metadata = createMetadataEndpoint({ issuer, scopes, grants, clients: clients.configured });
  const resourceMetadata = createResourceMetadataEndpoint({ issuer, audience, scopes });
  return new Map<string, Endpoint>([
    [paths.token, forScripts(tokenEndpoint, clients, log)],
    [paths.revocation, forScripts(revocationEndpoint, clients, log)],
    [paths.introspection, createIntrospectionEndpoint({ ...options, ...services, authenticate })],
    [paths.jwks, createJwksEndpoint(keys)],
    ...paths.metadata.map((path) => [path, metadata] as const),
    ...(isUrl(audience) ? paths.resourceMetadata.map((path) => [path, resourceMetadata] as const) : []),
    ...(users === undefined ? [] : createUserEndpoints({ ...options, ...users, ...services })),
  ]);
}

/** What grants want to know of users. */
type Users = Pick<GrantServices, 'directory' | 'signIn' | 'allowedScopes'>;

const usersOf = ({ directory, signIn, restricted }: UsersOptions): Users => ({
  directory,
  signIn,
  allowedScopes: (user, scopes) => scopesFor(user, scopes, restricted),
});

/** Where there are no users, nobody is one. */
const nobody: Users = {
  directory: { find: async () => ({ outcome: 'gone' }) },
  signIn: async () => ({ outcome: 'wrong' }),
  allowedScopes: () => [],
};

/** Only what is a URL can be a protected resource (RFC 9728 §1.2). */
const isUrl = (audience: string): boolean => /^https?:\/\/[^#]+$/.test(audience);
