import { adminScope } from './admin-scope.ts';
import type { ConfigProblem } from './problem.ts';
import type { Config } from './schema.ts';
import type { ConfigSource } from './source.ts';

/** What a valid configuration had better not say, in the order of the file. */
export function warningsOf(config: Config, source: ConfigSource): readonly ConfigProblem[] {
  return [...warnOfListener(config, source), ...warnOfClients(config, source), ...warnOfServices(config, source)];
}

function warnOfListener({ issuer, listen }: Config, source: ConfigSource): readonly ConfigProblem[] {
  if (listen.trustedProxies === undefined || listen.https === 'required' || !issuer.startsWith('https:')) return [];
  const message = 'requests that reach the proxies over plain http are served: say https: required to refuse them';
  return [source.problem(['listen'], message)];
}

function warnOfServices({ services }: Config, source: ConfigSource): readonly ConfigProblem[] {
  return Object.entries(services)
    .filter(([, { tls }]) => tls?.verify === false)
    .map(([name]) =>
      source.problem(['services', name, 'tls', 'verify'], 'whoever is in between can pass for an instance'),
    );
}

function warnOfClients({ oauth }: Config, source: ConfigSource): readonly ConfigProblem[] {
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
