import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { User } from '../model/user.ts';
import type { SessionStore, StoredSession } from '../stores/session-store.ts';
import { type CreateSecret, fingerprintOf, randomSecret } from './browser-secret.ts';
import type { Cookies } from './cookies.ts';

/** What {@link createBrowserSessions} needs. */
export interface BrowserSessionsOptions {
  readonly store: SessionStore;
  readonly cookies: Cookies;
  /** How long a session lives without being used, in seconds. */
  readonly idle: number;
  /** How long it lives in any case, in seconds. */
  readonly max: number;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  /** Makes a session's id. Default: 256 random bits. */
  readonly createSecret?: CreateSecret;
}

/** Who is signed in, by the browser's cookie. Every verb rejects with a StoreError. */
export interface BrowserSessions {
  /** The live session of this browser, which is used by that. */
  current(req: Request): Promise<StoredSession | undefined>;
  /** Begins a session for somebody who proved who they are: with a new id, in the place of the one before. */
  start(req: Request, res: Response, user: User): Promise<StoredSession>;
  /** Ends the session of this browser and tells which one it was. */
  end(req: Request, res: Response): Promise<StoredSession | undefined>;
}

/** Sessions whose id only the browser knows. */
export function createBrowserSessions(options: BrowserSessionsOptions): BrowserSessions {
  const { store, cookies, idle, max, clock, createSecret = randomSecret } = options;
  const idOf = (req: Request): string | undefined => {
    const value = cookies.read(req, 'session');
    return value === undefined ? undefined : fingerprintOf(value);
  };
  const current = async (req: Request) => {
    const id = idOf(req);
    return id === undefined ? undefined : store.use(id, idle, clock());
  };
  return {
    current,
    async start(req, res, { subject, roles, claims }) {
      const before = await current(req);
      const value = createSecret();
      const now = clock();
      const [idleUntil, expiresAt] = [now + Math.min(idle, max), now + max];
      const visit = before?.subject === subject ? before.visit : randomUUID();
      const user = { subject, roles, claims, authTime: now };
      const session = { id: fingerprintOf(value), visit, ...user, idleUntil, expiresAt };
      await store.create(session, now);
      if (before !== undefined) await store.end(before.id);
      cookies.set(res, 'session', value);
      return session;
    },
    async end(req, res) {
      const session = await current(req);
      if (session !== undefined) await store.end(session.id);
      cookies.clear(res, 'session');
      return session;
    },
  };
}
