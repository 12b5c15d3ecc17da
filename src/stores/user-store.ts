import type { Page } from './grant-store.ts';

/** A user of the embedded directory. */
export interface StoredUser {
  /** `sub`: a random UUID. */
  readonly id: string;
  /** What they sign in with; unique without regard to case, in Unicode's normal form C. */
  readonly username: string;
  /** A PHC string. */
  readonly passwordHash: string;
  readonly roles: readonly string[];
  /** Further attributes such as `name` and `email`. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly disabled: boolean;
  /** Seconds since the epoch. */
  readonly createdAt: number;
}

/** What may change of a user. */
export type UserChange = Partial<Pick<StoredUser, 'passwordHash' | 'roles' | 'attributes' | 'disabled'>>;

/** The users of the embedded directory. Each verb is atomic over all processes that share the store. */
export interface UserStore {
  /** False, and nothing done, when the username is taken. */
  add(user: StoredUser): Promise<boolean>;
  findByUsername(username: string): Promise<StoredUser | undefined>;
  find(id: string): Promise<StoredUser | undefined>;
  /** In the order of usernames; `after` is the username of the last one of the page before. */
  list(page: Page): Promise<readonly StoredUser[]>;
  /** The user as it is now; undefined when there is none. */
  change(id: string, change: UserChange): Promise<StoredUser | undefined>;
  /** Puts one password hash in the place of another; false, and nothing done, when that is not the present one. */
  replaceHash(id: string, from: string, to: string): Promise<boolean>;
}
