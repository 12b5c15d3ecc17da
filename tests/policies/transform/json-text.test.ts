import fc from 'fast-check';
import { parseJson } from '../../../src/policies/transform/json-text.ts';

const rewrite = (text: string) => JSON.stringify(parseJson(Buffer.from(text)));

test.each([
  '{"id":9007199254740993,"big":123456789012345678901234567890}',
  '[1.0,1.10,-0,-0.0,1e400,1E2,0.1,1e-7,-12345678901234567]',
  '{"text":"1.0 \\"1e5\\" 12345678901234567","n":[1.5]}',
  '{"a":1,"b":[true,null,"ä"]}',
])('%s is written as it was read', (text) => {
  expect(rewrite(text)).toBe(text);
});

test('what is no JSON, or not in UTF-8, is refused', () => {
  for (const text of ['', '{', '{"a":1}x', "{'a':1}"]) expect(() => rewrite(text)).toThrow(SyntaxError);
  expect(() => parseJson(Buffer.from('"\xe4"', 'latin1'))).toThrow('utf-8');
});

test('any document survives, whatever its numbers look like', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.parse(rewrite(text))).toEqual(JSON.parse(text));
    }),
  );
});
