import type { CallerCertificate } from '../../src/model/caller-certificate.ts';
import { Exchange } from '../../src/model/exchange.ts';
import type { Principal } from '../../src/model/principal.ts';
import { makeBody } from '../model/make-body.ts';

export interface ExchangeFacts {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: readonly string[];
  readonly host?: string;
  readonly address?: string;
  readonly body?: string;
  readonly principal?: Partial<Principal>;
  readonly proxies?: readonly string[];
  readonly certificate?: CallerCertificate;
}

/** An exchange as the edge makes it, from what matters to a test. */
export function makeExchange(facts: ExchangeFacts = {}): Exchange {
  const exchange = new Exchange({
    id: 'request-1',
    traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-00`,
    method: facts.method ?? 'GET',
    scheme: 'http',
    host: facts.host ?? 'api.example:8080',
    target: { path: facts.path ?? '/things/1', query: facts.query ?? '' },
    address: facts.address ?? '192.0.2.1',
    headers: facts.headers ?? [],
    body: makeBody(facts.body),
    startedAt: 0,
    proxies: facts.proxies,
    certificate: facts.certificate,
  });
  if (facts.principal !== undefined) exchange.principal = makePrincipal(facts.principal);
  return exchange;
}

const makePrincipal = (facts: Partial<Principal>): Principal => ({
  subject: 'ada',
  clientId: 'storefront',
  scopes: ['read'],
  roles: [],
  tokenId: 't',
  grantId: undefined,
  expiresAt: 0,
  claims: {},
  ...facts,
});
