import { type HeaderList, listMembers } from '../model/headers.ts';
import { type AnswerLimits, exchangeText } from './exchange-text.ts';
import { parseDocument } from './parse-document.ts';
import type { Transport } from './transport.ts';

/** What {@link fetchJson} accepts. */
export type DocumentLimits = Omit<AnswerLimits, 'read'>;

/** A JSON document and the header fields that it came with. */
export interface JsonDocument {
  readonly value: unknown;
  readonly headers: HeaderList;
}

/** An answer that is not the document asked for, such as 404 or a redirect. */
export class UnexpectedStatus extends Error {
  constructor(status: number) {
    super(`the answer is ${status} instead of 200`);
    this.name = 'UnexpectedStatus';
  }
}

/**
 * Reads a JSON document with GET. Follows no redirect.
 *
 * @throws TransportError without an answer in time, UnexpectedStatus for any answer but 200, Error for a document that
 * is too large, cut off or not JSON.
 */
export async function fetchJson(transport: Transport, url: URL, limits: DocumentLimits): Promise<JsonDocument> {
  const request = {
    method: 'GET',
    path: `${url.pathname}${url.search}`,
    headers: ['Accept', 'application/json'],
    body: null,
  };
  const { status, headers, text } = await exchangeText(transport, url.origin, request, { ...limits, read: [200] });
  if (status !== 200) throw new UnexpectedStatus(status);
  return { value: parseDocument(text), headers };
}

/** How long a document may be kept by its `Cache-Control: max-age` (RFC 9111 §5.2.2.1), in seconds. */
export function maxAgeOf(headers: HeaderList): number | undefined {
  const members = listMembers(headers, 'cache-control').map((member) => /^max-age="?(\d{1,10})"?$/i.exec(member)?.[1]);
  const seconds = members.find((member) => member !== undefined);
  return seconds === undefined ? undefined : Number(seconds);
}
