import { demoSecretPrefix } from './client.ts';
import type { Path } from './decode.ts';
import type { ConfigProblem } from './problem.ts';
import type { ConfigSource } from './source.ts';
import type { Environment } from './substitute.ts';

interface Secret {
  /** What it is, for people. */
  readonly noun: string;
  readonly value: string;
  readonly path: Path;
}

/** Where secrets may come from: the environment only, except demonstration secrets outside of production. */
export function checkSecrets(source: ConfigSource, environment: Environment): ConfigProblem[] {
  return [...secretsOfClients(source.value), ...otherSecrets(source.value)].flatMap(({ noun, value, path }) => {
    if (value.startsWith(demoSecretPrefix)) {
      if (environment.NODE_ENV !== 'production') return [];
      const message = `${noun} begins with ${demoSecretPrefix}: it is publicly known, so NODE_ENV=production refuses it`;
      return [source.problem(path, message)];
    }
    if (source.isReference(path)) return [];
    const hash = path[1] === 'clients' ? ', or put the hash ("garita secret" makes both)' : '';
    return [source.problem(path, `secrets do not belong in the file: write \${NAME} and set that variable${hash}`)];
  });
}

function otherSecrets(value: unknown): Secret[] {
  const places: readonly (readonly [string, Path])[] = [
    ['the credential of the users service', ['oauth', 'users', 'with', 'secret']],
    ['the encryption key', ['oauth', 'keys', 'encryptionKey']],
    ['the admin token', ['admin', 'token']],
  ];
  return places.flatMap(([noun, path]) => {
    const found = path.reduce<unknown>(
      (part, key) => (part as Record<string, unknown> | null | undefined)?.[key],
      value,
    );
    return typeof found === 'string' ? [{ noun, value: found, path }] : [];
  });
}

function secretsOfClients(value: unknown): Secret[] {
  const { oauth } = (value ?? {}) as { oauth?: { clients?: unknown } | null };
  const clients: unknown = oauth?.clients;
  if (!Array.isArray(clients)) return [];
  return clients.flatMap((client: { id?: unknown; secret?: unknown } | null, index) => {
    const path: Path = ['oauth', 'clients', index, 'secret'];
    const secret = client?.secret;
    const found = Array.isArray(secret)
      ? secret.map((item: unknown, place) => ({ item, path: [...path, place] }))
      : [{ item: secret, path }];
    return found.flatMap(({ item, path: at }) =>
      typeof item === 'string' ? [{ noun: `the secret of the client "${client?.id}"`, value: item, path: at }] : [],
    );
  });
}
