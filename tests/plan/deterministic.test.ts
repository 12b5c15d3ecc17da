import fc from 'fast-check';
import { RE2JS } from 're2js';
import { isDeterministic } from '../../src/plan/deterministic.ts';

/** All groups of a match of the whole text by both engines, as JSON; `null` where they do not match. */
function readBoth(source: string, text: string): { native: string; re2: string } {
  const found = new RegExp(source).exec(text);
  const compiled = RE2JS.compile(source);
  const matcher = compiled.matcher(text);
  const names = Object.keys(compiled.namedGroups()).sort();
  const re2 = matcher.matches()
    ? [...Array(matcher.groupCount() + 1).keys()].map((group) => matcher.group(group))
    : null;
  const named = re2 && names.map((name) => [name, matcher.group(name)]);
  const nativeNamed = found && names.map((name) => [name, found.groups?.[name]]);
  return {
    native: JSON.stringify([found && [...found], nativeNamed]),
    re2: JSON.stringify([re2, named]),
  };
}

const compiles = (source: string): boolean => {
  try {
    RE2JS.compile(source);
    return true;
  } catch {
    return false;
  }
};

const small = fc.constantFrom(...'ab-.0_/^]');
const member = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'a-c',
    'b-z',
    '0-9',
    '\\d',
    '\\w',
    '-',
    '^',
    '\\]',
    '\\-',
    '.',
    '/',
    '!-z',
    '\\^',
    '+--',
    '_',
  ),
  small,
);
const characterClass = fc
  .tuple(fc.constantFrom('', '^'), fc.array(member, { minLength: 1, maxLength: 4 }))
  .map(([negation, members]) => `[${negation}${members.join('')}]`);
const atom = fc.oneof(
  fc.constantFrom('a', 'b', 'c', '/', '-', '_', '0', '\\.', '\\-', '\\d', '\\w', '.', '~', '@', '\\/', '[^/]', '[ab]'),
  characterClass,
);
const quantifier = fc.constantFrom(
  '',
  '',
  '',
  '*',
  '+',
  '?',
  '{2}',
  '{1,3}',
  '{2,}',
  '{0}',
  '{0,1}',
  '*?',
  '{,2}',
  '**',
);
const piece = fc.tuple(atom, quantifier).map((both) => both.join(''));
const { sequence } = fc.letrec<{ sequence: string; item: string }>((tie) => ({
  sequence: fc.array(tie('item'), { maxLength: 4, depthIdentifier: 'group' }).map((items) => items.join('')),
  item: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'group', withCrossShrink: true },
    { weight: 6, arbitrary: piece },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom('(', '(?:', '(?<n>', '(?<m>', '(?='),
          tie('sequence'),
          fc.constantFrom('', '', '', '?', '+'),
        )
        .map(([open, inside, times]) => `${open}${inside})${times}`),
    },
    { weight: 1, arbitrary: fc.tuple(piece, piece).map(([left, right]) => `(?:${left}|${right})`) },
  ),
}));
const expression = sequence.map((inside) => `^${inside}$`);
const visible = fc.string({ unit: fc.constantFrom(...'aabbc/-_.0~@^]Z+! '), maxLength: 10 });

test('what it accepts means the same to both engines', () => {
  let accepted = 0;
  fc.assert(
    fc.property(expression, fc.array(visible, { minLength: 6, maxLength: 6 }), (source, texts) => {
      if (!compiles(source) || !isDeterministic(source)) return;
      accepted += 1;
      for (const text of texts) {
        const { native, re2 } = readBoth(source, text);
        expect({ source, text, read: native }).toEqual({ source, text, read: re2 });
      }
    }),
    { numRuns: 4_000 },
  );
  expect(accepted).toBeGreaterThan(400);
});

test('a text made to fit is read alike too', () => {
  const fitting = fc.array(
    fc.constantFrom(
      ['/', '/'],
      ['[a-c]+', 'abcab'],
      ['-', '-'],
      ['\\d{1,3}', '42'],
      ['(?<n>[^/]*)/', 'x.y~z/'],
      ['(?:x)', 'x'],
      ['\\.', '.'],
      ['[^a-z]?', 'Q'],
      ['([A-Z]+)', 'XYZ'],
    ),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(fitting, (pieces) => {
      const source = `^${pieces.map(([written]) => written).join('')}$`;
      const text = pieces.map(([, matched]) => matched).join('');
      if (!compiles(source) || !isDeterministic(source)) return;
      const { native, re2 } = readBoth(source, text);
      expect(native).not.toBe('[null,null]');
      expect(native).toBe(re2);
    }),
  );
});

test.each([
  '^/api/v1/clientes/(?<id>[0-9]{1,9})$',
  '^/a/[^/]+/b/[^/]+$',
  '^/v(?<major>\\d+)\\.(?<minor>\\d+)/.*$',
  '^/files/(?:(?<name>[a-z]+)-(?<size>\\d{2,4}))/?$',
  '^/[A-Za-z0-9_~-]+\\.json$',
  '^$',
])('accepts %s', (source) => {
  expect(isDeterministic(source)).toBe(true);
});

test.each([
  '^(a+)+$',
  '^(a|a)*$',
  '^([a-z]+)*$',
  '^[a-z]+[a-z]+$',
  '^a?a?a?aaa$',
  '^.*.*x$',
  '^.*x$',
  '^/a*(?:b?)a$',
  '^\\w+\\d+$',
  '^[^/]*-[^/]*$',
  '^a{1,3}a$',
  '^a*b?c*a$',
  '^(?:a)*$',
  '^(a){2}$',
  '^a|b$',
  '^a*?$',
  '^a**$',
  '^(?=a)a$',
  '^(?!a)b$',
  '^(?i)a$',
  '^(a)\\1$',
  '^\\ba$',
  '^\\s$',
  '^\\pL$',
  '^[[:alpha:]]$',
  '^(a$',
  '^a)$',
  '^a)(b$',
  '^a\\$',
  'a$',
  '^a',
  '^é$',
  '^[]a]$',
  '^[^]a]$',
  '^a{2}{3}$',
])('refuses %s', (source) => {
  expect(isDeterministic(source)).toBe(false);
});

test('where the engines disagree about a class, it is not certain', () => {
  for (const source of ['^/[^]a[b]$', '^[\\d--a]$', '^[\\w-~]$']) expect(isDeterministic(source)).toBe(false);
});

test('what it accepts reads long texts that almost match without going back over them', () => {
  const length = 20_000;
  const hard: [string, string][] = [
    ['^/[a-z]+/$', `/${'a'.repeat(length)}`],
    [
      '^[a-z]*[0-9]*[A-Z]*[/]*_$',
      `${'a'.repeat(length)}${'0'.repeat(length)}${'A'.repeat(length)}${'/'.repeat(length)}!`,
    ],
    ['^a*b?c?d?e?f?g?x$', `${'a'.repeat(length)}bcdefg`],
    ['^(?<a>[^/]*)/(?<b>[^/]*)/(?<c>[^/]*)/$', `${'x'.repeat(length)}/${'y'.repeat(length)}/${'z'.repeat(length)}`],
    ['^\\w{2,}-.*$', 'a'.repeat(length)],
    ['^[a-m]{1,1000}[n-z]{1,1000}!$', 'a'.repeat(1_000) + 'n'.repeat(1_000)],
  ];
  for (const [source, text] of hard) {
    expect(isDeterministic(source)).toBe(true);
    const expression = new RegExp(source);
    for (let turn = 0; turn < 200; turn++) expect(expression.test(text)).toBe(false);
  }
});

test('random accepted expressions finish on long texts that break off', () => {
  const repeated = fc.array(fc.constantFrom('a', 'b', '/', '0', '-'), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(expression, repeated, (source, unit) => {
      if (!compiles(source) || !isDeterministic(source)) return;
      const text = unit.map((character) => character.repeat(7_000)).join('');
      new RegExp(source).test(`${text}\u0001`);
      new RegExp(source).test(unit.join('').repeat(7_000));
    }),
    { numRuns: 300 },
  );
});
