import { readFileSync } from 'node:fs';
import os from 'node:os';

/** How busy the cores were over some time; shares of one core. */
export interface CoreUsage {
  readonly server: number;
  readonly load: number;
  /** What programs that are no part of the benchmark used of the two, together: about 0 on an idle machine. */
  readonly foreign: number;
}

// The unit of /proc/<pid>/stat on every Linux that Node runs on.
const tickMs = 10;

/** Starts watching two cores, on Linux; the function returned gives their usage since then. */
export function watchCores(server: number, load: number, ownPids: () => readonly number[]): () => CoreUsage {
  const read = () => ({
    at: performance.now(),
    server: readCore(server),
    load: readCore(load),
    own: readOwn(ownPids()),
  });
  const before = read();
  return () => {
    const after = read();
    const passed = after.at - before.at;
    const busy = (core: 'server' | 'load') => 1 - (after[core].idle - before[core].idle) / passed;
    const worked = after.server.worked - before.server.worked + after.load.worked - before.load.worked;
    const foreign = (worked - (after.own - before.own)) / passed;
    return { server: busy('server'), load: busy('load'), foreign: Math.max(0, foreign) };
  };
}

/** The most memory that a process and its children ever held, in bytes; null without /proc. */
export function readPeakMemory(pid: number): number | null {
  return readStatus(pid, 'VmHWM');
}

/** The memory that a process and its children hold now, in bytes; null without /proc. */
export function readMemory(pid: number): number | null {
  return readStatus(pid, 'VmRSS');
}

const sampleMs = 50;

/** Starts sampling the memory of a process and its children; the function returned ends that and gives the most seen. */
export function watchMemory(pid: number): () => number | null {
  let most = readMemory(pid);
  const sample = (): void => {
    const now = readMemory(pid);
    if (now !== null) most = Math.max(most ?? 0, now);
  };
  const timer = setInterval(sample, sampleMs);
  return () => {
    clearInterval(timer);
    sample();
    return most;
  };
}

function readStatus(pid: number, field: 'VmHWM' | 'VmRSS'): number | null {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm');
  const kilobytes = (status: string) => Number(line.exec(status)?.[1] ?? 0);
  try {
    return sum(familyOf(pid).map((member) => kilobytes(readFileSync(`/proc/${member}/status`, 'utf8')) * 1_024));
  } catch {
    return null;
  }
}

/** Milliseconds since boot. Soft interrupts are in neither: they are time that is not idle and that no program used. */
function readCore(core: number) {
  const { user, nice, sys, idle } = os.cpus()[core]!.times;
  return { idle, worked: user + nice + sys };
}

/** Processor time in milliseconds of this process, of the children that it has seen end, and of those that run. */
function readOwn(pids: readonly number[]): number {
  const { pid } = process;
  return sum([readTime(pid, true), ...pids.flatMap(familyOf).map((member) => readTime(member, false))]);
}

function readTime(pid: number, withEnded: boolean): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system, endedUser, endedSystem] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 16).map(Number);
  return tickMs * (user! + system! + (withEnded ? endedUser! + endedSystem! : 0));
}

function familyOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
