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
  for (const { name, summary } of commands) {
    const [word, second] = name.split(' ');
    const said = second === undefined ? summary : `.*\\b${second}\\b.*`;
    expect(stdout).toMatch(new RegExp(`^ {2}${word} +${said}$`, 'm'));
  }
});

test('commands on one thing are listed by its name', async () => {
  const { code, stdout, stderr } = await garita(['key']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toBe(
    [
      'Usage: garita key <command> [options]',
      '',
      'Commands:',
      '  key list    Lists the keys that sign tokens',
      '  key rotate  Makes a new signing key, which takes over when verifiers had time to see it',
      '  key drop    Removes a signing key at once, with every token that it signed',
      '',
      'garita help key <command> explains one of them.',
      '',
    ].join('\n'),
  );
  const asked = { code: 0, stdout: stderr, stderr: '' };
  expect(await garita(['key', '--help'])).toEqual(asked);
  expect(await garita(['key', '-h'])).toEqual(asked);
  expect(await garita(['help', 'key'])).toEqual(asked);
});

test.each(commands.map(({ name }) => [name]))(
  'garita help %s and --help say the same, with every option',
  async (name) => {
    const words = name.split(' ');
    const { code, stdout } = await garita(['help', ...words]);
    expect(code).toBe(0);
    expect(await garita([...words, '--help'])).toMatchObject({ code: 0, stdout });
    const command = commands.find((candidate) => candidate.name === name)!;
    expect(stdout).toContain(`Usage: garita ${command.usage}\n`);
    const lines = stdout.split('\n').map((line) => line.trim());
    for (const [option, { value, description, repeatable }] of Object.entries(command.options)) {
      const left = value === undefined ? `--${option}` : `--${option} <${value}>`;
      const right = repeatable ? `${description}; may be repeated` : description;
      expect(lines.map((line) => line.split(/ {2,}/))).toContainEqual([left, right]);
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
  [
    ['frobnicate'],
    'garita has no command "frobnicate": there are start, check, schema, secret, client, user, grant, revoke, key, audit and help',
  ],
  [['cleint', 'list'], 'garita has no command "cleint": did you mean "client"?'],
  [['client', 'lits'], 'garita client has no command "lits": did you mean "list"?'],
  [['help', 'client', 'lits'], 'garita client has no command "lits": did you mean "list"?'],
  [['key', 'frobnicate'], 'garita key has no command "frobnicate": there are list, rotate and drop'],
  [['key', '--json'], 'garita key has no option "--json"'],
  [['key', 'list', '--jsn'], 'garita key list has no option --jsn: did you mean --json?'],
  [['key', 'list', '--json=yes'], '--json takes no value'],
  [['key', 'list', '--json', '--json'], '--json is given twice'],
  [['key', 'list', '--config', 'a', '--config', 'b'], '--config is given twice'],
  [['key', 'list', 'x'], 'garita key list does not take the argument "x"'],
  [['key', 'drop'], 'garita key drop needs <id>'],
  [['key', 'drop', ''], 'garita key drop needs <id>'],
  [['client', 'disable', 'a', 'b'], 'garita client disable does not take the argument "b"'],
  [['client', 'add'], 'garita client add needs --id <id>'],
  [['client', 'add', '--id', 'a', '--scope'], '--scope needs a value: --scope <scope>'],
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
  const { code, stdout, stderr } = await garita(args);
  expect([code, stdout, stderr.split('\n')[0]]).toEqual([2, '', message]);
});

test.each([
  [['start', '-p', '1'], 'garita start --help'],
  [['client', 'add'], 'garita client add --help'],
  [['client', 'ad'], 'garita client --help'],
  [['strat'], 'garita --help'],
  [['help', 'strat'], 'garita --help'],
  [['--verbose'], 'garita --help'],
])('after %j, the help that is offered is %s', async (args, offer) => {
  expect((await garita(args)).stderr.split('\n')[1]).toBe(`Try: ${offer}`);
});

test('ports of the environment are checked too', async () => {
  const { code, stderr } = await garita(['start'], { environment: { OPERATIONS_PORT: '9o9o' } });
  expect([code, stderr]).toEqual([
    2,
    'OPERATIONS_PORT: expected a port from 0 to 65535, got "9o9o"\nTry: garita start --help\n',
  ]);
});
