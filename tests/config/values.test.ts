import fc from 'fast-check';
import {
  address,
  duration,
  integer,
  oneOrMore,
  parseDuration,
  parseSize,
  scopeName,
  size,
} from '../../src/config/values.ts';

const messageOf = (result: { error?: { issues: { message: string }[] } | undefined }) =>
  result.error?.issues[0]?.message;

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['5s', 5_000],
    ['1.5s', 1_500],
    ['1m', 60_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('%s', (written, milliseconds) => expect(parseDuration(written)).toBe(milliseconds));

  test.each(['5', '', 's', '5 s', '-5s', '5S', '5sec', '1e3s', '5s ', '.5s', '5.s', '1m30s'])('not %p', (written) =>
    expect(parseDuration(written)).toBeUndefined(),
  );

  test('whatever whole amount and unit: amount times unit', () => {
    const units = { ms: 1, s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7 };
    const unit = fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[]));
    fc.assert(
      fc.property(fc.nat(1e6), unit, (amount, name) => {
        expect(parseDuration(`${amount}${name}`)).toBe(amount * units[name]);
      }),
    );
  });

  test('any other text is refused, never misread', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^\d+(\.\d+)?(ms|s|m|h|d)$/.test(text));
        expect(parseDuration(text)).toBeUndefined();
      }),
    );
  });

  test('bounds are included', () => {
    const schema = duration({ from: '10s', to: '15m' });
    expect(schema.parse('10s')).toBe(10_000);
    expect(schema.parse('15m')).toBe(900_000);
    expect(messageOf(schema.safeParse('9s'))).toBe('expected a duration from 10s to 15m');
    expect(messageOf(schema.safeParse('901s'))).toBe('expected a duration from 10s to 15m');
  });

  test('by default, what a timer can take', () => {
    expect(duration().parse('24d')).toBeLessThan(2 ** 31);
    expect(duration().safeParse('25d').success).toBe(false);
    expect(duration().safeParse('0s').success).toBe(false);
  });
});

describe('sizes', () => {
  test.each([
    ['512B', 512],
    ['64kB', 64_000],
    ['10MB', 10_000_000],
    ['1GB', 1_000_000_000],
    ['1.5kB', 1_500],
    ['1KiB', 1_024],
    ['2MiB', 2_097_152],
    ['1GiB', 1_073_741_824],
  ])('%s', (written, bytes) => expect(parseSize(written)).toBe(bytes));

  test.each(['10', '10mb', '10KB', '10 MB', '-1B', 'MB'])('not %p', (written) =>
    expect(parseSize(written)).toBeUndefined(),
  );

  test('whatever whole amount and unit: amount times unit', () => {
    const units = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
    const unit = fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[]));
    fc.assert(
      fc.property(fc.nat(1e6), unit, (amount, name) => {
        expect(parseSize(`${amount}${name}`)).toBe(amount * units[name]);
      }),
    );
  });

  test('bounds are included', () => {
    expect(size({ from: '1kB', to: '1MB' }).parse('1MB')).toBe(1_000_000);
    expect(messageOf(size({ to: '1MB' }).safeParse('2MB'))).toBe('expected a size from 1B to 1MB');
  });
});

describe('addresses', () => {
  test.each([
    ['127.0.0.1:8080', { host: '127.0.0.1', port: 8080 }],
    ['[::1]:8080', { host: '::1', port: 8080 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['0.0.0.0:65535', { host: '0.0.0.0', port: 65535 }],
  ])('%s', (written, decoded) => expect(address.parse(written)).toEqual(decoded));

  test.each(['8080', ':8080', '127.0.0.1', '::1:8080', '127.0.0.1:', 'a b:1', 'http://a:1'])('not %p', (written) =>
    expect(address.safeParse(written).success).toBe(false),
  );

  test('the port has a bound', () => {
    expect(messageOf(address.safeParse('127.0.0.1:65536'))).toBe('expected a port from 0 to 65535');
  });
});

test('whole numbers keep their bounds', () => {
  const schema = integer(1, 100);
  expect(schema.parse(1)).toBe(1);
  expect(schema.parse(100)).toBe(100);
  for (const value of [0, 101, 1.5, '5', null, Number.NaN]) {
    expect(messageOf(schema.safeParse(value))).toBe('expected a whole number from 1 to 100');
  }
});

test('one value stands for a list of one', () => {
  const schema = oneOrMore(scopeName, 'scopes');
  expect(schema.parse('a')).toEqual(['a']);
  expect(schema.parse(['a', 'b'])).toEqual(['a', 'b']);
  expect(schema.safeParse([]).success).toBe(false);
});

test('scope names are those of RFC 6749', () => {
  for (let code = 0; code < 256; code++) {
    const allowed = code === 0x21 || (code >= 0x23 && code <= 0x5b) || (code >= 0x5d && code <= 0x7e);
    expect([code, scopeName.safeParse(String.fromCharCode(code)).success]).toEqual([code, allowed]);
  }
});
