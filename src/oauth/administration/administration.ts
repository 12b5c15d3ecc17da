import type { Client } from '../../model/client.ts';
import type { AuditFilter, StoredAuditEvent } from '../../stores/audit-store.ts';
import type { GrantFilter, Page } from '../../stores/grant-store.ts';
import type { Revocation } from '../../stores/revocation-store.ts';
import type { KeyDescription } from '../../tokens/key-ring.ts';

/** Who changes something: for the audit. */
export interface Operator {
  /** `sub` of a token, or how else they were admitted: `admin token`, `command line`. */
  readonly name: string;
  readonly address?: string;
}

/** A client as operators see it: no secret, no hash. Times in seconds since the epoch, as all times here. */
export interface ClientView extends Omit<Client, 'secretHashes'> {
  /** Only clients of the store can be changed here. */
  readonly from: 'configuration' | 'store';
  readonly disabled: boolean;
  readonly secrets: readonly { readonly createdAt?: number; readonly expiresAt?: number }[];
}

/** A user of the embedded directory as operators see it. */
export interface UserView {
  readonly id: string;
  readonly username: string;
  readonly roles: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly disabled: boolean;
  readonly createdAt: number;
}

/** A grant as operators see it. */
export interface GrantView {
  readonly id: string;
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly audience: string;
  readonly authTime: number;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** What is said about a new user. */
export interface NewUser {
  readonly username: string;
  readonly password: string;
  readonly roles?: readonly string[];
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/**
 * What operators can do, whichever way they come: the admin API and, where no gateway runs, the command line. What is
 * acknowledged is durable, in force and in the audit. Every verb rejects with an AdministrationError for what the
 * operator can mend, and with a StoreError when the store fails. Unchecked input is `unknown`.
 */
export interface Administration {
  readonly clients: {
    list(): Promise<readonly ClientView[]>;
    find(id: string): Promise<ClientView>;
    /** `input` as a client in the configuration, without secrets; a confidential one gets a secret, shown only here. */
    add(input: unknown, by: Operator): Promise<{ readonly client: ClientView; readonly secret?: string }>;
    /** The secret before it goes on working for `overlap` seconds. */
    rotateSecret(
      id: string,
      overlap: number,
      by: Operator,
    ): Promise<{ readonly client: ClientView; readonly secret: string }>;
    /** A client that is disabled gets no tokens, and those that it has are revoked. */
    setDisabled(id: string, disabled: boolean, by: Operator): Promise<ClientView>;
  };
  /** Of the embedded directory; refused where users live elsewhere. A user is named by id or username. */
  readonly users: {
    list(page: Page): Promise<readonly UserView[]>;
    find(user: string): Promise<UserView>;
    add(input: unknown, by: Operator): Promise<UserView>;
    /** A user who is disabled, or whose password or roles change, is signed out everywhere. */
    setDisabled(user: string, disabled: boolean, by: Operator): Promise<UserView>;
    setPassword(user: string, password: string, by: Operator): Promise<UserView>;
    setRoles(user: string, roles: readonly string[], by: Operator): Promise<UserView>;
  };
  readonly grants: {
    list(filter: GrantFilter, page: Page): Promise<readonly GrantView[]>;
    revoke(id: string, by: Operator): Promise<void>;
  };
  readonly revocations: {
    /** Access tokens and, by grant, user or client, everything that could renew them, and the user's sessions. */
    revoke(revocation: Revocation, by: Operator): Promise<void>;
    list(): Promise<readonly (Revocation & { readonly until: number })[]>;
  };
  readonly keys: {
    list(): Promise<readonly KeyDescription[]>;
    /** Publishes a new key of the algorithm that signs; it takes over when verifiers elsewhere had time to see it. */
    rotate(by: Operator): Promise<KeyDescription>;
    /** Removes a key at once, with every token that it signed: for one that others may have. */
    drop(id: string, by: Operator): Promise<void>;
  };
  readonly audit: {
    query(
      filter: AuditFilter,
      page: { readonly limit: number; readonly after?: number },
    ): Promise<readonly StoredAuditEvent[]>;
  };
}

/** Why something cannot be done. */
export type AdministrationProblem = 'invalid' | 'not-found' | 'conflict' | 'unsupported';

/** What an operator asked for cannot be done; the message says why and what to do. */
export class AdministrationError extends Error {
  readonly problem: AdministrationProblem;
  /** For `invalid`: what is wrong, by path such as `redirectUris[0]`. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(problem: AdministrationProblem, message: string, fields: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'AdministrationError';
    this.problem = problem;
    this.fields = fields;
  }
}
