import { Exchange, type ExchangeStart } from '../../src/model/exchange.ts';
import type { Principal } from '../../src/model/principal.ts';
import { makeBody } from './make-body.ts';

/** What a test says about an exchange; the rest is an ordinary GET without a body. */
export interface Given extends Partial<Omit<ExchangeStart, 'target' | 'body'>> {
  readonly path?: string;
  readonly query?: string;
  readonly body?: string | Buffer;
  readonly params?: Readonly<Record<string, string>>;
  readonly principal?: Principal;
}

export function makeExchange({ path = '/', query = '', body, params, principal, ...start }: Given = {}) {
  const exchange = new Exchange({
    id: 'request-1',
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`,
    method: 'GET',
    scheme: 'http',
    host: 'api.example.com',
    address: '192.0.2.1',
    headers: [],
    startedAt: 0,
    ...start,
    target: { path, query },
    body: makeBody(body),
  });
  if (params !== undefined) exchange.params = params;
  exchange.principal = principal;
  return exchange;
}

export function makePrincipal(given: Partial<Principal> = {}): Principal {
  return {
    subject: 'ana',
    clientId: 'storefront',
    scopes: [],
    roles: [],
    tokenId: 'token-1',
    grantId: undefined,
    expiresAt: 2_000_000_000,
    claims: {},
    ...given,
  };
}
