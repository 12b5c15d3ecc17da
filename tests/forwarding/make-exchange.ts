import { Readable } from 'node:stream';
import { Exchange } from '../../src/model/exchange.ts';
import type { Principal } from '../../src/model/principal.ts';
import type { RequestBody } from '../../src/model/request-body.ts';

export interface ExchangeFacts {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: readonly string[];
  readonly host?: string;
  readonly address?: string;
  readonly body?: string;
  readonly principal?: Partial<Principal>;
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
    body: bodyFrom(facts.body),
    startedAt: 0,
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

function bodyFrom(text: string | undefined): RequestBody {
  const bytes = Buffer.from(text ?? '');
  return {
    present: text !== undefined,
    length: bytes.length,
    received: 0,
    complete: true,
    open: () => Readable.from([bytes], { objectMode: false }),
  };
}
