import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What a user may choose about the demo. */
export interface Options {
  readonly help: boolean;
  /** Ports of the gateway; undefined leaves them to garita.yaml, 0 takes any free one. */
  readonly port: string | undefined;
  readonly operationsPort: string | undefined;
  /** Put the services on any free ports, not on those of garita.yaml? */
  readonly anyServicePorts: boolean;
  /** Folder of the services' databases. */
  readonly serviceData: string;
  /** The gateway's database. */
  readonly gatewayDatabase: string;
}

/** The command line or a variable that stands for it is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `Starts the demo: six service processes and a gateway in front of them.

Usage: npm start -- [options]

Options:
  --port <n>             Port of the gateway (environment: PORT; default 8080; 0 takes any free one)
  --operations-port <n>  Port for health and metrics (environment: OPERATIONS_PORT; default 9090)
  --help                 Shows this help

Environment, or a file .env:
  SERVICES_PORT=0        Puts the services on any free ports instead of 7101, 7102, 7103, 7201, 7301 and 7401
  DEMO_DATA              Folder of the databases (default ./data)
  GARITA_DATABASE        Database of the gateway (default garita.db in DEMO_DATA)
`;

/** Reads command line and environment; flags win, relative paths start from `cwd`. Throws a UsageError. */
export function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv, cwd: string): Options {
  const flags = readFlags(args);
  const data = resolve(cwd, environment.DEMO_DATA || 'data');
  return {
    help: flags.help ?? false,
    port: readPort('--port', flags.port) ?? readPort('PORT', environment.PORT || undefined),
    operationsPort:
      readPort('--operations-port', flags['operations-port']) ??
      readPort('OPERATIONS_PORT', environment.OPERATIONS_PORT || undefined),
    anyServicePorts: readAnyServicePorts(environment.SERVICES_PORT),
    serviceData: resolve(data, 'demo'),
    gatewayDatabase: environment.GARITA_DATABASE
      ? resolve(cwd, environment.GARITA_DATABASE)
      : resolve(data, 'garita.db'),
  };
}

function readFlags(args: readonly string[]) {
  try {
    const port = { type: 'string' } as const;
    const help = { type: 'boolean', short: 'h' } as const;
    return parseArgs({ args: [...args], options: { port, 'operations-port': port, help } }).values;
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}

function readPort(name: string, written: string | undefined): string | undefined {
  if (written === undefined || (/^\d{1,5}$/.test(written) && Number(written) <= 65_535)) return written;
  throw new UsageError(`${name} is "${written}"; it must be a port from 0 (any free one) to 65535`);
}

function readAnyServicePorts(written: string | undefined): boolean {
  if (!written) return false;
  if (written === '0') return true;
  throw new UsageError(`SERVICES_PORT is "${written}"; only 0 (any free ports) means something there`);
}
