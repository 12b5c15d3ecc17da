// oidc-provider as it would issue Garita's tokens: its own store in memory (which JWT access tokens do not use), one
// client with a secret, one resource whose access tokens are JWTs of five minutes, and nothing else that takes time.
import Provider from 'oidc-provider';

const { port, url, secret, signing, jwk } = JSON.parse(process.argv[2]);
const scope = 'customers:read customers:write';
const resource = 'https://api.example.com';

const provider = new Provider(url, {
  jwks: { keys: [jwk] },
  routes: { token: '/oauth/token' },
  scopes: scope.split(' '),
  clients: [
    {
      client_id: 'bench',
      client_secret: secret,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      id_token_signed_response_alg: signing,
    },
  ],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      getResourceServerInfo: () => ({
        scope,
        audience: resource,
        accessTokenTTL: 300,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: signing } },
      }),
    },
  },
});

provider.listen(port, '127.0.0.1');
