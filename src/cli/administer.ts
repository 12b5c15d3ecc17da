import { loadConfig } from '../config/load.ts';
import type { ConfigSource } from '../config/source.ts';
import { type Address, urlOf } from '../config/values.ts';
import type { Administration, Operator } from '../oauth/administration/administration.ts';
import { explainUnreached } from './admin-requests.ts';
import type { administrationOptions } from './administration-options.ts';
import { CommandError, type OptionValues, type Surroundings, UsageError } from './command.ts';
import { openLocalAdministration } from './local-administration.ts';
import { readPorts } from './read-ports.ts';
import { createRemoteAdministration } from './remote-administration.ts';

/** Where a command finds the gateway. */
export interface AdministrationContext extends Surroundings {
  readonly values: OptionValues<typeof administrationOptions>;
}

/** How the audit calls whoever types commands where no gateway runs. */
export const operator: Operator = { name: 'command line' };

/**
 * Gives work to the gateway that runs or, where none does, to its store, and says so on stderr.
 * Rejects with what the work rejects with, and with a UsageError, ConfigError, StoreError or CommandError when neither
 * can be used.
 */
export async function administer<T>(
  context: AdministrationContext,
  work: (administration: Administration) => Promise<T>,
): Promise<T> {
  const { environment, stop, stderr, cwd, now, values } = context;
  const token = environment.GARITA_ADMIN_TOKEN?.trim() || undefined;
  const named = values['admin-url'];
  if (named !== undefined) return work(createRemoteAdministration({ url: readUrl(named), token, stop }));

  const file = values.config ?? 'garita.yaml';
  const { config, source } = await loadConfig({ file, folder: cwd, environment, overrides: readPorts(environment) });
  const url = urlOf(reachable(config.listen.operations));
  if (config.listen.operations.port !== 0 && (await isListening(url, stop))) {
    return work(createRemoteAdministration({ url, token: token ?? readAdminToken(source), stop }));
  }
  const local = await openLocalAdministration({ config, url, now });
  try {
    stderr.write(`no gateway runs at ${url}: working on the store directly\n`);
    return await work(local.administration);
  } finally {
    await local.close();
  }
}

/** Whoever can read the configuration with its environment has this token anyway. Decoded, only its hash is left. */
const readAdminToken = ({ value }: ConfigSource): string | undefined =>
  (value as { readonly admin?: { readonly token?: string } }).admin?.token;

function readUrl(written: string): string {
  const url = URL.parse(written);
  if (url !== null && /^https?:$/.test(url.protocol) && !/[?#]/.test(written) && url.username === '') {
    return written.replace(/\/+$/, '');
  }
  throw new UsageError(`--admin-url: expected an address such as http://127.0.0.1:9090, got "${written}"`);
}

/** A listener on every address is reached on this machine's own. */
function reachable({ host, port }: Address): Address {
  if (host === '0.0.0.0') return { host: '127.0.0.1', port };
  return { host: host === '::' ? '::1' : host, port };
}

/** Does anything answer there? Whoever that is, its answers will tell. */
async function isListening(url: string, stop: AbortSignal): Promise<boolean> {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(5_000)]);
    const response = await fetch(`${url}/livez`, { redirect: 'manual', signal });
    await response.body?.cancel();
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    const { message } = explainUnreached(url, error);
    throw new CommandError(`${message}; whether a gateway runs there is not certain, so nothing was done`, {
      cause: error,
    });
  }
}

function isRefused(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code === 'ECONNREFUSED';
}
