import {
  type GrantFilter,
  type GrantStore,
  grantLingers,
  type StoredCode,
  type StoredGrant,
  type StoredRefreshToken,
  spentCodeLives,
} from '../grant-store.ts';
import { SweepingMap } from './sweeping-map.ts';

interface KeptCode {
  readonly code: StoredCode;
  /** When its grant ends once it is used. */
  readonly grantEnds: number;
  readonly spentAt: number | undefined;
  readonly keptUntil: number;
}

interface KeptRefreshToken {
  readonly token: StoredRefreshToken;
  /** When it was rotated, and into which token. */
  readonly spent: { readonly at: number; readonly successor: string } | undefined;
  readonly keptUntil: number;
}

/** Grants, codes and refresh tokens that end with the process. */
export function createMemoryGrantStore(): GrantStore {
  const grants = new SweepingMap<StoredGrant>(({ expiresAt }) => expiresAt + grantLingers);
  const codes = new SweepingMap<KeptCode>(({ keptUntil }) => keptUntil);
  const refreshTokens = new SweepingMap<KeptRefreshToken>(({ keptUntil }) => keptUntil);

  const find = (id: string, now: number): StoredGrant | undefined => {
    const grant = grants.get(id);
    return grant !== undefined && grant.expiresAt > now ? grant : undefined;
  };
  const findLive = (id: string, now: number): StoredGrant | undefined => {
    const grant = find(id, now);
    return grant?.revokedAt === undefined ? grant : undefined;
  };
  const revoke = (grant: StoredGrant, now: number): StoredGrant => {
    if (grant.revokedAt !== undefined) return grant;
    const revoked = { ...grant, revokedAt: now };
    grants.set(grant.id, revoked);
    return revoked;
  };
  const keepToken = (given: StoredRefreshToken, grant: StoredGrant, now: number): StoredRefreshToken => {
    const token = { ...given, expiresAt: Math.min(given.expiresAt, grant.expiresAt) };
    refreshTokens.keep(token.id, { token, spent: undefined, keptUntil: token.expiresAt }, now);
    return token;
  };
  const listLive = (filter: GrantFilter, now: number): StoredGrant[] =>
    [...grants.values()].filter(
      (grant) => grant.expiresAt > now && grant.revokedAt === undefined && fits(grant, filter),
    );

  return {
    async create(grant, code, now) {
      const { id, expiresAt: grantEnds } = grant;
      grants.keep(id, code === undefined ? grant : { ...grant, expiresAt: Math.min(code.expiresAt, grantEnds) }, now);
      if (code === undefined) return;
      codes.keep(code.id, { code, grantEnds, spentAt: undefined, keptUntil: code.expiresAt }, now);
    },
    async consumeCode(id, clientId, now) {
      const kept = codes.get(id);
      const grant = kept && find(kept.code.grantId, now);
      if (grant?.clientId !== clientId || kept === undefined) return { outcome: 'missing' };
      const { code, grantEnds, spentAt } = kept;
      if (spentAt !== undefined) return { outcome: 'replayed', grant: revoke(grant, now), age: now - spentAt };
      if (grant.revokedAt !== undefined || code.expiresAt <= now) return { outcome: 'missing' };
      codes.set(id, { code, grantEnds, spentAt: now, keptUntil: Math.min(now + spentCodeLives, grantEnds) });
      const begun = { ...grant, expiresAt: grantEnds };
      grants.set(begun.id, begun);
      return { outcome: 'ok', code, grant: begun };
    },
    async addRefresh(token, now) {
      const grant = findLive(token.grantId, now);
      if (grant === undefined) return false;
      keepToken(token, grant, now);
      return true;
    },
    async rotateRefresh(id, clientId, given, grace, now) {
      const kept = refreshTokens.get(id);
      const grant = kept && findLive(kept.token.grantId, now);
      if (grant?.clientId !== clientId || kept === undefined) return { outcome: 'missing' };
      const { token, spent } = kept;
      if (spent !== undefined) {
        const successor = refreshTokens.get(spent.successor);
        const usable = successor !== undefined && successor.spent === undefined && successor.token.expiresAt > now;
        if (usable && now < spent.at + grace) return { outcome: 'grace', grant, successor: successor.token };
        return { outcome: 'reused', grant: revoke(grant, now) };
      }
      if (token.expiresAt <= now) return { outcome: 'missing' };
      refreshTokens.set(id, { token, spent: { at: now, successor: given.id }, keptUntil: grant.expiresAt });
      return { outcome: 'ok', grant, successor: keepToken({ ...given, grantId: grant.id }, grant, now) };
    },
    async findByRefresh(id, now) {
      const kept = refreshTokens.get(id);
      const grant = kept && findLive(kept.token.grantId, now);
      if (kept === undefined || grant === undefined || kept.keptUntil <= now) return undefined;
      return { grant, token: kept.spent === undefined ? kept.token : undefined };
    },
    async find(id, now) {
      return find(id, now);
    },
    async revoke(id, now) {
      const grant = findLive(id, now);
      if (grant !== undefined) revoke(grant, now);
      return grant !== undefined;
    },
    async revokeAll(filter, now) {
      return listLive(filter, now)
        .sort(newestFirst)
        .map((grant) => revoke(grant, now));
    },
    async list(filter, { limit, after }, now) {
      const last = after === undefined ? undefined : grants.get(after);
      if (after !== undefined && last === undefined) return [];
      return listLive(filter, now)
        .filter((grant) => last === undefined || newestFirst(grant, last) > 0)
        .sort(newestFirst)
        .slice(0, limit);
    },
  };
}

const fits = (grant: StoredGrant, { subject, clientId, session }: GrantFilter): boolean =>
  (subject === undefined || grant.subject === subject) &&
  (clientId === undefined || grant.clientId === clientId) &&
  (session === undefined || grant.session === session);

/** Of those that are equally old, the one with the greater id comes first. */
const newestFirst = (a: StoredGrant, b: StoredGrant): number =>
  b.createdAt - a.createdAt || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1);
