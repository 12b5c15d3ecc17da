import type { When } from '../../src/config/schema.ts';
import type { Principal } from '../../src/model/principal.ts';
import { requireAccess } from '../../src/policies/require-access.ts';
import { makeExchange, makePrincipal } from '../model/make-exchange.ts';
import { runGuard } from './run-guard.ts';

const run = (rule: { all?: string[]; any?: string[]; when?: When }, principal?: Principal, params = {}) => {
  const { all = [], any = [], when } = rule;
  const guard = requireAccess({ kind: 'authenticated', scopes: { all, any }, ...(when && { when }) }, 'garita');
  return runGuard(guard, makeExchange({ params, ...(principal && { principal }) }));
};

describe('scopes', () => {
  test.each([
    [{}, [], true],
    [{ all: ['a', 'b'] }, ['b', 'c', 'a'], true],
    [{ all: ['a', 'b'] }, ['a'], false],
    [{ any: ['a', 'b'] }, ['b'], true],
    [{ any: ['a', 'b'] }, ['c'], false],
    [{ all: ['a'], any: ['b', 'c'] }, ['a', 'c'], true],
    [{ all: ['a'], any: ['b', 'c'] }, ['b', 'c'], false],
    [{ all: ['a'], any: ['b', 'c'] }, ['a'], false],
    [{ all: ['read'] }, ['reader', 'READ'], false],
  ])('%j with %j: %j', async (rule, scopes, passes) => {
    const error = await run(rule, makePrincipal({ scopes }));
    expect(error === undefined).toBe(passes);
    if (error !== undefined) expect(error.code).toBe('GW_SCOPE_INSUFFICIENT');
  });

  test('a refusal names what is needed, in the challenge and the problem (RFC 6750 §3.1)', async () => {
    const error = await run({ all: ['a'], any: ['b', 'c'] }, makePrincipal());
    expect(error).toMatchObject({ status: 403, members: { scope: 'a b c' } });
    expect(error?.headers).toEqual([
      'WWW-Authenticate',
      'Bearer realm="garita", error="insufficient_scope", scope="a b c"',
    ]);
  });

  test('come before the condition', async () => {
    expect((await run({ all: ['a'], when: { role: ['x'] } }, makePrincipal()))?.code).toBe('GW_SCOPE_INSUFFICIENT');
  });
});

test('nobody known is a fault of the gateway, never a pass', async () => {
  await expect(run({})).rejects.toThrow('after authentication');
});

describe('when', () => {
  const holds = async (when: When, given: Partial<Principal>, params = {}) => {
    const error = await run({ when }, makePrincipal(given), params);
    if (error !== undefined) expect(error).toMatchObject({ code: 'GW_FORBIDDEN', status: 403, headers: [] });
    return error === undefined;
  };

  test('one of the roles', async () => {
    expect(await holds({ role: ['admin', 'support'] }, { roles: ['support'] })).toBe(true);
    expect(await holds({ role: ['admin'] }, { roles: ['administrator'] })).toBe(false);
    expect(await holds({ role: ['admin'] }, {})).toBe(false);
  });

  test.each<[unknown, boolean]>([
    ['gold', true],
    [['silver', 'gold'], true],
    [2, true],
    [[2], true],
    ['2', false],
    [true, false],
    [null, false],
    [{ gold: true }, false],
    ['golden', false],
    [[['gold']], false],
  ])('a claim that is %j: %j', async (tier, passes) => {
    expect(await holds({ claim: { tier: ['gold', 2] } }, { claims: { tier } })).toBe(passes);
  });

  test('a claim that the token does not have, although every object does', async () => {
    expect(await holds({ claim: { tier: ['gold'] } }, {})).toBe(false);
    expect(await holds({ claim: { constructor: ['Object'] } }, {})).toBe(false);
  });

  test('all of several claims', async () => {
    const when = { claim: { tier: ['gold'], region: ['eu'] } };
    expect(await holds(when, { claims: { tier: 'gold', region: 'eu' } })).toBe(true);
    expect(await holds(when, { claims: { tier: 'gold' } })).toBe(false);
  });

  test.each([
    ['ana', 'ana', true],
    ['ana', 'Ana', false],
    ['a%2Cb', 'a,b', true],
    ['a%2Cb', 'a%2Cb', false],
    ['%C3%A9va', 'éva', true],
    ['%25', '%', true],
    ['%E9', '\uFFFD', false],
    ['%', '%', false],
    ['', '', true],
  ])('the segment %j is the subject %j: %j', async (id, subject, passes) => {
    expect(await holds({ subject: 'id' }, { subject }, { id })).toBe(passes);
  });

  test('a parameter that was not captured is nobody', async () => {
    expect(await holds({ subject: 'id' }, { subject: 'undefined' }, {})).toBe(false);
  });

  test('keys of one condition must all hold', async () => {
    const when: When = { role: ['admin'], subject: 'id' };
    expect(await holds(when, { subject: 'ana', roles: ['admin'] }, { id: 'ana' })).toBe(true);
    expect(await holds(when, { subject: 'ana', roles: ['admin'] }, { id: 'eva' })).toBe(false);
    expect(await holds(when, { subject: 'ana' }, { id: 'ana' })).toBe(false);
  });

  test('any and all, one inside of the other', async () => {
    const when: When = {
      any: [
        { role: ['admin'] },
        { all: [{ subject: 'id' }, { any: [{ claim: { tier: ['gold'] } }, { role: ['vip'] }] }] },
      ],
    };
    expect(await holds(when, { roles: ['admin'] }, { id: 'eva' })).toBe(true);
    expect(await holds(when, { subject: 'ana', roles: ['vip'] }, { id: 'ana' })).toBe(true);
    expect(await holds(when, { subject: 'ana', claims: { tier: 'gold' } }, { id: 'ana' })).toBe(true);
    expect(await holds(when, { subject: 'ana' }, { id: 'ana' })).toBe(false);
    expect(await holds(when, { subject: 'ana', roles: ['vip'] }, { id: 'eva' })).toBe(false);
  });

  test('beside any, the other keys still count', async () => {
    const when: When = { role: ['staff'], any: [{ claim: { a: [1] } }, { claim: { b: [1] } }] };
    expect(await holds(when, { roles: ['staff'], claims: { b: 1 } })).toBe(true);
    expect(await holds(when, { claims: { b: 1 } })).toBe(false);
    expect(await holds(when, { roles: ['staff'] })).toBe(false);
  });
});
