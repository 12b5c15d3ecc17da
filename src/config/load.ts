import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { checkReferences } from './check-references.ts';
import { checkSecrets } from './check-secrets.ts';
import { parseSource } from './parse-source.ts';
import { applyPorts, type PortOverrides } from './ports.ts';
import { ConfigError } from './problem.ts';
import { type Config, configSchema } from './schema.ts';
import type { ConfigSource } from './source.ts';
import type { Environment } from './substitute.ts';
import type { ListenTls, ServiceTls } from './tls.ts';

/** What to load. */
export interface LoadOptions {
  /** Path of the file; messages show it as it is given here. */
  readonly file: string;
  /** The folder that a relative `file` starts from; by default the current one. */
  readonly folder?: string;
  /** Answers `${NAME}`; its NODE_ENV decides whether demonstration secrets are refused. */
  readonly environment: Environment;
  /** Ports that replace those of the file. */
  readonly overrides?: PortOverrides;
}

/** A decoded configuration and the text that it came from. */
export interface LoadedConfig {
  readonly config: Config;
  readonly source: ConfigSource;
}

/**
 * Loads a configuration file.
 *
 * @throws ConfigError with every problem of the file, or the one that it cannot be read.
 */
export async function loadConfig({ overrides = {}, ...options }: LoadOptions): Promise<LoadedConfig> {
  const { file } = options;
  const text = await readFile(locate(options), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError([{ file, line: 0, column: 0, path: '', message: explainUnreadable(error) }]);
  });
  const { config, source } = parseConfig(text, options);
  return { config: applyPorts(config, overrides), source };
}

/**
 * Decodes the text of a configuration and checks what its parts say about each other. The files of the SQLite store,
 * of the logo and of TLS become absolute paths, taken from the folder of `file`.
 *
 * @throws ConfigError with every problem, in the order of the file.
 */
export function parseConfig(text: string, options: Omit<LoadOptions, 'overrides'>): LoadedConfig {
  const { file, environment } = options;
  const folder = dirname(locate(options));
  const { source, problems, usable } = parseSource(text, file, folder, environment);
  if (!usable) throw new ConfigError(problems);

  const decoded = source.decode(configSchema, source.value, []);
  const found = [
    ...(decoded.ok ? [] : decoded.problems),
    ...checkReferences(source.value).map(({ path, message, at }) => source.problem(path, message, at)),
    ...checkSecrets(source, environment),
  ];
  // A value whose reference could not be replaced is bound to be wrong: saying so twice helps nobody.
  const unread = new Set(problems.map(({ path }) => path).filter((path) => path !== ''));
  const all = [...problems, ...found.filter(({ path }) => !unread.has(path))];
  if (!decoded.ok || all.length > 0) throw new ConfigError(all);
  return { config: placeFiles(decoded.value, folder), source };
}

const locate = ({ file, folder = '.' }: Pick<LoadOptions, 'file' | 'folder'>): string => resolve(folder, file);

function placeFiles(config: Config, folder: string): Config {
  const { store, oauth, listen, services } = config;
  const { logo } = oauth.pages;
  const place = (file: string): string => resolve(folder, file);
  return {
    ...config,
    ...(store.use === 'sqlite' && { store: { use: 'sqlite', with: { file: place(store.with.file) } } }),
    ...(logo !== undefined && { oauth: { ...oauth, pages: { ...oauth.pages, logo: place(logo) } } }),
    ...(listen.tls !== undefined && { listen: { ...listen, tls: placeListenTls(listen.tls, place) } }),
    services: Object.fromEntries(
      Object.entries(services).map(([name, { tls, ...service }]) => [
        name,
        tls === undefined ? service : { ...service, tls: placeServiceTls(tls, place) },
      ]),
    ),
  };
}

type Place = (file: string) => string;

const placeListenTls = ({ certificate, key, clientCertificates, ...tls }: ListenTls, place: Place): ListenTls => ({
  ...tls,
  certificate: place(certificate),
  key: place(key),
  ...(clientCertificates && {
    clientCertificates: { ...clientCertificates, authorities: place(clientCertificates.authorities) },
  }),
});

const placeServiceTls = ({ authorities, certificate, key, ...tls }: ServiceTls, place: Place): ServiceTls => ({
  ...tls,
  ...(authorities !== undefined && { authorities: place(authorities) }),
  ...(certificate !== undefined && { certificate: place(certificate) }),
  ...(key !== undefined && { key: place(key) }),
});

function explainUnreadable(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return 'there is no such file: name one, as in garita check my-garita.yaml';
    case 'EISDIR':
      return 'this is a folder: name the configuration file in it';
    case 'EACCES':
      return 'this file may not be read: its permissions forbid it';
    default:
      return `this file cannot be read: ${error.message}`;
  }
}
