/** What a user allowed a client: the family that a code and all refresh tokens after it belong to. */
export interface StoredGrant {
  /** `sid` of its access tokens. */
  readonly id: string;
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** `aud` of its access tokens (RFC 8707). */
  readonly audience: string;
  /** The `visit` of the session that it was given in: it ends when the user signs out. */
  readonly session: string | undefined;
  /** When the user proved who they are; seconds since the epoch, as all times here. */
  readonly authTime: number;
  readonly createdAt: number;
  /** The absolute end: no refresh token outlives it. */
  readonly expiresAt: number;
  /** Roles and claims of the user when the grant was made, for directories that cannot be asked again. */
  readonly roles: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
  readonly revokedAt: number | undefined;
}

/** An authorization code (RFC 6749 §4.1.2), by its id: whoever holds the store cannot make the code from it. */
export interface StoredCode {
  readonly id: string;
  readonly grantId: string;
  /** The redirect URI of the authorization request; undefined when the request left it out. */
  readonly redirectUri: string | undefined;
  /** RFC 7636, always S256; undefined for a client that opted out. */
  readonly codeChallenge: string | undefined;
  readonly expiresAt: number;
}

/** A refresh token, by its id. */
export interface StoredRefreshToken {
  readonly id: string;
  readonly grantId: string;
  /** When it is over if it is not used. */
  readonly expiresAt: number;
}

/** What became of the attempt to use a code. */
export type ConsumedCode =
  | { readonly outcome: 'ok'; readonly code: StoredCode; readonly grant: StoredGrant }
  /** It was used before: its grant is revoked now (RFC 6749 §4.1.2). `age`: seconds since the first use. */
  | { readonly outcome: 'replayed'; readonly grant: StoredGrant; readonly age: number }
  /** Unknown, over, of another client, or of a grant that is over, or was revoked before the first use. */
  | { readonly outcome: 'missing' };

/** What became of the attempt to rotate a refresh token. */
export type RotatedRefresh =
  | { readonly outcome: 'ok'; readonly grant: StoredGrant; readonly successor: StoredRefreshToken }
  /** It was rotated a moment ago, and what it became is still unused: here it is again. */
  | { readonly outcome: 'grace'; readonly grant: StoredGrant; readonly successor: StoredRefreshToken }
  /** It was used before: somebody else has it. Its grant is revoked now (RFC 9700 §4.14.2). */
  | { readonly outcome: 'reused'; readonly grant: StoredGrant }
  /** Unknown, over, of another client, or of a grant that is revoked or over. */
  | { readonly outcome: 'missing' };

/** The grant of a refresh token. */
export interface FoundByRefresh {
  readonly grant: StoredGrant;
  /** The token, if it could be used now: undefined for one that was rotated. */
  readonly token: StoredRefreshToken | undefined;
}

/** Which grants. Several conditions hold together. */
export interface GrantFilter {
  readonly subject?: string;
  readonly clientId?: string;
  readonly session?: string;
}

/**
 * Grants, codes and refresh tokens. Each verb is atomic over all processes that share the store, and resolves only when
 * what it did is durable. `now` in seconds since the epoch. Records are forgotten some time after they are over: a
 * spent code is remembered for 24 h or as long as its grant, whichever is shorter, a spent refresh token as long as its
 * grant.
 */
export interface GrantStore {
  /**
   * Keeps a grant, with the code that it begins with, if it begins with one: until that is used, the grant ends with it.
   */
  create(grant: StoredGrant, code: StoredCode | undefined, now: number): Promise<void>;
  /** Uses a code, if it is this client's. Of any number of calls at once, exactly one gets `ok`. */
  consumeCode(id: string, clientId: string, now: number): Promise<ConsumedCode>;
  /**
   * Keeps the first refresh token of a grant; it never outlives the grant. False, and nothing kept, when the grant is
   * revoked or over: a code may be replayed while its first use is under way.
   */
  addRefresh(token: StoredRefreshToken, now: number): Promise<boolean>;
  /**
   * Puts `successor` in the place of a refresh token of this client. Of any number of calls at once, exactly one gets
   * `ok`; those within `grace` seconds of it get `grace`, with what that one stored.
   */
  rotateRefresh(
    id: string,
    clientId: string,
    successor: Pick<StoredRefreshToken, 'id' | 'expiresAt'>,
    grace: number,
    now: number,
  ): Promise<RotatedRefresh>;
  /** The live grant that a refresh token belongs to, used or not, but not over; rotating nothing. */
  findByRefresh(id: string, now: number): Promise<FoundByRefresh | undefined>;
  /** A grant that is not over, revoked or not. */
  find(id: string, now: number): Promise<StoredGrant | undefined>;
  /** Revokes one grant with all its tokens; false when there is no such live grant. */
  revoke(id: string, now: number): Promise<boolean>;
  /** Revokes all live grants that fit, and says which. */
  revokeAll(filter: GrantFilter, now: number): Promise<readonly StoredGrant[]>;
  /** Live grants that fit, the newest first; `after` is the id of the last one of the page before. */
  list(filter: GrantFilter, page: Page, now: number): Promise<readonly StoredGrant[]>;
}

/** A part of a long list. */
export interface Page {
  readonly limit: number;
  /** The id of the last item of the page before. */
  readonly after?: string;
}

/** How long a code is remembered after its use, unless its grant is over before, in seconds. */
export const spentCodeLives = 24 * 60 * 60;

/** How long a grant is remembered after its end, in seconds: whoever is paging through grants finds their place again. */
export const grantLingers = 60 * 60;
