import type { UsersConfig } from '../../config/users.ts';
import { findByPath } from '../../model/find-by-path.ts';
import type { User } from '../../model/user.ts';

/** Which attributes of a user become roles and claims. */
export type UserMapping = Pick<UsersConfig, 'roles' | 'claims'>;

/** Bytes of roles and claims together, as JSON: they travel in every token, and a header has its bounds. */
const mostBytes = 4_000;

/**
 * The user of this subject with the roles and claims that the configuration takes from the attributes; what is missing or
 * null is left out.
 *
 * @throws Error when the roles are no list of texts, or all of it is too large for tokens. The message names no value.
 */
export function toUser(
  subject: string,
  attributes: Readonly<Record<string, unknown>>,
  { roles: rolesPath, claims: claimPaths }: UserMapping,
): User {
  const roles = findByPath(attributes, rolesPath) ?? [];
  if (!isTexts(roles)) throw new Error(`the attribute ${rolesPath} is not a list of roles`);
  const claims = Object.fromEntries(
    Object.entries(claimPaths)
      .map(([name, path]) => [name, findByPath(attributes, path)] as const)
      .filter(([, value]) => value !== undefined && value !== null),
  );
  if (Buffer.byteLength(JSON.stringify([roles, claims])) > mostBytes) {
    throw new Error(`roles and claims of a user have more than ${mostBytes} bytes`);
  }
  return { subject, roles: [...new Set(roles)], claims };
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');
