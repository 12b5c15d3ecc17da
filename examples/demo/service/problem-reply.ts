import { STATUS_CODES } from 'node:http';
import type { Problem } from './problem.ts';
import type { Reply } from './reply.ts';

/** The reply that tells a problem. */
export function problemReply({ status, message, extras }: Problem): Reply {
  const { headers, ...members } = extras;
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail: message, ...members }),
  };
}
