import type { Exchange } from '../../model/exchange.ts';
import { type HeaderList, headersOf, listMembers } from '../../model/headers.ts';
import type { Preflight } from '../policy.ts';

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The origin that a request says it comes from; undefined when it names none, or several. */
export function originOf(headers: HeaderList): string | undefined {
  const [origin, ...others] = headersOf(headers, 'origin');
  return others.length === 0 ? origin : undefined;
}

/** The preflight that a request is; undefined when it is none. */
export function preflightOf({ method, headers }: Pick<Exchange, 'method' | 'headers'>): Preflight | undefined {
  if (method !== 'OPTIONS') return undefined;
  const origin = originOf(headers);
  const [asked, ...others] = headersOf(headers, 'access-control-request-method');
  if (origin === undefined || asked === undefined || others.length > 0 || !token.test(asked)) return undefined;
  const fields = listMembers(headers, 'access-control-request-headers').filter((name) => token.test(name));
  return { origin, method: asked, headers: fields };
}
