import type { Client } from '../../src/model/client.ts';
import { createEngine, type Engine } from '../../src/oauth/engine.ts';
import { clientCredentials } from '../../src/oauth/grants/client-credentials.ts';
import type { Grant } from '../../src/oauth/grants/grant.ts';
import { OAuthError } from '../../src/oauth/oauth-error.ts';
import { createMemoryKeyStore } from '../../src/stores/memory/memory-key-store.ts';
import { createTokenIssuer } from '../../src/tokens/issue.ts';
import { loadSigningKeys } from '../../src/tokens/keys.ts';

const client: Client = {
  id: 'back-office',
  type: 'confidential',
  secretHashes: [],
  authentication: ['client_secret_basic'],
  grants: ['client_credentials'],
  scopes: ['a', 'b'],
  redirectUris: [],
  roles: [],
  claims: {},
};

const nothing: ReadonlyMap<string, string> = new Map();

describe('the engine', () => {
  let engine: Engine;
  beforeAll(async () => {
    const clock = () => 1_700_000_000;
    const keys = await loadSigningKeys({ store: createMemoryKeyStore(), algorithm: 'ES256', clock });
    const server = { issuer: 'https://id.example', audience: 'https://api.example', revocations: { epoch: 0 } };
    const tokens = createTokenIssuer({ ...server, keys, clock });
    engine = createEngine({ tokens, accessTokenLifetime: 60 });
  });

  test('runs a grant and gives the token that was issued', async () => {
    const token = await engine.run(clientCredentials, { client, form: nothing, scopes: ['a'] });
    expect(token.expiresAt).toBe(1_700_000_060);
    expect(JSON.parse(Buffer.from(token.token.split('.')[1]!, 'base64url').toString())).toMatchObject({
      jti: token.id,
      sub: 'back-office',
      scope: 'a',
    });
  });

  test('takes no notice of parameters that the endpoint has dealt with', async () => {
    const form = new Map([
      ['client_id', 'someone-else'],
      ['client_secret', 'x'],
      ['scope', 'root'],
      ['grant_type', 'password'],
      ['code_verifier', 'x'],
    ]);
    const token = await engine.run(clientCredentials, { client, form, scopes: ['b'] });
    expect(JSON.parse(Buffer.from(token.token.split('.')[1]!, 'base64url').toString()).scope).toBe('b');
  });

  test('hands on what a grant throws, as it was', async () => {
    const refusal = new OAuthError('invalid_grant', 'No.');
    const failure = new Error('the database password is hunter2');
    for (const thrown of [refusal, failure]) {
      const grant: Grant = { type: 'client_credentials', resolveSubject: () => Promise.reject(thrown) };
      await expect(engine.run(grant, { client, form: nothing, scopes: [] })).rejects.toBe(thrown);
    }
  });

  test("says its own refusals in the endpoint's words", async () => {
    const refused = engine.run(clientCredentials, { client: { ...client, grants: [] }, form: nothing, scopes: [] });
    await expect(refused).rejects.toMatchObject({
      name: 'OAuthError',
      code: 'unauthorized_client',
      message: 'The client may not use this grant.',
    });
  });
});
