import * as z from 'zod';
import type { Client, RefreshTokenLifetime } from '../model/client.ts';
import { origin, originsOf, redirectUri, resource } from './client-uris.ts';
import { expecting } from './expecting.ts';
import { reservedClaims } from './reserved-claims.ts';
import { hashSecret } from './secret-hash.ts';
import { duration, flag, scopeName, text } from './values.ts';

/** Secrets that begin so are for trying things out: accepted short and in the file, refused in production. */
export const demoSecretPrefix = 'demo-only-';

// Both abort, so that the rules for the client as a whole meet lists, and not what could not be decoded to one.
const secret = z.string().refine((value) => value.length >= 32 || value.startsWith(demoSecretPrefix), {
  error: 'a client secret has at least 32 characters: "garita secret" makes a good one',
  abort: true,
});

const secretHash = z.string().regex(/^sha256:[0-9a-f]{64}$/, {
  ...expecting('sha256: and 64 hex digits, as "garita secret" prints it'),
  abort: true,
});

const oneOrTwo = <T extends z.ZodType<string>>(item: T) =>
  z
    .union(
      [item, z.array(item).min(1).max(2)],
      'write one text in quotes, or a list of two while one replaces the other',
    )
    .transform((value) => (typeof value === 'string' ? [value] : value));

const grant = z.enum(
  ['authorization_code', 'refresh_token', 'client_credentials', 'password'],
  expecting('authorization_code, refresh_token, client_credentials or password'),
);

const lifetime = (to: string) =>
  duration({ from: '1m', to }).transform((milliseconds) => Math.ceil(milliseconds / 1_000));

const namePhrase = expecting('a name for people: up to 100 characters in one line, none of them invisible');

/** It stands on the pages where users decide: nothing in it may hide, break the line or turn the text around. */
const nameForPeople = z
  .string(namePhrase)
  .min(1, { ...namePhrase, abort: true })
  .max(100, namePhrase)
  .refine(
    (name) => /[\p{L}\p{N}\p{S}\p{P}]/u.test(name) && !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(name),
    namePhrase,
  );

const refreshTokens = z.strictObject({
  idle: z.exactOptional(lifetime('3650d')).describe('From one refresh to the next: 24h for public clients, else 30d.'),
  max: z
    .exactOptional(lifetime('3650d'))
    .describe('From sign-in to the last refresh: 14d for public clients, else 90d.'),
});

const listOf = <T extends z.ZodType>(item: T, phrase: string) => z.array(item, expecting(phrase)).default([]);

const claims = z
  .record(
    z.string(),
    z.union(
      [z.string(), z.number(), z.boolean(), z.array(z.string())],
      expecting('a text, a number, true, false or a list of texts'),
    ),
    expecting('claims and their values'),
  )
  .superRefine((value, context) => {
    for (const name of Object.keys(value).filter((key) => reservedClaims.has(key))) {
      const instead =
        name === 'roles'
          ? 'use roles of the client'
          : 'it means something to whoever verifies tokens, choose another name';
      context.addIssue({ code: 'custom', path: [name], message: `the claim ${name} cannot be set here: ${instead}` });
    }
  });

const authentication = z.enum(
  ['client_secret_basic', 'client_secret_post'],
  expecting('client_secret_basic or client_secret_post'),
);

/** What a client is, beside its secrets. */
export const clientMembers = {
  id: text(/^[A-Za-z0-9._-]{1,100}$/, 'an id of up to 100 letters, digits, dots, dashes and underscores'),
  type: z
    .enum(['confidential', 'public'], expecting('confidential or public'))
    .default('confidential')
    .describe('confidential: can keep a secret. public: cannot, such as an application in a browser.'),
  application: z
    .enum(['web', 'native'], expecting('web or native'))
    .default('web')
    .describe(
      'native: on a device; any port of its loopback redirect URI fits, and users are always asked (RFC 8252).',
    ),
  firstParty: flag
    .default(false)
    .describe('Belongs to whoever runs this gateway: users are not asked for consent; may use the password grant.'),
  name: z.exactOptional(nameForPeople).describe('Name for people.'),
  authentication: z
    .exactOptional(z.array(authentication, expecting('a list')).min(1, expecting('at least one way to authenticate')))
    .describe('The ways in which the secret may be sent; both when absent.'),
  grants: z
    .array(grant, expecting('a list of grants'))
    .min(1, expecting('at least one grant'))
    .describe('What the client may ask tokens with.'),
  scopes: listOf(scopeName, 'a list of scopes').describe('Scopes that it may get; each is declared in oauth.scopes.'),
  redirectUris: listOf(redirectUri, 'a list of URLs').describe('Where codes may be sent, compared as they are.'),
  postLogoutRedirectUris: listOf(redirectUri, 'a list of URLs').describe('Where users may go after signing out.'),
  origins: z
    .exactOptional(z.array(origin, expecting('a list of origins')))
    .describe(
      'Origins whose scripts may use the token endpoints; those of a public client’s redirect URIs when absent.',
    ),
  resources: listOf(resource, 'a list of URIs').describe(
    'What tokens may be for instead of oauth.audience (RFC 8707).',
  ),
  pkce: z
    .enum(['required', 'optional'], expecting('required or optional'))
    .default('required')
    .describe('optional: for a confidential client that does not know PKCE (RFC 7636).'),
  refreshTokens: refreshTokens.prefault({}).describe('How long it may refresh.'),
  roles: listOf(z.string(expecting('the name of a role')), 'a list of roles').describe(
    'Roles in tokens that it gets for itself.',
  ),
  claims: claims.default({}).describe('Further claims of tokens that it gets for itself.'),
};

const shape = z.strictObject({
  ...clientMembers,
  secret: z
    .exactOptional(oneOrTwo(secret))
    .describe('By reference to an environment variable; two while one replaces the other.'),
  secretHash: z
    .exactOptional(oneOrTwo(secretHash))
    .describe('Instead of secret: its hash, as "garita secret" prints it.'),
});

/** The members of a client as they were written, decoded one by one. */
export type ClientMembers = {
  readonly [K in keyof z.output<typeof shape> as Exclude<K, 'secret' | 'secretHash'>]: z.output<typeof shape>[K];
};

/** An OAuth client, decoded into the model's noun: plain secrets do not survive decoding, only their hashes. */
export const client = shape
  .superRefine((value, context) => {
    const secrets = (value.secret?.length ?? 0) + (value.secretHash?.length ?? 0);
    const refuse = (message: string, ...path: string[]) => context.addIssue({ code: 'custom', path, message });
    if (secrets > 2) refuse('at most two secrets at a time, counting secret and secretHash together');
    if (value.type === 'confidential' && secrets === 0) {
      refuse('a confidential client needs a secret or a secretHash: "garita secret" makes both');
    }
    if (value.type === 'public' && secrets > 0) {
      refuse('a public client cannot keep a secret', value.secret ? 'secret' : 'secretHash');
    }
    for (const { message, path } of contradictionsOf(value)) refuse(message, ...path);
  })
  .transform(
    ({ secret: plain = [], secretHash: hashes = [], ...members }): ClientConfig => ({
      ...toClient(members),
      secretHashes: [...plain.map(hashSecret), ...hashes],
    }),
  );

/** What members of a client say against each other, secrets apart: `path` leads to the member that should give way. */
export function contradictionsOf(value: ClientMembers): { message: string; path: string[] }[] {
  const found: { message: string; path: string[] }[] = [];
  const refuse = (message: string, ...path: string[]) => found.push({ message, path });
  const uses = (name: string) => value.grants.indexOf(name as never);
  if (value.type === 'public') {
    if (value.authentication) refuse('a public client does not authenticate', 'authentication');
    if (value.pkce === 'optional') refuse('a public client cannot do without PKCE (RFC 9700 §2.1.1)', 'pkce');
    for (const own of ['client_credentials', 'password']) {
      if (uses(own) >= 0)
        refuse(`${own} is for confidential clients only (RFC 6749 §4.4)`, 'grants', String(uses(own)));
    }
  } else if (uses('password') >= 0 && !value.firstParty) {
    refuse(
      'password is for clients with firstParty: true: nobody else may see passwords',
      'grants',
      String(uses('password')),
    );
  }
  if (uses('authorization_code') >= 0 && value.redirectUris.length === 0) {
    refuse('a client with the grant authorization_code needs redirectUris');
  }
  if (uses('refresh_token') >= 0 && uses('authorization_code') < 0 && uses('password') < 0) {
    refuse(
      'refresh_token renews what authorization_code or password gave: add one of them',
      'grants',
      String(uses('refresh_token')),
    );
  }
  if (value.application === 'native' && value.firstParty && value.type === 'public') {
    refuse('a native client cannot prove that it is yours: its users are always asked (RFC 8252 §8.6)', 'firstParty');
  }
  return found;
}

const usualRefresh = {
  public: { idle: 24 * 3_600, max: 14 * 24 * 3_600 },
  confidential: { idle: 30 * 24 * 3_600, max: 90 * 24 * 3_600 },
} as const satisfies Record<string, RefreshTokenLifetime>;

/** Fills in what depends on other members. The secrets come from elsewhere. */
export function toClient(members: ClientMembers): Omit<Client, 'secretHashes'> {
  const { name, authentication: ways, origins, pkce, refreshTokens: lifetimes, ...rest } = members;
  const isPublic = rest.type === 'public';
  return {
    ...rest,
    name: name ?? rest.id,
    authentication: isPublic ? ['none'] : (ways ?? ['client_secret_basic', 'client_secret_post']),
    origins: origins ?? (isPublic ? originsOf(rest.redirectUris) : []),
    requirePkce: pkce === 'required',
    refreshTokens: { ...usualRefresh[rest.type], ...lifetimes },
  };
}

/** A client as configured. */
export type ClientConfig = Client;
