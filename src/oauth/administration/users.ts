import * as z from 'zod';
import { showValue } from '../../config/decode.ts';
import type { UsersConfig } from '../../config/users.ts';
import type { AuditType } from '../../stores/audit-store.ts';
import type { StoredUser, UserChange, UserStore } from '../../stores/user-store.ts';
import type { Audit } from '../audit.ts';
import type { PasswordHasher } from '../users/password-hasher.ts';
import { type Administration, AdministrationError, type Operator, type UserView } from './administration.ts';
import { checkInput } from './check-input.ts';
import { newUser, password, roles } from './new-user.ts';
import { reasonOf, type Withdraw } from './withdraw.ts';

/** What {@link administerUsers} needs. */
export interface UsersOptions {
  readonly store: UserStore;
  /** `oauth.users`. */
  readonly config: UsersConfig | undefined;
  readonly hasher: Pick<PasswordHasher, 'hash'>;
  readonly withdraw: Withdraw;
  readonly audit: Audit;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  /** Makes the id of a user, which becomes `sub`. */
  readonly createId: () => string;
}

/** The users of the embedded directory; every verb is refused where users live elsewhere. */
export function administerUsers(options: UsersOptions): Administration['users'] {
  const { store, config, hasher, withdraw, audit, clock, createId } = options;

  const record = (type: AuditType, subject: string, by: Operator, detail: string): Promise<void> =>
    audit.record({ type, subject, ...reasonOf(by, detail) });

  async function findStored(user: string): Promise<StoredUser> {
    refuseElsewhere(config);
    const found = (await store.find(user)) ?? (await store.findByUsername(user));
    return found ?? throwMissing(user);
  }

  /** Changes a user and, where what they signed in with no longer holds, signs them out everywhere. */
  async function change(user: string, changes: UserChange, by: Operator, detail: string): Promise<UserView> {
    const { id } = await findStored(user);
    const changed = (await store.change(id, changes)) ?? throwMissing(user);
    if (changes.disabled !== false) {
      await withdraw({ level: 'user', id }, reasonOf(by, `the user was changed: ${detail}`));
    }
    await record('user.changed', id, by, detail);
    return viewOf(changed);
  }

  return {
    async list(page) {
      refuseElsewhere(config);
      return (await store.list(page)).map(viewOf);
    },

    find: async (user) => viewOf(await findStored(user)),

    async add(input, by) {
      refuseElsewhere(config);
      const { password: plain, ...rest } = checkInput('user', newUser, input);
      // Hashing is the dear part: a name that is taken does not get that far. The store has the last word.
      if ((await store.findByUsername(rest.username)) !== undefined) throwTaken(rest.username);
      const passwordHash = await hasher.hash(plain);
      const user = { ...rest, id: createId(), passwordHash, disabled: false, createdAt: Math.floor(clock()) };
      if (!(await store.add(user))) throwTaken(user.username);
      await record('user.added', user.id, by, `${user.username}, roles: ${user.roles}`);
      return viewOf(user);
    },

    setDisabled: (user, disabled, by) => change(user, { disabled }, by, disabled ? 'disabled' : 'enabled'),

    async setPassword(user, plain, by) {
      const checked = checkInput('password', z.object({ password }), { password: plain });
      const { id } = await findStored(user);
      return change(id, { passwordHash: await hasher.hash(checked.password) }, by, 'password');
    },

    async setRoles(user, names, by) {
      const checked = checkInput('list of roles', z.object({ roles }), { roles: names });
      return change(user, { roles: checked.roles }, by, `roles: ${checked.roles}`);
    },
  };
}

function refuseElsewhere(config: UsersConfig | undefined): void {
  if (config?.use === 'embedded') return;
  const message =
    config === undefined
      ? 'this gateway has no users: write oauth.users: { use: embedded } into its configuration'
      : 'the users of this gateway live in a users service (oauth.users): change them there';
  throw new AdministrationError('unsupported', message);
}

function throwMissing(user: string): never {
  throw new AdministrationError('not-found', `there is no user ${showValue(user)}: name one by id or username`);
}

function throwTaken(username: string): never {
  throw new AdministrationError('conflict', `the username ${showValue(username)} is taken: choose another one`);
}

const viewOf = ({ passwordHash: _, ...user }: StoredUser): UserView => user;
