import { redact, redactText } from '../../src/telemetry/redact.ts';

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbmEifQ.c2lnbmF0dXJl-_';
const mask = '[redacted]';

test.each([
  'token',
  'accessToken',
  'refresh_token',
  'client_secret',
  'secretHash',
  'Password',
  'passwd',
  'Authorization',
  'proxy-authorization',
  'Set-Cookie',
  'credentials',
  'client_assertion',
  'code_verifier',
  'code',
  'privateKey',
  'key',
  'apiKey',
  'api_key',
  'x-api-key',
])('what is called %s never shows', (name) => {
  expect(
    redact({ [name]: 'hidden', [`a${1}`]: { [name]: { deep: 'hidden' } }, list: [{ [name]: ['hidden'] }] }),
  ).toEqual({
    [name]: mask,
    a1: { [name]: mask },
    list: [{ [name]: mask }],
  });
});

test('what is called otherwise stays', () => {
  const fields = { status: 200, ok: true, none: null, codes: ['a'], keys: 2, list: [1, 'x'], inner: { name: 'n' } };
  expect(redact(fields)).toEqual(fields);
});

test.each([
  [`verify ${jwt} failed`, `verify ${mask} failed`],
  [`Authorization: Bearer abc.def-1~2+/=`, `Authorization: Bearer ${mask}`],
  ['bearer abc, BASIC YTpi!', `bearer ${mask}, BASIC ${mask}!`],
  [`Bearer ${jwt}`, `Bearer ${mask}`],
  ['nothing to hide', 'nothing to hide'],
])('%s', (text, shown) => {
  expect(redactText(text)).toBe(shown);
  expect(redact({ reason: text, list: [{ text }] })).toEqual({ reason: shown, list: [{ text: shown }] });
});

test('errors become facts, with their causes, without tokens', () => {
  const cause = Object.assign(new Error(`refused ${jwt}`), { code: 'ECONNREFUSED', token: 'hidden' });
  const error = new TypeError(`failed with Bearer abc`, { cause });
  const { error: shown } = redact({ error }) as { error: Record<string, unknown> };
  expect(shown).toMatchObject({
    name: 'TypeError',
    message: `failed with Bearer ${mask}`,
    cause: { name: 'Error', message: `refused ${mask}`, code: 'ECONNREFUSED' },
  });
  expect(shown.stack).toContain('redact.test.ts');
  expect(JSON.stringify(shown)).not.toMatch(/eyJ|abc|hidden/);
});

test('causes are followed to a depth, and hide tokens at the end of it too', () => {
  let error = new Error(`the root: Bearer abc`);
  for (let level = 0; level < 5; level++) error = new Error(`level ${level}`, { cause: error });
  const line = JSON.stringify(redact({ error }));
  expect(line).toContain(`the root: Bearer ${mask}`);
  expect(line).not.toContain('abc');
});

test('circles end', () => {
  const ring: Record<string, unknown> = { name: 'ring' };
  ring.self = ring;
  const error = new Error('again');
  error.cause = error;
  expect(() => JSON.stringify(redact({ ring, error }))).not.toThrow();
});

test('a secret below the last depth does not show', () => {
  const deep = { a: { b: { c: { d: { e: { f: { token: 'hidden' } } } } } } };
  expect(JSON.stringify(redact({ deep }))).not.toContain('hidden');
});

test('length is bounded: texts, messages and lists', () => {
  const long = 'x'.repeat(100_000);
  const shown = redact({ text: long, error: new Error(long), list: Array(1_000).fill(1) });
  expect(JSON.stringify(shown).length).toBeLessThan(10_000);
  expect(shown.text).toBe(`${'x'.repeat(2_000)}…`);
});

test('what JSON cannot hold is written in words, and what was given is not changed', () => {
  const fields = { big: 10n, token: 'hidden', inner: { secret: 'hidden' } };
  expect(redact(fields)).toEqual({ big: '10', token: mask, inner: { secret: mask } });
  expect(fields).toEqual({ big: 10n, token: 'hidden', inner: { secret: 'hidden' } });
});
