import { GatewayError } from '../../errors/gateway-error.ts';
import { bodyOf } from '../../model/body-source.ts';
import { shapedTag, withPlainTags } from '../../model/entity-tags.ts';
import type { Exchange } from '../../model/exchange.ts';
import { type HeaderEdit, type HeaderList, headerOf, headersOf, without } from '../../model/headers.ts';
import type { Reply } from '../../model/reply.ts';
import { findCoding, isJson } from './json-type.ts';
import { readWhole } from './read-whole.ts';
import type { Shape } from './shape.ts';
import { shapeText } from './shape-text.ts';

/** Which replies are brought to another form, and into which. */
export interface ReplyShape {
  readonly shape: Shape;
  /** Tells this form from others in entity tags: eight hexadecimal digits. */
  readonly form: string;
  readonly on: 'success' | 'error' | 'any';
  /** Bytes of a body. */
  readonly limit: number;
}

/**
 * A JSON reply in its public form. A reply that is no JSON, or has no body, passes; JSON that cannot be shaped, because
 * it is too large, coded, a part, or not well-formed, is refused (GatewayError, 502): what a shape hides stays hidden.
 */
export async function shapeReply(reply: Reply, exchange: Exchange, { shape, form, on, limit }: ReplyShape) {
  const { status, headers, body } = reply;
  if (status === 304) return { ...reply, headers: tellKnownTag(headers, exchange.headers, form) };
  if (status === 204 || !concerns(status, on) || !isJson(headers)) return reply;
  const shapedHeaders = describeShaped(headers, form);
  if (exchange.method === 'HEAD') return { ...reply, headers: shapedHeaders };
  const obstacle = findObstacle(reply, limit);
  if (obstacle !== undefined) {
    body.cancel();
    throw failure(obstacle);
  }
  const content = await readWhole(body, limit).catch((error: unknown) => {
    throw exchange.stopped ?? new GatewayError('GW_UPSTREAM_FAILED', { cause: error });
  });
  if (content === undefined) throw failure(tooLarge(limit));
  const shaped = apply(content, (document) => shape(document, exchange.params));
  return { status, headers: [...shapedHeaders, 'Content-Length', String(shaped.length)], body: bodyOf(shaped) };
}

/** Undoes what would keep a service from answering with a whole JSON text, or with 304 to a caller who has its form. */
export const askForWhole =
  (form: string): HeaderEdit =>
  (headers) => [
    ...withPlainTags(without(headers, ['accept-encoding', 'range', 'if-range']), 'if-none-match', form),
    ...['Accept-Encoding', 'identity'],
  ];

function concerns(status: number, on: ReplyShape['on']): boolean {
  if (on === 'any') return true;
  return on === 'success' ? status >= 200 && status < 300 : status >= 400;
}

function findObstacle({ status, headers }: Reply, limit: number): string | undefined {
  if (status === 206) return 'a part of a text';
  return (
    findCoding(headers) ?? (Number(headerOf(headers, 'content-length') ?? 0) > limit ? tooLarge(limit) : undefined)
  );
}

const tooLarge = (limit: number): string => `larger than ${limit} bytes`;

const failure = (reason: string): GatewayError =>
  new GatewayError('GW_TRANSFORM_FAILED', { cause: new Error(`the JSON of the reply is ${reason}`) });

function apply(content: Buffer, change: (document: unknown) => unknown): Buffer {
  try {
    return shapeText(content, change);
  } catch (error) {
    throw failure((error as Error).message);
  }
}

/** Fields about the bytes of a body, which are others now. */
const aboutBytes = [
  ...['content-length', 'content-md5', 'content-digest', 'repr-digest', 'digest', 'accept-ranges', 'trailer'],
];

const describeShaped = (headers: HeaderList, form: string): HeaderList =>
  mapTags(without(headers, aboutBytes), (tag) => shapedTag(tag, form));

/** A 304 does not say of what kind the reply is that it stands for: the caller's own tag does. */
function tellKnownTag(headers: HeaderList, asked: HeaderList, form: string): HeaderList {
  const known = headersOf(asked, 'if-none-match');
  return mapTags(without(headers, ['content-length']), (tag) => {
    const shaped = shapedTag(tag, form);
    return known.some((list) => list.includes(shaped)) ? shaped : tag;
  });
}

const mapTags = (headers: HeaderList, change: (tag: string) => string): HeaderList =>
  headers.map((text, index) => (index % 2 === 1 && headers[index - 1]!.toLowerCase() === 'etag' ? change(text) : text));
