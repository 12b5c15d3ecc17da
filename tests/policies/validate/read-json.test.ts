import fc from 'fast-check';
import { readJson } from '../../../src/policies/validate/read-json.ts';

const read = (text: string) => readJson(Buffer.from(text));
const messageOf = (text: string | Buffer): string | undefined => {
  const json = readJson(Buffer.from(text));
  return json.ok ? undefined : json.message;
};

test('whatever JSON can say is read as JSON.parse reads it', () => {
  const value = fc.jsonValue({ maxDepth: 5 }).filter((it) => !JSON.stringify(it).includes('__proto__'));
  const space = fc.constantFrom(undefined, 1, '\t');
  fc.assert(
    fc.property(value, space, (it, indent) => {
      const text = JSON.stringify(it, null, indent);
      expect(read(text)).toEqual({ ok: true, value: JSON.parse(text) });
    }),
  );
});

test('what is not JSON for JSON.parse is not for us, and nothing else happens to it', () => {
  const characters = fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', 'a', '1', ' ', '\\u0061', 'null');
  fc.assert(
    fc.property(fc.array(characters, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }
      const json = read(text);
      if (json.ok) expect(valid).toBe(true);
      else if (valid) expect(json.message).toContain('twice');
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['{"a":1,"a":2}', 'a'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['[{"x":{"k":{},"l":[1,{"k":0}],"k":1}}]', 'k'],
  ['{"":1,"":2}', ''],
  ['{"a\\"b":1,"a\\"b":2}', 'a\\"b'],
  ['{"a\\\\":1,"b":{"a\\\\":1},"a\\\\":2}', 'a\\\\'],
  [`{"${'k'.repeat(50)}":1,"${'k'.repeat(50)}":2}`, `${'k'.repeat(40)}…`],
])('%s: the same key twice, which the gateway and the service could read differently', (text, key) => {
  expect(messageOf(text)).toBe(`must not have the key "${key}" twice in one object`);
});

test.each([
  '{"a":{"k":1},"b":{"k":1}}',
  '{"a":"a","b":"a"}',
  '["a","a"]',
  '{"a":["b","b"],"b":0}',
  '{"a":",\\"a\\":","b":1}',
])('%s: the same text in other places is fine', (text) => {
  expect(messageOf(text)).toBeUndefined();
});

test.each(['{"__proto__":{"admin":true}}', '[{"a":{"\\u005f_proto__":1}}]'])('%s: no prototype is changed', (text) => {
  expect(messageOf(text)).toBe('must not have a key "__proto__"');
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});

test('"__proto__" as a value is a text like any other', () => {
  expect(messageOf('{"name":"__proto__"}')).toBeUndefined();
});

test('it is nested 64 levels deep at the most', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  expect(messageOf(nested(64))).toBeUndefined();
  expect(messageOf(nested(65))).toBe('must not be nested deeper than 64 levels');
  expect(messageOf('{"a":'.repeat(100_000))).toBe('must not be nested deeper than 64 levels');
  expect(messageOf(`[${'[],'.repeat(1000)}[]]`)).toBeUndefined();
});

test.each([
  [Buffer.from([0x22, 0xff, 0x22]), 'must be UTF-8'],
  [Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'must be UTF-8'],
  [Buffer.from('"a"', 'utf16le'), expect.stringMatching(/^must be JSON/)],
  [Buffer.from('\ufeff{}'), expect.stringMatching(/^must be JSON/)],
])('%p: %s', (bytes, message) => {
  expect(messageOf(bytes)).toEqual(message);
});

test.each(['{"password":hunter2}', '{"password":"hunter2"', 'hunter2', '"hunter2\n"', '{"a":1}hunter2'])(
  '%j: what was sent is not in the message',
  (text) => {
    expect(messageOf(text)).toMatch(/^must be JSON(?:: it is not at position \d+)?$/);
  },
);
