/** Who an access token says is calling: verified facts only (RFC 9068 §2.2). */
export interface Principal {
  /** `sub`: stable and opaque. A service calling for itself has its client id here. */
  readonly subject: string;
  /** `client_id`: the OAuth client that the token was issued to. */
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** `roles` (RFC 9068 §2.2.3.1); empty when the token has none. */
  readonly roles: readonly string[];
  /** `jti`. */
  readonly tokenId: string;
  /** `sid`: the grant of a user that the token comes from; undefined when a service calls for itself. */
  readonly grantId: string | undefined;
  /** `kid`: our key that signed the token; absent where another issuer did. */
  readonly keyId?: string;
  /** `exp`, in seconds since the epoch. */
  readonly expiresAt: number;
  /** Every claim of the token, as it was signed. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Is this a service acting for itself (client credentials), and not a user's client? RFC 9068 §2.2, `sub`. What comes
 * from a grant acts for its user, also for one who is called like the client.
 */
export const actsForItself = ({ subject, clientId, grantId }: Principal): boolean =>
  subject === clientId && grantId === undefined;
