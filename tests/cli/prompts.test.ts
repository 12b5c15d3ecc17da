import { PassThrough } from 'node:stream';
import { CommandError, UsageError } from '../../src/cli/command.ts';
import { askNewPassword, confirm } from '../../src/cli/prompts.ts';

function openTerminal({ isTTY = true } = {}) {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const stderr = new PassThrough();
  const stopping = new AbortController();
  let shown = '';
  stderr.on('data', (chunk) => {
    shown += chunk;
  });
  return { stdin, stderr, stop: stopping.signal, shown: () => shown, end: () => stopping.abort() };
}

describe('a new password', () => {
  test('is asked for twice and never shown', async () => {
    const terminal = openTerminal();
    const asking = askNewPassword(terminal, false);
    terminal.stdin.write('pässword of Ada\r');
    terminal.stdin.write('pässword of Ada\r');
    expect(await asking).toBe('pässword of Ada');
    expect(terminal.shown()).toBe('Password: \nOnce more: \n');
  });

  test('may be pasted with both lines at once', async () => {
    const terminal = openTerminal();
    terminal.stdin.write('correct horse\ncorrect horse\n');
    expect(await askNewPassword(terminal, false)).toBe('correct horse');
  });

  test('can be corrected with the backspace key', async () => {
    const terminal = openTerminal();
    terminal.stdin.write('correct horsf\u007fe\rcorrect horse\r');
    expect(await askNewPassword(terminal, false)).toBe('correct horse');
  });

  test.each([
    ['two different ones', 'one\rtwo\r', 'these were two different passwords: nothing was changed'],
    ['none', '\r\r', 'no password was given: nothing was changed'],
    ['Ctrl-C', 'one\r\u0003', 'cancelled: nothing was changed'],
    ['Ctrl-D', '\u0004', 'cancelled: nothing was changed'],
  ])('%s: nothing is changed', async (_what, typed, message) => {
    const terminal = openTerminal();
    terminal.stdin.write(typed);
    await expect(askNewPassword(terminal, false)).rejects.toThrow(new CommandError(message));
    expect(terminal.shown()).not.toContain('one');
  });

  test('the process ends while it is asked for', async () => {
    const terminal = openTerminal();
    const asking = askNewPassword(terminal, false);
    terminal.end();
    await expect(asking).rejects.toThrow(new CommandError('cancelled: nothing was changed'));
  });

  test('without a terminal it has to come on standard input, and by that option', async () => {
    const terminal = openTerminal({ isTTY: false });
    terminal.stdin.end('correct horse\n');
    await expect(askNewPassword(terminal, false)).rejects.toThrow(UsageError);
  });

  test.each([
    ['correct horse', 'correct horse'],
    ['correct horse\n', 'correct horse'],
    ['correct horse\r\n', 'correct horse'],
    [' two spaces \n\n', ' two spaces \n'],
  ])('--password-stdin takes all of %j but the last line end', async (input, password) => {
    const terminal = openTerminal({ isTTY: false });
    terminal.stdin.end(input);
    expect(await askNewPassword(terminal, true)).toBe(password);
    expect(terminal.shown()).toBe('');
  });

  test('--password-stdin with nothing there', async () => {
    const terminal = openTerminal({ isTTY: false });
    terminal.stdin.end('\n');
    await expect(askNewPassword(terminal, true)).rejects.toThrow(
      new CommandError('standard input has no password in it: nothing was changed'),
    );
  });
});

describe('whether something is meant', () => {
  test.each(['y\r', 'Y\r', 'yes\r', ' YES \r'])('%j: it goes on', async (typed) => {
    const terminal = openTerminal();
    terminal.stdin.write(typed);
    await confirm(terminal, 'Everything ends.');
    expect(terminal.shown()).toContain('Everything ends. Go on? [y/N] ');
  });

  test.each(['\r', 'n\r', 'yess\r', 'no\r', '\u0003', '\u0004'])('%j: nothing is changed', async (typed) => {
    const terminal = openTerminal();
    terminal.stdin.write(typed);
    await expect(confirm(terminal, 'Everything ends.')).rejects.toThrow(/^(?:cancelled: )?nothing was changed$/);
  });

  test('where nobody can be asked, it has to be said', async () => {
    const terminal = openTerminal({ isTTY: false });
    terminal.stdin.end('y\n');
    await expect(confirm(terminal, 'Everything ends.')).rejects.toThrow(UsageError);
    await expect(confirm(terminal, 'Everything ends.')).rejects.toThrow(/--yes$/);
  });
});
