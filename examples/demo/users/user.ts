import { checkFields, email, oneOf, type Rule, text } from '../service/fields.ts';

/** A user as services see it; `sub` never changes and says nothing about the person. */
export interface User {
  readonly sub: string;
  readonly username: string;
  readonly displayName: string;
  readonly email: string;
  readonly roles: readonly string[];
  readonly status: UserStatus;
  readonly createdAt: string;
}

export type UserStatus = 'active' | 'disabled';

/** What a person sends to get an account. Roles are not among it: only services give them. */
export interface Registration {
  readonly username: string;
  readonly password: string;
  readonly email: string;
  readonly displayName: string;
}

/** Reads the body of a registration. Throws a 400 problem. */
export function readRegistration(document: unknown): Registration {
  return checkFields<Registration>(document, { username, password, email: email(), displayName: text(80) });
}

/** Reads the body of a verification; any text may be tried. Throws a 400 problem. */
export function readCredentials(document: unknown): { username: string; password: string } {
  return checkFields<{ username: string; password: string }>(document, { username: anyText, password: anyText });
}

/** Reads `{"roles": […]}`. Throws a 400 problem. */
export function readRoles(document: unknown): { roles: string[] } {
  return checkFields<{ roles: string[] }>(document, { roles });
}

/** Reads `{"status": …}`. Throws a 400 problem. */
export function readStatus(document: unknown): { status: UserStatus } {
  return checkFields<{ status: UserStatus }>(document, { status: oneOf(['active', 'disabled']) });
}

function username(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z0-9][a-z0-9._-]{2,31}$/i.test(value)
    ? undefined
    : 'must have 3 to 32 letters, digits, ".", "_" or "-", and start with a letter or digit';
}

function password(value: unknown): string | undefined {
  return typeof value === 'string' && value.length >= 10 && value.length <= 256 && value.isWellFormed()
    ? undefined
    : 'must have 10 to 256 characters';
}

const anyText: Rule = (value) =>
  typeof value === 'string' && value.length <= 256 ? undefined : 'must be text of at most 256 characters';

function roles(value: unknown): string | undefined {
  const isRole = (role: unknown) => typeof role === 'string' && /^[a-z][a-z0-9:_-]{0,63}$/.test(role);
  return Array.isArray(value) && value.length <= 32 && value.every(isRole) && new Set(value).size === value.length
    ? undefined
    : 'must be a list of at most 32 different roles, such as "support", in lower case';
}
