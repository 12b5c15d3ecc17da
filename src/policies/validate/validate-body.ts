import { GatewayError } from '../../errors/gateway-error.ts';
import type { Exchange } from '../../model/exchange.ts';
import { headersOf, listMembers } from '../../model/headers.ts';
import type { CheckJson } from './compile-schema.ts';
import { type Finding, inBody } from './finding.ts';
import { readJson } from './read-json.ts';

/** What a route wants of the bodies of its requests. */
export interface BodyRules {
  readonly check: CheckJson;
  /** In lower case. */
  readonly mediaTypes: readonly string[];
  /** Bytes of a body that are read for it. */
  readonly limit: number;
}

/** Up to so many bytes everything that is wrong with a body is looked for; a large one could be wrong in too many places. */
const thoroughUpTo = 16_384;

/**
 * What is wrong with the body of an exchange, which is buffered for it. Rejects with 415 before it is read when it is not
 * of a type that is checked, with 413 when it is too large, with 400 when the caller breaks off.
 */
export async function validateBody(exchange: Exchange, { check, mediaTypes, limit }: BodyRules): Promise<Finding[]> {
  const missing = [inBody({ path: [], message: 'must not be missing' })];
  if (!exchange.body.present) return missing;
  checkType(exchange, mediaTypes);
  const bytes = await exchange.body.buffer(limit);
  if (bytes.length === 0) return missing;
  const json = readJson(bytes);
  if (!json.ok) return [inBody({ path: [], message: json.message })];
  return check(json.value, bytes.length <= thoroughUpTo).map(inBody);
}

function checkType({ headers }: Exchange, mediaTypes: readonly string[]): void {
  // What is compressed here is not what the service will read.
  if (listMembers(headers, 'content-encoding').some((coding) => coding.toLowerCase() !== 'identity')) {
    throw new GatewayError('GW_MEDIA_TYPE_UNSUPPORTED', { headers: ['Accept-Encoding', 'identity'] });
  }
  const types = headersOf(headers, 'content-type');
  const [type, ...parameters] = (types[0] ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  const readable = charset === undefined || /^charset="?utf-8"?$/.test(charset);
  if (types.length === 1 && mediaTypes.includes(type!.trim()) && readable) return;
  throw new GatewayError('GW_MEDIA_TYPE_UNSUPPORTED', { headers: ['Accept', mediaTypes.join(', ')] });
}
