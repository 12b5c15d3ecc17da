import type { Principal } from '../../src/model/principal.ts';
import { BoundedMemory } from '../../src/stores/memory/bounded-memory.ts';
import { TokenError } from '../../src/tokens/token-error.ts';
import { createTokenVerifier } from '../../src/tokens/verify.ts';
import type { AuthorizationServer } from './authorization-server.ts';

/** Whom a token speaks for, as the gateway sees it. Throws a TokenError where the gateway would refuse it. */
export function principalOf(server: AuthorizationServer, token: string): Principal {
  const { issuer, keys, revocations } = server;
  const memory = new BoundedMemory<Principal>({ maxBytes: 1_000, clock: () => 0 });
  const clock = () => server.now;
  return createTokenVerifier({ issuer, audience: undefined, keys, revocations, clock, memory }).verify(token);
}

/** The gateway accepts all of these tokens. */
export function expectLive(server: AuthorizationServer, ...tokens: string[]): void {
  for (const token of tokens) expect(principalOf(server, token).tokenId).toEqual(expect.any(String));
}

/** The gateway refuses all of these tokens. */
export function expectDead(server: AuthorizationServer, ...tokens: string[]): void {
  for (const token of tokens) expect(() => principalOf(server, token)).toThrow(TokenError);
}
