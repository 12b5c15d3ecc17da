import type { Audit } from '../audit.ts';
import type { OAuthLog } from '../log.ts';
import { longestCredential } from './password-hasher.ts';
import type { SignIn, SignInAttempt } from './sign-in.ts';
import { createSignInThrottle } from './sign-in-throttle.ts';
import type { Authentication, UserDirectory } from './user-directory.ts';

/** What {@link createSignIn} needs. */
export interface SignInOptions {
  readonly directory: UserDirectory;
  readonly audit: Audit;
  /** Seconds on a clock that never goes back. */
  readonly clock: () => number;
  readonly log: OAuthLog;
}

/**
 * Signs users in: who guesses is slowed down (see {@link createSignInThrottle}) before the directory is asked. Success,
 * and refusal by the directory, are in the audit; who is made to wait is not, lest a flood drive out all else there: the
 * refusal before says how long. A username is recorded only when the password was right.
 */
export function createSignIn({ directory, audit, clock, log }: SignInOptions): SignIn {
  const throttle = createSignInThrottle(clock);

  return async (attempt) => {
    const username = attempt.username.trim();
    const { password, address, clientId, relayedBy } = attempt;
    const about = { address, ...(clientId === undefined ? {} : { clientId }) };
    const trial = throttle.begin(username, relayedBy === undefined ? { address } : { client: relayedBy });
    if ('retryAfter' in trial) return { outcome: 'throttled', retryAfter: trial.retryAfter };

    const answer = await ask(directory, { username, password }).catch((error) => {
      trial.undo();
      throw error;
    });
    switch (answer.outcome) {
      case 'ok': {
        trial.succeed();
        const { subject } = answer.user;
        await audit.record({ type: 'user.signed-in', actor: subject, subject, ...about });
        return answer;
      }
      case 'wrong':
        await audit.record({
          type: 'user.refused',
          detail: `wrong username or password${pause(trial.wait())}`,
          ...about,
        });
        return answer;
      case 'disabled':
        await audit.record({ type: 'user.refused', detail: `the account ${username} is disabled`, ...about });
        return answer;
      case 'unavailable':
        trial.undo();
        log.warn('A sign-in could not be checked', { reason: answer.reason, ...about });
        return { outcome: 'unavailable', retryAfter: answer.retryAfter };
    }
  };
}

/** Nothing that is empty or too long can be right, and some directories take an empty password for none. */
async function ask(
  directory: UserDirectory,
  { username, password }: Pick<SignInAttempt, 'username' | 'password'>,
): Promise<Authentication> {
  const canBeRight = [username, password].every((text) => text !== '' && text.length <= longestCredential);
  return canBeRight ? directory.authenticate(username, password) : { outcome: 'wrong' };
}

const pause = (seconds: number): string => (seconds === 0 ? '' : `; the next attempt waits ${Math.ceil(seconds)} s`);
