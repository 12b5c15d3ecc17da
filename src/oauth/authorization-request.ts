import type { Client } from '../model/client.ts';
import { resolveAudience } from './audience.ts';
import { RedirectError } from './authorization-response.ts';
import type { ClientDirectory } from './client-directory.ts';
import { type Form, parameterRepeated } from './form.ts';
import { OAuthError } from './oauth-error.ts';
import { PageError } from './pages/page-error.ts';
import { readCodeChallenge } from './pkce.ts';
import { matchesRedirectUri } from './redirect-uri.ts';
import { resolveScopes } from './scopes.ts';

/** An authorization request that was found good (RFC 6749 §4.1.1). */
export interface AuthorizationRequest {
  readonly client: Client;
  /** Where the answer goes. */
  readonly redirectUri: string;
  /** The same as the request named it; undefined when it left it to the client's only one. */
  readonly redirectUriSent: string | undefined;
  readonly scopes: readonly string[];
  readonly state: string | undefined;
  /** S256; undefined for a client that opted out of PKCE. */
  readonly codeChallenge: string | undefined;
  /** `aud` of the tokens. */
  readonly audience: string;
  /** What was sent and is known here, by name: read again, it gives the same request. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What a request is held against. */
export interface AuthorizationRules {
  readonly clients: Pick<ClientDirectory, 'find'>;
  /** The usual audience. */
  readonly audience: string;
}

const known = [
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
  'resource',
];

/**
 * Reads an authorization request; parameters that are not known are ignored (RFC 6749 §3.1). `repeated` are the names
 * that came more than once. Rejects with a PageError while it is not certain where an answer may be sent, with a
 * RedirectError from then on, and with a StoreError.
 */
export async function readAuthorizationRequest(
  form: Form,
  { clients, audience }: AuthorizationRules,
  repeated: ReadonlySet<string> = new Set(),
): Promise<AuthorizationRequest> {
  const client = await findClient(form, clients, repeated); //                         §4.1.1 client_id
  const redirectUri = resolveRedirectUri(form, client, repeated); //                   §3.1.2
  const state = repeated.has('state') ? undefined : form.get('state');
  try {
    refuseRepeated(repeated); //                                                       §3.1
    checkResponse(form, client); //                                                    §3.1.1
    return {
      client,
      redirectUri,
      redirectUriSent: form.get('redirect_uri'),
      scopes: resolveScopes(form.get('scope'), client), //                             §3.3
      state,
      codeChallenge: readCodeChallenge(form, client), //                               RFC 7636 §4.3
      audience: resolveAudience(form.get('resource'), client, audience), //            RFC 8707 §2
      parameters: Object.fromEntries([...form].filter(([name]) => known.includes(name))),
    };
  } catch (error) {
    throw error instanceof OAuthError ? new RedirectError({ redirectUri, state }, error) : error;
  }
}

async function findClient(
  form: Form,
  clients: AuthorizationRules['clients'],
  repeated: ReadonlySet<string>,
): Promise<Client> {
  const id = form.get('client_id');
  const client = id === undefined || repeated.has('client_id') ? undefined : await clients.find(id);
  if (client === undefined) throw new PageError('unknown-client');
  return client;
}

function resolveRedirectUri(form: Form, client: Client, repeated: ReadonlySet<string>): string {
  const sent = form.get('redirect_uri');
  const [only, ...others] = client.redirectUris;
  if (repeated.has('redirect_uri') || only === undefined) throw new PageError('bad-redirect');
  if (sent === undefined && others.length === 0) return only;
  if (sent === undefined || !matchesRedirectUri(sent, client)) throw new PageError('bad-redirect');
  return sent;
}

function refuseRepeated(repeated: ReadonlySet<string>): void {
  const [first] = repeated;
  if (first !== undefined) throw parameterRepeated(first);
}

function checkResponse(form: Form, client: Client): void {
  const type = form.get('response_type');
  if (type === undefined) throw new OAuthError('invalid_request', 'The parameter response_type is missing.');
  if (type !== 'code') throw new OAuthError('unsupported_response_type', 'The parameter response_type must be code.');
  if ((form.get('response_mode') ?? 'query') !== 'query') {
    throw new OAuthError('invalid_request', 'The parameter response_mode must be query.');
  }
  if (!client.grants.includes('authorization_code')) {
    throw new OAuthError('unauthorized_client', 'The client may not use this grant.');
  }
}
