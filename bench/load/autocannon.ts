import path from 'node:path';
import { readLastLine } from '../read-last-line.ts';
import type { Load, LoadResult } from './load.ts';

const script = path.join(import.meta.dirname, 'autocannon-run.js');

/** autocannon in a process of its own; slower than wrk, so a fast target may be limited by it (the table says so). */
export const autocannon: Load = {
  name: 'autocannon',
  async run(order, children) {
    const child = children.start(process.execPath, [script, JSON.stringify(order)], { stdout: 'pipe' });
    return JSON.parse(await readLastLine(child)) as LoadResult;
  },
};
