/** What can be looked up later: who did or tried what. */
export const auditTypes = [
  'user.signed-in',
  'user.refused',
  'user.signed-out',
  'user.added',
  'user.changed',
  'consent.given',
  'consent.refused',
  'grant.given',
  'grant.revoked',
  'grant.abused',
  'token.revoked',
  'client.refused',
  'client.added',
  'client.changed',
  'key.rotated',
  'key.dropped',
  'tokens.revoked',
  'admin.refused',
] as const;

/** One of {@link auditTypes}. */
export type AuditType = (typeof auditTypes)[number];

/** An entry of the audit: no secret, no token and no password is ever in it. */
export interface AuditEvent {
  readonly type: AuditType;
  /** Seconds since the epoch. */
  readonly at: number;
  /** Who did it: a user's subject, a client's id, or an operator's name as the admin API knows it. */
  readonly actor?: string;
  /** Whose account it was about: `sub`. */
  readonly subject?: string;
  readonly clientId?: string;
  /** From which address. */
  readonly address?: string;
  readonly grantId?: string;
  /** In a few words, for people: why it was refused, what was changed. */
  readonly detail?: string;
}

/** An event as it is kept. */
export interface StoredAuditEvent extends AuditEvent {
  /** Rises with each event. */
  readonly id: number;
}

/** Which events. Several conditions hold together. */
export interface AuditFilter {
  readonly type?: AuditType;
  readonly actor?: string;
  readonly subject?: string;
  readonly clientId?: string;
  /** From this time on, and before that one: seconds since the epoch. */
  readonly since?: number;
  readonly until?: number;
}

/** Where the audit is kept. */
export interface AuditStore {
  /** Resolves when the event is durable. Of more than `keep` events the oldest may be forgotten. */
  append(event: AuditEvent, keep: number): Promise<void>;
  /** The newest first; `after` is the id of the last event of the page before. */
  query(
    filter: AuditFilter,
    page: { readonly limit: number; readonly after?: number },
  ): Promise<readonly StoredAuditEvent[]>;
  /** Forgets what happened before this time, in seconds since the epoch. */
  forgetBefore(time: number): Promise<void>;
}
