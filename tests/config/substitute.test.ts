// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment are the subject here
import fc from 'fast-check';
import { substitute } from '../../src/config/substitute.ts';

const environment = { HOST: 'example.com', PORT: '8080', EMPTY: '', TRICKY: '${HOST}', DOLLAR: '$& $1' };
const textOf = (written: string) => substitute(written, environment).text;

test.each([
  ['plain', 'plain'],
  ['${HOST}', 'example.com'],
  ['https://${HOST}:${PORT}/', 'https://example.com:8080/'],
  ['${NOPE:-fallback}', 'fallback'],
  ['${NOPE:-}', ''],
  ['${NOPE:-a:-b}', 'a:-b'],
  ['${HOST:-fallback}', 'example.com'],
  ['${EMPTY}', ''],
  ['${EMPTY:-fallback}', 'fallback'],
  ['$${HOST}', '${HOST}'],
  ['a $ b $HOST', 'a $ b $HOST'],
  ['^/orders/[0-9]{2}$', '^/orders/[0-9]{2}$'],
])('%s', (written, text) => {
  expect(textOf(written)).toBe(text);
  expect(substitute(written, environment).problems).toEqual([]);
});

test('values are taken as they are', () => {
  expect(textOf('${TRICKY}')).toBe('${HOST}');
  expect(textOf('${DOLLAR}')).toBe('$& $1');
});

test('a variable that is not set is a problem, each for itself', () => {
  const { text, problems } = substitute('${A} and ${B}', {});
  expect(problems).toEqual(['the environment variable A is not set', 'the environment variable B is not set']);
  expect(text).toBe('${A} and ${B}');
});

test('what every object inherits is not a variable', () => {
  expect(substitute('${constructor}', environment).problems).toHaveLength(1);
});

test.each(['${', '${}', '${a-b}', '${1}', '${A', '${A:b}'])('%s is not a reference', (written) => {
  expect(substitute(written, { A: 'x' }).problems).toEqual([
    'a reference reads ${NAME} or ${NAME:-default}; write $${ for ${ itself',
  ]);
});

test('only a text that is one answered reference counts as whole', () => {
  expect(substitute('${HOST}', environment).whole).toBe(true);
  expect(substitute('${NOPE:-x}', environment).whole).toBe(false);
  expect(substitute('${HOST:-x}', environment).whole).toBe(false);
  expect(substitute('x${HOST}', environment).whole).toBe(false);
  expect(substitute('${HOST}${PORT}', environment).whole).toBe(false);
});

test('a text without ${ stays as it is', () => {
  fc.assert(
    fc.property(fc.string(), (written) => {
      fc.pre(!written.includes('${'));
      expect(substitute(written, environment)).toEqual({ text: written, variables: [], whole: false, problems: [] });
    }),
  );
});

test('whatever the value, a reference gives exactly it', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (value, around) => {
      fc.pre(!around.includes('$'));
      expect(substitute(`${around}\${X}${around}`, { X: value }).text).toBe(around + value + around);
    }),
  );
});

test('an escaped text gives itself back', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('$', '{', '}', 'A', ':-', '${A}')), (parts) => {
      const text = parts.join('');
      fc.pre(!/\$\$\{/.test(text));
      expect(
        substitute(
          text.replaceAll('${', () => '$${'),
          { A: 'x' },
        ).text,
      ).toBe(text);
    }),
  );
});
