import fc from 'fast-check';
import { createKeyRing, publishedBefore, retiresFor } from '../../src/tokens/key-ring.ts';
import { generateSigningKey, readSigningKey, type SigningKey } from '../../src/tokens/signing-key.ts';

const from = 1_000_000;
let base: SigningKey;
beforeAll(async () => {
  base = readSigningKey(await generateSigningKey('ES256', 0));
});

/** A key of this name; only its times matter here. */
const key = (id: string, activeFrom: number, removedFrom?: number, algorithm = base.algorithm): SigningKey => ({
  ...base,
  id,
  algorithm,
  activeFrom,
  removedFrom,
  publicJwk: { ...base.publicJwk, kid: id },
});

const states = (keys: readonly SigningKey[], now: number) =>
  createKeyRing(keys, 'ES256')
    .list(now)
    .map(({ id, state }) => [id, state]);

describe('the keys on a ring', () => {
  const rotated = () => [key('old', 0, from + retiresFor), key('new', from)];

  test('change their states when the time comes, and nothing else has to happen', () => {
    const keys = rotated();
    expect(states(keys, from - 0.001)).toEqual([
      ['old', 'active'],
      ['new', 'next'],
    ]);
    expect(states(keys, from)).toEqual([
      ['old', 'retiring'],
      ['new', 'active'],
    ]);
    expect(states(keys, from + retiresFor - 0.001)).toEqual([
      ['old', 'retiring'],
      ['new', 'active'],
    ]);
    expect(states(keys, from + retiresFor)).toEqual([['new', 'active']]);
  });

  test('are published and found exactly as long as they are there', () => {
    const ring = createKeyRing(rotated(), 'ES256');
    for (const [now, present] of [
      [0, ['old', 'new']],
      [from, ['old', 'new']],
      [from + retiresFor, ['new']],
    ] as const) {
      expect(ring.publicJwks(now).keys.map(({ kid }) => kid)).toEqual(present);
      expect(['old', 'new'].filter((id) => ring.find(id, now) !== undefined)).toEqual(present);
    }
  });

  test('are published longer than anybody keeps a key set, and stay longer than any token lives', () => {
    expect(publishedBefore).toBeGreaterThanOrEqual(600);
    expect(retiresFor).toBeGreaterThanOrEqual(900 + 60);
  });

  test('of the other algorithm only verify', () => {
    const keys = [key('ec', 0), key('rsa', from, undefined, 'RS256')];
    expect(createKeyRing(keys, 'ES256').signing(from).id).toBe('ec');
    expect(createKeyRing(keys, 'RS256').signing(from).id).toBe('rsa');
    expect(createKeyRing(keys, 'RS256').list(from)[0]).toMatchObject({ id: 'ec', state: 'retiring' });
  });

  test('begin before their time when there is none to sign, and a retiring one never signs again', () => {
    const keys = [key('old', 0, from + retiresFor), key('next', from + 600)];
    expect(createKeyRing(keys, 'ES256').signing(from + 1).id).toBe('next');
    expect(createKeyRing([key('only', from)], 'ES256').signing(from - 3_600).id).toBe('only');
  });

  test('are, at any moment of any life: one that signs, and none gone whose token could be alive', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 5 }), fc.nat(30_000), (gaps, now) => {
        let begin = 0;
        const begins = [0, ...gaps.map((gap) => (begin += gap))];
        const keys = begins.map((each, index) => {
          const next = begins[index + 1];
          return key(`k${index}`, each, next === undefined ? undefined : next + retiresFor);
        });
        const ring = createKeyRing(keys, 'ES256');
        const signing = ring.signing(now);
        expect(signing.activeFrom).toBe(Math.max(...begins.filter((each) => each <= now)));
        for (let later = now; later <= now + 930; later += 93) expect(ring.find(signing.id, later)).toBe(signing);
        expect(ring.list(now).filter(({ state }) => state === 'active')).toHaveLength(1);
      }),
    );
  });
});
