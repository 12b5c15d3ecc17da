import fc from 'fast-check';
import { parseForwarded } from '../../src/edge/forwarded.ts';

test.each<[string, object[] | undefined]>([
  ['for=192.0.2.43', [{ for: '192.0.2.43' }]],
  ['For="[2001:db8:cafe::17]:4711"', [{ for: '[2001:db8:cafe::17]:4711' }]],
  ['for=192.0.2.60;proto=http;by=203.0.113.43', [{ for: '192.0.2.60', proto: 'http', by: '203.0.113.43' }]],
  ['for=192.0.2.43, for="[2001:db8::1]"', [{ for: '192.0.2.43' }, { for: '[2001:db8::1]' }]],
  ['for=a;host="x\\"y\\\\",\t, for=b ', [{ for: 'a', host: 'x"y\\' }, { for: 'b' }]],
  ['host="a,b;c=d"', [{ host: 'a,b;c=d' }]],
  ['for=;', undefined],
  ['', []],
  [' , ,', []],
  [';for=a;', [{ for: 'a' }]],
])('%j is read as RFC 7239 §4 says', (line, elements) => {
  expect(parseForwarded(line)).toEqual(elements);
});

test.each([
  'for',
  'for=',
  '=a',
  'for=a b',
  'for = a',
  'for=a; proto=b',
  'for=a ;proto=b',
  'for=192.0.2.43:4711',
  'for="a',
  'for="a"b',
  'for="a\\"',
  'for=a;for=b',
  'for=a;FOR=b',
  'for=a;;x',
  'for="\x00"',
  'for="\\\x7f"',
])('%j is malformed', (line) => {
  expect(parseForwarded(line)).toBeUndefined();
});

const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/);
const text = fc.stringMatching(/^[\t\x20-\x7e\x80-\xff]{0,20}$/);
const quote = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&')}"`;
const element = fc.uniqueArray(fc.tuple(token, text), {
  minLength: 1,
  maxLength: 4,
  selector: ([name]) => name.toLowerCase(),
});

test('every well-formed line is read back as it was meant', () => {
  fc.assert(
    fc.property(fc.array(element, { maxLength: 4 }), (elements) => {
      const line = elements
        .map((pairs) => pairs.map(([name, value]) => `${name}=${quote(value)}`).join(';'))
        .join(', ');
      const meant = elements.map((pairs) =>
        Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value])),
      );
      expect(parseForwarded(line)).toEqual(meant);
    }),
  );
});

test('whatever a caller has written before it, the element that a proxy appends is read as the proxy meant it', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('"', '\\', ',', ';', '=', ' ', 'for', 'proto', 'https', 'a', '[', '\t', '\xe9'),
    maxLength: 12,
  });
  fc.assert(
    fc.property(hostile, (caller) => {
      const elements = parseForwarded(`${caller}, for="[2001:db8::1]";proto=http`);
      if (elements !== undefined) expect(elements.at(-1)).toEqual({ for: '[2001:db8::1]', proto: 'http' });
    }),
    { numRuns: 2_000 },
  );
});

test('each character of a line is looked at once: a look at every pair of them would take minutes here', () => {
  const many = 1_000_000;
  for (const hostile of ['"', 'for="\\', 'a=b;', ' ', 'a', ';', 'a=b ', 'a="b"']) {
    expect(parseForwarded(`${hostile.repeat(many / hostile.length)}\x00`)).toBeUndefined();
  }
});
