import type { Form } from '../form.ts';
import { OAuthError } from '../oauth-error.ts';

/**
 * A parameter that a grant cannot do without.
 *
 * @throws OAuthError where it is missing or empty. `name` is one of this server's own words.
 */
export function requireParameter(form: Form, name: string): string {
  const value = form.get(name);
  if (value === undefined) throw new OAuthError('invalid_request', `The parameter ${name} is missing.`);
  return value;
}
