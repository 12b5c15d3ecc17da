import fc from 'fast-check';
import { parseForm, parseParameters } from '../../src/oauth/form.ts';
import { OAuthError } from '../../src/oauth/oauth-error.ts';

const parse = (text: string) => [...parseForm(Buffer.from(text))];

describe('a form body', () => {
  test.each([
    ['', []],
    ['&&', []],
    [
      'a=1&b=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['a=b=c', [['a', 'b=c']]],
    ['a=1+2%2B3', [['a', '1 2+3']]],
    ['%61=%C3%B1', [['a', 'ñ']]],
    ['a=&b&c=1', [['c', '1']]],
    ['__proto__=1', [['__proto__', '1']]],
    [
      'a[]=1&a[b]=2',
      [
        ['a[]', '1'],
        ['a[b]', '2'],
      ],
    ],
  ])('%p is %p', (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  test.each(['a=1&a=2', 'a&a=1', 'a=&a=', '%61=1&a=2', '=1&=2', 'a=%', 'a=%g0', '%=1', 'a=%ED%A0%80'])(
    '%p is refused',
    (text) => {
      expect(() => parse(text)).toThrow(OAuthError);
    },
  );

  test('of bytes that are no UTF-8 is refused', () => {
    expect(() => parseForm(Uint8Array.of(0x61, 0x3d, 0xc3))).toThrow(OAuthError);
  });

  test('has what URLSearchParams wrote, whatever it was', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 }).filter((value) => value.isWellFormed());
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name }), (pairs) => {
        expect(parse(new URLSearchParams(pairs).toString())).toEqual(pairs);
      }),
    );
  });

  test('is a form or an OAuthError, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          parseForm(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(OAuthError);
        }
      }),
    );
  });
});

describe('parameters', () => {
  test('that come more than once are named, however they are spelled, and the first one counts', () => {
    const { form, repeated } = parseParameters(Buffer.from('a=1&b=2&%61=3&c=&c=4&d=5'));
    expect([...form]).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['d', '5'],
    ]);
    expect([...repeated]).toEqual(['a', 'c']);
  });

  test('a form with two of them is refused; with two resources as a target that cannot be (RFC 8707 §2)', () => {
    expect(() => parse('a=1&a=1')).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    expect(() => parse('resource=https://a.example&resource=https://b.example')).toThrow(
      expect.objectContaining({ code: 'invalid_target' }),
    );
  });
});
