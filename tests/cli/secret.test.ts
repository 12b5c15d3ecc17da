import { createHash } from 'node:crypto';
import { garita } from './surroundings.ts';

test('a secret of 256 bits, and its hash as the configuration takes it', async () => {
  const { code, stdout } = await garita(['secret']);
  const [, secret = '', , hash] = stdout.split('\n').map((line) => line.trim());
  expect(code).toBe(0);
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  expect(hash).toBe(`secretHash: sha256:${createHash('sha256').update(secret).digest('hex')}`);
});

test('never the same twice', async () => {
  expect((await garita(['secret'])).stdout).not.toBe((await garita(['secret'])).stdout);
});
