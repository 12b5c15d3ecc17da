import { adminScope } from './admin-scope.ts';
import type { ConfigProblem } from './problem.ts';
import type { Config } from './schema.ts';
import type { ConfigSource } from './source.ts';

/** What a valid configuration had better not say, in the order of the file. */
export function warningsOf({ oauth }: Config, source: ConfigSource): readonly ConfigProblem[] {
  return oauth.clients.flatMap((client, index) => {
    const path = ['oauth', 'clients', index];
    const found: ConfigProblem[] = [];
    const password = client.grants.indexOf('password');
    if (password >= 0) {
      const message = `the client "${client.id}" sees the passwords of its users: prefer authorization_code (RFC 9700 §2.4)`;
      found.push(source.problem([...path, 'grants', password], message));
    }
    const admin = client.scopes.indexOf(adminScope);
    const forUsers = password >= 0 || client.grants.includes('authorization_code');
    if (admin >= 0 && forUsers && oauth.users?.scopes[adminScope] === undefined) {
      const message = `every user of "${client.id}" may administer: name the roles that may under oauth.users.scopes`;
      found.push(source.problem([...path, 'scopes', admin], message));
    }
    return found;
  });
}
