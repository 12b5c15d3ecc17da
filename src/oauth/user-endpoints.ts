import type { Stores } from '../stores/stores.ts';
import type { OpaqueTokens } from '../tokens/opaque-tokens.ts';
import { createAnswerRepeats } from './answer-repeats.ts';
import type { Audit } from './audit.ts';
import { createAuthorizationEndpoint } from './authorization-endpoint.ts';
import { readAuthorizationRequest } from './authorization-request.ts';
import { createBrowserSessions } from './browser-sessions.ts';
import type { ClientDirectory } from './client-directory.ts';
import { createConsentEndpoint } from './consent-endpoint.ts';
import { createCookies } from './cookies.ts';
import { createScopesToAsk } from './decide-consent.ts';
import type { EndGrants } from './end-grants.ts';
import type { Endpoint } from './endpoint.ts';
import type { Form, Parameters } from './form.ts';
import { createInteractions } from './interactions.ts';
import { type AllowedScopes, createIssueCode } from './issue-code.ts';
import type { OAuthLog } from './log.ts';
import { createLoginEndpoint } from './login-endpoint.ts';
import { createLogoutEndpoint } from './logout-endpoint.ts';
import { createAssetEndpoint, type PageAssets } from './pages/assets.ts';
import { createPages } from './pages/pages.ts';
import { pathsOf } from './paths.ts';
import { createUserSessions } from './user-sessions.ts';
import type { SignIn } from './users/sign-in.ts';
import type { UserDirectory } from './users/user-directory.ts';

/** What {@link createUserEndpoints} needs. */
export interface UserEndpointsOptions {
  readonly issuer: string;
  readonly audience: string;
  /** Every scope with its description for people. */
  readonly scopes: Readonly<Record<string, string>>;
  readonly clients: ClientDirectory;
  readonly stores: Pick<Stores, 'grants' | 'sessions' | 'interactions' | 'consents'>;
  readonly opaqueTokens: OpaqueTokens;
  readonly endGrants: EndGrants;
  readonly audit: Audit;
  readonly directory: Pick<UserDirectory, 'find'>;
  readonly signIn: SignIn;
  readonly allowedScopes: AllowedScopes;
  /** How long a browser stays signed in, in seconds. */
  readonly sessions: { readonly idle: number; readonly max: number };
  /** Whose pages these are, and what they look like. */
  readonly pages: { readonly name: string; readonly assets: PageAssets };
  /** Seconds. */
  readonly accessTokenLifetime: number;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  readonly log: OAuthLog;
}

/** The endpoints that browsers of users visit, by path. */
export function createUserEndpoints(options: UserEndpointsOptions): [string, Endpoint][] {
  const { issuer, stores, clock } = options;
  const { consents, grants } = stores;
  const { assets } = options.pages;
  const cookies = createCookies(issuer);
  const shared = {
    ...options,
    consents,
    grants,
    cookies,
    pages: createPages({ issuer, log: options.log, ...options.pages }),
    sessions: createBrowserSessions({ store: stores.sessions, cookies, clock, ...options.sessions }),
    interactions: createInteractions({ store: stores.interactions, cookies, clock }),
    readRequest: (form: Form, repeated?: Parameters['repeated']) => readAuthorizationRequest(form, options, repeated),
  };
  const steps = { ...shared, scopesToAsk: createScopesToAsk(shared), issueCode: createIssueCode(shared) };
  // Signing in and out needs no directory to know who is there; giving a code does.
  const giving = { ...steps, sessions: createUserSessions({ ...shared, store: stores.sessions }) };

  const answerRepeats = createAnswerRepeats(shared);

  const paths = pathsOf(issuer);
  return [
    [paths.authorization, createAuthorizationEndpoint(giving)],
    [paths.login, answerRepeats(createLoginEndpoint(steps))],
    [paths.consent, answerRepeats(createConsentEndpoint(giving))],
    [paths.logout, createLogoutEndpoint(steps)],
    ...[assets.stylesheet, assets.logo].map((asset): [string, Endpoint] => [
      `${paths.assets}/${asset.name}`,
      createAssetEndpoint(asset),
    ]),
  ];
}
