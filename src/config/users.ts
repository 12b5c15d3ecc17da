import * as z from 'zod';
import { expecting } from './expecting.ts';
import { isLoopback } from './issuer.ts';
import { reservedClaims } from './reserved-claims.ts';
import { duration, scopeName } from './values.ts';
import { weighty } from './weighty.ts';

const urlPhrase = 'the address of the users service such as https://users.internal';

const serviceUrl = z.string(expecting(urlPhrase)).superRefine((written, context) => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  const url = URL.parse(written);
  if (url === null || !/^https?:$/.test(url.protocol) || /[?#]/.test(written)) refuse(`expected ${urlPhrase}`);
  else if (url.username !== '' || url.password !== '') refuse('put the credential under secret, not into the address');
  else if (url.protocol === 'http:' && !isPrivate(url.hostname)) {
    refuse('passwords must not travel in the clear: https, except to private addresses and names without a dot');
  }
});

/** Hosts that only a private network has: there plain http is the operator's choice. */
const isPrivate = (host: string): boolean =>
  isLoopback(host) ||
  !host.includes('.') ||
  /\.(internal|local|svc|cluster\.local)$/.test(host) ||
  /^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(host);

const path = (phrase: string) =>
  z.string(expecting(phrase)).regex(/^\/[A-Za-z0-9._~!$&'()*+,;=:@%/{}-]*$/, expecting(phrase));

const attribute = z.string(expecting('the name of an attribute')).min(1, expecting('the name of an attribute'));

const mapping = {
  roles: attribute
    .default('roles')
    .describe('The attribute that lists the roles of a user. Dots lead into maps: access.roles.'),
  claims: z
    .record(
      z.string().superRefine((name, context) => {
        if (reservedClaims.has(name))
          context.addIssue({
            code: 'custom',
            message: `the claim ${name} cannot be set here: it means something to whoever verifies tokens, choose another name`,
          });
      }),
      attribute,
      expecting('claims and the attributes that they come from'),
    )
    .default({ name: 'name', preferred_username: 'preferred_username' })
    .describe('Claims of tokens, and the attributes of the user that they come from.'),
  scopes: z
    .record(
      scopeName,
      z.array(z.string(expecting('the name of a role')), expecting('a list of roles')).min(1, expecting('a role')),
      expecting('scopes and the roles that may have them'),
    )
    .default({})
    .describe('Scopes that only users with one of these roles get; the others are for every user.'),
};

/** Who may sign in, and who knows them. */
export const users = z
  .discriminatedUnion(
    'use',
    [
      z
        .strictObject({
          use: z.literal('http'),
          with: z.strictObject({
            url: serviceUrl.describe('Address of the users service.'),
            secret: weighty('a service credential').describe(
              'Sent as a Bearer token with every question. By reference to an environment variable.',
            ),
            verify: path('a path such as /credentials/verify')
              .default('/credentials/verify')
              .describe('Where username and password are sent by POST.'),
            find: z
              .exactOptional(
                path('a path such as /users/{sub}').includes('{sub}', expecting('a path such as /users/{sub}')),
              )
              .describe(
                'Where a user is looked up for each code and each refresh, {sub} replaced; absent: what sign-in told holds.',
              ),
            timeout: duration({ from: '100ms', to: '30s' }).prefault('2s').describe('For an answer.'),
          }),
          ...mapping,
        })
        .describe('Credentials are forwarded to a users service.'),
      z
        .strictObject({ use: z.literal('embedded'), ...mapping })
        .describe('Users live in the store: "garita user add".'),
    ],
    expecting('{ use: http, with: { url, secret } } or { use: embedded }'),
  )
  .describe('Who may sign in.');

/** See {@link users}. */
export type UsersConfig = z.output<typeof users>;
