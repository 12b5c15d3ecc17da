import { execFileSync } from 'node:child_process';
import os from 'node:os';

/** Which core each side runs on; undefined where pinning is impossible. */
export interface Pinning {
  readonly server: number | undefined;
  readonly load: number | undefined;
  /** Why the numbers of this run are worth less, one sentence each. */
  readonly warnings: readonly string[];
}

/** The absolute path of an installed command, or undefined. */
export function findCommand(name: string): string | undefined {
  try {
    return execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The server under test on core 0; load, upstream and this process on core 1. Moves this process there. */
export function pinCores(): Pinning {
  const warnings: string[] = [];
  const load = os.loadavg()[0] ?? 0;
  if (load > 0.7)
    warnings.push(`The machine was busy before the run (load ${load.toFixed(1)}): other work is measured too.`);

  const obstacle = !findCommand('taskset')
    ? '`taskset` is not installed'
    : os.availableParallelism() < 2
      ? 'this machine has one core'
      : undefined;
  if (obstacle) {
    warnings.push(`NOT PINNED: ${obstacle}, so servers and load compete for cores. Do not compare these numbers.`);
    return { server: undefined, load: undefined, warnings };
  }
  execFileSync('taskset', ['-acp', '1', String(process.pid)], { stdio: 'ignore' });
  return { server: 0, load: 1, warnings };
}

/** What a reader needs to know of the machine to judge the numbers. */
export function describeMachine() {
  return {
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.availableParallelism(),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
  };
}
