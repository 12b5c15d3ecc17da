import { AsyncLocalStorage } from 'node:async_hooks';
import OAuth2Server from 'oauth2-server';
import type { AccessToken, TokenIssuer } from '../tokens/issue.ts';
import type { Grant, GrantRequest, Subject } from './grants/grant.ts';
import { OAuthError, type OAuthErrorCode } from './oauth-error.ts';

/** What {@link createEngine} needs. */
export interface EngineOptions {
  readonly tokens: TokenIssuer;
  /** Seconds. */
  readonly accessTokenLifetime: number;
}

/** Runs grants through oauth2-server. */
export interface Engine {
  /** Rejects with an OAuthError where the grant is refused, with the original error where something failed. */
  run(grant: Grant, request: GrantRequest): Promise<AccessToken>;
}

/** What the model needs to know about the request that it is called for. */
interface Context {
  readonly grant: Grant;
  readonly request: GrantRequest;
  issued?: AccessToken;
}

/**
 * The adapter to oauth2-server, and the only file that knows it. The engine walks the grant; the endpoint has checked
 * the request and authenticated the client before, more strictly than the engine does, so the model only hands out what
 * is in the context of the call.
 */
export function createEngine({ tokens, accessTokenLifetime }: EngineOptions): Engine {
  const contexts = new AsyncLocalStorage<Context>();
  const context = (): Context => contexts.getStore()!;

  const model: OAuth2Server.ClientCredentialsModel = {
    async getClient(clientId) {
      const { client } = context().request;
      if (client.id !== clientId) throw new Error('The engine asks for another client than the authenticated one.');
      return { id: client.id, grants: [...client.grants] };
    },
    getUserFromClient: () => context().grant.resolveSubject(context().request),
    validateScope: async () => [...context().request.scopes],
    async generateAccessToken(_client, user) {
      const { client, scopes } = context().request;
      const { id, roles, claims } = user as Subject;
      const input = { subject: id, clientId: client.id, scopes, roles, claims, lifetime: accessTokenLifetime };
      const issued = await tokens.issueAccessToken(input);
      context().issued = issued;
      return issued.token;
    },
    // An access token is not stored: it is verified by its signature.
    saveToken: async (token, client, user) => ({ ...token, client, user }),
    // Part of the engine's types, but only its resource side, which is not used, would call it.
    getAccessToken: async () => undefined,
  };

  // Each grant that is missing here would make the engine ask for the secret again.
  const requireClientAuthentication = { client_credentials: false };
  const server = new OAuth2Server({ model, accessTokenLifetime, requireClientAuthentication });

  return {
    run(grant, request) {
      const current: Context = { grant, request };
      return contexts.run(current, async () => {
        try {
          await server.token(toEngineRequest(grant, request), new OAuth2Server.Response());
          return current.issued!;
        } catch (error) {
          throw translate(error);
        }
      });
    },
  };
}

/** Only what has been checked: the engine never sees the credentials. */
function toEngineRequest(grant: Grant, { client, form, scopes }: GrantRequest): OAuth2Server.Request {
  const { client_secret: _, ...parameters } = Object.fromEntries(form);
  const body = { ...parameters, client_id: client.id, grant_type: grant.type, scope: scopes.join(' ') || undefined };
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': '1', // without a length the engine takes the request for one without a body
  };
  return new OAuth2Server.Request({ method: 'POST', headers, query: {}, body });
}

/** The engine's refusals that may be passed on, with texts of our own. */
const refusals: ReadonlyMap<string, [OAuthErrorCode, string]> = new Map([
  ['invalid_grant', ['invalid_grant', 'The grant is invalid, expired or not for this client.']],
  ['invalid_scope', ['invalid_scope', 'The requested scope is not allowed.']],
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
