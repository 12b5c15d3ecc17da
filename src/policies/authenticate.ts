import type { RequestHandler } from 'express';
import { GatewayError } from '../errors/gateway-error.ts';
import { type Exchange, exchangeOf } from '../model/exchange.ts';
import { headersOf } from '../model/headers.ts';
import type { Principal } from '../model/principal.ts';
import { upgradeOf } from '../model/upgrade.ts';
import { TokenError } from '../tokens/token-error.ts';
import { bearerChallenge } from './challenge.ts';
import { moveProtocolTokens } from './protocol-token.ts';

/** Tells who a token speaks for; throws a TokenError when it speaks for nobody. */
export type VerifyToken = (token: string) => Principal | Promise<Principal>;

// RFC 6750 §2.1: the scheme's case does not matter, the token is one b64token.
const bearer = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/**
 * The guard that asks for an access token, in the header only (RFC 6750 §2.1), and says who it speaks for.
 * @param protocolToken whether a WebSocket may bring it among its subprotocols
 */
export function authenticate(verify: VerifyToken, realm: string, protocolToken = false): RequestHandler {
  return (request, _response, next) => {
    const exchange = exchangeOf(request);
    if (protocolToken && upgradeOf(request) !== undefined) exchange.headers = moveProtocolTokens(exchange.headers);
    const token = readToken(exchange, realm);
    const admit = (principal: Principal): void => {
      exchange.principal = principal;
      exchange.token = token;
      next();
    };
    const refuse = (error: unknown): never => {
      throw error instanceof TokenError ? invalid(realm, error) : error;
    };
    let principal: Principal | Promise<Principal>;
    try {
      principal = verify(token);
    } catch (error) {
      return refuse(error);
    }
    // A token that is remembered costs no promise.
    return principal instanceof Promise ? principal.catch(refuse).then(admit) : admit(principal);
  };
}

/** The one token of a request. Throws 400 where there are several or it stands in the URL, 401 where there is none. */
function readToken({ headers, target }: Exchange, realm: string): string {
  const credentials = headersOf(headers, 'authorization');
  if (credentials.length > 1 || carriesTokenInQuery(target.query)) {
    throw new GatewayError('GW_BAD_CREDENTIALS', { headers: bearerChallenge(realm, { error: 'invalid_request' }) });
  }
  const [credential] = credentials;
  if (credential === undefined || !/^Bearer(?: |$)/i.test(credential)) {
    throw new GatewayError('GW_TOKEN_MISSING', { headers: bearerChallenge(realm) });
  }
  const token = bearer.exec(credential)?.[1];
  if (token === undefined) throw invalid(realm, new Error('not a b64token'));
  return token;
}

const invalid = (realm: string, cause: unknown): GatewayError =>
  new GatewayError('GW_TOKEN_INVALID', {
    headers: bearerChallenge(realm, { error: 'invalid_token', description: 'The access token is not valid' }),
    cause,
  });

// A token in a URL ends up in logs and histories: RFC 9700 §4.3.2 forbids it, and two tokens are one too many.
const carriesTokenInQuery = (query: string): boolean => query !== '' && new URLSearchParams(query).has('access_token');
