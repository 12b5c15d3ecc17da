import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DemoProcess, type Program, StartError } from './demo-process.ts';
import { type DemoService, demoServices, usersSecret } from './demo-services.ts';
import { preferPort } from './prefer-port.ts';
import type { Options } from './read-options.ts';

/** A service that accepts connections. */
export interface RunningService {
  readonly instance: string;
  readonly url: string;
  readonly pid: number;
  /** Did another process have the port where garita.yaml expects it? */
  readonly moved: boolean;
}

/** Where everything is. */
export interface RunningDemo {
  readonly gateway: { readonly listening: string; readonly operations: string; readonly pid: number };
  readonly services: readonly RunningService[];
}

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
/** Longer than the 30 s that the gateway gives to what it is answering, and the 3 s of a service. */
const gatewayPatience = 35_000;
const servicePatience = 5_000;

/** The demo's processes: the services, and the gateway in front of them. */
export class Demo {
  readonly #options: Options;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #services: DemoProcess[] = [];
  readonly #gatewayEnded = Promise.withResolvers<string>();
  #gateway: DemoProcess | undefined;
  #isStopping = false;

  constructor(options: Options, environment: NodeJS.ProcessEnv) {
    this.#options = options;
    this.#environment = environment;
  }

  /** Starts everything. Rejects with a StartError by the first that fails; call {@link stop} then. */
  async start(): Promise<RunningDemo> {
    const services = await Promise.all(demoServices.map((service) => this.#startService(service)));
    const urls = services.map(({ url }, i) => [demoServices[i]!.urlVariable, url]);
    return { services, gateway: await this.#startGateway(Object.fromEntries(urls)) };
  }

  /** Resolves to how it ended when the gateway ends by itself after it was ready. */
  get gatewayEnded(): Promise<string> {
    return this.#gatewayEnded.promise;
  }

  /** Stops what was started: first the gateway, which still needs the services for what it is answering. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#gateway?.stop(gatewayPatience);
    await Promise.all(this.#services.map((service) => service.stop(servicePatience)));
  }

  /** Ends every process at once. */
  kill(): void {
    for (const running of [...this.#services, ...(this.#gateway ? [this.#gateway] : [])]) running.kill();
  }

  async #startService({ instance, program, database, port, environment }: DemoService): Promise<RunningService> {
    const preferred = this.#options.anyServicePorts ? 0 : await preferPort(port);
    const running = this.#launch({
      name: instance,
      module: pathOf(`../${program}`),
      environment: {
        ...this.#environment,
        HOST: '127.0.0.1',
        PORT: String(preferred),
        INSTANCE: instance,
        ...(database !== undefined && { DATABASE: join(this.#options.serviceData, database) }),
        ...environment,
      },
    });
    this.#services.push(running);
    const { listening } = JSON.parse(await running.firstLine()) as { listening: string };
    void running.ended.then((how) => this.#reportEnd(running, how));
    return { instance, url: listening, pid: running.pid, moved: preferred === 0 && !this.#options.anyServicePorts };
  }

  async #startGateway(urls: Readonly<Record<string, string>>): Promise<RunningDemo['gateway']> {
    const { port, operationsPort, gatewayDatabase } = this.#options;
    const running = this.#launch({
      name: 'the gateway',
      module: pathOf('../../../src/main.ts'),
      args: [
        ...['start', '--config', pathOf('../garita.yaml')],
        ...(port === undefined ? [] : ['--port', port]),
        ...(operationsPort === undefined ? [] : ['--operations-port', operationsPort]),
      ],
      environment: {
        ...this.#environment,
        ...urls,
        USERS_SERVICE_SECRET: usersSecret,
        GARITA_DATABASE: gatewayDatabase,
      },
      showOutput: true,
    });
    this.#gateway = running;
    const addresses = (await running.firstMessage()) as { listening: string; operations: string };
    void running.ended.then((how) => {
      if (!this.#isStopping) this.#gatewayEnded.resolve(how);
    });
    return { ...addresses, pid: running.pid };
  }

  #launch(program: Program): DemoProcess {
    if (this.#isStopping) throw new StartError('The demo was stopped before it was up');
    return new DemoProcess(program);
  }

  #reportEnd({ name, pid }: DemoProcess, how: string): void {
    if (this.#isStopping) return;
    console.error(`${name} (process ${pid}) has ended: ${how}. It is not restarted; see how the gateway copes.`);
  }
}
