import { generateKeyPairSync, randomBytes } from 'node:crypto';
import path from 'node:path';
import { findPorts, waitForPort } from '../children.ts';
import type { Signing, Target } from './target.ts';

export const oidcProvider: Target = {
  name: 'oidc-provider',
  about: 'issues the same tokens: JWT access tokens by client credentials; no limit, log or metrics',
  caches: false,
  async start({ children, signing }) {
    const [port] = (await findPorts(1)) as [number];
    const url = `http://127.0.0.1:${port}`;
    const secret = randomBytes(32).toString('base64url');
    const order = { port, url, secret, signing, jwk: { ...makeKey(signing), use: 'sig', alg: signing, kid: 'bench' } };
    const child = children.start(
      process.execPath,
      [path.join(import.meta.dirname, 'oidc-provider-server.js'), JSON.stringify(order)],
      { core: children.serverCore, env: { NODE_ENV: 'production' } },
    );
    await waitForPort(port, child);
    const client = `Basic ${btoa(`bench:${secret}`)}`;
    return { url, process: child, client, stop: () => children.stop(child) };
  },
};

/** Of the same size as Garita's: RSA of 2048 bits, or P-256. */
function makeKey(signing: Signing) {
  const { privateKey } =
    signing === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ format: 'jwk' });
}
