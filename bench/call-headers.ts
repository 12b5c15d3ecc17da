import type { Call } from './cases.ts';
import type { RunningTarget } from './targets/target.ts';

// As long as Garita's RS256 tokens, so that each target parses and forwards the same number of bytes.
const placeholder = `Bearer ${'t'.repeat(740)}`;

/** The header fields of a call to this target: every target gets an `Authorization`, whether it checks it or not. */
export function callHeaders(call: Call, { authorization }: RunningTarget): Record<string, string> {
  return {
    Authorization: authorization ?? placeholder,
    ...(call.body !== undefined && { 'Content-Type': 'application/json', 'Content-Length': `${call.body.length}` }),
  };
}
