import type { Client } from '../model/client.ts';
import type { Form } from './form.ts';
import { OAuthError } from './oauth-error.ts';

/** What S256 makes: the base64url form of 32 bytes (RFC 7636 §4.2). */
const challengeForm = /^[A-Za-z0-9_-]{43}$/;
/** RFC 7636 §4.1. */
const verifierForm = /^[A-Za-z0-9._~-]{43,128}$/;

/**
 * The code challenge of an authorization request (RFC 7636 §4.3): S256 only, since `plain` protects nothing. Undefined
 * where there is none and the client may do without.
 *
 * @throws OAuthError
 */
export function readCodeChallenge(form: Form, client: Client): string | undefined {
  const challenge = form.get('code_challenge');
  const method = form.get('code_challenge_method');
  if (challenge === undefined) {
    if (method !== undefined) throw invalid('The parameter code_challenge_method comes without code_challenge.');
    if (client.requirePkce) throw invalid('The parameter code_challenge is missing: this server requires PKCE.');
    return undefined;
  }
  if (method !== 'S256') throw invalid('The parameter code_challenge_method must be S256.');
  if (!challengeForm.test(challenge)) throw invalid('The parameter code_challenge is malformed.');
  return challenge;
}

/**
 * Looks at the verifier of a token request as far as that goes without the code (RFC 7636 §4.5): a mistake that shows
 * here costs no code.
 *
 * @throws OAuthError
 */
export function checkCodeVerifier(form: Form, client: Client): void {
  const verifier = form.get('code_verifier');
  if (verifier !== undefined && !verifierForm.test(verifier)) {
    throw invalid('The parameter code_verifier is malformed.');
  }
  if (verifier === undefined && client.requirePkce) {
    throw new OAuthError('invalid_grant', 'The parameter code_verifier is missing.');
  }
}

const invalid = (description: string): OAuthError => new OAuthError('invalid_request', description);
