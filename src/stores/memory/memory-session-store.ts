import type { SessionStore, StoredSession } from '../session-store.ts';
import { SweepingMap } from './sweeping-map.ts';

/** Sessions that end with the process. */
export function createMemorySessionStore(): SessionStore {
  const sessions = new SweepingMap<StoredSession>(({ idleUntil }) => idleUntil);
  return {
    async create(session, now) {
      sessions.keep(session.id, session, now);
    },
    async use(id, idle, now) {
      const session = sessions.get(id);
      if (session === undefined || session.idleUntil <= now || session.expiresAt <= now) return undefined;
      const used = { ...session, idleUntil: Math.min(Math.max(session.idleUntil, now + idle), session.expiresAt) };
      sessions.set(id, used);
      return used;
    },
    async end(id) {
      return sessions.delete(id);
    },
    async endAll(subject) {
      const ended = [...sessions.values()].filter((session) => subject === undefined || session.subject === subject);
      for (const { id } of ended) sessions.delete(id);
      return ended.length;
    },
  };
}
