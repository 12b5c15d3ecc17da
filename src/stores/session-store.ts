/** That a browser belongs to a user who signed in. */
export interface StoredSession {
  /** A hash of what the browser's cookie has: the store cannot be used to take over a session. */
  readonly id: string;
  /** Stays the same while the same user signs in again in the same browser: what grants are tied to. */
  readonly visit: string;
  readonly subject: string;
  readonly roles: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
  /** When the user proved who they are; seconds since the epoch, as all times here. */
  readonly authTime: number;
  /** Over unless it is used before. */
  readonly idleUntil: number;
  /** Over in any case. */
  readonly expiresAt: number;
}

/** Sessions of browsers with this server. Each verb is atomic; `now` in seconds since the epoch. */
export interface SessionStore {
  /** Keeps a session; forgets those that are over. */
  create(session: StoredSession, now: number): Promise<void>;
  /** The session if it is alive; it then lives on for `idle` seconds at least, but never beyond its end. */
  use(id: string, idle: number, now: number): Promise<StoredSession | undefined>;
  /** Ends one session; false when there was none. */
  end(id: string): Promise<boolean>;
  /** Ends every session of a user, or of everybody, and says how many there were. */
  endAll(subject?: string): Promise<number>;
}
