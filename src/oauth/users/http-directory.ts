import type { UsersConfig } from '../../config/users.ts';
import { headerOf } from '../../model/headers.ts';
import type { User } from '../../model/user.ts';
import { exchangeText, type TextAnswer } from '../../transport/exchange-text.ts';
import { parseDocument } from '../../transport/parse-document.ts';
import type { Transport } from '../../transport/transport.ts';
import type { OAuthLog } from '../log.ts';
import { Circuit, CircuitOpenError } from './circuit.ts';
import { toUser, type UserMapping } from './to-user.ts';
import type { Authentication, Lookup, UserDirectory } from './user-directory.ts';

/** What {@link createHttpDirectory} needs. */
export interface HttpDirectoryOptions {
  readonly config: Extract<UsersConfig, { use: 'http' }>;
  readonly transport: Transport;
  /** Seconds on a clock that never goes back. */
  readonly clock: () => number;
  readonly log: OAuthLog;
}

type Unavailable = Extract<Lookup, { outcome: 'unavailable' }>;

const maxBytes = 64_000;
/** Seconds, where the service does not say how long it takes. */
const usualRetryAfter = 2;
const longestRetryAfter = 60;

/**
 * The users of a users service, which gets username and password by POST:
 * - 200 `{ sub, claims }`: they are right; `claims` are the attributes that the configuration maps
 * - 401: one of them is wrong. With `WWW-Authenticate`, unless its code is `wrong_credentials`, or with the code
 *   `service_credential_required`, it is the gateway's own credential that is refused
 * - 423: they are right, but the account is disabled
 *
 * A user is looked up by GET: 200 with the same document or the attributes alone; 404, 410, 423 or a `status` of
 * `disabled` mean that the user is gone. Everything else, and no answer in time, is `unavailable`: never a wrong password.
 * When five answers in a row have not come, callers are spared the wait for two seconds.
 */
export function createHttpDirectory({ config, transport, clock, log }: HttpDirectoryOptions): UserDirectory {
  const { url, secret, verify, find, timeout } = config.with;
  const { origin, pathname } = new URL(url);
  const base = pathname.replace(/\/$/, '');
  const headers = ['Authorization', `Bearer ${secret}`, 'Accept', 'application/json'];
  const circuit = new Circuit({ failures: 5, rest: 2, clock });

  async function ask<T>(
    method: 'GET' | 'POST',
    path: string,
    document: object | undefined,
    judge: (answer: TextAnswer) => T,
  ): Promise<T | Unavailable> {
    const request = {
      method,
      path: base + path,
      headers: document === undefined ? headers : [...headers, 'Content-Type', 'application/json'],
      body: document === undefined ? null : Buffer.from(JSON.stringify(document)),
    };
    try {
      const limits = { maxBytes, timeout, read: [200, 401] };
      const answer = await circuit.run(() => exchangeText(transport, origin, request, limits));
      return judge(answer);
    } catch (error) {
      const retryAfter = error instanceof CircuitOpenError ? error.retryAfter : usualRetryAfter;
      return unavailable(`the users service: ${(error as Error).message}`, retryAfter);
    }
  }

  function refused(): Unavailable {
    log.error(
      "The users service refuses the gateway's credential, so nobody can sign in: oauth.users.with.secret must be what " +
        'the service expects.',
    );
    return unavailable("the users service refuses the gateway's credential");
  }

  return {
    authenticate: (username, password) =>
      ask<Authentication>('POST', verify, { username, password }, (answer) => {
        switch (answer.status) {
          case 200:
            return { outcome: 'ok', user: readUser(parseDocument(answer.text), config) };
          case 401:
            return isAboutGateway(answer) ? refused() : { outcome: 'wrong' };
          case 423:
            return { outcome: 'disabled' };
          default:
            return unexpected(answer);
        }
      }),

    async find(subject) {
      if (find === undefined) return { outcome: 'unknown' };
      const path = find.replaceAll('{sub}', () => encodeURIComponent(subject));
      return ask<Lookup>('GET', path, undefined, (answer) => {
        switch (answer.status) {
          case 200:
            return readLookup(parseDocument(answer.text), subject, config);
          case 401:
            return refused();
          case 404:
          case 410:
          case 423:
            return { outcome: 'gone' };
          default:
            return unexpected(answer);
        }
      });
    },
  };
}

/** @throws Error when the document is not `{ sub, claims }` as it should be. */
function readUser(document: unknown, mapping: UserMapping): User {
  if (!isMap(document)) throw new Error('the answer is not a JSON object');
  const { sub, claims } = document;
  if (!isSubject(sub))
    throw new Error('the answer has no sub, a text of 1 to 255 characters that can be part of a path');
  if (!isMap(claims)) throw new Error('the answer has no claims, a JSON object');
  return toUser(sub, claims, mapping);
}

/** @throws Error when it is another user's document, or none. */
function readLookup(document: unknown, subject: string, mapping: UserMapping): Lookup {
  if (!isMap(document)) throw new Error('the answer is not a JSON object');
  if (document.status === 'disabled') return { outcome: 'gone' };
  const user = readUser({ sub: subject, claims: document, ...document }, mapping);
  if (user.subject !== subject) throw new Error('the answer is about another user than was asked for');
  return { outcome: 'ok', user };
}

/** Dots alone would lead out of the path that a user is looked up at. */
const isSubject = (sub: unknown): sub is string =>
  typeof sub === 'string' && /^[^\p{Cc}]{1,255}$/u.test(sub) && sub.isWellFormed() && !/^\.{1,2}$/.test(sub);

function isAboutGateway({ headers, text }: TextAnswer): boolean {
  const code = readCode(text);
  if (code === 'wrong_credentials') return false;
  return code === 'service_credential_required' || headerOf(headers, 'www-authenticate') !== undefined;
}

function readCode(text: string): unknown {
  try {
    const document = parseDocument(text);
    return isMap(document) ? document.code : undefined;
  } catch {
    return undefined;
  }
}

function unexpected({ status, headers }: TextAnswer): Unavailable {
  const written = headerOf(headers, 'retry-after') ?? '';
  const isBusy = status === 429 || status === 503;
  const retryAfter = isBusy && /^\d+$/.test(written) ? Number(written) : usualRetryAfter;
  return unavailable(`the users service answers ${status}`, Math.min(longestRetryAfter, Math.max(1, retryAfter)));
}

const unavailable = (reason: string, retryAfter = usualRetryAfter): Unavailable => ({
  outcome: 'unavailable',
  retryAfter,
  reason,
});

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
