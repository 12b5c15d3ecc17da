import * as z from 'zod';
import type { Client, GrantType } from '../model/client.ts';
import { expecting } from './expecting.ts';
import { hashSecret } from './secret-hash.ts';
import { scopeName, text } from './values.ts';

/** Secrets that begin so are for trying things out: accepted short and in the file, refused in production. */
export const demoSecretPrefix = 'demo-only-';

/** Claims that the gateway itself decides, so that no client may set them. */
const ownClaims = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'client_id', 'scope', 'roles', 'epoch']);

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

const grant = z.string(expecting('a grant such as client_credentials')).transform((value, context): GrantType => {
  if (value === 'client_credentials') return value;
  const later = ['authorization_code', 'refresh_token', 'password'].includes(value);
  const message = later
    ? `the grant ${value} comes with the complete authorization server; client_credentials works now`
    : 'expected client_credentials';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

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
    for (const name of Object.keys(value).filter((key) => ownClaims.has(key))) {
      const instead = name === 'roles' ? 'use roles of the client' : 'Garita sets it';
      context.addIssue({ code: 'custom', path: [name], message: `the claim ${name} cannot be set here: ${instead}` });
    }
  });

const authentication = z.enum(
  ['client_secret_basic', 'client_secret_post'],
  expecting('client_secret_basic or client_secret_post'),
);

const shape = z.strictObject({
  id: text(/^[A-Za-z0-9._-]{1,100}$/, 'an id of up to 100 letters, digits, dots, dashes and underscores'),
  type: z
    .enum(['confidential', 'public'], expecting('confidential or public'))
    .default('confidential')
    .describe('confidential: can keep a secret. public: cannot, such as an application in a browser.'),
  name: z.exactOptional(z.string(expecting('a name for people'))).describe('Name for people.'),
  secret: z
    .exactOptional(oneOrTwo(secret))
    .describe('By reference to an environment variable; two while one replaces the other.'),
  secretHash: z
    .exactOptional(oneOrTwo(secretHash))
    .describe('Instead of secret: its hash, as "garita secret" prints it.'),
  authentication: z
    .exactOptional(z.array(authentication, expecting('a list')).min(1, expecting('at least one way to authenticate')))
    .describe('The ways in which the secret may be sent; both when absent.'),
  grants: z
    .array(grant, expecting('a list of grants'))
    .min(1, expecting('at least one grant'))
    .describe('What the client may ask tokens with.'),
  scopes: z
    .array(scopeName, expecting('a list of scopes'))
    .default([])
    .describe('Scopes that it may get; each is declared in oauth.scopes.'),
  roles: z
    .array(z.string(expecting('the name of a role')), expecting('a list of roles'))
    .default([])
    .describe('Roles in tokens that it gets for itself.'),
  claims: claims.default({}).describe('Further claims of tokens that it gets for itself.'),
});

/** An OAuth client, decoded into the model's noun: plain secrets do not survive decoding, only their hashes. */
export const client = shape
  .superRefine((value, context) => {
    const secrets = (value.secret?.length ?? 0) + (value.secretHash?.length ?? 0);
    const refuse = (message: string, ...path: string[]) => context.addIssue({ code: 'custom', path, message });
    if (secrets > 2) refuse('at most two secrets at a time, counting secret and secretHash together');
    if (value.type === 'confidential' && secrets === 0) {
      refuse('a confidential client needs a secret or a secretHash: "garita secret" makes both');
    }
    if (value.type === 'confidential') return;
    if (secrets > 0) refuse('a public client cannot keep a secret', value.secret ? 'secret' : 'secretHash');
    if (value.authentication) refuse('a public client does not authenticate', 'authentication');
    const own = value.grants.indexOf('client_credentials');
    if (own >= 0) refuse('client_credentials is for confidential clients only (RFC 6749 §4.4)', 'grants', String(own));
  })
  .transform(
    ({ secret: plain = [], secretHash: hashes = [], name, authentication: ways, ...rest }): ClientConfig => ({
      ...rest,
      ...(name !== undefined && { name }),
      secretHashes: [...plain.map(hashSecret), ...hashes],
      authentication: rest.type === 'public' ? ['none'] : (ways ?? ['client_secret_basic', 'client_secret_post']),
      redirectUris: [],
    }),
  );

/** A client as configured: the model's noun and a name for people. */
export interface ClientConfig extends Client {
  readonly name?: string;
}
