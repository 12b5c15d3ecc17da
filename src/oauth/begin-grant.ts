import { randomUUID } from 'node:crypto';
import type { Client } from '../model/client.ts';
import type { User } from '../model/user.ts';
import type { StoredGrant } from '../stores/grant-store.ts';

/** What a new grant is about. Times in seconds since the epoch. */
export interface GrantInput {
  readonly user: User;
  readonly client: Client;
  readonly scopes: readonly string[];
  readonly audience: string;
  /** The visit that it is given in, if in one. */
  readonly session: string | undefined;
  readonly authTime: number;
  /** How long from now its first access token can live, in seconds. */
  readonly accessTokenLifetime: number;
  readonly now: number;
}

/** A new grant. It lasts as long as the client may refresh; where it may not, as long as the access token. */
export function beginGrant(input: GrantInput): StoredGrant {
  const { user, client, scopes, audience, session, authTime, accessTokenLifetime, now } = input;
  const lifetime = client.grants.includes('refresh_token') ? client.refreshTokens.max : accessTokenLifetime;
  return {
    id: randomUUID(),
    subject: user.subject,
    clientId: client.id,
    scopes,
    audience,
    session,
    authTime: Math.floor(authTime),
    createdAt: now,
    expiresAt: now + lifetime,
    roles: user.roles,
    claims: user.claims,
    revokedAt: undefined,
  };
}
