// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment are the subject here
import * as z from 'zod';
import { parseConfig } from '../../src/config/load.ts';
import { duration, flag } from '../../src/config/values.ts';

const text = `version: 1
issuer: http://127.0.0.1:8080
policies:
  - use: cache
    with:
      fresh: 30
      note: "\${NOTE}"
  - { use: plain }
`;
const { source } = parseConfig(text, { file: 'g.yaml', environment: { NOTE: 'not for the eyes of anyone' } });

test.each([
  [['issuer'], 2, 9],
  [['policies', 0, 'with', 'fresh'], 6, 14],
  [['policies', 0, 'use'], 4, 10],
  [['policies', 1], 8, 5],
])('%j stands at %i:%i', (path, line, column) => {
  expect(source.problem(path, 'm')).toMatchObject({ file: 'g.yaml', line, column, message: 'm' });
});

test('what is not written is reported at the nearest part around it, with its own path', () => {
  expect(source.problem(['policies', 1, 'with', 'x', 'y'], 'm')).toEqual({
    file: 'g.yaml',
    line: 8,
    column: 5,
    path: 'policies[1].with.x.y',
    message: 'm',
  });
  expect(source.problem(['log', 'level'], 'm')).toMatchObject({ line: 1, column: 1 });
  expect(source.problem(['policies', 9], 'm')).toMatchObject({ line: 4, column: 3 });
});

test('a key can be pointed at', () => {
  expect(source.problem(['policies', 0, 'with', 'fresh'], 'm', 'key')).toMatchObject({ line: 6, column: 7 });
  expect(source.problem(['issuer'], 'm', 'key')).toMatchObject({ line: 2, column: 1 });
});

test('a part is decoded later, with the same care', () => {
  const options = z.strictObject({ fresh: duration(), shared: flag.default(false), note: flag });
  const decoded = source.decode(options, { fresh: 30, frsh: 1, note: 'not for the eyes of anyone' }, [
    'policies',
    0,
    'with',
  ]);
  expect(decoded).toEqual({
    ok: false,
    problems: [
      expect.objectContaining({
        line: 6,
        column: 14,
        path: 'policies[0].with.fresh',
        message: 'expected a duration with its unit (ms, s, m, h or d), such as 5s, got 30',
      }),
      expect.objectContaining({ line: 7, column: 13, message: 'expected true or false, got the value of ${NOTE}' }),
      expect.objectContaining({
        path: 'policies[0].with.frsh',
        message: 'unknown key "frsh": did you mean "fresh"?',
      }),
    ],
  });
  expect(source.decode(z.strictObject({ fresh: duration() }), { fresh: '1s' }, ['policies', 0, 'with'])).toEqual({
    ok: true,
    value: { fresh: 1_000 },
  });
});
