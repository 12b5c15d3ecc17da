import fc from 'fast-check';
import { foldUsername } from '../../src/stores/fold-username.ts';

test('usernames are compared without regard to case, composed', () => {
  expect(foldUsername('JOSE\u0301@Example.com')).toBe('jos\u00e9@example.com');
});

test('folding what is folded changes nothing, and neither does the way a name is composed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      expect(foldUsername(foldUsername(name))).toBe(foldUsername(name));
      expect(foldUsername(name.normalize('NFD'))).toBe(foldUsername(name));
    }),
    { numRuns: 2_000 },
  );
});
