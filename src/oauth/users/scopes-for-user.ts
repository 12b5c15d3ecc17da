import type { UsersConfig } from '../../config/users.ts';
import type { User } from '../../model/user.ts';

/** Those of the scopes that the user may have: the ones that are restricted to roles only with one of these. */
export const scopesFor = (
  { roles }: Pick<User, 'roles'>,
  scopes: readonly string[],
  restricted: UsersConfig['scopes'],
): string[] =>
  scopes.filter(
    (scope) => !Object.hasOwn(restricted, scope) || restricted[scope]!.some((role) => roles.includes(role)),
  );
