import { text } from 'node:stream/consumers';
import type { Child } from './children.ts';

/** Waits until a process that was started with `stdout: 'pipe'` ends, and gives the last line that it printed. */
export async function readLastLine(child: Child): Promise<string> {
  const output = await text(child.process.stdout!);
  const line = output.trim().split('\n').at(-1);
  if (!line) throw new Error(`it printed nothing: ${child.complaint()}`);
  return line;
}
