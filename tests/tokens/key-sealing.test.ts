import fc from 'fast-check';
import { StoreError } from '../../src/stores/store-error.ts';
import { createSealing } from '../../src/tokens/key-sealing.ts';

const operatorKey = 'an encryption key of the operator';
const sealing = createSealing(operatorKey);

describe('sealing', () => {
  test('gives back what was sealed, under its name, with the same key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, name) => {
        const sealed = sealing.seal(name, text);
        expect(createSealing(operatorKey).open(name, sealed)).toBe(text);
        expect(sealing.isBare(sealed)).toBe(false);
      }),
    );
  });

  test('hides what was sealed, and never looks the same twice', () => {
    const [one, other] = [sealing.seal('a', 'secret text'), sealing.seal('a', 'secret text')];
    expect(one).not.toBe(other);
    for (const secret of ['secret text', operatorKey]) {
      expect(one).not.toContain(secret);
      expect(one).not.toContain(Buffer.from(secret).toString('base64url'));
    }
  });

  test('refuses what stands in the place of another', () => {
    expect(() => sealing.open('b', sealing.seal('a', 'text'))).toThrow(
      'The b in the store is damaged. Restore a backup of the store.',
    );
  });

  test('refuses every altered character', () => {
    const sealed = sealing.seal('a', 'text');
    const begin = 'sealed:'.length;
    fc.assert(
      fc.property(
        fc.integer({ min: begin, max: sealed.length - 2 }),
        fc.constantFrom(...'Aa0-_:= '),
        (at, character) => {
          fc.pre(sealed[at] !== character);
          expect(() => sealing.open('a', sealed.slice(0, at) + character + sealed.slice(at + 1))).toThrow(StoreError);
        },
      ),
    );
    for (const length of [begin, begin + 5, begin + 12, begin + 20, sealed.length - 3]) {
      expect(() => sealing.open('a', sealed.slice(0, length))).toThrow(StoreError);
    }
  });

  test('says that the key is another one, or missing', () => {
    const sealed = sealing.seal('a', 'text');
    expect(() => createSealing(`${operatorKey}!`).open('a', sealed)).toThrow(/with another key than oauth\.keys\.enc/);
    expect(() => createSealing(undefined).open('a', sealed)).toThrow(/oauth\.keys\.encryptionKey is not set/);
  });

  test('leaves alone what was never sealed', () => {
    for (const each of [sealing, createSealing(undefined)]) expect(each.open('a', 'plain')).toBe('plain');
    expect(createSealing(undefined).seal('a', 'plain')).toBe('plain');
    expect([sealing, createSealing(undefined)].map((each) => each.isBare('plain'))).toEqual([true, false]);
  });
});
