import type { Principal } from '../../../src/model/principal.ts';
import { ResponseCache } from '../../../src/policies/cache/response-cache.ts';
import type { PolicyContext } from '../../../src/policies/policy.ts';
import { rateLimit } from '../../../src/policies/rate-limit/rate-limit.ts';
import { createMemoryCounterStore } from '../../../src/stores/memory/counter-store.ts';
import { makeExchange, makePrincipal } from '../../model/make-exchange.ts';
import { runGuard } from '../run-guard.ts';

const clock = () => 0;

function guardOf(options: object, isPublic = false, share: PolicyContext['share'] = (create) => create()) {
  const context: PolicyContext = {
    route: { id: 'r', methods: undefined, params: new Set(), isPublic },
    clock,
    gatewayName: 'garita',
    responseCache: new ResponseCache({ maxBytes: 1, maxBody: 1, clock }),
    share,
  };
  const decoded = rateLimit.options.parse({ limit: 1, per: '1m', ...options });
  return rateLimit.create(decoded, context).guard!;
}

/** Whether a second request still passes after a first one. */
async function passesAfter(guard: ReturnType<typeof guardOf>, first: Who, second: Who): Promise<boolean> {
  expect(await runGuard(guard, exchangeOf(first))).toBeUndefined();
  return (await runGuard(guard, exchangeOf(second))) === undefined;
}

type Who = Partial<Principal> & { address?: string };
const exchangeOf = ({ address = '192.0.2.1', ...principal }: Who) =>
  makeExchange({ address, principal: makePrincipal(principal) });

test('by client: the same client, whoever uses it and from wherever', async () => {
  const by = { by: 'client' };
  expect(await passesAfter(guardOf(by), { clientId: 'a' }, { clientId: 'a', subject: 'eva', address: '::1' })).toBe(
    false,
  );
  expect(await passesAfter(guardOf(by), { clientId: 'a' }, { clientId: 'b' })).toBe(true);
  expect(await passesAfter(guardOf({}), { clientId: 'a' }, { clientId: 'a', subject: 'eva' })).toBe(false);
});

test('by user: the same user, whichever client is used', async () => {
  const by = { by: 'user' };
  expect(await passesAfter(guardOf(by), { subject: 'ana' }, { subject: 'ana', clientId: 'b' })).toBe(false);
  expect(await passesAfter(guardOf(by), { subject: 'ana' }, { subject: 'eva' })).toBe(true);
});

test('by address, which is what public routes count by', async () => {
  expect(await passesAfter(guardOf({ by: 'address' }), { subject: 'ana' }, { subject: 'eva' })).toBe(false);
  expect(await passesAfter(guardOf({ by: 'address' }), {}, { address: '192.0.2.2' })).toBe(true);
  const anonymous = guardOf({}, true);
  expect(await runGuard(anonymous, makeExchange())).toBeUndefined();
  expect((await runGuard(anonymous, makeExchange()))?.status).toBe(429);
  expect(await runGuard(anonymous, makeExchange({ address: '192.0.2.2' }))).toBeUndefined();
});

test('routes that inherit one limit count together, others for themselves', async () => {
  expect(await runGuard(guardOf({}), exchangeOf({}))).toBeUndefined();
  expect(await runGuard(guardOf({}), exchangeOf({}))).toBeUndefined();
  let state: unknown;
  const share: PolicyContext['share'] = <State>(create: () => State) => {
    state ??= create();
    return state as State;
  };
  expect(await runGuard(guardOf({}, false, share), exchangeOf({}))).toBeUndefined();
  expect((await runGuard(guardOf({}, false, share), exchangeOf({})))?.status).toBe(429);
});

test('an anonymous caller is never taken for a client or user of the same name', async () => {
  const counters = createMemoryCounterStore({ clock });
  const share = <State>() => counters as State;
  const exchange = exchangeOf({ clientId: '192.0.2.1' });
  expect(await runGuard(guardOf({ by: 'client' }, false, share), exchange)).toBeUndefined();
  const anonymous = guardOf({ by: 'client' }, true, share);
  expect(await runGuard(anonymous, makeExchange({ address: '192.0.2.1' }))).toBeUndefined();
  const refused = makeExchange({ address: '192.0.2.1' });
  expect((await runGuard(anonymous, refused))?.status).toBe(429);
  expect(refused.limit).toBe('address');
});
