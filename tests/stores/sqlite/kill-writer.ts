import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Runs a program of this folder until it has printed so many characters, kills it with SIGKILL, and gives the whole
 * lines that it printed: what the store had acknowledged.
 */
export async function killWriter(program: string, parameters: readonly string[], enough: number): Promise<string[]> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const writer = spawn(process.execPath, [path, ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const chunk of writer.stdout) {
    printed += chunk;
    if (printed.length > enough && !writer.killed) writer.kill('SIGKILL');
  }
  if (writer.signalCode === null && writer.exitCode === null) await once(writer, 'exit');
  expect(writer.signalCode).toBe('SIGKILL');
  return printed.slice(0, printed.lastIndexOf('\n')).split('\n');
}
