import { commands } from '../../src/cli/index.ts';
import { garita } from './surroundings.ts';

test('without a command: the help, and exit code 2', async () => {
  const { code, stdout, stderr } = await garita([]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('Usage: garita <command> [options]');
});

test.each([['--help'], ['-h'], ['help']])('garita %s names every command', async (argument) => {
  const { code, stdout, stderr } = await garita([argument]);
  expect([code, stderr]).toEqual([0, '']);
  for (const { name, summary } of commands) expect(stdout).toMatch(new RegExp(`^ {2}${name} +${summary}$`, 'm'));
});

test.each(commands.map(({ name }) => [name]))(
  'garita help %s and --help say the same, with every option',
  async (name) => {
    const { code, stdout } = await garita(['help', name]);
    expect(code).toBe(0);
    expect(await garita([name, '--help'])).toMatchObject({ code: 0, stdout });
    const command = commands.find((candidate) => candidate.name === name)!;
    expect(stdout).toContain(`Usage: garita ${command.usage}\n`);
    for (const [option, { description }] of Object.entries(command.options)) {
      expect(stdout).toMatch(new RegExp(`--${option} <.+> +${description.replaceAll(/[()./]/g, '\\$&')}`));
    }
  },
);

test('garita --version', async () => {
  expect(await garita(['--version'])).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    stderr: '',
  });
});

test.each([
  [['chekc'], 'garita has no command "chekc": did you mean "check"?'],
  [['frobnicate'], 'garita has no command "frobnicate": there are start, check, schema, secret and help'],
  [['help', 'strat'], 'garita has no command "strat": did you mean "start"?'],
  [['--verbose'], 'garita has no option "--verbose"'],
  [['start', '--prot', '1'], 'garita start has no option --prot: did you mean --port?'],
  [['start', '-p', '1'], 'garita start has no option -p'],
  [['check', '--config', 'x'], 'garita check has no option --config'],
  [['start', '--port'], '--port needs a value: --port <n>'],
  [['start', '--port='], '--port needs a value: --port <n>'],
  [['start', '--config', '--port', '1'], '--config needs a value: --config <file>'],
  [['start', 'garita.yaml'], 'garita start does not take the argument "garita.yaml"'],
  [['check', 'a', 'b'], 'garita check does not take the argument "b"'],
  [['start', '--port', '65536'], '--port: expected a port from 0 to 65535, got "65536"'],
  [['start', '--port=-1'], '--port: expected a port from 0 to 65535, got "-1"'],
  [['start', '--operations-port', 'x'], '--operations-port: expected a port from 0 to 65535, got "x"'],
])('%j is wrong usage', async (args, message) => {
  expect(await garita(args)).toEqual({ code: 2, stdout: '', stderr: `${message}\nTry: garita --help\n` });
});

test('ports of the environment are checked too', async () => {
  const { code, stderr } = await garita(['start'], { environment: { OPERATIONS_PORT: '9o9o' } });
  expect([code, stderr]).toEqual([
    2,
    'OPERATIONS_PORT: expected a port from 0 to 65535, got "9o9o"\nTry: garita --help\n',
  ]);
});
