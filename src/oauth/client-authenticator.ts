import type { Request } from 'express';
import type { Client } from '../model/client.ts';
import type { Audit } from './audit.ts';
import { authenticateClient } from './client-authentication.ts';
import { readClientCredentials } from './client-credentials.ts';
import type { ClientDirectory } from './client-directory.ts';
import type { Form } from './form.ts';
import { createGuessLimit } from './guess-limit.ts';
import type { OAuthLog } from './log.ts';
import { OAuthError } from './oauth-error.ts';

/** What {@link createClientAuthenticator} needs. */
export interface ClientAuthenticatorOptions {
  readonly clients: Pick<ClientDirectory, 'find'>;
  readonly audit: Audit;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  readonly log: OAuthLog;
}

/**
 * Says which client sent this request. Rejects with an OAuthError when it is none, or one that was guessed at too often,
 * and with a StoreError when that cannot be told.
 */
export type AuthenticateRequest = (req: Request, form: Form) => Promise<Client>;

/** Authenticates clients for all endpoints together, so that trying a secret at another one gives no further tries. */
export function createClientAuthenticator(options: ClientAuthenticatorOptions): AuthenticateRequest {
  const { clients, audit, clock, log } = options;
  const guessLimit = createGuessLimit(clock);

  return async (req, form) => {
    const credentials = readClientCredentials(req, form);
    const address = req.ip ?? '';
    const clientId = credentials?.clientId ?? '';
    guessLimit.refuse(address, credentials);
    try {
      const client = await authenticateClient(credentials, clients);
      if (credentials !== undefined) guessLimit.succeed(credentials);
      return client;
    } catch (error) {
      if (error instanceof OAuthError) {
        guessLimit.fail(address, credentials);
        log.warn('client refused', { clientId, address, reason: error.cause });
        // Nobody waits for it: the time would tell that there is such a client.
        void remember(clientId, address, String(error.cause));
      }
      throw error;
    }
  };

  /** Only for clients that there are: names that callers make up would fill the audit. */
  async function remember(clientId: string, address: string, detail: string): Promise<void> {
    try {
      if ((await clients.find(clientId)) === undefined) return;
      await audit.record({ type: 'client.refused', clientId, address, detail });
    } catch (error) {
      log.error('the audit failed', { error });
    }
  }
}
