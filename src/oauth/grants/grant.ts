import type { Client, GrantType } from '../../model/client.ts';
import type { User } from '../../model/user.ts';
import type { GrantStore, StoredCode, StoredGrant } from '../../stores/grant-store.ts';
import type { OpaqueTokens } from '../../tokens/opaque-tokens.ts';
import type { Audit } from '../audit.ts';
import type { EndGrants } from '../end-grants.ts';
import type { Form } from '../form.ts';
import type { AllowedScopes } from '../issue-code.ts';
import type { OAuthLog } from '../log.ts';
import type { SignIn } from '../users/sign-in.ts';
import type { UserDirectory } from '../users/user-directory.ts';

/** A token request whose client is known and may use the grant. */
export interface GrantRequest {
  readonly client: Client;
  readonly form: Form;
  /** The caller's address. */
  readonly address: string;
}

/** What an access token will say. */
export interface Permission {
  /** On whose behalf it speaks; their roles and further claims. */
  readonly user: User;
  readonly scopes: readonly string[];
  /** `aud`. */
  readonly audience: string;
  /** Where it comes from; undefined for a client that acts for itself. */
  readonly grant: Pick<StoredGrant, 'id' | 'authTime'> | undefined;
  /** What a code asks of whoever brings it. */
  readonly code?: Pick<StoredCode, 'redirectUri' | 'codeChallenge'>;
  /** Goes out with the access token. */
  readonly refreshToken?: string;
  /** The last step: keeps what has to be kept. False when the grant was revoked meanwhile, and nothing may go out. */
  confirm(): Promise<boolean>;
  /** What to do when the engine refuses after all. */
  abandon?(): Promise<unknown>;
}

/** What grants work with. */
export interface GrantServices {
  /** The usual audience. */
  readonly audience: string;
  readonly grants: GrantStore;
  readonly opaqueTokens: OpaqueTokens;
  readonly endGrants: EndGrants;
  readonly allowedScopes: AllowedScopes;
  readonly directory: Pick<UserDirectory, 'find'>;
  readonly signIn: SignIn;
  readonly audit: Audit;
  /** Seconds. */
  readonly accessTokenLifetime: number;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  readonly log: OAuthLog;
}

/** One way to get a token (RFC 6749 §1.3). */
export interface Grant {
  readonly type: GrantType;
  /** Is it about users? Where there are none it is not offered. */
  readonly forUsers: boolean;
  /**
   * Says what the token may be for, and takes from the store what the request uses up, atomically. Rejects with an
   * OAuthError where this grant gives nothing, and with a StoreError.
   */
  admit(request: GrantRequest, services: GrantServices): Promise<Permission>;
}
