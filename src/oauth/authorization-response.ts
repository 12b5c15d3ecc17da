import { OAuthError } from './oauth-error.ts';

/** Where the answer to an authorization request goes. */
export interface ResponseTarget {
  readonly redirectUri: string;
  readonly state: string | undefined;
}

/** A refusal that the client learns by redirect (RFC 6749 §4.1.2.1). */
export class RedirectError extends Error {
  readonly target: ResponseTarget;
  readonly error: OAuthError;

  constructor(target: ResponseTarget, error: OAuthError) {
    super(error.message, { cause: error });
    this.name = 'RedirectError';
    this.target = target;
    this.error = error;
  }
}

/** The address of an answer: the redirect URI as it is, its query kept, with `state` and `iss` (RFC 9207 §2). */
export function responseUrl(
  { redirectUri, state }: ResponseTarget,
  parameters: Readonly<Record<string, string>>,
  issuer: string,
): string {
  const added = new URLSearchParams({ ...parameters, ...(state !== undefined && { state }), iss: issuer });
  const joint = redirectUri.includes('?') ? (/[?&]$/.test(redirectUri) ? '' : '&') : '?';
  return `${redirectUri}${joint}${added}`;
}

/** The address of a refusal. */
export const refusalUrl = ({ target, error }: RedirectError, issuer: string): string =>
  responseUrl(target, { error: error.code, error_description: error.message }, issuer);

/** The user said no. */
export const consentRefused = (target: ResponseTarget): RedirectError =>
  new RedirectError(target, new OAuthError('access_denied', 'The user refused.'));
