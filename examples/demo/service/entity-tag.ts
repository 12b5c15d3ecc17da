import { hash } from 'node:crypto';
import { Problem } from './problem.ts';

/** The strong entity tag (RFC 9110 §8.8.3) of a representation: equal bytes, equal tag, in whichever instance. */
export function entityTag(body: string): string {
  return `"${hash('sha256', body, 'base64url').slice(0, 22)}"`;
}

/** Whether If-None-Match names the tag, so that a read may be answered 304; compares weakly (RFC 9110 §13.1.2). */
export function namesTag(ifNoneMatch: string, tag: string): boolean {
  return ifNoneMatch.trim() === '*' || listTags(ifNoneMatch).some((listed) => listed.replace(/^W\//, '') === tag);
}

/**
 * Lets a write pass when it has no If-Match or one that names the current state of `resource`; compares strongly
 * (RFC 9110 §13.1.1). Throws a 412 problem otherwise.
 */
export function requireMatch(ifMatch: string | undefined, resource: unknown): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  if (listTags(ifMatch).includes(entityTag(JSON.stringify(resource)))) return;
  throw new Problem(412, 'The resource has changed since it was read. Read it again and repeat the change.');
}

function listTags(field: string): string[] {
  return field.match(/(?:W\/)?"[^"]*"/g) ?? [];
}
