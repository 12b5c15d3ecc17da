import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readLastLine } from '../read-last-line.ts';
import type { Load, LoadResult } from './load.ts';

const script = path.join(import.meta.dirname, 'wrk.lua');

/** wrk with one thread. */
export const wrk: Load = {
  name: 'wrk',
  async run(order, children, scratch) {
    const headers = Object.entries(order.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    const args = ['-t1', `-c${order.connections}`, `-d${order.seconds}s`, '--timeout', '5s', '-s', script, ...headers];
    const scriptArgs: string[] = [order.method];
    if (order.body !== undefined) {
      const file = path.join(scratch, 'body');
      writeFileSync(file, order.body);
      scriptArgs.push(file);
    }
    const child = children.start('wrk', [...args, order.url, '--', ...scriptArgs], { stdout: 'pipe' });
    return JSON.parse(await readLastLine(child)) as LoadResult;
  },
};
