import * as z from 'zod';
import { expecting } from './expecting.ts';
import { flag, oneOrMore, scopeName, text } from './values.ts';

/** What a claim can be compared with. */
type Scalar = string | number | boolean;

/**
 * A condition on the principal; all keys present must hold. `role`, each `claim` and the
 * `subject` of the caller's TLS certificate are lists of which one suffices; `subject` alone is the bare name of a path
 * parameter (`{id}` → `id`) that the token's subject must equal.
 */
export interface When {
  readonly role?: readonly string[];
  readonly claim?: Readonly<Record<string, readonly Scalar[]>>;
  readonly subject?: string;
  readonly certificate?: { readonly subject: readonly string[] };
  /** One of these suffices. */
  readonly any?: readonly When[];
  readonly all?: readonly When[];
}

const scalar = z.union([z.string(), z.number(), z.boolean()], expecting('a text, a number, true or false'));
const roles = oneOrMore(z.string(expecting('the name of a role')), 'the name of a role, or a list of them');
const claims = z.record(
  z.string(),
  oneOrMore(scalar, 'a value, or a list of them'),
  expecting('claims and their values'),
);

const subject = text(/^\{[A-Za-z_][A-Za-z0-9_]*\}$/, 'a path parameter such as {id}').transform((written) =>
  written.slice(1, -1),
);

const subjectName = text(/^[A-Za-z0-9.]+=./, 'the subject of a certificate such as CN=orders,O=Acme');

const conditions = () => {
  const expected = expecting('a list of at least one condition');
  return z.exactOptional(z.array(when, expected).min(1, expected));
};

const when: z.ZodType<When> = z
  .strictObject({
    role: z.exactOptional(roles).describe('The token carries one of these roles.'),
    claim: z.exactOptional(claims).describe('Each claim has, or contains, one of the values.'),
    subject: z.exactOptional(subject).describe('The subject of the token equals this path parameter, as {id}.'),
    certificate: z
      .exactOptional(z.strictObject({ subject: oneOrMore(subjectName, 'a subject, or a list of them') }))
      .describe('The caller has shown a certificate with one of these subjects, such as CN=orders,O=Acme.'),
    get any() {
      return conditions().describe('At least one of these conditions holds.');
    },
    get all() {
      return conditions().describe('All of these conditions hold.');
    },
  })
  .refine((rule) => Object.keys(rule).length > 0, expecting('at least one condition'))
  .meta({ id: 'When', description: 'A condition on the caller; all keys given must hold.' });

const scopeList = z.array(scopeName, expecting('a list of scopes')).min(1, expecting('at least one scope'));

const requiredScopes = z
  .union(
    [
      scopeList.transform((all) => ({ all, any: [] as string[] })),
      z
        .strictObject({ all: z.exactOptional(scopeList), any: z.exactOptional(scopeList) })
        .refine((scopes) => scopes.all !== undefined || scopes.any !== undefined, expecting('all or any'))
        .transform(({ all = [], any = [] }) => ({ all, any })),
    ],
    expecting('a list of scopes, { all: [scopes] } or { any: [scopes] }'),
  )
  .describe('A list: the token has all of them. Or { all: […] }, { any: […] }.');

/** Stands for this gateway's own issuer in the `issuers` of a rule: its address may follow the port. */
export const ownIssuer = 'own';

const issuerPhrase = 'a list of issuers: own, or those of oauth.issuers';
const issuers = z
  .array(z.string(expecting('own, or an issuer of oauth.issuers')), expecting(issuerPhrase))
  .min(1, expecting(issuerPhrase))
  .refine((list) => new Set(list).size === list.length, { error: 'an issuer is in the list twice' });

const accessPhrase = 'public, authenticated, or { scopes: [...], when: {...} }';

/** Who may use a route: `public`, `authenticated`, or a rule with scopes, a condition, issuers, or several of them. */
export const access = z
  .union(
    [
      z.enum(['public', 'authenticated'], expecting(accessPhrase)),
      z
        .strictObject({
          scopes: z.exactOptional(requiredScopes),
          when: z.exactOptional(when),
          issuers: z
            .exactOptional(issuers)
            .describe('Whose access tokens are accepted: own, or issuers of oauth.issuers. Absent: only own.'),
          protocolToken: z
            .exactOptional(flag)
            .describe(
              'WebSockets may bring their token as the subprotocol bearer.<token>: browsers cannot set Authorization.',
            ),
        })
        .refine((rule) => Object.keys(rule).length > 0, expecting('scopes, when, issuers or protocolToken')),
    ],
    expecting(accessPhrase),
  )
  .transform((rule): Access => {
    if (rule === 'public') return { kind: 'public' };
    if (rule === 'authenticated') return { kind: 'authenticated', scopes: { all: [], any: [] } };
    const { scopes = { all: [], any: [] }, when: condition, issuers: accepted, protocolToken } = rule;
    return {
      kind: 'authenticated',
      scopes,
      ...(condition && { when: condition }),
      ...(accepted && { issuers: accepted }),
      ...(protocolToken && { protocolToken }),
    };
  })
  .meta({ id: 'Access', description: 'Who may use it.' });

/** Decoded access rule. An empty `all` or `any` asks for nothing; `any` means one of its members suffices. */
export type Access =
  | { readonly kind: 'public' }
  | {
      readonly kind: 'authenticated';
      readonly scopes: { readonly all: readonly string[]; readonly any: readonly string[] };
      readonly when?: When;
      /** Whose tokens pass: {@link ownIssuer} or issuers of `oauth.issuers`. Absent: only our own. */
      readonly issuers?: readonly string[];
      /** Whether a WebSocket may bring its token among the subprotocols that it offers. */
      readonly protocolToken?: boolean;
    };
