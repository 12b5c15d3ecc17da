/** An authorization request on its way through the pages. */
export interface StoredInteraction {
  /** In the URLs of the pages; worth nothing without the browser's cookie. */
  readonly id: string;
  /** A hash of the cookie of the browser that began it. */
  readonly browser: string;
  /** The parameters of the request that was found good, by name. */
  readonly request: Readonly<Record<string, string>>;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** Interactions of users with the pages. Each verb is atomic; `now` in seconds since the epoch. */
export interface InteractionStore {
  /** Keeps an interaction; forgets those that are over and, of more than `keep`, the oldest. */
  create(interaction: StoredInteraction, keep: number, now: number): Promise<void>;
  /** The interaction, if it is alive and this browser's. */
  find(id: string, browser: string, now: number): Promise<StoredInteraction | undefined>;
  /** The same, and ends it: of any number of calls at once, one gets it. */
  take(id: string, browser: string, now: number): Promise<StoredInteraction | undefined>;
}
