import { generateKeyPairSync } from 'node:crypto';
import { readJwkSet } from '../../src/tokens/jwk-set.ts';
import { makeProviderKey } from '../support/start-identity-provider.ts';

const rsa = makeProviderKey('RS256', 'r');
const ec = makeProviderKey('ES256', 'e');
const read = (...keys: unknown[]) => readJwkSet({ keys });

test('finds a key by id and algorithm', () => {
  const keys = read(rsa.jwk, ec.jwk);
  expect(keys.size).toBe(2);
  expect(keys.find('r', 'RS256')!.equals(rsa.publicKey)).toBe(true);
  expect(keys.find('e', 'ES256')!.equals(ec.publicKey)).toBe(true);
  expect(keys.find('r', 'ES256')).toBeUndefined();
  expect(keys.find('e', 'RS256')).toBeUndefined();
  expect(keys.find('constructor', 'RS256')).toBeUndefined();
});

test('one id may have a key of each algorithm (RFC 7517 §4.5)', () => {
  expect(read(rsa.jwk, { ...ec.jwk, kid: 'r' }).size).toBe(2);
});

test('needs neither use, key_ops nor alg', () => {
  const { use: _, alg: __, ...bare } = rsa.jwk;
  expect(read(bare).size).toBe(1);
  expect(read({ ...bare, key_ops: ['verify'] }).size).toBe(1);
});

const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
const ed = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });

test.each<[string, unknown]>([
  ['RSA of 1024 bits', { ...weak, kid: 'a' }],
  ['RSA with the exponent 1', { ...rsa.jwk, e: 'AQ' }],
  ['RSA with a huge exponent', { ...rsa.jwk, e: rsa.jwk.n }],
  ['RSA without a modulus', { ...rsa.jwk, n: undefined }],
  ['RSA whose modulus is a number', { ...rsa.jwk, n: 7 }],
  ['another curve', { ...p384, kid: 'a' }],
  ['a point that is not on the curve', { ...ec.jwk, x: ec.jwk.y }],
  ['Ed25519', { ...ed, kid: 'a' }],
  ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0', kid: 'a', alg: 'HS256' }],
  ['a type that is not its own', { ...ec.jwk, kty: 'RSA' }],
  ['an algorithm that is not its own', { ...rsa.jwk, alg: 'ES256' }],
  ['an algorithm that we do not know', { ...rsa.jwk, alg: 'PS256' }],
  ['a key for encryption', { ...rsa.jwk, use: 'enc' }],
  ['a key for other operations', { ...rsa.jwk, key_ops: ['encrypt'] }],
  ['operations that are no list', { ...rsa.jwk, key_ops: 'verify' }],
  ['no id', { ...rsa.jwk, kid: undefined }],
  ['an id that is no text', { ...rsa.jwk, kid: ['r'] }],
  ['an id that is too long', { ...rsa.jwk, kid: 'k'.repeat(129) }],
  ['private RSA', { ...rsa.jwk, ...rsa.privateKey.export({ format: 'jwk' }) }],
  ['private EC', { ...ec.jwk, ...ec.privateKey.export({ format: 'jwk' }) }],
  ['a private member, even if it is empty', { ...rsa.jwk, d: null }],
  ['null', null],
  ['a text', 'key'],
  ['a list', [rsa.jwk]],
])('leaves out %s, and nothing else', (_, jwk) => {
  const keys = read(jwk, { ...rsa.jwk, kid: 'good' });
  expect(keys.size).toBe(1);
  expect(keys.find('good', 'RS256')).toBeDefined();
});

test('two keys of one id and algorithm: neither', () => {
  const twin = makeProviderKey('RS256', 'r').jwk;
  for (const list of [
    [rsa.jwk, twin],
    [rsa.jwk, rsa.jwk],
    [rsa.jwk, twin, rsa.jwk],
  ]) {
    const keys = read(...list, ec.jwk);
    expect(keys.find('r', 'RS256')).toBeUndefined();
    expect(keys.size).toBe(1);
  }
});

test.each([null, undefined, 7, 'keys', [], {}, { keys: null }, { keys: {} }, { keys: 'x' }])(
  '%j is no key set',
  (document) => {
    expect(() => readJwkSet(document)).toThrow('the document is no key set');
  },
);

test('takes 100 keys and not 101', () => {
  expect(read(...Array(100).fill(null)).size).toBe(0);
  expect(() => read(...Array(101).fill(null))).toThrow('more than 100 keys');
});
