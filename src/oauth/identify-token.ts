import type { Principal } from '../model/principal.ts';
import { TokenError } from '../tokens/token-error.ts';
import type { TokenVerifier } from '../tokens/verify.ts';
import type { Form } from './form.ts';
import { OAuthError } from './oauth-error.ts';

/**
 * The token that a request is about (RFC 7009 §2.1, RFC 7662 §2.1).
 *
 * @throws OAuthError when there is none.
 */
export function readToken(form: Form): string {
  const token = form.get('token');
  if (token === undefined) throw new OAuthError('invalid_request', 'The parameter token is missing.');
  return token;
}

/** Whom a token speaks for, or undefined when it is not, or no longer, one that the gateway would accept. */
export function identifyToken(token: string, verifier: Pick<TokenVerifier, 'verify'>): Principal | undefined {
  try {
    return verifier.verify(token);
  } catch (error) {
    if (error instanceof TokenError) return undefined;
    throw error;
  }
}
