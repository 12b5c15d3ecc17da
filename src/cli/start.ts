import { loadConfig } from '../config/load.ts';
import type { PortOverrides } from '../config/ports.ts';
import { urlOf } from '../config/values.ts';
import { createGateway } from '../gateway.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';

/** `garita start`: the gateway, until it is told to stop. */
export const startCommand: Command = {
  name: 'start',
  summary: 'Starts the gateway',
  usage: 'start [--config file] [--port n] [--operations-port n]',
  maxPositionals: 0,
  options: {
    config: { value: 'file', description: 'Configuration; ./garita.yaml when not given' },
    port: { value: 'n', description: 'Port for callers, instead of the one in the file (environment: PORT)' },
    'operations-port': { value: 'n', description: 'Port for operations, likewise (environment: OPERATIONS_PORT)' },
  },
  async run(context) {
    const { stdout, values, environment, cwd, stop, notify } = context;
    const overrides = readPorts(context);
    const file = values.config ?? 'garita.yaml';
    const { config, source } = await loadConfig({ file, folder: cwd, environment, overrides });

    const gateway = await createGateway({ config, source, output: stdout });
    try {
      notify({ listening: urlOf(gateway.address), operations: urlOf(gateway.operationsAddress) });
      await aborted(stop);
    } finally {
      await gateway.close();
    }
    return 0;
  },
};

function readPorts({ values, environment }: CommandContext): PortOverrides {
  const port = readPort('--port', values.port) ?? readPort('PORT', environment.PORT);
  const operationsPort =
    readPort('--operations-port', values['operations-port']) ??
    readPort('OPERATIONS_PORT', environment.OPERATIONS_PORT);
  return { ...(port !== undefined && { port }), ...(operationsPort !== undefined && { operationsPort }) };
}

function readPort(name: string, written: string | undefined): number | undefined {
  if (written === undefined || written === '') return undefined;
  if (/^\d{1,5}$/.test(written) && Number(written) <= 65_535) return Number(written);
  throw new UsageError(`${name}: expected a port from 0 to 65535, got "${written}"`);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
