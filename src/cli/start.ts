import { loadConfig } from '../config/load.ts';
import { urlOf } from '../config/values.ts';
import { createGateway } from '../gateway.ts';
import { defineCommand } from './command.ts';
import { readPorts } from './read-ports.ts';

/** `garita start`: the gateway, until it is told to stop. */
export const startCommand = defineCommand({
  name: 'start',
  summary: 'Starts the gateway',
  usage: 'start [--config file] [--port n] [--operations-port n]',
  options: {
    config: { value: 'file', description: 'Configuration; ./garita.yaml when not given' },
    port: { value: 'n', description: 'Port for callers, instead of the one in the file (environment: PORT)' },
    'operations-port': { value: 'n', description: 'Port for operations, likewise (environment: OPERATIONS_PORT)' },
  },
  async run({ stdout, values, environment, cwd, stop, notify }) {
    const overrides = readPorts(environment, values);
    const file = values.config ?? 'garita.yaml';
    const { config, source } = await loadConfig({ file, folder: cwd, environment, overrides });

    const gateway = await createGateway({ config, source, output: stdout });
    try {
      notify({ listening: gateway.url, operations: urlOf(gateway.operationsAddress) });
      await aborted(stop);
    } finally {
      await gateway.close();
    }
    return 0;
  },
});

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
