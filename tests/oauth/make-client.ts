import type { Client } from '../../src/model/client.ts';

/** A confidential client with nothing but what every client has; `further` says what matters to a test. */
export const makeClient = (id: string, further: Partial<Client> = {}): Client => ({
  id,
  name: id,
  type: 'confidential',
  application: 'web',
  firstParty: false,
  secretHashes: [],
  authentication: ['client_secret_basic', 'client_secret_post'],
  grants: ['client_credentials'],
  scopes: ['customers:read', 'customers:write'],
  redirectUris: [],
  postLogoutRedirectUris: [],
  origins: [],
  resources: [],
  requirePkce: true,
  refreshTokens: { idle: 1_800, max: 86_400 },
  roles: [],
  claims: {},
  ...further,
});
