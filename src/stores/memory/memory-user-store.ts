import { foldUsername } from '../fold-username.ts';
import type { StoredUser, UserStore } from '../user-store.ts';

/** Users that end with the process. */
export function createMemoryUserStore(): UserStore {
  const users = new Map<string, StoredUser>();
  const idsByUsername = new Map<string, string>();
  return {
    async add(user) {
      const folded = foldUsername(user.username);
      if (idsByUsername.has(folded) || users.has(user.id)) return false;
      users.set(user.id, { ...user, username: user.username.normalize('NFC') });
      idsByUsername.set(folded, user.id);
      return true;
    },
    async findByUsername(username) {
      return users.get(idsByUsername.get(foldUsername(username)) ?? '');
    },
    async find(id) {
      return users.get(id);
    },
    async list({ limit, after }) {
      const from = after === undefined ? undefined : Buffer.from(foldUsername(after));
      return [...idsByUsername]
        .map(([folded, id]) => ({ order: Buffer.from(folded), user: users.get(id)! }))
        .filter(({ order }) => from === undefined || order.compare(from) > 0)
        .sort((a, b) => a.order.compare(b.order))
        .slice(0, limit)
        .map(({ user }) => user);
    },
    async change(id, change) {
      const user = users.get(id);
      if (user === undefined) return undefined;
      const changed = { ...user, ...change };
      users.set(id, changed);
      return changed;
    },
    async replaceHash(id, from, to) {
      const user = users.get(id);
      if (user?.passwordHash !== from) return false;
      users.set(id, { ...user, passwordHash: to });
      return true;
    },
  };
}
