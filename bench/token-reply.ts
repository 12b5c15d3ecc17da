import type { ExpectedReply } from './expected-reply.ts';
import type { Signing } from './targets/target.ts';

/** A token reply (RFC 6749 §5.1) with a JWT of RFC 9068 that was signed so and has this scope. */
export const tokenOf = (signing: Signing, scope: string): ExpectedReply => ({
  check(body) {
    const { access_token: token } = JSON.parse(body) as { access_token: string };
    const [header, claims] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
    const { alg, typ } = JSON.parse(header!) as Record<string, unknown>;
    const { scope: given } = JSON.parse(claims!) as Record<string, unknown>;
    if (alg !== signing || typ !== 'at+jwt') throw new Error(`answers a token of type ${typ} signed with ${alg}`);
    if (given !== scope) throw new Error(`answers a token for "${given}"`);
  },
  least: 300,
});
