import { AsyncLocalStorage } from 'node:async_hooks';
import OAuth2Server from 'oauth2-server';
import type { AccessToken, TokenIssuer } from '../tokens/issue.ts';
import type { Grant, GrantRequest, GrantServices, Permission } from './grants/grant.ts';
import { grantRefused } from './grants/permit.ts';
import { OAuthError, type OAuthErrorCode } from './oauth-error.ts';

/** What {@link createEngine} needs. */
export interface EngineOptions {
  readonly tokens: TokenIssuer;
  readonly services: GrantServices;
}

/** What a grant came to. */
export interface IssuedTokens {
  readonly accessToken: AccessToken;
  readonly permission: Permission;
}

/** Runs grants through oauth2-server. */
export interface Engine {
  /** Rejects with an OAuthError where the grant is refused, with the original error where something failed. */
  run(grant: Grant, request: GrantRequest): Promise<IssuedTokens>;
}

/** What the model needs to know about the request that it is called for. */
interface Context {
  readonly grant: Grant;
  readonly request: GrantRequest;
  permission?: Permission;
  accessToken?: AccessToken;
}

type Model = OAuth2Server.AuthorizationCodeModel &
  OAuth2Server.RefreshTokenModel &
  OAuth2Server.PasswordModel &
  OAuth2Server.ClientCredentialsModel;

/** The engine compares times with the clock of the machine; the store has done so already, with ours. */
const notOver = new Date(8.64e15);

/**
 * The adapter to oauth2-server, and the only file that knows it. The engine walks the grant: it compares verifier and
 * redirect URI with those of the code, and asks the model for everything else. The endpoint has checked the request and
 * authenticated the client before, and the grant's own file takes what is used up from the store, more strictly than
 * the engine would; so the model hands out what is in the context of the call.
 */
export function createEngine({ tokens, services }: EngineOptions): Engine {
  const { accessTokenLifetime } = services;
  const contexts = new AsyncLocalStorage<Context>();
  const context = (): Context => contexts.getStore()!;
  const permission = (): Permission => context().permission!;

  async function admit(): Promise<Permission> {
    const current = context();
    current.permission = await current.grant.admit(current.request, services);
    return current.permission;
  }

  /** Whatever the engine holds for client and user, it only gives back. */
  const parties = () => ({ client: clientOf(context()), user: permission().user });

  const model: Model = {
    async getClient(clientId) {
      const client = clientOf(context());
      if (client.id !== clientId) throw new Error('The engine asks for another client than the authenticated one.');
      return client;
    },

    // One of these begins each grant. What they give out is used up by then.
    getUserFromClient: async () => (await admit()).user,
    getUser: async () => (await admit()).user,
    async getRefreshToken(refreshToken) {
      const { scopes } = await admit();
      return { refreshToken, scope: [...scopes], ...parties() };
    },
    revokeToken: async () => true,
    async getAuthorizationCode(authorizationCode) {
      const { redirectUri = '', codeChallenge } = (await admit()).code!;
      const challenge = codeChallenge !== undefined && { codeChallenge, codeChallengeMethod: 'S256' };
      return { authorizationCode, redirectUri, expiresAt: notOver, ...challenge, ...parties() };
    },
    revokeAuthorizationCode: async () => true,

    validateScope: async () => [...permission().scopes],
    async generateAccessToken() {
      const { user, scopes, audience, grant } = permission();
      const { subject, roles, claims } = user;
      const from = grant && { grantId: grant.id, authTime: grant.authTime };
      const clientId = context().request.client.id;
      const input = { subject, clientId, audience, scopes, roles, claims, lifetime: accessTokenLifetime, ...from };
      const accessToken = await tokens.issueAccessToken(input);
      context().accessToken = accessToken;
      return accessToken.token;
    },
    // Empty where there is none: otherwise the engine would make one up.
    generateRefreshToken: async () => permission().refreshToken ?? '',
    // An access token is not stored: it is verified by its signature.
    async saveToken(token, client, user) {
      if (!(await permission().confirm())) throw grantRefused('revoked meanwhile');
      return { ...token, client, user };
    },

    // Part of the engine's types, but only its other endpoints, which are not used, would call these.
    getAccessToken: async () => undefined,
    saveAuthorizationCode: async () => undefined,
  };

  // Each grant that is missing here would make the engine ask for the secret again.
  const requireClientAuthentication = {
    client_credentials: false,
    authorization_code: false,
    refresh_token: false,
    password: false,
  };
  const server = new OAuth2Server({ model, accessTokenLifetime, requireClientAuthentication });

  return {
    run(grant, request) {
      const current: Context = { grant, request };
      return contexts.run(current, async () => {
        try {
          await server.token(toEngineRequest(grant, request), new OAuth2Server.Response());
          return { accessToken: current.accessToken!, permission: current.permission! };
        } catch (error) {
          const refusal = translate(error);
          if (refusal instanceof OAuthError) await current.permission?.abandon?.();
          throw refusal;
        }
      });
    },
  };
}

const clientOf = ({ request: { client } }: Context): OAuth2Server.Client => ({
  id: client.id,
  grants: [...client.grants],
});

/** What the engine asks for, and the model finds in the context: it sees no credential. */
const hidden = { code: '-', refresh_token: '-', username: '-', password: '-' };

/** Only what the engine works with; which scopes there are the permission says. */
function toEngineRequest(grant: Grant, { client, form }: GrantRequest): OAuth2Server.Request {
  const compared = ['code_verifier', 'redirect_uri'].map((name) => [name, form.get(name)]);
  const body = { ...hidden, ...Object.fromEntries(compared), client_id: client.id, grant_type: grant.type };
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': '1', // without a length the engine takes the request for one without a body
  };
  return new OAuth2Server.Request({ method: 'POST', headers, query: {}, body });
}

const invalidGrant: [OAuthErrorCode, string] = [
  'invalid_grant',
  'The grant is invalid, expired or not for this client.',
];

/** The engine's refusals that may be passed on, with texts of our own. */
const refusals: ReadonlyMap<string, [OAuthErrorCode, string]> = new Map([
  ['invalid_grant', invalidGrant],
  // What else could be wrong has been looked at: this is a redirect URI that is not the code's (RFC 6749 §5.2).
  ['invalid_request', invalidGrant],
  ['unauthorized_client', ['unauthorized_client', 'The client may not use this grant.']],
  ['unsupported_grant_type', ['unsupported_grant_type', 'This server does not support this grant.']],
]);

/** The engine wraps what the model throws, and puts its text into the answer: unwrap it, and use none of its texts. */
function translate(error: unknown): unknown {
  const { inner, name } = error as { inner?: unknown; name?: string };
  if (inner !== undefined) return inner;
  const refusal = refusals.get(name ?? '');
  return refusal === undefined ? error : new OAuthError(...refusal, { cause: error });
}
