import { ConfigError, formatPath, formatProblems } from '../../src/config/problem.ts';

const problem = (line: number, column: number, path = 'a', message = 'm') => ({
  file: 'g.yaml',
  line,
  column,
  path,
  message,
});

test('problems stand in the order of the file, with their count', () => {
  expect(formatProblems([problem(12, 5), problem(2, 9), problem(12, 1, '')])).toBe(
    'g.yaml:2:9  a  m\ng.yaml:12:1  m\ng.yaml:12:5  a  m\n3 problems',
  );
  expect(formatProblems([problem(1, 1)])).toBe('g.yaml:1:1  a  m\n1 problem');
});

test('a problem of the file as a whole stands alone', () => {
  expect(formatProblems([problem(0, 0, '', 'there is no such file')])).toBe('g.yaml: there is no such file');
});

test('the error shows what it holds', () => {
  const error = new ConfigError([problem(1, 1)]);
  expect(error.message).toBe('g.yaml:1:1  a  m\n1 problem');
  expect(error.problems).toHaveLength(1);
});

test.each([
  [[], ''],
  [['routes', 0, 'match', 'path'], 'routes[0].match.path'],
  [['routes', '0'], 'routes[0]'],
  [['services', 'my-service'], 'services.my-service'],
  [['oauth', 'scopes', 'customers:read'], 'oauth.scopes["customers:read"]'],
  [['services', 'a.b'], 'services["a.b"]'],
])('%j reads %s', (path, written) => expect(formatPath(path)).toBe(written));
