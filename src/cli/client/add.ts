import { administer, operator } from '../administer.ts';
import { administrationOptions, jsonOption } from '../administration-options.ts';
import { defineCommand, type OptionValues, UsageError } from '../command.ts';
import { formatJson } from '../format-json.ts';
import { readPair } from '../read-pair.ts';
import { showSecret } from './show-secret.ts';

const options = {
  id: { value: 'id', description: 'Its client_id' },
  type: { value: 'type', description: 'confidential (the default) or public, such as an application in a browser' },
  application: { value: 'kind', description: 'web (the default) or native' },
  'first-party': { description: 'It belongs to whoever runs the gateway: users are not asked for consent' },
  name: { value: 'name', description: 'Name for people; the id when not given' },
  grant: {
    value: 'grant',
    repeatable: true,
    description:
      'client_credentials; of a public client or one with redirect URIs, authorization_code and refresh_token',
  },
  scope: { value: 'scope', repeatable: true, description: 'A scope that it may get' },
  'redirect-uri': { value: 'url', repeatable: true, description: 'Where codes may be sent' },
  'post-logout-redirect-uri': { value: 'url', repeatable: true, description: 'Where users may go after signing out' },
  origin: { value: 'origin', repeatable: true, description: 'Origin whose scripts may use the token endpoints' },
  resource: { value: 'uri', repeatable: true, description: 'What tokens may be for instead of oauth.audience' },
  authentication: { value: 'way', repeatable: true, description: 'client_secret_basic or client_secret_post' },
  pkce: { value: 'rule', description: 'required (the default) or optional' },
  'refresh-idle': { value: 'duration', description: 'From one refresh to the next: 24h' },
  'refresh-max': { value: 'duration', description: 'From sign-in to the last refresh: 14d' },
  role: { value: 'role', repeatable: true, description: 'Role in tokens that it gets for itself' },
  claim: { value: 'name=text', repeatable: true, description: 'Claim in tokens that it gets for itself' },
  ...jsonOption,
  ...administrationOptions,
} as const;

/** `garita client add`: a client of the store, and its secret for the only time. */
export const clientAddCommand = defineCommand({
  name: 'client add',
  summary: 'Adds a client and prints its secret, once',
  usage: 'client add --id id [--type public] [--redirect-uri url ...] [--scope scope ...] [options]',
  options,
  async run(context) {
    const { stdout, values } = context;
    const input = readClient(values);
    const added = await administer(context, ({ clients }) => clients.add(input, operator));
    if (values.json) stdout.write(formatJson(added));
    else {
      stdout.write(`added the ${added.client.type} client ${added.client.id}\n`);
      if (added.secret !== undefined) stdout.write(showSecret(added.secret));
    }
    return 0;
  },
});

/** The client as the configuration would have it; what was not said is left to the defaults there. */
function readClient(values: OptionValues<typeof options>): Record<string, unknown> {
  if (values.id === undefined) throw new UsageError('garita client add needs --id <id>');
  const isForUsers = values.type === 'public' || values['redirect-uri'].length > 0;
  const usual = isForUsers ? ['authorization_code', 'refresh_token'] : ['client_credentials'];
  const lifetimes = pickSaid({ idle: values['refresh-idle'], max: values['refresh-max'] });
  return pickSaid({
    id: values.id,
    type: values.type,
    application: values.application,
    firstParty: values['first-party'] || undefined,
    name: values.name,
    grants: values.grant.length > 0 ? values.grant : usual,
    scopes: values.scope,
    redirectUris: values['redirect-uri'],
    postLogoutRedirectUris: values['post-logout-redirect-uri'],
    origins: values.origin,
    resources: values.resource,
    authentication: values.authentication,
    pkce: values.pkce,
    refreshTokens: lifetimes,
    roles: values.role,
    claims: Object.fromEntries(values.claim.map((written) => readPair('--claim', written))),
  });
}

/** Without what is undefined or empty. */
const pickSaid = (members: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(members).filter(
      ([, value]) => value !== undefined && (typeof value !== 'object' || Object.keys(value as object).length > 0),
    ),
  );
