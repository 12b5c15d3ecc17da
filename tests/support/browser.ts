import { accessSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian's package has it, or wherever CHROMIUM says. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/**
 * `describe` for tests that need a real browser. Where there is none they are skipped with a line that says so, except
 * in CI, where they fail: a browser that nobody noticed missing proves nothing.
 */
export const describeWithBrowser: typeof describe | typeof describe.skip = mayRun() ? describe : describe.skip;

/** Starts chromium without a window. The caller closes it. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, headless: true, args: ['--no-sandbox'] });
}

function mayRun(): boolean {
  try {
    accessSync(executablePath);
    return true;
  } catch {
    if (process.env.CI === 'true') return true;
    process.stderr.write(
      `SKIPPED: no browser at ${executablePath}. Install chromium, or say where it is in CHROMIUM.\n`,
    );
    return false;
  }
}
