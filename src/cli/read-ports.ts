import type { PortOverrides } from '../config/ports.ts';
import { UsageError } from './command.ts';

/**
 * The ports that options or the environment (PORT, OPERATIONS_PORT) put in place of those of the file; options win.
 *
 * @throws UsageError for one that is no port.
 */
export function readPorts(
  environment: Readonly<Record<string, string | undefined>>,
  options: { readonly port?: string | undefined; readonly 'operations-port'?: string | undefined } = {},
): PortOverrides {
  const port = readPort('--port', options.port) ?? readPort('PORT', environment.PORT);
  const operationsPort =
    readPort('--operations-port', options['operations-port']) ??
    readPort('OPERATIONS_PORT', environment.OPERATIONS_PORT);
  return { ...(port !== undefined && { port }), ...(operationsPort !== undefined && { operationsPort }) };
}

function readPort(name: string, written: string | undefined): number | undefined {
  if (written === undefined || written === '') return undefined;
  if (/^\d{1,5}$/.test(written) && Number(written) <= 65_535) return Number(written);
  throw new UsageError(`${name}: expected a port from 0 to 65535, got "${written}"`);
}
