import type { Client, GrantType } from '../../model/client.ts';
import type { Form } from '../form.ts';

/** A token request whose client is known and may use the grant. */
export interface GrantRequest {
  readonly client: Client;
  readonly form: Form;
  readonly scopes: readonly string[];
}

/** On whose behalf a token will speak. */
export interface Subject {
  readonly id: string;
  readonly roles: readonly string[];
  /** Further claims of the token. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** One way to get a token (RFC 6749 §1.3). */
export interface Grant {
  readonly type: GrantType;
  /**
   * Says on whose behalf the token will speak. Rejects with an OAuthError where this grant does not give one.
   */
  resolveSubject(request: GrantRequest): Promise<Subject>;
}
