import { authenticate } from '../../src/policies/authenticate.ts';
import { TokenError } from '../../src/tokens/token-error.ts';
import { makeExchange, makePrincipal } from '../model/make-exchange.ts';
import { runGuard } from './run-guard.ts';

const ana = makePrincipal();
const verify = (token: string) => {
  if (token !== 'good.token-1') throw new TokenError('signature is wrong');
  return ana;
};
const guard = authenticate(verify, 'garita');
const send = async (headers: string[], query = '') => {
  const exchange = makeExchange({ headers, query });
  return { exchange, error: await runGuard(guard, exchange) };
};

test.each([['Bearer good.token-1'], ['bearer good.token-1'], ['BEARER   good.token-1']])(
  'lets "%s" pass and says who it speaks for',
  async (credentials) => {
    const { exchange, error } = await send(['Authorization', credentials]);
    expect(error).toBeUndefined();
    expect(exchange.principal).toBe(ana);
    expect(exchange.token).toBe('good.token-1');
  },
);

test('waits for a verifier that takes its time', async () => {
  const exchange = makeExchange({ headers: ['authorization', 'Bearer x'] });
  expect(
    await runGuard(
      authenticate(async () => ana, 'garita'),
      exchange,
    ),
  ).toBeUndefined();
  expect(exchange.principal).toBe(ana);
  const refused = makeExchange({ headers: ['authorization', 'Bearer x'] });
  const failing = authenticate(() => Promise.reject(new TokenError('no')), 'garita');
  expect((await runGuard(failing, refused))?.code).toBe('GW_TOKEN_INVALID');
});

test.each([
  ['none', []],
  ['another scheme', ['Authorization', 'Basic YTpi']],
  ['a scheme that only begins alike', ['Authorization', 'BearerX good.token-1']],
  ['an empty field', ['Authorization', '']],
])('without a token (%s) the challenge has no error code (RFC 6750 §3.1)', async (_, headers) => {
  const { exchange, error } = await send(headers);
  expect(error).toMatchObject({ code: 'GW_TOKEN_MISSING', status: 401 });
  expect(error?.headers).toEqual(['WWW-Authenticate', 'Bearer realm="garita"']);
  expect(exchange.principal).toBeUndefined();
});

test.each([
  ['one that the verifier refuses', 'Bearer other'],
  ['none after the scheme', 'Bearer'],
  ['blanks after the scheme', 'Bearer   '],
  ['two words', 'Bearer good.token-1 good.token-1'],
  ['a list', 'Bearer good.token-1, Bearer good.token-1'],
  ['characters outside of b64token', 'Bearer good.tok€n'],
  ['an equals sign in the middle', 'Bearer a=b'],
])('a bad token (%s) is invalid_token', async (_, credentials) => {
  const { exchange, error } = await send(['Authorization', credentials]);
  expect(error).toMatchObject({ code: 'GW_TOKEN_INVALID', status: 401 });
  expect(error?.headers[1]).toMatch(/^Bearer realm="garita", error="invalid_token", error_description="[^"]+"$/);
  expect(exchange.principal).toBeUndefined();
  expect(exchange.token).toBeUndefined();
});

test('a verifier that breaks is not the fault of the token', async () => {
  const exchange = makeExchange({ headers: ['authorization', 'Bearer x'] });
  const broken = authenticate(() => {
    throw new TypeError('a bug');
  }, 'garita');
  await expect(runGuard(broken, exchange)).rejects.toEqual(new TypeError('a bug'));
});

test('why a token is refused stays with the gateway', async () => {
  const { error } = await send(['Authorization', 'Bearer other']);
  expect(error?.cause).toEqual(new TokenError('signature is wrong'));
  expect(`${error?.message} ${error?.headers}`).not.toContain('signature');
});

test.each([
  ['two fields', ['Authorization', 'Bearer good.token-1', 'authorization', 'Bearer good.token-1'], ''],
  ['one in the query', [], '?access_token=good.token-1'],
  ['one in the query, written otherwise', [], '?access%5Ftoken=x'],
  ['header and query', ['Authorization', 'Bearer good.token-1'], '?a=1&access_token=x'],
])('%s: invalid_request, 400 (RFC 6750 §2)', async (_, headers, query) => {
  const { exchange, error } = await send(headers, query);
  expect(error).toMatchObject({ code: 'GW_BAD_CREDENTIALS', status: 400 });
  expect(error?.headers).toEqual(['WWW-Authenticate', 'Bearer realm="garita", error="invalid_request"']);
  expect(exchange.principal).toBeUndefined();
});

test('a query parameter that only sounds alike is none', async () => {
  expect(
    (await send(['Authorization', 'Bearer good.token-1'], '?my_access_token=x&access_tokens=1')).error,
  ).toBeUndefined();
});
