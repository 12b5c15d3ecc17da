import { PassThrough } from 'node:stream';
import { commands } from '../../src/cli/index.ts';
import { run } from '../../src/cli/run.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process. */
export async function garita(args: readonly string[], { cwd = '/', environment = {} } = {}): Promise<Outcome> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const { signal: stop } = new AbortController();
  const code = await run(args, commands, { stdout, stderr, environment, cwd, stop, notify: () => {} });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}
