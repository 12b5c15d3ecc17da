import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CommandError, type Surroundings, UsageError } from './command.ts';

type Terminal = Pick<Surroundings, 'stdin' | 'stderr' | 'stop'>;

/**
 * A new password: asked for twice on the terminal, which does not show it, or all of standard input but its last line
 * end.
 *
 * @throws UsageError when there is no terminal to ask at, CommandError when there is no password or two different ones.
 */
export async function askNewPassword(terminal: Terminal, fromStdin: boolean): Promise<string> {
  if (fromStdin) {
    const password = (await text(terminal.stdin)).replace(/\r?\n$/, '');
    if (password === '') throw new CommandError('standard input has no password in it: nothing was changed');
    return password;
  }
  if (terminal.stdin.isTTY !== true) {
    throw new UsageError(
      'there is no terminal to ask for the password at: give it on standard input, with --password-stdin',
    );
  }
  const [password, again] = await ask(terminal, ['Password: ', 'Once more: '], { hidden: true });
  if (password !== again) throw new CommandError('these were two different passwords: nothing was changed');
  if (password === '' || password === undefined) throw new CommandError('no password was given: nothing was changed');
  return password;
}

/**
 * Lets a person think again.
 *
 * @throws CommandError unless the answer is yes, UsageError when there is no terminal to ask at.
 */
export async function confirm(terminal: Terminal, consequence: string): Promise<void> {
  if (terminal.stdin.isTTY !== true) {
    throw new UsageError(`${consequence} Nobody is here to be asked whether this is meant: say so with --yes`);
  }
  const [answer = ''] = await ask(terminal, [`${consequence} Go on? [y/N] `], { hidden: false });
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('nothing was changed');
}

async function ask({ stdin, stderr, stop }: Terminal, questions: readonly string[], { hidden }: { hidden: boolean }) {
  const output = hidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : stderr;
  // A prompt that readline does not know is one that it wipes away when it draws the line anew.
  const prompt = hidden ? '' : questions[0]!;
  const lines = createInterface({ input: stdin, output, prompt, terminal: true, historySize: 0, signal: stop });
  // In raw mode Ctrl-C is a character, and readline tells it so.
  lines.on('SIGINT', () => lines.close());
  // An iterator keeps what arrives between two questions, as pasted lines do.
  const answers = lines[Symbol.asyncIterator]();
  const given: string[] = [];
  try {
    for (const question of questions) {
      stderr.write(question);
      const { value, done } = await answers.next();
      if (hidden || done) stderr.write('\n');
      if (done) throw new CommandError('cancelled: nothing was changed');
      given.push(value);
    }
    return given;
  } finally {
    lines.close();
  }
}
