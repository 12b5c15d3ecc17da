import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createMemoryKeyStore } from '../../src/stores/memory/memory-key-store.ts';
import { loadSigningKeys } from '../../src/tokens/keys.ts';
import { generateSigningKey, readSigningKey } from '../../src/tokens/signing-key.ts';

const clock = () => 1_700_000_000.7;

describe('the signing keys', () => {
  test('are made on the first start and found on the next', async () => {
    const store = createMemoryKeyStore();
    const first = await loadSigningKeys({ store, algorithm: 'ES256', clock });
    const second = await loadSigningKeys({ store, algorithm: 'ES256', clock });
    expect(second.current().id).toBe(first.current().id);
    expect(await store.list()).toEqual([
      expect.objectContaining({ id: first.current().id, algorithm: 'ES256', createdAt: 1_700_000_000 }),
    ]);
  });

  test('are the same for two processes that start at once', async () => {
    const store = createMemoryKeyStore();
    const load = () => loadSigningKeys({ store, algorithm: 'ES256', clock });
    const [one, other] = await Promise.all([load(), load()]);
    expect(one.current().id).toBe(other.current().id);
  });

  test('stay for verification when the algorithm changes', async () => {
    const store = createMemoryKeyStore();
    const before = (await loadSigningKeys({ store, algorithm: 'ES256', clock })).current();
    const keys = await loadSigningKeys({ store, algorithm: 'RS256', clock });
    expect(keys.current().algorithm).toBe('RS256');
    expect(keys.find(before.id)?.algorithm).toBe('ES256');
    expect(keys.publicJwks().keys.map(({ alg }) => alg)).toEqual(['ES256', 'RS256']);
  });

  test('are found by their own id only', async () => {
    const keys = await loadSigningKeys({ store: createMemoryKeyStore(), algorithm: 'ES256', clock });
    for (const id of ['', '__proto__', 'constructor', '../', keys.current().id.toUpperCase()]) {
      expect(keys.find(id)).toBeUndefined();
    }
  });

  test('RS256 uses RSA of 2048 bits, ES256 the curve P-256', async () => {
    const rsa = readSigningKey(await generateSigningKey('RS256', 0));
    const ec = readSigningKey(await generateSigningKey('ES256', 0));
    expect(rsa.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2_048);
    expect(ec.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  });

  test('publish public members only, and verifiers can use them', async () => {
    for (const algorithm of ['RS256', 'ES256'] as const) {
      const { publicJwk, publicKey } = readSigningKey(await generateSigningKey(algorithm, 0));
      const members = algorithm === 'RS256' ? ['n', 'e'] : ['crv', 'x', 'y'];
      expect(Object.keys(publicJwk).sort()).toEqual(['kty', 'use', 'alg', 'kid', ...members].sort());
      const imported = createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
      expect(imported.equals(publicKey)).toBe(true);
    }
  });

  test('are named by their RFC 7638 thumbprint', async () => {
    const { id, publicJwk } = readSigningKey(await generateSigningKey('RS256', 0));
    if (publicJwk.kty !== 'RSA') throw new Error('not an RSA key');
    const canonical = `{"e":"${publicJwk.e}","kty":"RSA","n":"${publicJwk.n}"}`;
    expect(id).toBe(createHash('sha256').update(canonical).digest('base64url'));
  });

  test('refuse a damaged key, and one of another algorithm, naming it', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    for (const privateKey of ['nonsense', ec.toString()]) {
      expect(() => readSigningKey({ id: 'k1', algorithm: 'ES256', privateKey, createdAt: 0 })).toThrow(
        'The signing key k1 in the store is damaged. Restore a backup of the store.',
      );
    }
  });
});
