import { GatewayError } from '../../errors/gateway-error.ts';
import type { Exchange } from '../../model/exchange.ts';
import { type HeaderEdit, without } from '../../model/headers.ts';
import { findCoding, isJson } from './json-type.ts';
import type { Shape } from './shape.ts';
import { shapeText } from './shape-text.ts';

/** Fields about the bytes of a body, which are others now. Its length is told by who sends it. */
const dropDigests: HeaderEdit = (headers) =>
  without(headers, ['content-md5', 'content-digest', 'repr-digest', 'digest']);

/**
 * Brings the body of a request, if it has one, to the form that the service gets. Rejects with 415 for what is no JSON,
 * 413 for more than `limit` bytes, 400 for what is no JSON after all: nothing passes by the shape.
 */
export async function shapeRequest(exchange: Exchange, shape: Shape, limit: number): Promise<void> {
  const { body, headers, params } = exchange;
  if (!body.present) return;
  if (!isJson(headers)) throw unsupported(['Accept', 'application/json'], 'the body is not JSON');
  const coding = findCoding(headers);
  if (coding !== undefined) throw unsupported(['Accept-Encoding', 'identity'], `the JSON of the body is ${coding}`);
  const content = await body.buffer(limit);
  try {
    body.replace(shapeText(content, (document) => shape(document, params)));
  } catch (cause) {
    throw new GatewayError('GW_BAD_REQUEST', { detail: 'The body is not the JSON that it is said to be.', cause });
  }
  exchange.headerEdits = [...exchange.headerEdits, dropDigests];
}

const unsupported = (headers: readonly string[], reason: string): GatewayError =>
  new GatewayError('GW_MEDIA_TYPE_UNSUPPORTED', { headers, cause: new Error(reason) });
