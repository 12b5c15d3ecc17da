import { demoSecretPrefix } from './client.ts';
import type { Path } from './decode.ts';
import type { ConfigProblem } from './problem.ts';
import type { ConfigSource } from './source.ts';
import type { Environment } from './substitute.ts';

/** Where client secrets may come from: the environment only, except demonstration secrets outside of production. */
export function checkSecrets(source: ConfigSource, environment: Environment): ConfigProblem[] {
  return secretsOf(source.value).flatMap(({ client, secret, path }) => {
    if (secret.startsWith(demoSecretPrefix)) {
      if (environment.NODE_ENV !== 'production') return [];
      const message = `the secret of ${client} begins with ${demoSecretPrefix}: it is publicly known, so NODE_ENV=production refuses it`;
      return [source.problem(path, message)];
    }
    if (source.isReference(path)) return [];
    const instead = `write \${NAME} and set that variable, or put the hash ("garita secret" makes both)`;
    return [source.problem(path, `secrets do not belong in the file: ${instead}`)];
  });
}

function secretsOf(value: unknown): { client: string; secret: string; path: Path }[] {
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
      typeof item === 'string' ? [{ client: `the client "${client?.id}"`, secret: item, path: at }] : [],
    );
  });
}
