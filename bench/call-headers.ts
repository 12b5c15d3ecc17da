import type { Call } from './cases.ts';
import type { RunningTarget } from './targets/target.ts';

// As long as Garita's RS256 tokens, so that each target parses and forwards the same number of bytes.
const placeholder = `Bearer ${'t'.repeat(740)}`;

/** The header fields of a call to this target: every target gets an `Authorization`, whether it checks it or not. */
export function callHeaders(
  { as, body }: Pick<Call, 'as' | 'body'>,
  { bearer, client }: Pick<RunningTarget, 'bearer' | 'client'>,
): Record<string, string> {
  return {
    Authorization: (as === 'client' ? client : bearer) ?? placeholder,
    ...(body && { 'Content-Type': body.type, 'Content-Length': `${body.text.length}` }),
  };
}
