import fc from 'fast-check';
import { chooseLanguage } from '../../../src/oauth/pages/language.ts';

describe('chooseLanguage', () => {
  test.each([
    [undefined, 'en'],
    ['', 'en'],
    ['es', 'es'],
    ['es-MX', 'es'],
    ['ES-419, en;q=0.9', 'es'],
    ['en-GB,en;q=0.9,es;q=0.8', 'en'],
    ['en;q=0.5, es;q=0.7', 'es'],
    ['fr, es;q=0.3, en;q=0.2', 'es'],
    ['es, en', 'es'],
    ['en, es', 'en'],
    ['fr', 'en'],
    ['*', 'en'],
    ['en;q=0, *', 'es'],
    ['es;q=0, *;q=0.1', 'en'],
    ['est', 'en'],
    ['es;q=2', 'en'],
    ['es;q=1.000 , en;q=0.999', 'es'],
    [`${'x'.repeat(600)},es`, 'en'],
  ])('%j is answered in %s', (field, language) => {
    expect(chooseLanguage(field)).toBe(language);
  });

  test('any field is answered', () => {
    fc.assert(fc.property(fc.string(), (field) => expect(['en', 'es']).toContain(chooseLanguage(field))));
  });
});
