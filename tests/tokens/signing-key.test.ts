import { createHash, createPublicKey } from 'node:crypto';
import { generateSigningKey, readSigningKey } from '../../src/tokens/signing-key.ts';

describe('a signing key', () => {
  test('RS256 uses RSA of 2048 bits, ES256 the curve P-256', async () => {
    const rsa = readSigningKey(await generateSigningKey('RS256', 0));
    const ec = readSigningKey(await generateSigningKey('ES256', 0));
    expect(rsa.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2_048);
    expect(ec.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  });

  test('begins to sign when it is made, or when it is told to', async () => {
    expect(await generateSigningKey('ES256', 7)).toMatchObject({ createdAt: 7, activeFrom: 7, removedFrom: undefined });
    expect(await generateSigningKey('ES256', 7, 9)).toMatchObject({ createdAt: 7, activeFrom: 9 });
  });

  test('publishes public members only, and verifiers can use them', async () => {
    for (const algorithm of ['RS256', 'ES256'] as const) {
      const { publicJwk, publicKey } = readSigningKey(await generateSigningKey(algorithm, 0));
      const members = algorithm === 'RS256' ? ['n', 'e'] : ['crv', 'x', 'y'];
      expect(Object.keys(publicJwk).sort()).toEqual(['kty', 'use', 'alg', 'kid', ...members].sort());
      const imported = createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
      expect(imported.equals(publicKey)).toBe(true);
    }
  });

  test('is named by its RFC 7638 thumbprint', async () => {
    const { id, publicJwk } = readSigningKey(await generateSigningKey('RS256', 0));
    if (publicJwk.kty !== 'RSA') throw new Error('not an RSA key');
    const canonical = `{"e":"${publicJwk.e}","kty":"RSA","n":"${publicJwk.n}"}`;
    expect(id).toBe(createHash('sha256').update(canonical).digest('base64url'));
  });
});
