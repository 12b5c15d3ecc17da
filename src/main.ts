#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { commands } from './cli/index.ts';
import { run } from './cli/run.ts';

if (existsSync('.env')) process.loadEnvFile('.env');

// The first signal asks for an orderly end, the second one ends the process at once. npm hands the terminal's Ctrl-C on
// although it has reached us already: what comes within half a second is the same wish.
const stopping = new AbortController();
const stop = () => {
  if (stopping.signal.aborted) return;
  stopping.abort();
  setTimeout(() => process.off('SIGINT', stop).off('SIGTERM', stop), 500).unref();
};
process.on('SIGINT', stop).on('SIGTERM', stop).on('disconnect', stop);

process.exitCode = await run(process.argv.slice(2), commands, {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  cwd: process.cwd(),
  now: Date.now,
  stop: stopping.signal,
  notify: (message) => void process.send?.(message),
});
if (process.connected) process.disconnect?.();
// Output that nobody reads must not keep the process: it has had its second by now.
setTimeout(() => process.exit(), 1000).unref();
