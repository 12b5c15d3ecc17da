import { accessSync, constants, mkdirSync } from 'node:fs';

/** What the demo stands on. */
export interface Ground {
  readonly environment: NodeJS.ProcessEnv;
  /** The running Node, as `26.10.0`. */
  readonly nodeVersion: string;
  /** What package.json asks for, as `>=24.17`. */
  readonly engines: string;
  /** Made when it is missing. */
  readonly folder: string;
}

/** Why the demo cannot start here, and what to do; undefined when it can. */
export function refuseStart({ environment, nodeVersion, engines, folder }: Ground): string | undefined {
  if (environment.NODE_ENV === 'production') {
    return 'The demo does not run under NODE_ENV=production, for its secrets are public. Run the gateway alone, with a configuration of your own: npm run garita -- start --config <file>';
  }
  const oldest = engines.replace('>=', '');
  if (nodeVersion.localeCompare(oldest, 'en', { numeric: true }) < 0) {
    return `Node ${nodeVersion} is too old: ${oldest} or later is needed. \`npm ci && npm start\` brings its own.`;
  }
  return refuseFolder(folder);
}

function refuseFolder(folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return `The databases cannot be kept in ${folder} (${code}): make it writable, or name another folder in DEMO_DATA`;
  }
}
