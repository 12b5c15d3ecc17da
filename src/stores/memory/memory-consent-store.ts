import type { ConsentStore } from '../consent-store.ts';
import { SweepingMap } from './sweeping-map.ts';

interface Consent {
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
}

/** Consents that end with the process. */
export function createMemoryConsentStore(): ConsentStore {
  const consents = new SweepingMap<Consent>(({ expiresAt }) => expiresAt);

  const keyOf = (subject: string, clientId: string): string => JSON.stringify([subject, clientId]);
  const find = (subject: string, clientId: string, now: number): readonly string[] => {
    const consent = consents.get(keyOf(subject, clientId));
    return consent !== undefined && consent.expiresAt > now ? consent.scopes : [];
  };

  return {
    async find(subject, clientId, now) {
      return find(subject, clientId, now);
    },
    async add(subject, clientId, added, expiresAt, now) {
      const scopes = [...new Set([...find(subject, clientId, now), ...added])];
      consents.keep(keyOf(subject, clientId), { subject, clientId, scopes, expiresAt }, now);
    },
    async withdraw(whose) {
      for (const [key, { subject, clientId }] of consents) {
        if (subject === (whose.subject ?? subject) && clientId === (whose.clientId ?? clientId)) consents.delete(key);
      }
    },
  };
}
