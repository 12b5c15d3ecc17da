import * as z from 'zod';
import { origin, redirectUri, resource } from './client-uris.ts';
import { expecting } from './expecting.ts';
import { reservedClaims } from './reserved-claims.ts';
import { duration, flag, scopeName, text } from './values.ts';

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

const shape = z.strictObject(clientMembers);

/** The members of a client as they were written, decoded one by one. */
export type ClientMembers = Readonly<z.output<typeof shape>>;
