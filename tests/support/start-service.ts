import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const PATIENCE_MS = 8_000;

/** A service that accepts connections at `url`. */
export interface RunningService {
  readonly url: string;
  readonly instance: string;
  readonly child: ChildProcess;
  /** Asks the process to end and resolves to its exit code; null when it had to be killed. */
  stop(): Promise<number | null>;
}

/** How a process ended that did not become a service. */
export interface FailedStart {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Starts a demo service as a process of its own on any free port, with no other environment than `env`. `modulePath` is
 * relative to the repository. Rejects with what the process wrote on stderr when it ends before it listens.
 */
export async function startService(modulePath: string, env: Record<string, string>): Promise<RunningService> {
  const child = forkService(modulePath, env);
  const ended = describeEnd(child);
  const line = await Promise.race([once(child.stdout!, 'data').then(String), ended]);
  if (typeof line !== 'string') throw new Error(`${modulePath} ended with code ${line.code}: ${line.stderr}`);
  const { listening, instance } = JSON.parse(line) as { listening: string; instance: string };
  return { url: listening, instance, child, stop: () => stopProcess(child, ended) };
}

/** Runs a service that is expected not to start. */
export async function failToStart(modulePath: string, env: Record<string, string>): Promise<FailedStart> {
  return describeEnd(forkService(modulePath, env));
}

function forkService(modulePath: string, env: Record<string, string>): ChildProcess {
  return fork(fileURLToPath(new URL(modulePath, root)), { env: { PORT: '0', ...env }, execArgv: [], silent: true });
}

async function describeEnd(child: ChildProcess): Promise<FailedStart> {
  const [[code], stdout, stderr] = await Promise.all([once(child, 'exit'), text(child.stdout!), text(child.stderr!)]);
  return { code: code as number | null, stdout, stderr };
}

async function stopProcess(child: ChildProcess, ended: Promise<FailedStart>): Promise<number | null> {
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  child.kill('SIGTERM');
  const { code } = await ended;
  clearTimeout(timer);
  return code;
}
