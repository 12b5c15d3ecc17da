import type { Client } from '../../src/model/client.ts';
import type { AuthorizationRequest } from '../../src/oauth/authorization-request.ts';
import { createScopesToAsk } from '../../src/oauth/decide-consent.ts';
import { createMemoryConsentStore } from '../../src/stores/memory/memory-consent-store.ts';
import type { StoredSession } from '../../src/stores/session-store.ts';
import { makeClient } from './make-client.ts';

describe('who is asked', () => {
  let now = 0;
  const consents = createMemoryConsentStore();
  const allowedScopes = (_user: unknown, scopes: readonly string[]) => scopes.filter((scope) => scope !== 'forbidden');
  const scopesToAsk = createScopesToAsk({ consents, allowedScopes, clock: () => now });
  const session = { subject: 'ada' } as StoredSession;
  const ask = (scopes: readonly string[], further: Partial<Client> = {}) =>
    scopesToAsk({ client: makeClient('app', further), scopes } as AuthorizationRequest, session);

  test('for scopes that were not allowed before, and that the user may have', async () => {
    expect(await ask(['a', 'b', 'forbidden'])).toEqual(['a', 'b']);
    await consents.add('ada', 'app', ['a'], 100, now);
    expect(await ask(['a', 'b'])).toEqual(['b']);
    expect(await ask(['a'])).toBeUndefined();
    expect(await ask(['a', 'forbidden'])).toBeUndefined();
    now = 100;
    expect(await ask(['a'])).toEqual(['a']);
  });

  test('by somebody else’s consent, or for another client: nobody is spared', async () => {
    now = 0;
    await consents.add('bob', 'app', ['a'], 100, now);
    await consents.add('ada', 'another', ['a'], 100, now);
    expect(await ask(['a'], { id: 'third' })).toEqual(['a']);
  });

  test('once at least, even for no scope at all', async () => {
    expect(await ask([], { id: 'new' })).toEqual([]);
  });

  test('never by our own clients, always by native ones (RFC 8252 §8.6)', async () => {
    expect(await ask(['a'], { id: 'ours', firstParty: true })).toBeUndefined();
    await consents.add('ada', 'device', ['a'], 100, now);
    expect(await ask(['a'], { id: 'device', application: 'native' })).toEqual(['a']);
    expect(await ask(['a'], { id: 'device', application: 'native', firstParty: true })).toEqual(['a']);
  });
});
