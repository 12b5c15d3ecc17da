import * as z from 'zod';
import { auditTypes } from '../../stores/audit-store.ts';

const time = z.number().describe('Seconds since the epoch.');
const texts = z.array(z.string());

/** Secrets are never among it. */
const client = z.strictObject({
  id: z.string(),
  name: z.string(),
  type: z.enum(['confidential', 'public']),
  application: z.enum(['web', 'native']),
  firstParty: z.boolean(),
  authentication: z.array(z.enum(['client_secret_basic', 'client_secret_post', 'none'])),
  grants: z.array(z.enum(['client_credentials', 'authorization_code', 'refresh_token', 'password'])),
  scopes: texts,
  redirectUris: texts,
  postLogoutRedirectUris: texts,
  origins: texts,
  resources: texts,
  requirePkce: z.boolean(),
  refreshTokens: z.strictObject({ idle: z.number(), max: z.number() }).describe('Seconds.'),
  roles: texts,
  claims: z.record(z.string(), z.unknown()),
  from: z.enum(['configuration', 'store']).describe('Only clients of the store can be changed here.'),
  disabled: z.boolean(),
  secrets: z
    .array(z.strictObject({ createdAt: z.optional(time), expiresAt: z.optional(time) }))
    .describe('Those that work; two while one replaces the other.'),
});

const newClientAnswer = z.strictObject({
  client,
  secret: z.optional(z.string()).describe('Of a confidential client: shown here and never again.'),
});

const clientSecret = z.strictObject({ client, secret: z.string().describe('Shown here and never again.') });

const user = z.strictObject({
  id: z.string().describe('sub of the tokens of this user.'),
  username: z.string(),
  roles: texts,
  attributes: z.record(z.string(), z.unknown()),
  disabled: z.boolean(),
  createdAt: time,
});

const grant = z.strictObject({
  id: z.string().describe('sid of its access tokens.'),
  subject: z.string(),
  clientId: z.string(),
  scopes: texts,
  audience: z.string(),
  authTime: time.describe('When the user proved who they are, in seconds since the epoch.'),
  createdAt: time,
  expiresAt: time.describe('No refresh token outlives it. Seconds since the epoch.'),
});

const key = z.strictObject({
  id: z.string().describe('kid: the RFC 7638 thumbprint.'),
  algorithm: z.enum(['RS256', 'ES256']),
  state: z.enum(['next', 'active', 'retiring']),
  createdAt: time,
  activeFrom: time,
  removedFrom: z.optional(time),
});

const revocationInForce = z.strictObject({
  level: z.enum(['token', 'grant', 'user', 'client', 'everything']),
  id: z.optional(z.string()),
  until: time.describe('When no token that it concerns can be alive any more, in seconds since the epoch.'),
});

const auditEvent = z.strictObject({
  id: z.number(),
  type: z.enum(auditTypes),
  at: time,
  actor: z.optional(z.string()).describe('Who did it: a sub, the id of a client, or an operator.'),
  subject: z.optional(z.string()).describe('Whose account it was about.'),
  clientId: z.optional(z.string()),
  address: z.optional(z.string()),
  grantId: z.optional(z.string()),
  detail: z.optional(z.string()),
});

const instance = z.strictObject({
  service: z.string(),
  instance: z.string().describe('host:port'),
  origin: z.string(),
  reachable: z.boolean(),
  inFlight: z.number().describe('Attempts that are going on.'),
});

const route = z.strictObject({
  id: z.string(),
  methods: z.optional(texts).describe('All when absent.'),
  hosts: z.optional(texts).describe('All when absent.'),
  path: z.optional(z.string()),
  pattern: z.optional(z.string()).describe('RE2 expression, in the place of path.'),
  headers: z.optional(z.record(z.string(), z.unknown())),
  query: z.optional(z.record(z.string(), z.unknown())),
  priority: z.number(),
  service: z.string(),
  to: z.optional(z.string()).describe('Path at the service; the same when absent.'),
  access: z
    .looseObject({ kind: z.enum(['public', 'authenticated']) })
    .describe('Who may use it: kind, and for authenticated ones scopes, when and issuers.'),
  policies: z.array(z.string()).describe('Names, in the order in which they act.'),
});

/** What operations answer, by the name that it has in the description of the API. */
export const answers = {
  Client: client,
  NewClient: newClientAnswer,
  ClientSecret: clientSecret,
  User: user,
  Grant: grant,
  Key: key,
  Revocation: revocationInForce,
  AuditEvent: auditEvent,
  Instance: instance,
  Route: route,
};

/** A list of these. */
export const listOf = (item: z.ZodType) =>
  z.strictObject({
    items: z.array(item),
    next: z.optional(z.string()).describe('There is more: ask again with after set to this.'),
  });
