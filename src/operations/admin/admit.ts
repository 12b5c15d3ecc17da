import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { adminScope } from '../../config/admin-scope.ts';
import { hashSecret } from '../../config/secret-hash.ts';
import type { Principal } from '../../model/principal.ts';
import type { Operator } from '../../oauth/administration/administration.ts';
import type { Audit } from '../../oauth/audit.ts';
import { createGuessLimit } from '../../oauth/guess-limit.ts';
import { OAuthError } from '../../oauth/oauth-error.ts';
import { bearerChallenge, type ChallengeParameters } from '../../policies/challenge.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { TokenError } from '../../tokens/token-error.ts';
import type { TokenVerifier } from '../../tokens/verify.ts';
import { AdminError } from './admin-error.ts';

/** What {@link createAdmit} needs. */
export interface AdmitOptions {
  /** Of this gateway's own access tokens. */
  readonly verifier: Pick<TokenVerifier, 'verify'>;
  /** The hash of the admin token, where there is one. */
  readonly tokenHash?: string;
  /** What challenges call this gateway. */
  readonly realm: string;
  readonly audit: Audit;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  readonly log: Pick<Logger, 'warn' | 'error'>;
}

/** Says who sent this request. Rejects with an AdminError when it is nobody who may administer. */
export type Admit = (request: Request) => Promise<Operator>;

/**
 * Admits access tokens of this server with the scope, and the admin token. Nothing else: no cookie, no address. Who
 * fails too often has to wait, whatever they bring then, and stays out of the audit for that time. Only the admin token,
 * once it has been right, goes on being admitted: a stranger at the same address must not keep the operator out.
 */
export function createAdmit({ verifier, tokenHash, realm, audit, clock, log }: AdmitOptions): Admit {
  const guessLimit = createGuessLimit(clock);
  const challenge = (parameters?: ChallengeParameters) => {
    const [name, value] = bearerChallenge(realm, parameters);
    return { headers: { [name!]: value! } };
  };

  function refuseGuesser(address: string, token: string): void {
    try {
      guessLimit.refuse(address, guessOf(token));
    } catch (error) {
      throw error instanceof OAuthError ? new AdminError('ADMIN_THROTTLED', { headers: error.headers }) : error;
    }
  }

  /** The audit is told; that it cannot be told now lets nobody in. */
  async function fail(
    token: string,
    who: { readonly address: string; readonly actor?: string },
    detail: string,
  ): Promise<void> {
    const { address } = who;
    guessLimit.fail(address, guessOf(token));
    log.warn('the admin API refused somebody', { address, reason: detail });
    await audit.record({ type: 'admin.refused', ...who, detail }).catch((error: unknown) => {
      log.error('a refusal of the admin API is missing in the audit', { address, error });
    });
  }

  function readToken({ headersDistinct }: Request): string {
    const credentials = headersDistinct.authorization ?? [];
    if (credentials.length > 1) {
      throw new AdminError('ADMIN_BAD_REQUEST', {
        detail: 'Send one token, in one Authorization header.',
        ...challenge({ error: 'invalid_request' }),
      });
    }
    const [credential = ''] = credentials;
    if (!/^Bearer(?: |$)/i.test(credential)) throw new AdminError('ADMIN_UNAUTHENTICATED', challenge());
    // Whatever follows: the admin token of an environment need not look like an access token.
    return credential.slice('Bearer'.length).trim();
  }

  /** Undefined for a token that is not good; its reason went to the audit. */
  async function identify(token: string, address: string): Promise<Principal | undefined> {
    try {
      return verifier.verify(token);
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      await fail(token, { address }, error.message);
      return undefined;
    }
  }

  return async (request) => {
    const address = addressOf(request);
    const token = readToken(request);
    refuseGuesser(address, token);
    if (tokenHash !== undefined && isSame(hashSecret(token), tokenHash)) {
      guessLimit.succeed(guessOf(token));
      return { name: 'admin token', address };
    }
    const principal = await identify(token, address);
    if (principal === undefined) {
      throw new AdminError(
        'ADMIN_UNAUTHENTICATED',
        challenge({ error: 'invalid_token', description: 'The token is not valid' }),
      );
    }
    const { subject } = principal;
    if (principal.scopes.includes(adminScope)) return { name: subject, address };
    await fail(token, { address, actor: subject }, `an access token without the scope ${adminScope}`);
    throw new AdminError('ADMIN_FORBIDDEN', challenge({ error: 'insufficient_scope', scope: adminScope }));
  };
}

/** Where the connection comes from: fields that a proxy may have written are not looked at. */
const addressOf = ({ socket }: Request): string => (socket.remoteAddress ?? '').replace(/^::ffff:/, '');

/** Whatever is tried, it is tried for the one thing that there is to be guessed. */
const guessOf = (token: string) => ({ method: 'client_secret_post', clientId: 'admin', secret: token }) as const;

/** Hashes are equally long, and comparing them tells nothing about what they were made of. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(Buffer.from(one), Buffer.from(other));
