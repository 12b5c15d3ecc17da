import { entityTag } from './entity-tag.ts';

/** What a handler answers; an empty body sends none. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A JSON reply. */
export function jsonReply(value: unknown, headers: Record<string, string> = {}, status = 200): Reply {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** A JSON reply with the strong entity tag of its content, so that callers can ask and write conditionally. */
export function taggedReply(value: unknown, headers: Record<string, string>, status = 200): Reply {
  const body = JSON.stringify(value);
  return { status, headers: { 'Content-Type': 'application/json', ETag: entityTag(body), ...headers }, body };
}

/** The reply to a deletion that was done. */
export const noContent: Reply = { status: 204, headers: {}, body: '' };
