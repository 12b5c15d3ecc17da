/** What users allowed clients, so that they are not asked again. Each verb is atomic; times in seconds since the epoch. */
export interface ConsentStore {
  /** The scopes that the user allowed the client; none when there is no live consent. */
  find(subject: string, clientId: string, now: number): Promise<readonly string[]>;
  /** Adds scopes to what was allowed before, if that is alive. All of it then lasts until `expiresAt`. */
  add(subject: string, clientId: string, scopes: readonly string[], expiresAt: number, now: number): Promise<void>;
  /** Forgets what the user allowed this client, or all clients; with no subject, what all users allowed the client. */
  withdraw(whose: { readonly subject?: string; readonly clientId?: string }): Promise<void>;
}
