import { openAuthority } from '../authority.ts';
import type { Config } from '../config/schema.ts';
import type { Administration } from '../oauth/administration/administration.ts';
import { openStores } from '../stores/open-stores.ts';
import { StoreError } from '../stores/store-error.ts';
import { CommandError } from './command.ts';

/** What {@link openLocalAdministration} needs. */
export interface LocalAdministrationOptions {
  readonly config: Config;
  /** Where no gateway was reached, for messages. */
  readonly url: string;
  /** The time in milliseconds since the epoch. */
  readonly now: () => number;
}

/** An administration that has the store for itself until it is closed. */
export interface LocalAdministration {
  readonly administration: Administration;
  close(): Promise<void>;
}

/**
 * Opens the administration of a gateway that does not run. Rejects with a StoreError when its store cannot be used, and
 * with a CommandError when it is in a gateway that runs after all.
 */
export async function openLocalAdministration(options: LocalAdministrationOptions): Promise<LocalAdministration> {
  const { config, url, now } = options;
  if (config.store.use === 'memory') {
    throw new CommandError(
      `no gateway was reached at ${url}, and its store is memory, which is nowhere else: start it, or say with ` +
        '--admin-url where its operations listener is',
    );
  }
  const stores = await openStores(config.store).catch((error: unknown) => {
    throw error instanceof StoreError && error.inUse ? explainInUse(url, error) : error;
  });
  try {
    const clock = () => now() / 1_000;
    const authority = await openAuthority({ config, stores, clock, log: silent, keepsSchedule: false });
    return {
      administration: authority.administration,
      async close() {
        await authority.close();
        await stores.close();
      },
    };
  } catch (error) {
    await stores.close();
    throw error;
  }
}

/** Only rotation on schedule is logged, and that is the gateway's. */
const silent = { info() {}, error() {} };

const explainInUse = (url: string, error: StoreError): CommandError => {
  const [fact] = error.message.split('. ');
  return new CommandError(
    `${fact}: a gateway runs, but its operations listener was not reached at ${url}. Say with --admin-url where it is`,
    { cause: error },
  );
};
