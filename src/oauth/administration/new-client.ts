import * as z from 'zod';
import { clientMembers } from '../../config/client-members.ts';
import { contradictionsOf } from '../../config/client-rules.ts';
import { suggest } from '../../config/closest.ts';

/** What is said about a new client: as in the configuration, but its secret is made here. */
export function newClient(declaredScopes: readonly string[]) {
  const scopes = clientMembers.scopes.superRefine((names, context) => {
    for (const [index, name] of names.entries()) {
      if (declaredScopes.includes(name)) continue;
      const message = `the scope "${name}" is not declared in oauth.scopes${suggest(name, declaredScopes)}`;
      context.addIssue({ code: 'custom', path: [index], message });
    }
  });
  return z.strictObject({ ...clientMembers, scopes }).superRefine((members, context) => {
    for (const { message, path } of contradictionsOf(members)) context.addIssue({ code: 'custom', path, message });
  });
}
