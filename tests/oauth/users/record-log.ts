import type { OAuthLog } from '../../../src/oauth/log.ts';

/** A log that a test can read, as the text of everything that was written and line by line. */
export function createRecordedLog() {
  const lines: { level: keyof OAuthLog; message: string; fields: unknown }[] = [];
  const write = (level: keyof OAuthLog) => (message: string, fields?: unknown) => {
    lines.push({ level, message, fields });
  };
  const log: OAuthLog = { info: write('info'), warn: write('warn'), error: write('error') };
  return { log, lines };
}
